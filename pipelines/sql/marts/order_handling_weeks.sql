-- answers: How much human work did an order take, week by week and site by site, by the log of events and not by asking around?
-- grain: one row per site and week in which an order with logged events was received
-- key: site_id, week_date
-- kind: view
-- why: The baseline of anything that is to save work on orders: measured, so that nobody has to remember.
with order_handling_weeks as (
    select
        weeks.site_id,
        sites.site_name,
        weeks.week_date,
        weeks.order_count,
        weeks.touchless_order_count,
        weeks.touch_count,
        weeks.touches_per_order_number,
        weeks.touchless_share,
        weeks.timed_order_count,
        weeks.order_hands_on_minutes,
        weeks.median_minutes,
        weeks.trimmed_minutes,
        weeks.order_active_minutes,
        company.as_of_date
    from scores.order_handling_weeks as weeks
    left join core.sites as sites on sites.site_id = weeks.site_id
    cross join raw.company as company
)
select * from order_handling_weeks
