-- answers: How much of each SKU was asked for where, on every day of its selling life, and could the orders show it?
-- grain: one row per SKU, site and day of the selling life
-- key: sku_id, site_id, demand_date
-- kind: view
-- checks:
--   demand_qty is not null
--   is_censored is not null
-- why: a selling life runs from the first demand to the as-of day, or to the day of discontinuation; a SKU that nobody
--   asked for at a site for a year has ended there with its last demand. Stock at the close of the day before is all that
--   could be sold without a backorder: demand above it proves that orders were still taken, so that day is not censored.
with
life as (
    select sku_id, site_id, min(demand_date) as first_date, max(demand_date) as last_date
    from core.demand_facts
    group by sku_id, site_id
),
bounds as (
    select
        life.sku_id,
        life.site_id,
        life.first_date,
        case
            when date_diff('day', life.last_date, company.as_of_date) > 365 then life.last_date
            when sku.discontinued_date < company.as_of_date then greatest(sku.discontinued_date, life.last_date)
            else greatest(company.as_of_date, life.last_date)
        end as end_date
    from life
    cross join raw.company as company
    left join core.skus as sku on sku.sku_id = life.sku_id
),
days as (
    select bounds.sku_id, bounds.site_id, calendar.day_date as demand_date
    from bounds
    inner join core.calendar as calendar on calendar.day_date >= bounds.first_date and calendar.day_date <= bounds.end_date
),
stock_outs as (
    select sku_id, site_id, stock_date from core.stock_days where on_hand_qty <= 0
),
openings as (
    select stock_outs.sku_id, stock_outs.site_id, stock_outs.stock_date, before.on_hand_qty as opening_qty
    from stock_outs
    inner join core.stock_days as before
        on before.sku_id = stock_outs.sku_id
            and before.site_id = stock_outs.site_id
            and before.stock_date = stock_outs.stock_date - 1
),
flagged as (
    select
        days.sku_id,
        days.site_id,
        days.demand_date,
        coalesce(fact.demand_qty, 0) as demand_qty,
        today.on_hand_qty <= 0 as is_stock_out,
        coalesce(today.on_hand_qty <= 0, false)
            and coalesce(fact.demand_qty, 0) <= greatest(coalesce(openings.opening_qty, 0), 0) as is_censored
    from days
    left join core.demand_facts as fact
        on fact.sku_id = days.sku_id and fact.site_id = days.site_id and fact.demand_date = days.demand_date
    left join core.stock_days as today
        on today.sku_id = days.sku_id and today.site_id = days.site_id and today.stock_date = days.demand_date
    left join openings
        on openings.sku_id = days.sku_id and openings.site_id = days.site_id and openings.stock_date = days.demand_date
)
select
    sku_id,
    site_id,
    demand_date,
    cast(demand_qty as decimal(18, 3)) as demand_qty,
    is_stock_out,
    is_censored
from flagged
