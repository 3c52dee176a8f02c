-- answers: Where do we hold and handle stock?
-- grain: one row per site
-- key: site_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: a site that stands in facts but in no master is there too, flagged. The site * is all sites together, for
--   companies whose extracts do not tell sites apart.
with
seen as (
    select site_id from core.order_lines
    union all
    select site_id from core.demand_facts
    union all
    select site_id from core.stock_days
    union all
    select site_id from core.stock_movements
    union all
    select site_id from staging.orders
    union all
    select site_id from staging.shipments
    union all
    select site_id from staging.purchase_lines
    union all
    select site_id from staging.promotions
    union all
    select from_site_id as site_id from staging.lanes
),
implied as (
    select distinct seen.site_id
    from seen
    where seen.site_id is not null
        and not exists (select 1 from staging.sites as master where master.site_id = seen.site_id)
),
everything as (
    select
        site_id, site_name, kind_code, region_name, country_code, latitude, longitude, timezone_name,
        false as is_implied, load_id, line_no, loaded_at, extra
    from staging.sites
    union all
    select
        site_id,
        case when site_id = '*' then 'All sites' end as site_name,
        cast(null as varchar) as kind_code,
        cast(null as varchar) as region_name,
        cast(null as varchar) as country_code,
        cast(null as double) as latitude,
        cast(null as double) as longitude,
        cast(null as varchar) as timezone_name,
        true as is_implied,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from implied
)
select * from everything
