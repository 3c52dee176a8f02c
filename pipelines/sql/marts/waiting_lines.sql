-- answers: Which order lines still wait for goods, what would each lose, and when is it likely to come?
-- grain: one row per order line of which something is open
-- key: order_id, line_key
-- kind: table
-- why: One unit's margin is the line's own, and where its cost is unknown that of the SKU at the site.
with waiting_lines as (
    select
        lines.order_id,
        lines.line_key,
        lines.sku_id,
        lines.site_id,
        lines.customer_id,
        lines.tier_code,
        heads.hold_code,
        lines.ordered_date,
        lines.due_date,
        lines.open_qty,
        lines.unit_price,
        lines.open_amount,
        cast(coalesce(
            cast(lines.margin_amount as double) / nullif(cast(lines.ordered_qty as double), 0),
            cast(margins.unit_margin_amount as double)
        ) as decimal(18, 4)) as unit_margin_amount,
        coalesce(customers.late_penalty_share, 0) as late_penalty_share,
        risks.late_share,
        risks.arrival_p50_date,
        lines.as_of_date
    from marts.order_lines as lines
    left join core.orders as heads on heads.order_id = lines.order_id
    left join core.customers as customers on customers.customer_id = lines.customer_id
    left join marts.sku_margins as margins on margins.sku_id = lines.sku_id and margins.site_id = lines.site_id
    left join scores.order_late_risk as risks on risks.order_id = lines.order_id and risks.line_key = lines.line_key
    where lines.is_service_line and lines.open_qty > 0
)

select * from waiting_lines
