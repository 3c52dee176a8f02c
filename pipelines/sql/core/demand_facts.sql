-- answers: How much of each SKU was asked for where, on the days on which anything was?
-- grain: one row per SKU, site and day with demand
-- key: sku_id, site_id, demand_date
-- kind: table
-- checks:
--   demand_qty is not null
--   line_count > 0
-- why: the sparse ground of core.demand_days, kept apart because a few million days with demand can be stored and
--   the hundreds of millions of days without cannot. Cancelled lines, returns and charges are no demand for goods.
with
by_day as (
    select
        sku_id,
        coalesce(site_id, '*') as site_id,
        ordered_date as demand_date,
        cast(sum(ordered_qty) as decimal(18, 3)) as demand_qty,
        count(*) as line_count
    from core.order_lines
    where not is_cancelled and not is_return and is_goods and ordered_date is not null
    group by sku_id, coalesce(site_id, '*'), ordered_date
)
select * from by_day
