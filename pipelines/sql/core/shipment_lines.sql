-- answers: Which order lines travelled in which shipment?
-- grain: one row per shipment and order line
-- key: shipment_id, order_id, line_key
-- kind: table
-- checks:
--   shipped_qty is not null
--   has_left is not null
-- why: a line has left when the moment is known at which its shipment left; where no shipment headers are brought at all, the
--   line itself is the proof. An arrival alone proves no quantity: an extract of deliveries often repeats what was ordered.
with
headers as (
    select count(*) as header_count from staging.shipments
),
lines as (
    select
        line.shipment_id,
        line.order_id,
        line.line_key,
        line.sku_id,
        line.shipped_qty,
        header.shipped_at,
        header.delivered_at,
        cast(header.shipped_at at time zone company.timezone_name as date) as shipped_date,
        cast(header.delivered_at at time zone company.timezone_name as date) as delivered_date,
        header.shipped_at is not null or headers.header_count = 0 as has_left,
        line.load_id,
        line.line_no,
        line.loaded_at,
        line.extra
    from staging.shipment_lines as line
    cross join raw.company as company
    cross join headers
    left join staging.shipments as header on header.shipment_id = line.shipment_id
)
select * from lines
