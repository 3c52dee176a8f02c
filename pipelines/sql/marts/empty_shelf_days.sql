-- answers: On how many of the last 91 days was the shelf of a SKU at a site empty?
-- grain: one row per SKU and site that was empty on a day
-- key: sku_id, site_id
-- kind: table
with empty_shelf_days as (
    select
        days.sku_id,
        days.site_id,
        cast(count(*) as double) as empty_days
    from core.stock_out_days as days
    cross join raw.company as company
    where date_diff('day', days.demand_date, company.as_of_date) between 0 and 90
    group by days.sku_id, days.site_id
)

select * from empty_shelf_days
