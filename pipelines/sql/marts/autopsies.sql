-- answers: What caused each empty shelf and each late or short order line of the last half year, by name, and what did it cost?
-- grain: one row per miss
-- key: miss_key
-- kind: table
-- checks:
--   missed_amount is null or missed_amount >= 0
-- why: A receiving delay can be told only where a source gives the receipt of goods and their booking into stock days of their
--   own (marts.booked_receipts); where both are one booking, as in the demo company, goods on the dock cannot be seen.
with autopsies as (
    select
        misses.miss_key,
        misses.miss_kind_name,
        misses.autopsy_class_name,
        misses.sku_id,
        skus.sku_name,
        skus.category_name,
        misses.site_id,
        sites.site_name,
        sites.region_name,
        segments.abc_class,
        misses.customer_id,
        customers.customer_name,
        customers.tier_code,
        misses.order_id,
        misses.line_key,
        misses.miss_date,
        misses.miss_end_date,
        case
            when misses.miss_kind_name = 'stockout'
                then cast(date_diff('day', misses.miss_date, coalesce(misses.miss_end_date, misses.as_of_date)) + 1 as double)
            when misses.miss_end_date > misses.miss_date then cast(date_diff('day', misses.miss_date, misses.miss_end_date) as double)
        end as miss_days,
        misses.missed_qty,
        misses.missed_amount,
        misses.evidence_text,
        misses.as_of_date
    from scores.autopsies as misses
    left join core.skus as skus on skus.sku_id = misses.sku_id
    left join core.sites as sites on sites.site_id = misses.site_id
    left join core.customers as customers on customers.customer_id = misses.customer_id
    left join scores.segments as segments on segments.sku_id = misses.sku_id and segments.site_id = misses.site_id
)

select * from autopsies
