-- answers: How large is the company for AI: how many SKUs, and how much of the order lines goes out of each site?
-- grain: one row per site that ships order lines
-- key: site_id
-- kind: table
-- checks:
--   order_line_share between 0 and 1
with
lines as (
    select
        coalesce(site_id, '*') as site_id,
        count(*) as line_count
    from marts.order_lines
    where is_goods and not is_return
    group by coalesce(site_id, '*')
),
goods as (
    select count(*) as sku_count
    from core.skus
)
select
    lines.site_id,
    goods.sku_count,
    lines.line_count,
    cast(lines.line_count as double) / nullif(cast(sum(lines.line_count) over () as double), 0) as order_line_share
from lines
cross join goods
