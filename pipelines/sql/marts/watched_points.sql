-- answers: Which numbers are watched for anything strange, moment by moment?
-- grain: one row per watched series and moment
-- key: watch_code, subject_id, point_date, point_key
-- kind: table
-- checks:
--   watched_number is not null
-- why: Lines, shipments and receipts are moments of their own; what has no moment of its own is a day. `at_stake_amount` is
--   the money that the moment is about: a deviation of a tenth is worth a tenth of it. It is empty where no such money is known:
--   for want of a unit cost, and for days to receive, whose price would be that of holding stock, which nobody has told us.
--   Ratios and sizes are watched in logarithms by the model, so that twice and half are equally far. A stock gap is what two
--   counts of stock differ by beyond the movements between them. Freight has one basis per carrier: kilograms where most of its
--   shipments say them, else units, else the shipment; those that do not say it are left out. A working day without an order
--   line is a nought, from the first order on, where its weekday usually has some: on half as many as the site's busiest one.
with prices as (
    select
        'unit_price' as watch_code, 'sku' as subject_kind_code, sku_id as subject_id, sku_id, site_id, ordered_date as point_date,
        order_id || '/' || line_key as point_key, cast(unit_price as double) as watched_number,
        cast(net_amount as double) as at_stake_amount
    from marts.order_lines
    where is_service_line and unit_price > 0 and ordered_date is not null
),
quantities as (
    select
        'ordered_qty' as watch_code, 'sku' as subject_kind_code, sku_id as subject_id, sku_id, site_id, ordered_date as point_date,
        order_id || '/' || line_key as point_key, cast(ordered_qty as double) as watched_number,
        cast(net_amount as double) as at_stake_amount
    from marts.order_lines
    where is_service_line and ordered_qty > 0 and ordered_date is not null
),
carriers as (
    select
        carrier_id,
        case
            when 2 * count(nullif(weight_kg, 0)) > count(*) then 'freight_per_kg'
            when 2 * count(nullif(shipped_qty, 0)) > count(*) then 'freight_per_unit'
            else 'freight_per_shipment'
        end as watch_code
    from marts.shipments
    where freight_amount > 0 and carrier_id is not null and sent_date is not null
    group by carrier_id
),
freights as (
    select
        carriers.watch_code, 'carrier' as subject_kind_code, facts.carrier_id as subject_id, null as sku_id, facts.site_id,
        facts.sent_date as point_date, facts.shipment_id as point_key,
        cast(facts.freight_amount as double) / nullif(case carriers.watch_code
            when 'freight_per_kg' then facts.weight_kg
            when 'freight_per_unit' then cast(facts.shipped_qty as double)
            else 1
        end, 0) as watched_number,
        cast(facts.freight_amount as double) as at_stake_amount
    from marts.shipments as facts
    inner join carriers on carriers.carrier_id = facts.carrier_id
    where facts.freight_amount > 0 and facts.sent_date is not null
),
leads as (
    select
        'lead_days' as watch_code, 'supplier' as subject_kind_code, supplier_id as subject_id, sku_id, site_id,
        last_received_date as point_date, po_id || '/' || line_key as point_key, lead_days as watched_number,
        cast(null as double) as at_stake_amount
    from marts.purchase_lines
    where lead_days >= 0 and supplier_id is not null and last_received_date is not null
),
adjustments as (
    select
        'stock_adjustment' as watch_code, 'site' as subject_kind_code, facts.site_id as subject_id, null as sku_id,
        facts.site_id, facts.moved_date as point_date, 'day' as point_key,
        cast(sum(abs(facts.moved_qty) * skus.unit_cost) as double) as watched_number,
        cast(sum(abs(facts.moved_qty) * skus.unit_cost) as double) as at_stake_amount
    from core.stock_movements as facts
    inner join core.skus as skus on skus.sku_id = facts.sku_id
    where facts.kind_code = 'adjustment' and facts.moved_qty <> 0
    group by facts.site_id, facts.moved_date
),
moved as (
    select sku_id, site_id, moved_date, sum(moved_qty) as moved_qty
    from core.stock_movements
    group by sku_id, site_id, moved_date
),
told_moves as (
    select distinct sku_id, site_id from core.stock_movements
),
gaps as (
    select
        today.sku_id, today.stock_date,
        cast(sum(abs(today.on_hand_qty - before.on_hand_qty - coalesce(moved.moved_qty, 0))) as double) as gap_qty
    from core.stock_days as today
    inner join core.stock_days as before
        on before.sku_id = today.sku_id and before.site_id = today.site_id and before.stock_date = today.stock_date - 1
    inner join told_moves on told_moves.sku_id = today.sku_id and told_moves.site_id = today.site_id
    left join moved on moved.sku_id = today.sku_id and moved.site_id = today.site_id and moved.moved_date = today.stock_date
    where today.is_snapshot and before.is_snapshot
    group by today.sku_id, today.stock_date
),
levels as (
    select
        'stock_gap' as watch_code, 'sku' as subject_kind_code, gaps.sku_id as subject_id, gaps.sku_id, '*' as site_id,
        gaps.stock_date as point_date, 'day' as point_key, gaps.gap_qty as watched_number,
        gaps.gap_qty * cast(skus.unit_cost as double) as at_stake_amount
    from gaps
    left join core.skus as skus on skus.sku_id = gaps.sku_id
),
arrivals as (
    select
        'late_share_a_day' as watch_code, 'carrier' as subject_kind_code, carrier_id as subject_id, null as sku_id, '*' as site_id,
        promised_date as point_date, 'day' as point_key, cast(avg(case when is_late then 1.0 else 0.0 end) as double) as watched_number,
        cast(sum(freight_amount) as double) as at_stake_amount
    from marts.shipments
    where is_due and is_late is not null and carrier_id is not null
    group by carrier_id, promised_date
    having count(*) >= 3
),
calendar as (
    select
        calendar.day_date, calendar.is_working_day, date_diff('day', cast('1900-01-01' as date), calendar.day_date) % 7 as weekday_no
    from core.calendar as calendar
    cross join raw.company as company
    where calendar.day_date <= company.as_of_date
),
days as (
    select
        lines.site_id, lines.ordered_date as point_date, cast(count(*) as double) as line_count,
        cast(sum(lines.net_amount) as double) as net_amount
    from marts.order_lines as lines
    where lines.is_service_line and lines.ordered_date is not null
    group by lines.site_id, lines.ordered_date
),
weekdays as (
    select calendar.weekday_no, days.site_id, count(*) as day_count
    from days
    inner join calendar on calendar.day_date = days.point_date
    group by calendar.weekday_no, days.site_id
),
usual as (
    select site_id, weekday_no
    from (select weekdays.*, max(day_count) over (partition by site_id) as most_count from weekdays) as counted
    where 2 * day_count >= most_count
),
opened as (
    select site_id, min(point_date) as first_date, count(net_amount) > 0 as has_money from days group by site_id
),
worked as (
    select
        usual.site_id, calendar.day_date as point_date, coalesce(days.line_count, 0) as line_count,
        case when days.line_count is null then 0 else days.net_amount end as net_amount, opened.has_money
    from opened
    inner join usual on usual.site_id = opened.site_id
    inner join calendar on calendar.weekday_no = usual.weekday_no and calendar.day_date >= opened.first_date and calendar.is_working_day
    left join days on days.site_id = opened.site_id and days.point_date = calendar.day_date
),
orders as (
    select
        'order_lines_a_day' as watch_code, 'site' as subject_kind_code, site_id as subject_id, null as sku_id, site_id,
        point_date, 'day' as point_key, line_count as watched_number, net_amount as at_stake_amount
    from worked
),
sales as (
    select
        'net_sales_a_day' as watch_code, 'site' as subject_kind_code, site_id as subject_id, null as sku_id, site_id,
        point_date, 'day' as point_key, net_amount as watched_number, net_amount as at_stake_amount
    from worked
    where net_amount >= 0 and has_money
),
everything as (
    select * from prices
    union all
    select * from quantities
    union all
    select * from freights
    union all
    select * from leads
    union all
    select * from adjustments
    union all
    select * from levels
    union all
    select * from arrivals
    union all
    select * from orders
    union all
    select * from sales
),
watched_points as (
    select
        watch_code, subject_kind_code, coalesce(subject_id, '*') as subject_id, sku_id, coalesce(site_id, '*') as site_id,
        point_date, point_key, watched_number, cast(at_stake_amount as decimal(18, 4)) as at_stake_amount
    from everything
    where watched_number is not null
)
select * from watched_points
