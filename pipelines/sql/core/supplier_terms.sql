-- answers: At what cost, in what quantities and how fast will a supplier deliver a SKU?
-- grain: one row per supplier, SKU and first day of validity
-- key: supplier_id, sku_id, valid_from_date
-- kind: table
-- why: terms whose source gives no first day have always held, which is written as 1900-01-01.
with
terms as (
    select
        supplier_id,
        sku_id,
        coalesce(valid_from_date, cast('1900-01-01' as date)) as valid_from_date,
        unit_cost,
        minimum_order_qty,
        pack_qty,
        price_breaks,
        promised_lead_days,
        load_id,
        line_no,
        loaded_at,
        extra
    from staging.supplier_terms
)
select * from terms
