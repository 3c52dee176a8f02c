-- answers: How much of each SKU at each site has been promised to customers and not left yet?
-- grain: one row per SKU and site with such a line
-- key: sku_id, site_id
-- kind: table
-- checks:
--   committed_qty > 0
--   open_line_count > 0
with promised_stock as (
    select
        sku_id,
        site_id,
        cast(sum(open_qty) as decimal(18, 3)) as committed_qty,
        count(*) as open_line_count
    from marts.order_lines
    where open_qty > 0 and is_service_line and not is_cancelled
    group by sku_id, site_id
)
select * from promised_stock
