-- answers: What do the data themselves show of the rows of the registers?
-- grain: one row per check
-- key: check_code
-- kind: table
-- checks:
--   found_code in ('in place', 'contradicted', 'no data')
--   kept_count <= checked_count
--   (found_code = 'no data') = (checked_count = 0)
-- why: Each check looks at things (marts.register_facts) and counts those that are as they should be; it holds where their share is at least
--   the one that stands beside it. Most ask for all. House rules: 95 of a hundred exports and traced calls, 98 of a hundred prices, half of
--   all numbers sourced, and of answers the lowest adoption that the plan assumed. What was not counted is no data, and shows nothing
--   either way.
with
adoption as (
    select max(case when assumption_name = 'ai_adoption_share' then low_number end) as least_share from raw.assumptions
),
asked as (
    select
        'data_validated' as check_code, 'raw.loads' as seen_in_name, 1.0 as least_share,
        'lines were accepted, or set aside with a reason' as said_text
    union all
    select 'data_graded', 'marts.data_grades', 1.0, 'extracts are of grade A or B'
    union all
    select
        'masters_fresh', 'marts.source_freshness', 1.0,
        'masters were brought within their targets of freshness (articles, customers, suppliers, prices, terms)'
    union all
    select 'loads_kept', 'raw.loads', 1.0, 'loads are younger than ten years'
    union all
    select 'logs_kept', 'marts.ai_calls', 1.0, 'logged calls are younger than two years'
    union all
    select 'models_judged', 'marts.model_health', 1.0, 'models in use do at least as well as their rival'
    union all
    select 'models_steady', 'marts.model_health', 1.0, 'models in use have not drifted'
    union all
    select 'models_reviewed', 'marts.model_health', 1.0, 'models in use are not past their day of review'
    union all
    select 'errors_bounded', 'core.ai_cases', 1.0, 'use cases with logged errors have no more than they were approved with'
    union all
    select 'commitments_bounded', 'core.ai_cases', 1.0, 'use cases with logged promises have no more wrong ones than they were approved with'
    union all
    select 'answers_used', 'core.ai_cases', least_share, 'answers of AI were accepted or edited'
    from adoption
    union all
    select 'agents_never_approve', 'core.acts', 1.0, 'approvals were given by a person'
    union all
    select 'four_eyes', 'core.acts', 1.0, 'approvals were given by somebody else than the proposer'
    union all
    select 'policies_changed', 'core.acts', 1.0, 'changes of policies were put in force by somebody else than their author'
    union all
    select 'decisions_signed', 'marts.decisions', 1.0, 'decisions that left carry who proposed them and when they were let through'
    union all
    select 'approved_before_export', 'marts.decisions', 1.0, 'exported actions had an approval or lay within the limits of their policy'
    union all
    select 'exports_arrive', 'marts.decisions', 0.95, 'exported actions arrived at the first attempt'
    union all
    select 'rollback_used', 'marts.ways_back', 1.0, 'kinds of action that were carried out in the last half year had their way back gone in it'
    union all
    select
        'calls_traced', 'marts.ai_calls', 0.95,
        'calls name the case or workflow that they worked on, or stand in the ledger with their decision'
    union all
    select 'calls_priced', 'marts.ai_calls', 0.98, 'calls have a price of their day'
    union all
    select 'models_named', 'marts.ai_calls', 1.0, 'calls tell the model that answered'
    union all
    select 'months_closed', 'marts.ai_closes', 1.0, 'months that have been over for a month are closed'
    union all
    select 'edge_use_cases', 'raw.use_case_bounds', 1.0, 'use cases run on machines at sites'
    union all
    select 'use_cases_owned', 'raw.use_cases', 1.0, 'running use cases have an owner and a number by which they are judged'
    union all
    select 'controls_on', 'raw.use_case_controls', 1.0, 'controls of running use cases are on'
    union all
    select 'tool_calls_capped', 'marts.ai_calls', 1.0, 'cases stayed within the cap on tool calls'
    union all
    select 'assumptions_sourced', 'raw.assumptions', 0.5, 'assumed numbers have a source'
    union all
    select
        'own_sign_ins', 'raw.access_grants', 1.0,
        'people who may come in do so under a name of their own and at the identity provider, which asks for the second factor'
    union all
    select
        'roles_reviewed', 'raw.access_grants', 1.0,
        'roles were given or looked at within half a year, by somebody else, and who holds them has come in since'
    union all
    select distinct 'site_' || row_code, 'marts.site_ai_risks', 1.0, 'sites where it was counted keep to it'
    from marts.site_ai_risks
),
counted as (
    select
        check_code, cast(sum(thing_count) as bigint) as checked_count,
        cast(sum(case when is_kept then thing_count else 0 end) as bigint) as kept_count
    from marts.register_facts
    group by check_code
),
whole as (
    select
        asked.check_code, asked.seen_in_name, asked.said_text, cast(coalesce(asked.least_share, 1.0) as double) as least_share,
        coalesce(counted.checked_count, 0) as checked_count, coalesce(counted.kept_count, 0) as kept_count
    from asked
    left join counted on counted.check_code = asked.check_code
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
            when checked_count = 0 and seen_in_name = 'raw.access_grants'
                then 'Nothing was counted that would show it: no account was noted here (' || seen_in_name || ').'
            when checked_count = 0 then 'Nothing was counted that would show it (' || seen_in_name || ').'
            else cast(kept_count as varchar) || ' of ' || cast(checked_count as varchar) || ' ' || said_text || ' (' || seen_in_name || ').'
        end as found_text
    from whole
)
select * from register_checks
