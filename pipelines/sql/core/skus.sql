-- answers: What do we sell, how is it packed, and what does it cost us?
-- grain: one row per SKU
-- key: sku_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: a SKU that stands in facts but in no master is there too, flagged, so that no join loses a fact.
with
seen as (
    select sku_id from core.order_lines
    union all
    select sku_id from staging.shipment_lines
    union all
    select sku_id from staging.stock_days
    union all
    select sku_id from staging.stock_movements
    union all
    select sku_id from staging.purchase_lines
    union all
    select sku_id from staging.receipts
    union all
    select sku_id from staging.returns
    union all
    select sku_id from staging.supplier_terms
    union all
    select sku_id from staging.prices
    union all
    select sku_id from staging.promotions
),
implied as (
    select distinct seen.sku_id
    from seen
    where seen.sku_id is not null
        and not exists (select 1 from staging.skus as master where master.sku_id = seen.sku_id)
),
everything as (
    select
        sku_id, sku_name, category_name, base_unit_code, units_per_pack, volume_m3, weight_kg, shelf_life_days, unit_cost, list_price,
        launched_date, discontinued_date, substitute_of, false as is_implied, load_id, line_no, loaded_at, extra
    from staging.skus
    union all
    select
        sku_id,
        cast(null as varchar) as sku_name,
        cast(null as varchar) as category_name,
        cast(null as varchar) as base_unit_code,
        cast(null as decimal(18, 3)) as units_per_pack,
        cast(null as double) as volume_m3,
        cast(null as double) as weight_kg,
        cast(null as double) as shelf_life_days,
        cast(null as decimal(18, 4)) as unit_cost,
        cast(null as decimal(18, 4)) as list_price,
        cast(null as date) as launched_date,
        cast(null as date) as discontinued_date,
        cast(null as varchar) as substitute_of,
        true as is_implied,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from implied
)
select * from everything
