-- answers: How far can each extract be trusted, and what keeps it from a better grade?
-- grain: one row per contract with any row
-- key: contract_name
-- kind: table
-- checks:
--   poor_share >= 0 and poor_share <= 1
-- why: The worst of three shares decides: lines set aside, events in an impossible order, and SKUs that no master names
--   although a master was brought. A: at most one in 200, B: one in 20, C: one in 5, D: more. Models judge on A and B.
with landed as (
    select contract, cast(sum(accepted) as bigint) as accepted, cast(sum(set_aside) as bigint) as set_aside
    from raw.loads
    group by contract
),
crossed as (
    select 'order_lines' as contract, count(*) as row_count,
        cast(coalesce(sum(case when delivered_date < ordered_date then 1 else 0 end), 0) as bigint) as crossed_count
    from core.order_lines
    union all
    select 'shipments' as contract, count(*) as row_count,
        cast(coalesce(sum(case when delivered_at < shipped_at then 1 else 0 end), 0) as bigint) as crossed_count
    from core.shipments
    union all
    select 'purchase_lines' as contract, count(*) as row_count,
        cast(coalesce(sum(case when last_received_date < ordered_date then 1 else 0 end), 0) as bigint) as crossed_count
    from core.purchase_lines
),
masters as (
    select
        'order_lines' as contract,
        count(*) as row_count,
        cast(coalesce(sum(case when skus.is_implied then 1 else 0 end), 0) as bigint) as unknown_count,
        max(case when skus.is_implied then 0 else 1 end) as has_master
    from core.order_lines as facts
    inner join core.skus as skus on skus.sku_id = facts.sku_id
),
shares as (
    select
        landed.contract,
        landed.accepted,
        landed.set_aside,
        landed.set_aside / nullif(cast(landed.accepted + landed.set_aside as double), 0) as set_aside_share,
        coalesce(crossed.crossed_count / nullif(cast(crossed.row_count as double), 0), 0) as crossed_share,
        case when masters.has_master = 1 then coalesce(masters.unknown_count / nullif(cast(masters.row_count as double), 0), 0) else 0 end
            as unknown_master_share
    from landed
    left join crossed on crossed.contract = landed.contract
    left join masters on masters.contract = landed.contract
),
worst as (
    select
        contract as contract_name,
        accepted as accepted_count,
        set_aside as set_aside_count,
        coalesce(set_aside_share, 0) as set_aside_share,
        crossed_share,
        coalesce(unknown_master_share, 0) as unknown_master_share,
        greatest(coalesce(set_aside_share, 0), crossed_share, coalesce(unknown_master_share, 0)) as poor_share
    from shares
    where accepted + set_aside > 0
),
data_grades as (
    select
        contract_name,
        case when poor_share <= 0.005 then 'A' when poor_share <= 0.05 then 'B' when poor_share <= 0.2 then 'C' else 'D' end
            as data_grade_code,
        case
            when poor_share <= 0.005 then 'hardly anything is wrong with them.'
            when poor_share = set_aside_share then 'too many of their lines were set aside; correct those and upload them again.'
            when poor_share = crossed_share then 'too many of them arrived before they were sent or ordered; the dates of the source need a look.'
            else 'too many of their SKUs are in no SKU master; upload a complete one.'
        end as because_text,
        poor_share,
        set_aside_share,
        crossed_share,
        unknown_master_share,
        accepted_count,
        set_aside_count
    from worst
)
select * from data_grades
