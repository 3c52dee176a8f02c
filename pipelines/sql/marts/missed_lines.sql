-- answers: Which order lines of the last half year were late or short, and what is known of why?
-- grain: one row per order line due within 182 days that was late, or not filled
-- key: order_id, line_key
-- kind: table
-- why: A shipment's promise tells whether the carrier was late; a line that left before it was due and came after it was late on the way.
with sent as (
    select
        carried.order_id,
        carried.line_key,
        max(case when shipments.is_late then 1 else 0 end) as is_carrier_late,
        max(shipments.carrier_id) as carrier_id
    from core.shipment_lines as carried
    inner join marts.shipments as shipments on shipments.shipment_id = carried.shipment_id
    group by carried.order_id, carried.line_key
),

missed_lines as (
    select
        lines.order_id,
        lines.line_key,
        lines.sku_id,
        lines.site_id,
        lines.customer_id,
        lines.ordered_date,
        lines.due_date,
        lines.shipped_date,
        lines.delivered_date,
        lines.ordered_qty,
        coalesce(lines.filled_qty, lines.ordered_qty) as filled_qty,
        lines.net_amount,
        lines.margin_amount,
        coalesce(lines.is_late, false) as is_late,
        lines.late_days,
        coalesce(customers.late_penalty_share, 0) as late_penalty_share,
        heads.hold_code,
        sent.carrier_id,
        coalesce(sent.is_carrier_late, 0) = 1 as is_carrier_late,
        lines.as_of_date
    from marts.order_lines as lines
    left join sent on sent.order_id = lines.order_id and sent.line_key = lines.line_key
    left join core.customers as customers on customers.customer_id = lines.customer_id
    left join core.orders as heads on heads.order_id = lines.order_id
    where lines.is_service_line and lines.is_due and date_diff('day', lines.due_date, lines.as_of_date) between 0 and 181
        and (coalesce(lines.is_late, false) or lines.is_in_full = false)
)

select * from missed_lines
