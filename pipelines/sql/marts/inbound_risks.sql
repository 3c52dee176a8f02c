-- answers: Which open purchase lines will come late, with names and money?
-- grain: one row per purchase line of which something is still to come
-- key: po_id, line_key
-- kind: table
-- checks:
--   late_share >= 0 and late_share <= 1
with inbound_risks as (
    select
        risks.po_id,
        risks.line_key,
        lines.supplier_id,
        lines.supplier_name,
        lines.country_code,
        lines.sku_id,
        lines.sku_name,
        lines.category_name,
        lines.site_id,
        lines.site_name,
        lines.region_name,
        lines.ordered_date,
        risks.due_date,
        risks.late_share,
        risks.is_late_already,
        risks.arrival_p10_date,
        risks.arrival_p50_date,
        risks.arrival_p80_date,
        risks.arrival_p90_date,
        lines.open_qty,
        lines.open_amount,
        cast(cast(lines.open_amount as double) * risks.late_share as decimal(18, 4)) as at_risk_amount,
        risks.because_text,
        lines.as_of_date
    from scores.inbound_risk as risks
    inner join marts.purchase_lines as lines on lines.po_id = risks.po_id and lines.line_key = risks.line_key
)
select * from inbound_risks
