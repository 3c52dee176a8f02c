-- answers: How much stock was where, what was it worth, and where was there none although it was on sale?
-- grain: one row per SKU, site and day with known stock
-- key: sku_id, site_id, stock_date
-- kind: view
-- checks:
--   is_on_sale is not null
-- why: Stock is a level, not a flow: it may be summed over SKUs and sites of one day, and never over days. It is valued at
--   the cost of today, since extracts rarely keep the cost of a past day.
with stock_days as (
    select
        facts.sku_id,
        skus.sku_name,
        skus.category_name,
        facts.site_id,
        sites.site_name,
        sites.region_name,
        facts.stock_date,
        facts.on_hand_qty,
        facts.on_order_qty,
        facts.allocated_qty,
        skus.unit_cost,
        cast(facts.on_hand_qty * skus.unit_cost as decimal(18, 4)) as on_hand_amount,
        facts.on_hand_qty <= 0 as is_stock_out,
        coalesce(facts.stock_date >= lives.first_demand_date and facts.stock_date <= lives.last_sale_date, false) as is_on_sale,
        facts.is_snapshot,
        facts.load_id,
        facts.line_no
    from core.stock_days as facts
    left join core.skus as skus on skus.sku_id = facts.sku_id
    left join core.sites as sites on sites.site_id = facts.site_id
    left join marts.selling_lives as lives on lives.sku_id = facts.sku_id and lives.site_id = facts.site_id
)

select * from stock_days
