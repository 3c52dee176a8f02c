-- answers: Which sources tell us when goods arrived, so that silence about a line means that it has not arrived?
-- grain: one row per source that has landed
-- key: source
-- kind: table
-- why: A line without a delivery date is late in a source that writes delivery dates, and unknown in one that never does.
--   Kept as a table because every fact view asks it.
with sources as (
    select load_id, min(coalesce(source, '')) as source
    from raw.loads
    group by load_id
),

said as (
    select sources.source, count(lines.delivered_date) as order_count, 0 as shipment_count, 0 as receipt_count
    from core.order_lines as lines
    join sources on sources.load_id = lines.load_id
    group by sources.source

    union all

    select sources.source, 0 as order_count, count(shipments.delivered_at) as shipment_count, 0 as receipt_count
    from core.shipments as shipments
    join sources on sources.load_id = shipments.load_id
    group by sources.source

    union all

    select sources.source, 0 as order_count, 0 as shipment_count, count(purchases.last_received_date) as receipt_count
    from core.purchase_lines as purchases
    join sources on sources.load_id = purchases.load_id
    group by sources.source

    union all

    select source, 0 as order_count, 0 as shipment_count, 0 as receipt_count
    from sources
),

arrival_sources as (
    select
        source,
        sum(order_count) > 0 as has_delivered_date,
        sum(shipment_count) > 0 as has_delivered_at,
        sum(receipt_count) > 0 as has_received_date
    from said
    group by source
)

select * from arrival_sources
