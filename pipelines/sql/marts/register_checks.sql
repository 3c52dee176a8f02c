-- answers: What do the data themselves show of the rows of the registers?
-- grain: one row per check
-- key: check_code
-- kind: table
-- checks:
--   found_code in ('in place', 'contradicted', 'no data')
--   kept_count <= checked_count
--   (found_code = 'no data') = (checked_count = 0)
-- why: Each check counts things and those of them that are as they should be; it holds where the share is at least the one that stands
--   beside it. Most ask for all. House rules: 95 of a hundred exports and traced calls, 98 of a hundred prices, half of all numbers
--   sourced, and of answers the lowest adoption that the plan assumed. What was not counted is no data, and shows nothing either way.
with
company as (
    select as_of_date from raw.company
),
agents as (
    select distinct actor_name from core.acts where kind_code = 'propose' and payload_text like '%"is_agent":true%'
),
proposed as (
    select proposal_id, min(actor_name) as actor_name from core.acts where kind_code = 'propose' group by proposal_id
),
aside as (
    select load_id, contract, line_no from raw.set_aside where reason <> '' group by load_id, contract, line_no
),
reasoned as (
    select count(*) as line_count from aside
),
running as (
    select * from raw.use_case_bounds where stage_code in ('pilot', 'production')
),
outcomes as (
    select
        running.use_case_id,
        count(cases.is_error) as judged_count,
        cast(sum(case when cases.is_error then 1 else 0 end) as bigint) as wrong_count,
        count(cases.is_wrong_commitment) as promised_count,
        cast(sum(case when cases.is_wrong_commitment then 1 else 0 end) as bigint) as broken_count,
        max(running.highest_error_share) as highest_error_share,
        max(running.highest_commitment_share) as highest_commitment_share
    from core.ai_cases as cases
    inner join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    inner join running on running.use_case_id = named.use_case_id
    where cases.arm_code = 'assisted'
    group by running.use_case_id
),
adoption as (
    select max(case when assumption_name = 'ai_adoption_share' then low_number end) as least_share from raw.assumptions
),
months as (
    select distinct called_date - cast(extract(day from called_date) - 1 as integer) as month_date from marts.ai_calls
),
closed as (
    select distinct month_date from marts.ai_closes
),
counted as (
    select
        'data_validated' as check_code, 'raw.loads' as seen_in_name, cast(sum(loads.accepted + loads.set_aside) as bigint) as checked_count,
        cast(sum(loads.accepted) + least(sum(loads.set_aside), max(reasoned.line_count)) as bigint) as kept_count, 1.0 as least_share,
        'lines were accepted, or set aside with a reason' as said_text
    from raw.loads as loads
    cross join reasoned
    union all
    select
        'data_graded', 'marts.data_grades', count(*), cast(sum(case when data_grade_code in ('A', 'B') then 1 else 0 end) as bigint), 1.0,
        'extracts are of grade A or B'
    from marts.data_grades
    union all
    select
        'masters_fresh', 'marts.source_freshness', count(*), cast(sum(case when is_fresh then 1 else 0 end) as bigint), 1.0,
        'masters were brought within their targets of freshness (articles, customers, suppliers, prices, terms)'
    from marts.source_freshness
    where contract_name in ('skus', 'customers', 'suppliers', 'prices', 'supplier_terms')
    union all
    select
        'loads_kept', 'raw.loads', count(*),
        cast(sum(case when date_diff('day', cast(loads.loaded_at as date), company.as_of_date) <= 3653 then 1 else 0 end) as bigint), 1.0,
        'loads are younger than ten years'
    from raw.loads as loads
    cross join company
    where loads.loaded_at is not null
    union all
    select
        'logs_kept', 'marts.ai_calls', count(*),
        cast(sum(case when date_diff('day', calls.called_date, company.as_of_date) <= 731 then 1 else 0 end) as bigint), 1.0,
        'logged calls are younger than two years'
    from marts.ai_calls as calls
    cross join company
    union all
    select
        'models_judged', 'marts.model_health', count(*),
        cast(sum(case when model_error_number <= rival_error_number then 1 else 0 end) as bigint), 1.0,
        'models in use do at least as well as their rival'
    from marts.model_health
    where run_status_code = 'in use' and model_error_number is not null and rival_error_number is not null
    union all
    select
        'models_steady', 'marts.model_health', count(*), cast(sum(case when drifted_count = 0 then 1 else 0 end) as bigint), 1.0,
        'models in use have not drifted'
    from marts.model_health
    where run_status_code = 'in use'
    union all
    select
        'models_reviewed', 'marts.model_health', count(*), cast(sum(case when is_review_due then 0 else 1 end) as bigint), 1.0,
        'models in use are not past their day of review'
    from marts.model_health
    where run_status_code = 'in use'
    union all
    select
        'errors_bounded', 'core.ai_cases', count(*),
        cast(sum(case when wrong_count <= highest_error_share * judged_count then 1 else 0 end) as bigint), 1.0,
        'use cases with logged errors have no more than they were approved with'
    from outcomes
    where judged_count > 0
    union all
    select
        'commitments_bounded', 'core.ai_cases', count(*),
        cast(sum(case when broken_count <= highest_commitment_share * promised_count then 1 else 0 end) as bigint), 1.0,
        'use cases with logged promises have no more wrong ones than they were approved with'
    from outcomes
    where promised_count > 0
    union all
    select
        'answers_used', 'marts.ai_trust', coalesce(cast(sum(trust.answered_count) as bigint), 0),
        coalesce(cast(sum(trust.accepted_count + trust.edited_count) as bigint), 0), max(adoption.least_share),
        'answers of AI were accepted or edited'
    from marts.ai_trust as trust
    cross join adoption
    union all
    select
        'agents_never_approve', 'core.acts', count(*), cast(sum(case when agents.actor_name is null then 1 else 0 end) as bigint), 1.0,
        'approvals were given by a person'
    from core.acts as acts
    left join agents on agents.actor_name = acts.actor_name
    where acts.kind_code = 'approve'
    union all
    select
        'four_eyes', 'core.acts', count(*), cast(sum(case when acts.actor_name <> proposed.actor_name then 1 else 0 end) as bigint), 1.0,
        'approvals were given by somebody else than the proposer'
    from core.acts as acts
    inner join proposed on proposed.proposal_id = acts.proposal_id
    where acts.kind_code = 'approve'
    union all
    select
        'decisions_signed', 'marts.decisions', count(*),
        cast(sum(case when proposer_name is not null and decided_at is not null then 1 else 0 end) as bigint), 1.0,
        'decisions that left carry who proposed them and when they were let through'
    from marts.decisions
    where is_exported
    union all
    select
        'approved_before_export', 'marts.decisions', count(*),
        cast(sum(case when approval_count > 0 or verdict_code = 'allowed' then 1 else 0 end) as bigint), 1.0,
        'exported actions had an approval or lay within the limits of their policy'
    from marts.decisions
    where is_exported
    union all
    select
        'exports_arrive', 'marts.decisions', count(*), cast(sum(case when is_failed_export then 0 else 1 end) as bigint), 0.95,
        'exported actions arrived at the first attempt'
    from marts.decisions
    where is_exported
    union all
    select
        'rollback_used', 'core.acts', count(*), count(*), 1.0, 'acts that took something back or undid it are on record'
    from core.acts
    where kind_code in ('take_back', 'compensate')
    union all
    select
        'policies_changed', 'core.acts', count(*),
        cast(sum(case when acts.actor_name <> proposed.actor_name then 1 else 0 end) as bigint), 1.0,
        'changes of policies were put in force by somebody else than their author'
    from core.acts as acts
    inner join proposed on proposed.proposal_id = acts.proposal_id
    inner join core.acts as wishes on wishes.proposal_id = acts.proposal_id and wishes.kind_code = 'propose'
    where acts.kind_code = 'approve' and wishes.action_kind_code = 'policy_change'
    union all
    select
        'calls_traced', 'marts.ai_calls', count(*),
        cast(sum(case when case_id is not null or workflow_id is not null or is_made_here then 1 else 0 end) as bigint),
        0.95, 'calls name the case or workflow that they worked on, or stand in the ledger with their decision'
    from marts.ai_calls
    union all
    select
        'calls_priced', 'marts.ai_calls', count(*),
        cast(sum(case when has_gap then 0 else 1 end) as bigint), 0.98, 'calls have a price of their day'
    from marts.ai_calls
    union all
    select
        'models_named', 'marts.ai_calls', count(*), cast(sum(case when called_model_name = 'not told' then 0 else 1 end) as bigint), 1.0,
        'calls tell the model that answered'
    from marts.ai_calls
    union all
    select
        'own_sign_ins', 'raw.access_grants', count(distinct person_no),
        count(distinct case when signs_in_code = 'provider' and is_own_name then person_no end), 1.0,
        'people who may come in do so under a name of their own and at the identity provider, which asks for the second factor'
    from raw.access_grants
    union all
    select
        'roles_reviewed', 'raw.access_grants', count(*),
        cast(sum(case
            when date_diff('day', looked_date, greatest(listed_date, as_of_date)) <= 183
                and date_diff('day', greatest(added_date, coalesce(signed_in_date, added_date)), greatest(listed_date, as_of_date)) <= 213
                then 1 else 0
        end) as bigint), 1.0,
        'roles were given or looked at within half a year, by somebody else, and who holds them has come in since'
    from raw.access_grants
    cross join company
    union all
    select
        'months_closed', 'marts.ai_closes', count(*), cast(sum(case when closed.month_date is not null then 1 else 0 end) as bigint), 1.0,
        'months that have been over for a month are closed'
    from months
    cross join company
    left join closed on closed.month_date = months.month_date
    where date_diff('day', months.month_date, company.as_of_date) > 62
    union all
    select
        'edge_use_cases', 'raw.use_case_bounds', count(*), count(*), 1.0, 'use cases run on machines at sites'
    from running
    where deployment_code in ('edge', 'hybrid')
    union all
    select
        'use_cases_owned', 'raw.use_cases', count(*),
        cast(sum(case when cases.owner_name <> '' and running.metric_name <> '' then 1 else 0 end) as bigint),
        1.0, 'running use cases have an owner and a number by which they are judged'
    from running
    inner join raw.use_cases as cases on cases.use_case_id = running.use_case_id
    union all
    select
        'controls_on', 'raw.use_case_controls', count(*), cast(sum(case when controls.is_on then 1 else 0 end) as bigint), 1.0,
        'controls of running use cases are on'
    from raw.use_case_controls as controls
    inner join running on running.use_case_id = controls.use_case_id
    union all
    select
        'tool_calls_capped', 'marts.control_compliance', coalesce(cast(sum(checked_count) as bigint), 0),
        coalesce(cast(sum(kept_count) as bigint), 0), 1.0, 'cases stayed within the cap on tool calls'
    from marts.control_compliance
    where measure_code = 'tool calls' and checked_count is not null
    union all
    select
        'assumptions_sourced', 'raw.assumptions', count(*),
        cast(sum(case when source_grade <> 'assumption' then 1 else 0 end) as bigint), 0.5,
        'assumed numbers have a source'
    from raw.assumptions
    union all
    select
        'site_' || risks.row_code, 'marts.site_ai_risks', cast(sum(case when risks.found_code = 'no data' then 0 else 1 end) as bigint),
        cast(sum(case when risks.found_code = 'in place' then 1 else 0 end) as bigint), 1.0, 'sites where it was counted keep to it'
    from marts.site_ai_risks as risks
    group by risks.row_code
),
whole as (
    select
        check_code,
        seen_in_name,
        coalesce(checked_count, 0) as checked_count,
        coalesce(kept_count, 0) as kept_count,
        cast(coalesce(least_share, 1.0) as double) as least_share,
        said_text
    from counted
),
register_checks as (
    select
        check_code,
        seen_in_name,
        checked_count,
        kept_count,
        kept_count / nullif(cast(checked_count as double), 0) as kept_share,
        least_share,
        case when checked_count = 0 then 'no data' when kept_count >= least_share * checked_count then 'in place' else 'contradicted' end
            as found_code,
        case
            when checked_count = 0 then 'Nothing was counted that would show it (' || seen_in_name || ').'
            else cast(kept_count as varchar) || ' of ' || cast(checked_count as varchar) || ' ' || said_text || ' (' || seen_in_name || ').'
        end as found_text
    from whole
)
select * from register_checks
