-- answers: How many order lines, orders, purchase lines, shipments and exceptions were there in each whole month?
-- grain: one row per driver and month
-- key: driver_name, month_date
-- kind: table
-- checks:
--   units >= 0
-- why: What work and AI cost is driven by these. The month under way is left out, and so is the first one, which the extracts
--   may have begun in the middle of. An exception is an order line, purchase line or shipment that came late or not at all, or a
--   ticket. A late shipment counts only where none of the order lines in it counts already: it is one trouble, not two.
with told as (
    select distinct carried.shipment_id
    from core.shipment_lines as carried
    inner join marts.order_lines as lines on lines.order_id = carried.order_id and lines.line_key = carried.line_key
    where lines.is_service_line and lines.is_late
),
happened as (
    select 'order_lines' as driver_name, ordered_date as day_date from marts.order_lines where is_goods and not is_return
    union all
    select 'orders' as driver_name, min(ordered_date) as day_date from marts.order_lines where is_goods and not is_return group by order_id
    union all
    select 'purchase_lines' as driver_name, ordered_date as day_date from core.purchase_lines
    union all
    select 'shipments' as driver_name, sent_date as day_date from marts.shipments
    union all
    select 'exceptions' as driver_name, due_date as day_date from marts.order_lines where is_service_line and is_late
    union all
    select 'exceptions' as driver_name, due_date as day_date from marts.purchase_lines where is_late
    union all
    select 'exceptions' as driver_name, shipments.promised_date as day_date
    from marts.shipments as shipments
    left join told on told.shipment_id = shipments.shipment_id
    where shipments.is_late and told.shipment_id is null
    union all
    select 'exceptions' as driver_name, cast(opened_at as date) as day_date from core.service_tickets
),
months as (
    select happened.driver_name, happened.day_date - cast(extract(day from happened.day_date) - 1 as integer) as month_date, count(*) as unit_count
    from happened
    cross join raw.company as company
    where happened.day_date is not null and happened.day_date <= company.as_of_date
    group by happened.driver_name, happened.day_date - cast(extract(day from happened.day_date) - 1 as integer)
),
firsts as (
    select driver_name, min(month_date) as first_date from months group by driver_name
),
all_months as (
    select distinct calendar.day_date - cast(extract(day from calendar.day_date) - 1 as integer) as month_date
    from core.calendar as calendar
    cross join raw.company as company
    where calendar.day_date < company.as_of_date + 1 - cast(extract(day from company.as_of_date + 1) - 1 as integer)
),
driver_months as (
    select
        firsts.driver_name,
        all_months.month_date,
        cast(coalesce(months.unit_count, 0) as double) as units
    from firsts
    inner join all_months on all_months.month_date > firsts.first_date
    left join months on months.driver_name = firsts.driver_name and months.month_date = all_months.month_date
)
select * from driver_months
