-- answers: Which loads tell us what has gone and come, so that silence about a line means that nothing has?
-- grain: one row per load
-- key: load_id
-- kind: table
-- why: A line without a delivery date is late in a source that writes delivery dates, and unknown in one that never does.
--   So with quantities: nothing said of an open line means that nothing was shipped, where the source says it of others.
--   What one load of a source tells holds for all loads of that source: today's file may hold nothing but open lines.
with loads as (
    select load_id, min(coalesce(source, '')) as source
    from raw.loads
    group by load_id
),

counted as (
    select
        load_id,
        count(delivered_date) as delivered_count,
        count(shipped_qty) as shipped_count,
        0 as arrived_count,
        0 as receipt_count,
        0 as received_count
    from core.order_lines
    group by load_id

    union all

    select
        load_id,
        0 as delivered_count,
        0 as shipped_count,
        count(delivered_at) as arrived_count,
        0 as receipt_count,
        0 as received_count
    from core.shipments
    group by load_id

    union all

    select
        load_id,
        0 as delivered_count,
        0 as shipped_count,
        0 as arrived_count,
        count(last_received_date) as receipt_count,
        count(received_qty) as received_count
    from core.purchase_lines
    group by load_id
),

told as (
    select
        loads.source,
        sum(counted.delivered_count) > 0 as has_delivered_date,
        sum(counted.shipped_count) > 0 as has_shipped_qty,
        sum(counted.arrived_count) > 0 as has_delivered_at,
        sum(counted.receipt_count) > 0 as has_received_date,
        sum(counted.received_count) > 0 as has_received_qty
    from counted
    join loads on loads.load_id = counted.load_id
    group by loads.source
),

arrival_loads as (
    select
        loads.load_id,
        loads.source,
        coalesce(told.has_delivered_date, false) as has_delivered_date,
        coalesce(told.has_shipped_qty, false) as has_shipped_qty,
        coalesce(told.has_delivered_at, false) as has_delivered_at,
        coalesce(told.has_received_date, false) as has_received_date,
        coalesce(told.has_received_qty, false) as has_received_qty
    from loads
    left join told on told.source = loads.source
)

select * from arrival_loads
