-- answers: What left us when, by whom, and did it arrive as promised?
-- grain: one row per consignment
-- key: shipment_id
-- kind: table
-- why: a shipment that is known only from its lines is there too, so that no line hangs in the air.
with
headers as (
    select
        shipment_id, carrier_id, mode_code, site_id, destination_name, shipped_at, promised_at, delivered_at, freight_amount, weight_kg,
        status_code, false as is_implied, load_id, line_no, loaded_at, extra
    from staging.shipments
),
from_lines as (
    select
        line.shipment_id,
        min(line.load_id) as load_id,
        min(line.line_no) as line_no,
        min(line.loaded_at) as loaded_at
    from staging.shipment_lines as line
    where not exists (select 1 from staging.shipments as header where header.shipment_id = line.shipment_id)
    group by line.shipment_id
),
everything as (
    select * from headers
    union all
    select
        shipment_id,
        cast(null as varchar) as carrier_id,
        cast(null as varchar) as mode_code,
        cast(null as varchar) as site_id,
        cast(null as varchar) as destination_name,
        cast(null as timestamptz) as shipped_at,
        cast(null as timestamptz) as promised_at,
        cast(null as timestamptz) as delivered_at,
        cast(null as decimal(18, 4)) as freight_amount,
        cast(null as double) as weight_kg,
        cast(null as varchar) as status_code,
        true as is_implied,
        load_id,
        line_no,
        loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from from_lines
)
select * from everything
