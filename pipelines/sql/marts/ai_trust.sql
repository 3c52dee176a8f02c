-- answers: What have the answers and decisions of each use case come to so far, from which the trust in it can be earned?
-- grain: one row per use case of the registry
-- key: use_case_id
-- kind: table
-- checks:
--   right_count <= known_count
--   known_count <= matured_count
-- why: Answers come from the work log, decisions from the ledger: those that an agent of the use case proposed. A decision without a
--   known outcome says nothing. Acts of a domain tell whether its output can be written into work at all.
with
company as (
    select as_of_date from raw.company
),
sales as (
    select cast(sum(facts.net_amount) as decimal(18, 4)) as yearly_sales_amount
    from marts.order_lines as facts
    cross join company
    where facts.is_goods and (facts.is_return or not facts.is_cancelled)
        and facts.ordered_date > company.as_of_date - 365 and facts.ordered_date <= company.as_of_date
),
answers as (
    select
        use_case_id,
        cast(sum(case_count) as bigint) as case_count,
        cast(sum(answered_count) as bigint) as answered_count,
        cast(sum(accepted_count) as bigint) as accepted_count,
        cast(sum(edited_count) as bigint) as edited_count,
        cast(sum(rejected_count) as bigint) as rejected_count,
        cast(sum(known_containment_count) as bigint) as known_containment_count,
        cast(sum(contained_count) as bigint) as contained_count,
        cast(sum(escalated_count) as bigint) as escalated_count,
        cast(sum(reopened_count) as bigint) as reopened_count,
        cast(sum(error_count) as bigint) as error_count,
        cast(sum(wrong_commitment_count) as bigint) as wrong_commitment_count
    from marts.ai_volumes
    where is_from_log
    group by use_case_id
),
acted as (
    select
        agents.use_case_id,
        case
            when action_kind_code in ('release_order', 'hold_order', 'correct_price', 'allocate', 'substitute', 'credit_review') then 'sales support'
            when action_kind_code = 'customer_message' then 'customer service'
            when action_kind_code = 'carrier_message' then 'transportation'
            when action_kind_code = 'fix_data' then 'executive analytics'
            else 'procurement'
        end as domain_code,
        decisions.is_matured,
        decisions.is_right,
        decisions.is_override
    from marts.decisions as decisions
    left join core.agent_use_cases as agents on agents.agent_name = decisions.proposer_name
),
decided as (
    select
        use_case_id,
        count(*) as decided_count,
        cast(sum(case when is_matured then 1 else 0 end) as bigint) as matured_count,
        cast(sum(case when is_matured and is_right is not null then 1 else 0 end) as bigint) as known_count,
        cast(sum(case when is_matured and is_right then 1 else 0 end) as bigint) as right_count,
        cast(sum(case when is_override then 1 else 0 end) as bigint) as overridden_count
    from acted
    where use_case_id is not null
    group by use_case_id
),
domains as (
    select domain_code, count(*) as acted_count from acted group by domain_code
)
select
    cases.use_case_id,
    coalesce(answers.case_count, 0) as case_count,
    coalesce(answers.answered_count, 0) as answered_count,
    coalesce(answers.accepted_count, 0) as accepted_count,
    coalesce(answers.edited_count, 0) as edited_count,
    coalesce(answers.rejected_count, 0) as rejected_count,
    coalesce(answers.known_containment_count, 0) as known_containment_count,
    coalesce(answers.contained_count, 0) as contained_count,
    coalesce(answers.escalated_count, 0) as escalated_count,
    coalesce(answers.reopened_count, 0) as reopened_count,
    coalesce(answers.error_count, 0) as error_count,
    coalesce(answers.wrong_commitment_count, 0) as wrong_commitment_count,
    coalesce(decided.decided_count, 0) as decided_count,
    coalesce(decided.matured_count, 0) as matured_count,
    coalesce(decided.known_count, 0) as known_count,
    coalesce(decided.right_count, 0) as right_count,
    coalesce(decided.overridden_count, 0) as overridden_count,
    coalesce(domains.acted_count, 0) as acted_count,
    sales.yearly_sales_amount
from raw.use_cases as cases
cross join sales
left join answers on answers.use_case_id = cases.use_case_id
left join decided on decided.use_case_id = cases.use_case_id
left join domains on domains.domain_code = cases.domain_code
