-- answers: Who transports for us?
-- grain: one row per carrier
-- key: carrier_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: a carrier that stands in facts but in no master is there too, flagged, so that no join loses a fact.
with
seen as (
    select carrier_id from staging.shipments
    union all
    select carrier_id from staging.lanes
),
implied as (
    select distinct seen.carrier_id
    from seen
    where seen.carrier_id is not null
        and not exists (select 1 from staging.carriers as master where master.carrier_id = seen.carrier_id)
),
everything as (
    select carrier_id, carrier_name, mode_code, false as is_implied, load_id, line_no, loaded_at, extra
    from staging.carriers
    union all
    select
        carrier_id,
        cast(null as varchar) as carrier_name,
        cast(null as varchar) as mode_code,
        true as is_implied,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from implied
)
select * from everything
