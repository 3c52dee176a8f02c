-- answers: Which numbers are watched for anything strange, moment by moment?
-- grain: one row per watched series and moment
-- key: watch_code, subject_id, point_date, point_key
-- kind: table
-- checks:
--   watched_number is not null
-- why: Lines, shipments and receipts are moments of their own; what has no moment of its own is a day. `at_stake_amount` is
--   the money that the moment is about: a deviation of a tenth is worth a tenth of it. Ratios and sizes are watched in
--   logarithms by the model, so that twice and half are equally far. A stock gap is what two counts of stock differ by
--   beyond the movements between them.
with prices as (
    select
        'unit_price' as watch_code, 'sku' as subject_kind_code, sku_id as subject_id, site_id, ordered_date as point_date,
        order_id || '/' || line_key as point_key, cast(unit_price as double) as watched_number, cast(net_amount as double) as at_stake_amount
    from marts.order_lines
    where is_service_line and unit_price > 0 and ordered_date is not null
),
quantities as (
    select
        'ordered_qty' as watch_code, 'sku' as subject_kind_code, sku_id as subject_id, site_id, ordered_date as point_date,
        order_id || '/' || line_key as point_key, cast(ordered_qty as double) as watched_number, cast(net_amount as double) as at_stake_amount
    from marts.order_lines
    where is_service_line and ordered_qty > 0 and ordered_date is not null
),
freights as (
    select
        'freight' as watch_code, 'carrier' as subject_kind_code, carrier_id as subject_id, site_id, sent_date as point_date,
        shipment_id as point_key,
        cast(freight_amount as double) / nullif(coalesce(nullif(weight_kg, 0), nullif(cast(shipped_qty as double), 0), 1), 0) as watched_number,
        cast(freight_amount as double) as at_stake_amount
    from marts.shipments
    where freight_amount > 0 and carrier_id is not null and sent_date is not null
),
leads as (
    select
        'lead_days' as watch_code, 'supplier' as subject_kind_code, supplier_id as subject_id, site_id, last_received_date as point_date,
        po_id || '/' || line_key as point_key, lead_days + 1 as watched_number, cast(ordered_amount as double) as at_stake_amount
    from marts.purchase_lines
    where lead_days >= 0 and supplier_id is not null and last_received_date is not null
),
adjustments as (
    select
        'stock_adjustment' as watch_code, 'site' as subject_kind_code, facts.site_id as subject_id, facts.site_id, facts.moved_date as point_date,
        'day' as point_key,
        sum(abs(cast(facts.moved_qty as double)) * coalesce(cast(skus.unit_cost as double), 1)) as watched_number,
        sum(abs(cast(facts.moved_qty as double)) * coalesce(cast(skus.unit_cost as double), 1)) as at_stake_amount
    from core.stock_movements as facts
    left join core.skus as skus on skus.sku_id = facts.sku_id
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
        sum(abs(cast(today.on_hand_qty - before.on_hand_qty - coalesce(moved.moved_qty, 0) as double))) as gap_qty
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
        'stock_gap' as watch_code, 'sku' as subject_kind_code, gaps.sku_id as subject_id, '*' as site_id, gaps.stock_date as point_date,
        'day' as point_key, gaps.gap_qty as watched_number, gaps.gap_qty * cast(skus.unit_cost as double) as at_stake_amount
    from gaps
    left join core.skus as skus on skus.sku_id = gaps.sku_id
),
arrivals as (
    select
        'late_share_a_day' as watch_code, 'carrier' as subject_kind_code, carrier_id as subject_id, '*' as site_id, promised_date as point_date,
        'day' as point_key, cast(avg(case when is_late then 1.0 else 0.0 end) as double) as watched_number,
        sum(cast(freight_amount as double)) as at_stake_amount
    from marts.shipments
    where is_due and is_late is not null and carrier_id is not null
    group by carrier_id, promised_date
    having count(*) >= 3
),
days as (
    select
        lines.site_id, lines.ordered_date as point_date, cast(count(*) as double) as line_count,
        sum(cast(lines.net_amount as double)) as net_amount
    from marts.order_lines as lines
    where lines.is_service_line and lines.ordered_date is not null
    group by lines.site_id, lines.ordered_date
),
worked as (
    select days.*
    from days
    inner join core.calendar as calendar on calendar.day_date = days.point_date and calendar.is_working_day
),
orders as (
    select
        'order_lines_a_day' as watch_code, 'site' as subject_kind_code, site_id as subject_id, site_id, point_date, 'day' as point_key,
        line_count as watched_number, net_amount as at_stake_amount
    from worked
),
sales as (
    select
        'net_sales_a_day' as watch_code, 'site' as subject_kind_code, site_id as subject_id, site_id, point_date, 'day' as point_key,
        net_amount as watched_number, net_amount as at_stake_amount
    from worked
    where net_amount > 0
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
        watch_code, subject_kind_code, coalesce(subject_id, '*') as subject_id, coalesce(site_id, '*') as site_id, point_date, point_key,
        watched_number, cast(at_stake_amount as decimal(18, 4)) as at_stake_amount
    from everything
    where watched_number is not null
)
select * from watched_points
