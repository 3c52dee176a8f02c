-- answers: From where to where can we send, by whom, how fast and at what cost?
-- grain: one row per site, destination and carrier
-- key: from_site_id, to_place, carrier_id
-- kind: table
-- why: the carrier * is whoever drives the lane.
with
lanes as (
    select
        from_site_id,
        to_place,
        coalesce(carrier_id, '*') as carrier_id,
        cost_amount_per_shipment,
        cost_amount_per_kg,
        promised_hours,
        capacity_per_day,
        load_id,
        line_no,
        loaded_at,
        extra
    from staging.lanes
)
select * from lanes
