-- answers: Who sells to us?
-- grain: one row per supplier
-- key: supplier_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: a supplier that stands in facts but in no master is there too, flagged, so that no join loses a fact.
with
seen as (
    select supplier_id from staging.purchase_lines
    union all
    select supplier_id from staging.supplier_terms
),
implied as (
    select distinct seen.supplier_id
    from seen
    where seen.supplier_id is not null
        and not exists (select 1 from staging.suppliers as master where master.supplier_id = seen.supplier_id)
),
everything as (
    select supplier_id, supplier_name, country_code, calendar_name, false as is_implied, load_id, line_no, loaded_at, extra
    from staging.suppliers
    union all
    select
        supplier_id,
        cast(null as varchar) as supplier_name,
        cast(null as varchar) as country_code,
        cast(null as varchar) as calendar_name,
        true as is_implied,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from implied
)
select * from everything
