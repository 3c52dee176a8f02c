-- answers: From when to when was each SKU on sale at each site?
-- grain: one row per SKU and site with any demand
-- key: sku_id, site_id
-- kind: table
-- checks:
--   first_demand_date <= last_sale_date
-- why: The same bounds as the days of core.demand_days, held together by a test, without making all those days.
with lives as (
    select sku_id, site_id, min(demand_date) as first_demand_date, max(demand_date) as last_demand_date
    from core.demand_facts
    group by sku_id, site_id
),

selling_lives as (
    select
        lives.sku_id,
        lives.site_id,
        lives.first_demand_date,
        lives.last_demand_date,
        case
            when date_diff('day', lives.last_demand_date, company.as_of_date) > 365 then lives.last_demand_date
            when skus.discontinued_date < company.as_of_date then greatest(skus.discontinued_date, lives.last_demand_date)
            else greatest(company.as_of_date, lives.last_demand_date)
        end as last_sale_date
    from lives
    cross join raw.company as company
    left join core.skus as skus on skus.sku_id = lives.sku_id
)

select * from selling_lives
