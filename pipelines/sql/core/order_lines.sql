-- answers: What did customers ask for, and what did they get?
-- grain: one row per line of an order
-- key: order_id, line_key
-- kind: table
-- checks:
--   sku_id is not null
--   ordered_qty is not null
--   is_cancelled is not null and is_return is not null and is_goods is not null
--   ordered_at is null or ordered_date is not null
-- why: a fact that the line lacks is taken from its order or its shipments, never guessed. Where shipments are
--   brought at all, a line ordered since the first of them and in none of them has shipped nothing so far.
--   Sums of many lines stay in the tables above; this one is a single pass, so that ten million lines build quickly.
with
what_left as (
    select
        order_id,
        line_key,
        cast(sum(case when has_left then shipped_qty end) as decimal(18, 3)) as shipped_qty,
        max(shipped_date) as shipped_date,
        case when count(*) = count(delivered_date) then max(delivered_date) end as delivered_date
    from core.shipment_lines
    where has_left or delivered_date is not null
    group by order_id, line_key
),
shipments_since as (
    select min(shipped_date) as since_date from core.shipment_lines where has_left
),
lines as (
    select
        line.order_id,
        line.line_key,
        line.sku_id,
        coalesce(line.site_id, header.site_id) as site_id,
        coalesce(line.customer_id, header.customer_id) as customer_id,
        coalesce(line.ordered_at, header.ordered_at) as ordered_at,
        cast(coalesce(line.ordered_at, header.ordered_at) at time zone company.timezone_name as date) as ordered_date,
        coalesce(line.requested_date, header.requested_date) as requested_date,
        line.first_promised_date,
        coalesce(line.last_promised_date, line.first_promised_date) as last_promised_date,
        line.ordered_qty,
        coalesce(line.shipped_qty, what_left.shipped_qty) as shipped_qty,
        shipments_since.since_date,
        coalesce(line.shipped_date, what_left.shipped_date) as shipped_date,
        coalesce(line.delivered_date, what_left.delivered_date) as delivered_date,
        line.cancelled_date,
        line.unit_price,
        coalesce(line.unit_cost, sku.unit_cost) as unit_cost,
        line.discount_amount,
        coalesce(
            line.net_amount,
            try_cast(line.ordered_qty * line.unit_price as decimal(18, 4)) - coalesce(line.discount_amount, 0)
        ) as net_amount,
        line.margin_amount,
        coalesce(line.is_cancelled, line.cancelled_date is not null) as is_cancelled,
        coalesce(line.is_return, line.ordered_qty < 0) as is_return,
        coalesce(line.is_goods, true) as is_goods,
        line.load_id,
        line.line_no,
        line.loaded_at,
        line.extra
    from staging.order_lines as line
    cross join raw.company as company
    cross join shipments_since
    left join staging.orders as header on header.order_id = line.order_id
    left join what_left on what_left.order_id = line.order_id and what_left.line_key = line.line_key
    left join staging.skus as sku on sku.sku_id = line.sku_id
),
judged as (
    select
        order_id,
        line_key,
        sku_id,
        site_id,
        customer_id,
        ordered_at,
        ordered_date,
        requested_date,
        first_promised_date,
        last_promised_date,
        ordered_qty,
        case
            when shipped_qty is not null then shipped_qty
            when is_goods and not is_return and ordered_date >= since_date then cast(0 as decimal(18, 3))
        end as shipped_qty,
        shipped_date,
        delivered_date,
        cancelled_date,
        unit_price,
        unit_cost,
        discount_amount,
        cast(net_amount as decimal(18, 4)) as net_amount,
        cast(coalesce(margin_amount, net_amount - try_cast(ordered_qty * unit_cost as decimal(18, 4))) as decimal(18, 4)) as margin_amount,
        is_cancelled,
        is_return,
        is_goods,
        load_id,
        line_no,
        loaded_at,
        extra
    from lines
)
select * from judged
