-- answers: Which shelf is empty, will be empty, holds too much, or lacks what another site has too much of?
-- grain: one row per signal of a SKU at a site; for misplaced stock also per site that could give
-- key: signal_kind_code, sku_id, site_id, from_site_id
-- kind: table
-- checks:
--   impact_amount is null or impact_amount >= 0
--   chance_share >= 0 and chance_share <= 1
-- why: A chance below one in ten is no signal. Excess is what lies beyond 90 days of demand; what it costs is holding and loss of
--   value for a quarter, and below 1 of the currency it is no signal. Stock is misplaced where one site has excess of a SKU that another will run out of.
with assumed as (
    select
        max(case when assumption_name = 'lost_sale_share' then assumed_number end) as lost_share,
        max(case when assumption_name = 'holding_share_per_year' then assumed_number end)
            + max(case when assumption_name = 'obsolescence_share_per_year' then assumed_number end) as holding_share
    from raw.assumptions
),

short as (
    select
        case when outlook.on_hand_qty <= 0 then 'stocked_out' else 'stockout_ahead' end as signal_kind_code,
        outlook.sku_id,
        outlook.site_id,
        '*' as from_site_id,
        outlook.as_of_date as signal_date,
        outlook.stockout_share as chance_share,
        cast(outlook.expected_lost_amount as double) * assumed.lost_share / nullif(outlook.stockout_share, 0) as impact_amount,
        'margin of demand for the empty shelf that is lost' as money_basis_name,
        case
            when outlook.on_hand_qty <= 0 then outlook.as_of_date
            else coalesce(outlook.first_likely_date, cast(outlook.as_of_date + interval 7 day as date))
        end as due_date,
        outlook.because_text
    from scores.stockout_outlook as outlook
    cross join assumed
    where outlook.on_hand_qty <= 0 or outlook.stockout_share >= 0.1
),

excess as (
    select
        'excess_stock' as signal_kind_code,
        stock.sku_id,
        stock.site_id,
        '*' as from_site_id,
        stock.stock_date as signal_date,
        cast(1.0 as double) as chance_share,
        cast(stock.excess_amount as double) * assumed.holding_share * 91 / 365 as impact_amount,
        'holding and loss of value of the excess for a quarter' as money_basis_name,
        cast(stock.as_of_date + interval 28 day as date) as due_date,
        'On hand are ' || cast(cast(round(stock.on_hand_qty, 0) as bigint) as varchar) || ', of which '
            || cast(cast(round(stock.excess_qty, 0) as bigint) as varchar) || ' lie beyond 90 days of demand.' as because_text
    from marts.stock_now as stock
    cross join assumed
    where cast(stock.excess_amount as double) * assumed.holding_share * 91 / 365 >= 1
),

misplaced as (
    select
        'misplaced_stock' as signal_kind_code,
        short.sku_id,
        short.site_id,
        excess.site_id as from_site_id,
        short.signal_date,
        short.chance_share,
        short.impact_amount,
        short.money_basis_name,
        short.due_date,
        'Site ' || excess.site_id || ' holds ' || cast(cast(round(stock.excess_qty, 0) as bigint) as varchar)
            || ' of this SKU beyond 90 days of its demand.' as because_text
    from short
    inner join excess on excess.sku_id = short.sku_id and excess.site_id <> short.site_id
    inner join marts.stock_now as stock on stock.sku_id = excess.sku_id and stock.site_id = excess.site_id
    where short.chance_share >= 0.3 and stock.excess_qty >= 1
),

found as (
    select * from short
    union all
    select * from excess
    union all
    select * from misplaced
),

shelf_signals as (
    select
        found.signal_kind_code,
        found.sku_id,
        found.site_id,
        found.from_site_id,
        found.signal_date,
        found.chance_share,
        cast(found.impact_amount as decimal(18, 4)) as impact_amount,
        found.money_basis_name,
        found.due_date,
        found.because_text
    from found
)

select * from shelf_signals
