-- answers: Which open order lines will reach the customer late, with names and money?
-- grain: one row per order line that counts for service and is not known to have arrived
-- key: order_id, line_key
-- kind: table
-- checks:
--   late_share >= 0 and late_share <= 1
with order_late_risks as (
    select
        risks.order_id,
        risks.line_key,
        lines.sku_id,
        lines.sku_name,
        lines.category_name,
        lines.site_id,
        lines.site_name,
        lines.region_name,
        lines.customer_id,
        lines.customer_name,
        lines.tier_code,
        lines.ordered_date,
        risks.due_date,
        risks.late_share,
        risks.is_late_already,
        risks.arrival_p10_date,
        risks.arrival_p50_date,
        risks.arrival_p80_date,
        risks.arrival_p90_date,
        lines.ordered_qty,
        lines.net_amount,
        cast(cast(lines.net_amount as double) * risks.late_share as decimal(18, 4)) as at_risk_amount,
        risks.because_text,
        lines.as_of_date
    from scores.order_late_risk as risks
    inner join marts.order_lines as lines on lines.order_id = risks.order_id and lines.line_key = risks.line_key
)
select * from order_late_risks
