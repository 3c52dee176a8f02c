-- answers: What was on hand four, eight and twelve weeks ago, and did it run out in the four weeks after?
-- grain: one row per SKU, site and such a day on which the stock is known
-- key: sku_id, site_id, origin_date
-- kind: table
-- checks:
--   ran_out_date is null or ran_out_date > origin_date
-- why: Looking back, a model of stockouts is held against what the shelves showed. The days are those from which forecasts
--   of demand are looked back on, too.
with turns as (
    select 1 as turn union all select 2 union all select 3
),
origins as (
    select company.as_of_date - cast(28 * turns.turn as integer) as origin_date
    from raw.company as company
    cross join turns
),
known as (
    select facts.sku_id, facts.site_id, facts.stock_date as origin_date, facts.on_hand_qty, facts.on_order_qty
    from core.stock_days as facts
    inner join origins on origins.origin_date = facts.stock_date
),
empties as (
    select facts.sku_id, facts.site_id, origins.origin_date, min(facts.stock_date) as ran_out_date
    from core.stock_days as facts
    cross join origins
    where facts.on_hand_qty <= 0 and date_diff('day', origins.origin_date, facts.stock_date) between 1 and 28
    group by facts.sku_id, facts.site_id, origins.origin_date
),
stock_lookbacks as (
    select known.sku_id, known.site_id, known.origin_date, known.on_hand_qty, known.on_order_qty, empties.ran_out_date
    from known
    left join empties
        on empties.sku_id = known.sku_id and empties.site_id = known.site_id and empties.origin_date = known.origin_date
)
select * from stock_lookbacks
