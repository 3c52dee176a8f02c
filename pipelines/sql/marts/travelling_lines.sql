-- answers: Which order lines are on the way to customers, and what would each cost if its shipment comes late?
-- grain: one row per order line aboard a shipment that has not arrived
-- key: shipment_id, order_id, line_key
-- kind: table
with travelling_lines as (
    select
        carried.shipment_id,
        carried.order_id,
        carried.line_key,
        lines.sku_id,
        lines.site_id,
        lines.customer_id,
        shipments.carrier_id,
        risks.due_date,
        risks.late_share,
        risks.arrival_p50_date,
        cast(sum(carried.shipped_qty) as decimal(18, 3)) as shipped_qty,
        cast(sum(carried.shipped_qty * lines.unit_price) as decimal(18, 4)) as shipped_amount,
        max(coalesce(customers.late_penalty_share, 0)) as late_penalty_share
    from scores.late_risk as risks
    inner join core.shipments as shipments on shipments.shipment_id = risks.shipment_id
    inner join core.shipment_lines as carried on carried.shipment_id = risks.shipment_id
    inner join marts.order_lines as lines on lines.order_id = carried.order_id and lines.line_key = carried.line_key
    left join core.customers as customers on customers.customer_id = lines.customer_id
    group by
        carried.shipment_id, carried.order_id, carried.line_key, lines.sku_id, lines.site_id, lines.customer_id,
        shipments.carrier_id, risks.due_date, risks.late_share, risks.arrival_p50_date
)

select * from travelling_lines
