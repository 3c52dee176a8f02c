-- answers: What price holds for whom, from when?
-- grain: one row per SKU, customer and first day of validity
-- key: sku_id, customer_id, valid_from_date
-- kind: table
-- checks:
--   unit_price is not null
--   is_contract is not null
-- why: the customer * is every customer; a price with no first day has always held, which is written as 1900-01-01.
with
prices as (
    select
        sku_id,
        coalesce(customer_id, '*') as customer_id,
        coalesce(valid_from_date, cast('1900-01-01' as date)) as valid_from_date,
        unit_price,
        coalesce(is_contract, customer_id is not null) as is_contract,
        load_id,
        line_no,
        loaded_at,
        extra
    from staging.prices
)
select * from prices
