-- answers: How much stock did it take to ship what was shipped?
-- grain: one row per SKU, site and block of 28 days, the last of which ends on the as-of day
-- key: sku_id, site_id, period_end_date
-- kind: table
-- checks:
--   stock_day_count > 0
-- why: Turns compare a flow with a level, so both are brought to the same SKU, site and block first: the flow as its sum,
--   the level as its mean over the days on which it is known. Blocks are equally long, so their parts may be added up.
--   What a site shipped before its first known shipment is unknown, not nought.
with stock as (
    select
        facts.sku_id,
        facts.site_id,
        cast(floor(date_diff('day', facts.stock_date, company.as_of_date) / 28) as integer) as block_no,
        sum(cast(facts.on_hand_qty * skus.unit_cost as decimal(18, 4))) as on_hand_amount,
        count(*) as stock_day_count
    from core.stock_days as facts
    cross join raw.company as company
    left join core.skus as skus on skus.sku_id = facts.sku_id
    where facts.stock_date <= company.as_of_date
    group by facts.sku_id, facts.site_id, cast(floor(date_diff('day', facts.stock_date, company.as_of_date) / 28) as integer)
),

sent as (
    select
        sku_id,
        site_id,
        coalesce(shipped_date, delivered_date, ordered_date) as sent_date,
        shipped_cost_amount,
        as_of_date
    from marts.order_lines
    where shipped_cost_amount is not null
),

shipped as (
    select
        sku_id,
        site_id,
        cast(floor(date_diff('day', sent_date, as_of_date) / 28) as integer) as block_no,
        sum(shipped_cost_amount) as shipped_cost_amount
    from sent
    where sent_date <= as_of_date
    group by sku_id, site_id, cast(floor(date_diff('day', sent_date, as_of_date) / 28) as integer)
),

sending_sites as (
    select site_id, max(block_no) as first_block_no
    from shipped
    group by site_id
),

stock_periods as (
    select
        stock.sku_id,
        skus.sku_name,
        skus.category_name,
        stock.site_id,
        sites.site_name,
        sites.region_name,
        company.as_of_date - stock.block_no * 28 as period_end_date,
        stock.stock_day_count,
        cast(stock.on_hand_amount / stock.stock_day_count as decimal(18, 4)) as average_on_hand_amount,
        case
            when stock.block_no <= sending_sites.first_block_no then cast(coalesce(shipped.shipped_cost_amount, 0) as decimal(18, 4))
        end as shipped_cost_amount
    from stock
    cross join raw.company as company
    left join shipped on shipped.sku_id = stock.sku_id and shipped.site_id = stock.site_id and shipped.block_no = stock.block_no
    left join sending_sites on sending_sites.site_id = stock.site_id
    left join core.skus as skus on skus.sku_id = stock.sku_id
    left join core.sites as sites on sites.site_id = stock.site_id
)

select * from stock_periods
