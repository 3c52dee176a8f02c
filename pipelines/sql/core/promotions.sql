-- answers: What was offered cheaper, where and when?
-- grain: one row per SKU, site and first day
-- key: sku_id, site_id, starts_date
-- kind: table
-- why: the site * is every site.
with
offers as (
    select sku_id, coalesce(site_id, '*') as site_id, starts_date, ends_date, discount_share, load_id, line_no, loaded_at, extra
    from staging.promotions
)
select * from offers
