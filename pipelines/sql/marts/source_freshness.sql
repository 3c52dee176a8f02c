-- answers: How old is each source, and is it within the target that was set for it?
-- grain: one row per contract of which lines were accepted
-- key: contract_name
-- kind: view
-- checks:
--   source_age_days >= 0
--   freshness_target_days is not null
--   is_fresh = (source_age_days <= freshness_target_days)
-- why: The larger of two ages counts: days from the last load, and days from the newest row, so an old extract is not fresh because it
--   was brought today. Both run to the day up to which the data reach; that of rows runs on to the last load where that came later, for
--   then the source itself shows that this day was over. A build of a day in the past leaves later rows out, so there it does not run
--   on. What says nothing of its day (masters, prices, terms) has the age of its load; plans that run ahead have none. No age is taken
--   by the clock: a company that brings nothing at all grows no older here; agents stop by the clock. Each contract has a target of its
--   own, which people change as an assumption (data/assumptions/freshness.yml). Days that were worked out, orders known only from their
--   lines and calls made here are no rows of a source. Logs and bills about AI itself are told apart: no use case answers from them.
with
last_loads as (
    select contract, cast(max(loaded_at) as date) as loaded_date
    from raw.loads
    where loaded_at is not null and accepted > 0
    group by contract
),
newest_rows as (
    select 'order_lines' as contract, max(ordered_date) as newest_row_date from core.order_lines
    union all
    select 'orders', cast(max(ordered_at) as date) from core.orders where not is_implied
    union all
    select 'order_events', cast(max(event_at) as date) from core.order_events
    union all
    select 'stock_days', max(stock_date) from core.stock_days where is_snapshot
    union all
    select 'stock_movements', max(moved_date) from core.stock_movements
    union all
    select 'purchase_lines', max(ordered_date) from core.purchase_lines
    union all
    select 'receipts', max(received_date) from core.receipts
    union all
    select 'shipments', cast(max(greatest(coalesce(shipped_at, delivered_at), coalesce(delivered_at, shipped_at))) as date)
    from core.shipments
    union all
    select 'shipment_lines', max(greatest(coalesce(shipped_date, delivered_date), coalesce(delivered_date, shipped_date)))
    from core.shipment_lines
    union all
    select 'returns', cast(max(returned_at) as date) from core.returns
    union all
    select 'service_tickets', cast(max(greatest(coalesce(opened_at, closed_at), coalesce(closed_at, opened_at))) as date)
    from core.service_tickets
    union all
    select 'promotions', max(greatest(starts_date, coalesce(ends_date, starts_date))) from core.promotions
    union all
    select 'external_signals', max(greatest(signal_date, known_date)) from core.external_signals
    union all
    select 'demand_plans', max(greatest(plan_starts_date, coalesce(plan_ends_date, plan_starts_date))) from core.demand_plans
    union all
    select 'ai_calls', max(called_date) from core.ai_calls where not is_made_here
    union all
    select 'ai_cases', cast(max(greatest(coalesce(opened_at, closed_at), coalesce(closed_at, opened_at))) as date) from core.ai_cases
    union all
    select 'ai_bills', cast(max(greatest(charge_starts_at, coalesce(charge_ends_at, charge_starts_at))) as date) from core.ai_bills
),
counted as (
    select
        last_loads.contract, last_loads.loaded_date, newest_rows.newest_row_date,
        date_diff('day', last_loads.loaded_date, company.as_of_date) as load_days,
        date_diff(
            'day', newest_rows.newest_row_date,
            case when company.is_cut then company.as_of_date else greatest(company.as_of_date, last_loads.loaded_date) end
        ) as row_days
    from last_loads
    cross join raw.company as company
    left join newest_rows on newest_rows.contract = last_loads.contract
    where company.as_of_date is not null
),
aged as (
    select
        counted.contract as contract_name,
        counted.loaded_date,
        counted.newest_row_date,
        cast(greatest(counted.load_days, coalesce(counted.row_days, 0), 0) as double) as source_age_days,
        targets.assumed_number as freshness_target_days,
        counted.contract in ('ai_calls', 'ai_cases', 'ai_bills') as is_about_ai
    from counted
    inner join raw.assumptions as targets on targets.assumption_name = 'freshness_days_' || counted.contract
),
source_freshness as (
    select
        contract_name, loaded_date, newest_row_date, source_age_days, freshness_target_days,
        source_age_days <= freshness_target_days as is_fresh, is_about_ai
    from aged
)
select * from source_freshness
