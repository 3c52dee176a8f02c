-- answers: What is on hand where, how long will it last, and what is more than anybody will ask for?
-- grain: one row per SKU and site with known stock, as last counted
-- key: sku_id, site_id
-- kind: table
-- checks:
--   excess_amount >= 0 or unit_cost < 0
-- why: Demand is that of the 28 days up to and with the as-of day; 28 and not 30, so that each weekday counts four times.
--   Where a site has never shown any demand, demand is unknown and not nought: a warehouse that feeds branches is not full
--   of excess. Excess is what lies beyond 90 days of that demand.
with latest as (
    select facts.sku_id, facts.site_id, max(facts.stock_date) as stock_date
    from core.stock_days as facts
    cross join raw.company as company
    where facts.stock_date <= company.as_of_date
    group by facts.sku_id, facts.site_id
),

demand as (
    select facts.sku_id, facts.site_id, sum(facts.demand_qty) as demand_qty
    from core.demand_facts as facts
    cross join raw.company as company
    where date_diff('day', facts.demand_date, company.as_of_date) between 0 and 27
    group by facts.sku_id, facts.site_id
),

demand_sites as (
    select site_id, max(demand_date) as last_demand_date
    from core.demand_facts
    group by site_id
),

counted as (
    select
        facts.sku_id,
        facts.site_id,
        facts.stock_date,
        facts.on_hand_qty,
        facts.on_order_qty,
        facts.allocated_qty,
        facts.load_id,
        facts.line_no,
        company.as_of_date,
        case when demand_sites.site_id is not null then cast(coalesce(demand.demand_qty, 0) as decimal(18, 3)) end as demand_28_qty
    from core.stock_days as facts
    join latest
        on latest.sku_id = facts.sku_id and latest.site_id = facts.site_id and latest.stock_date = facts.stock_date
    cross join raw.company as company
    left join demand on demand.sku_id = facts.sku_id and demand.site_id = facts.site_id
    left join demand_sites on demand_sites.site_id = facts.site_id
),

stock_now as (
    select
        counted.sku_id,
        skus.sku_name,
        skus.category_name,
        counted.site_id,
        sites.site_name,
        sites.region_name,
        counted.stock_date,
        cast(date_diff('day', counted.stock_date, counted.as_of_date) as double) as snapshot_age_days,
        counted.on_hand_qty,
        counted.on_order_qty,
        counted.allocated_qty,
        skus.unit_cost,
        cast(counted.on_hand_qty * skus.unit_cost as decimal(18, 4)) as on_hand_amount,
        counted.demand_28_qty,
        cast(counted.demand_28_qty * skus.unit_cost as decimal(18, 4)) as demand_28_amount,
        cast(counted.on_hand_qty as double) * 28 / nullif(cast(counted.demand_28_qty as double), 0) as cover_days,
        case
            when counted.demand_28_qty is null then null
            when counted.on_hand_qty * 28 > counted.demand_28_qty * 90
                then cast((counted.on_hand_qty * 28 - counted.demand_28_qty * 90) / 28 as decimal(18, 3))
            else 0
        end as excess_qty,
        case
            when counted.demand_28_qty is null or skus.unit_cost is null then null
            when counted.on_hand_qty * 28 > counted.demand_28_qty * 90
                then cast((counted.on_hand_qty * 28 - counted.demand_28_qty * 90) * skus.unit_cost / 28 as decimal(18, 4))
            else 0
        end as excess_amount,
        counted.on_hand_qty <= 0 as is_stock_out,
        coalesce(lives.last_sale_date >= counted.as_of_date, false) as is_on_sale,
        lives.first_demand_date,
        lives.last_demand_date,
        counted.as_of_date,
        counted.load_id,
        counted.line_no
    from counted
    left join core.skus as skus on skus.sku_id = counted.sku_id
    left join core.sites as sites on sites.site_id = counted.site_id
    left join marts.selling_lives as lives on lives.sku_id = counted.sku_id and lives.site_id = counted.site_id
)

select * from stock_now
