-- answers: Which shipments on their way will be late, with names and what they carry?
-- grain: one row per shipment that left and is not known to have arrived
-- key: shipment_id
-- kind: table
-- checks:
--   late_share >= 0 and late_share <= 1
with late_risks as (
    select
        risks.shipment_id,
        shipments.carrier_id,
        shipments.carrier_name,
        shipments.site_id,
        shipments.site_name,
        shipments.region_name,
        shipments.destination_name,
        shipments.sent_date,
        risks.due_date,
        risks.late_share,
        risks.is_late_already,
        risks.arrival_p10_date,
        risks.arrival_p50_date,
        risks.arrival_p80_date,
        risks.arrival_p90_date,
        shipments.line_count,
        shipments.order_count,
        shipments.freight_amount,
        risks.because_text,
        shipments.as_of_date
    from scores.late_risk as risks
    inner join marts.shipments as shipments on shipments.shipment_id = risks.shipment_id
)
select * from late_risks
