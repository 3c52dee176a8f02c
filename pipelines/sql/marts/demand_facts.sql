-- answers: How much of what was asked for where, day by day, with the names that people know?
-- grain: one row per SKU, site and day with demand
-- key: sku_id, site_id, demand_date
-- kind: table
with demand_facts as (
    select
        facts.sku_id,
        skus.sku_name,
        skus.category_name,
        facts.site_id,
        sites.site_name,
        sites.region_name,
        facts.demand_date,
        facts.demand_qty,
        company.as_of_date
    from core.demand_facts as facts
    cross join raw.company as company
    left join core.skus as skus on skus.sku_id = facts.sku_id
    left join core.sites as sites on sites.site_id = facts.site_id
)
select * from demand_facts
