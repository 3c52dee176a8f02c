-- answers: What did each matured decision, and each use case in each month, bring and cost in people's work, and how well was that seen?
-- grain: one row per matured decision, and per use case, month, mechanism, class of benefit and grade
-- key: earning_key
-- kind: table
-- checks:
--   evidence_grade in ('A', 'B', 'C')
--   abs(benefit_amount - error_cost_amount - rework_amount - review_amount - earned_amount) < 0.001
-- why: The value side of the ledger, from which the north star is summed. A decision counts in the month in which its horizon ended, so
--   a month that is over does not change as later decisions mature, and it is valued at what was assumed at its end
--   (raw.assumption_history). What a neighbour paid for by then is not counted (scores.decision_counting), each decision bearing its
--   part. What a decision lost is its error cost; what a better one would have brought is not a cost that anybody bore. Review of a
--   case that the work log tells counts there and not here. A decision's benefit is seen against doing nothing, without a comparison:
--   grade C. What is only assumed (grade D) is no value and stands in no row. A decision that an agent proposed before somebody took
--   its use case up counts, but is not credited to that use case: is_taken_up says so, and is empty where no agent had a part.
--   Effects of a use case are those of scores.ai_effects on the cases treated in that month; they are other pools of work than the
--   decisions' own.
with
reviewed_cases as (
    select distinct case_id
    from core.ai_cases
    where case_id is not null and coalesce(arm_code, 'assisted') = 'assisted'
        and coalesce(review_minutes, 0) + coalesce(rework_minutes, 0) > 0
),
decided as (
    select
        facts.proposal_id,
        facts.horizon_date,
        facts.site_id,
        facts.sku_id,
        facts.decider_name,
        facts.action_kind_code,
        cases.use_case_id,
        case when agents.agent_name is not null then cases.use_case_id is not null end as is_taken_up,
        cast(
            case when facts.benefit_amount > 0 then facts.benefit_amount * coalesce(counting.counting_share, 1.0) else 0 end as decimal(18, 4)
        ) as benefit_amount,
        cast(case when facts.benefit_amount < 0 then -facts.benefit_amount else 0 end as decimal(18, 4)) as error_cost_amount,
        cast(
            case
                when by_case.case_id is null and by_order.case_id is null and by_purchase.case_id is null
                    then coalesce(facts.handling_amount, 0)
                else 0
            end as decimal(18, 4)
        ) as review_amount
    from marts.decisions as facts
    left join core.agent_use_cases as agents on agents.agent_name = facts.proposer_name
    left join raw.use_cases as cases
        on cases.use_case_id = agents.use_case_id and cases.started_date <= facts.proposed_date
    left join reviewed_cases as by_case on by_case.case_id = facts.case_id
    left join reviewed_cases as by_order on by_order.case_id = facts.order_id
    left join reviewed_cases as by_purchase on by_purchase.case_id = facts.po_id
    left join scores.decision_counting as counting
        on counting.action_kind_code = facts.action_kind_code
        and counting.decider_name = facts.decider_name
        and counting.policy_version_no = facts.policy_version_no
        and counting.month_date = facts.proposed_date - cast(extract(day from facts.proposed_date) - 1 as integer)
        and counting.matured_month_date = facts.horizon_date - cast(extract(day from facts.horizon_date) - 1 as integer)
    where facts.is_matured
),
measured as (
    select
        use_case_id, month_date, mechanism_name, benefit_class_code, evidence_grade,
        cast(realised_amount as decimal(18, 4)) as realised_amount,
        cast(low_amount as decimal(18, 4)) as low_amount,
        cast(high_amount as decimal(18, 4)) as high_amount,
        cast(bankable_amount as decimal(18, 4)) as bankable_amount
    from scores.ai_benefits
    where is_claimed and evidence_grade <> 'D'
),
told as (
    select
        proposal_id as earning_key,
        'decision' as earning_source_name,
        horizon_date - cast(extract(day from horizon_date) - 1 as integer) as month_date,
        use_case_id,
        is_taken_up,
        action_kind_code as mechanism_name,
        site_id,
        sku_id,
        'cash' as benefit_class_code,
        'C' as evidence_grade,
        benefit_amount,
        error_cost_amount,
        cast(0 as decimal(18, 4)) as rework_amount,
        review_amount,
        cast(null as decimal(18, 4)) as low_amount,
        cast(null as decimal(18, 4)) as high_amount,
        cast(0 as decimal(18, 4)) as bankable_amount
    from decided
    union all
    select
        use_case_id || ' · ' || cast(month_date as varchar) || ' · ' || mechanism_name || ' · ' || benefit_class_code || ' · '
            || evidence_grade as earning_key,
        'use case' as earning_source_name,
        month_date,
        use_case_id,
        true as is_taken_up,
        mechanism_name,
        cast(null as varchar) as site_id,
        cast(null as varchar) as sku_id,
        benefit_class_code,
        evidence_grade,
        case when mechanism_name in ('errors caused', 'wrong commitments', 'rework', 'review') then 0 else realised_amount end as benefit_amount,
        case when mechanism_name in ('errors caused', 'wrong commitments') then -realised_amount else 0 end as error_cost_amount,
        case when mechanism_name = 'rework' then -realised_amount else 0 end as rework_amount,
        case when mechanism_name = 'review' then -realised_amount else 0 end as review_amount,
        low_amount,
        high_amount,
        bankable_amount
    from measured
)
select
    told.*,
    cast(benefit_amount - error_cost_amount - rework_amount - review_amount as decimal(18, 4)) as earned_amount
from told
