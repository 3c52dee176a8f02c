-- answers: What do the data of this build show of what the phases of the roadmap ask for?
-- grain: one row per criterion
-- key: criterion_code
-- kind: table
-- checks:
--   (found_number is null) = (reckoned_code in ('share', 'bound') and coalesce(counted_of_number, 0) = 0 or counted_number is null)
--   reckoned_code not in ('share', 'bound') or found_number is null or found_number between 0 and 1
-- why: A criterion counts (count, sum), or holds a part against a whole: plainly where all was counted (share), and by the lower end of
--   Wilson's interval of 95 per cent where what was seen so far stands for what is to come (bound). A rise holds two shares of 90 days
--   against each other. Nothing counted is no data, which shows nothing either way.
with
company as (
    select as_of_date from raw.company
),
running as (
    select bounds.use_case_id, cases.domain_code, cases.owner_name, bounds.metric_name
    from raw.use_case_bounds as bounds
    inner join raw.use_cases as cases on cases.use_case_id = bounds.use_case_id
    where bounds.stage_code in ('pilot', 'production')
),
runs as (select count(*) as running_count from running),
core_extracts as (
    select distinct contract
    from raw.loads
    where accepted > 0 and contract in ('order_lines', 'stock_days', 'purchase_lines', 'shipments', 'skus')
),
frozen as (
    select distinct cast(frozen_at as varchar) as frozen_text from raw.ai_frozen_plans
    union all
    select distinct cast(month_date as varchar) as frozen_text from marts.ai_closes
),
red as (
    select
        count(*) as row_count,
        sum(case when is_red then 1 else 0 end) as red_count,
        sum(case when register_code = 'ownership' and verdict_code not in ('in place', 'not applicable') then 1 else 0 end)
            as ownership_count,
        sum(case when is_red and register_code in ('security_baseline', 'residency') then 1 else 0 end) as security_count
    from marts.registers
),
judged_models as (
    select
        sum(case when model_error_number is not null and rival_error_number is not null then 1 else 0 end) as rivalled_count,
        sum(case when model_error_number <= rival_error_number then 1 else 0 end) as as_good_count,
        count(*) as model_count,
        sum(case when drifted_count > 0 or is_review_due then 1 else 0 end) as unattended_count
    from marts.model_health
    where run_status_code = 'in use'
),
decided as (
    select
        count(*) as decided_count,
        sum(case when is_accepted and not coalesce(is_override, false) then 1 else 0 end) as taken_count,
        sum(case when is_matured then 1 else 0 end) as matured_count,
        sum(case when is_exported then 1 else 0 end) as exported_count,
        sum(case when is_exported and not is_failed_export then 1 else 0 end) as arrived_count,
        sum(case when is_exported and (approval_count > 0 or verdict_code = 'allowed') then 1 else 0 end) as let_through_count,
        count(distinct case when is_exported then site_id end) as site_count
    from marts.decisions
    where is_decided
),
alone as (
    select
        count(distinct action_kind_code) as kind_count,
        sum(case when is_matured then 1 else 0 end) as matured_count,
        sum(case when is_matured and is_right then 1 else 0 end) as right_count
    from marts.decisions
    where is_agent and is_exported and approval_count = 0 and verdict_code = 'allowed'
),
by_agents as (
    select
        case when decisions.is_accepted and not coalesce(decisions.is_override, false) then 0 else 1 end as is_turned_down,
        date_diff('day', cast(decisions.decided_at as date), company.as_of_date) as ago_days
    from marts.decisions as decisions
    cross join company
    where decisions.is_agent and decisions.is_decided
),
turned_down as (
    select
        sum(case when ago_days < 90 then 1 else 0 end) as late_count,
        sum(case when ago_days < 90 then is_turned_down else 0 end) as late_down_count,
        sum(case when ago_days between 90 and 179 then 1 else 0 end) as early_count,
        sum(case when ago_days between 90 and 179 then is_turned_down else 0 end) as early_down_count
    from by_agents
),
rules as (
    select
        max(case when portfolio_rule_code = 'three roles' then case when is_rule_met then 1 else 0 end end) as roles_number,
        max(case when portfolio_rule_code = 'instrumented' then case when is_rule_met then 1 else 0 end end) as instrumented_number,
        max(case when portfolio_rule_code = 'three roles' then because_text end) as roles_text,
        max(case when portfolio_rule_code = 'instrumented' then because_text end) as instrumented_text
    from scores.ai_portfolio where is_rule_met is not null
),
steps as (
    select
        count(distinct case when ranked.earned_step_name = 'acts alone within limits' then ranked.use_case_id end) as alone_count,
        count(distinct case
            when ranked.is_step_earned and ranked.works_on_step_name in ('acts with approval', 'acts alone within limits')
                then running.domain_code
        end) as domain_count
    from running
    inner join scores.ai_priorities as ranked on ranked.use_case_id = running.use_case_id
),
minutes as (
    select count(*) as judged_count, sum(case when effects.high_number < 0 then 1 else 0 end) as faster_count
    from scores.ai_effects as effects
    where effects.measure_name = 'minutes per case' and effects.evidence_grade in ('A', 'B')
),
caps as (
    select sum(checked_count) as checked_count, sum(kept_count) as kept_count
    from marts.control_compliance
    where measure_code in ('tool calls', 'budget') and checked_count is not null
),
controls as (
    select count(*) as control_count, sum(case when controls.is_on then 1 else 0 end) as on_count
    from raw.use_case_controls as controls
    inner join running on running.use_case_id = controls.use_case_id
),
closed as (
    select month_date, row_number() over (order by month_date desc) as back_no
    from marts.ai_closes
    where is_latest
    group by month_date
),
earned as (
    select count(months.low_amount) as month_count, sum(months.low_amount) as low_amount
    from marts.north_star as months
    inner join closed on closed.month_date = months.month_date
    where closed.back_no <= 3
),
verified as (
    select
        sum(ledger.benefit_amount) as benefit_amount,
        sum(case when ledger.evidence_grade in ('A', 'B') then ledger.benefit_amount else 0 end) as verified_amount
    from marts.value_ledger as ledger
    inner join closed on closed.month_date = ledger.month_date
    where closed.back_no <= 3
),
handed_on as (
    select
        sum(case when is_escalated and is_escalated_right is not null then 1 else 0 end) as escalated_count,
        sum(case when is_escalated and is_escalated_right then 1 else 0 end) as right_count
    from core.ai_cases
),
acts as (
    select
        count(*) as act_count,
        sum(case when kind_code in ('withdraw', 'take_back', 'compensate') then 1 else 0 end) as back_count
    from core.acts
    where proposal_id is not null
),
checks as (
    select
        sum(case when check_code = 'commitments_bounded' then checked_count end) as promised_count,
        sum(case when check_code = 'commitments_bounded' then kept_count end) as held_count,
        sum(case when check_code = 'agents_never_approve' then checked_count end) as approval_count,
        sum(case when check_code = 'agents_never_approve' then kept_count end) as by_people_count
    from marts.register_checks
),
measured as (
    select 'roadmap_core_extracts' as criterion_code, 'count' as reckoned_code, cast(count(*) as double) as counted_number,
        cast(null as double) as counted_of_number, 'Core extracts with rows, of five' as said_text, 'raw.loads' as seen_in_name
    from core_extracts
    union all
    select 'roadmap_graded_share', 'share', sum(case when data_grade_code in ('A', 'B') then 1 else 0 end), count(*),
        'extracts are of grade A or B', 'marts.data_grades' from marts.data_grades
    union all
    select 'roadmap_history_months', 'count', nullif(count(distinct month_date), 0), null, 'Months with orders', 'marts.driver_months'
    from marts.driver_months where driver_name in ('orders', 'order_lines')
    union all
    select 'roadmap_baseline_weeks', 'count', nullif(count(distinct week_date), 0), null, 'Weeks in which work on orders was measured',
        'marts.order_handling_weeks' from marts.order_handling_weeks
    union all
    select 'roadmap_ownership_gaps', 'count', ownership_count, null, 'Rows of the register of owners that are not in place',
        'marts.registers' from red
    union all
    select 'roadmap_security_gaps', 'count', security_count, null,
        'Rows of security and residency that are missing, overdue or contradicted', 'marts.registers' from red
    union all
    select 'roadmap_frozen_costs', 'count', nullif(count(*), 0), null, 'Plans frozen and months closed', 'raw.ai_frozen_plans'
    from frozen
    union all
    select 'roadmap_models_share', 'share', as_good_count, rivalled_count, 'models in use do at least as well as their plain rival',
        'marts.model_health' from judged_models
    union all
    select 'roadmap_known_decisions', 'count', nullif(matured_count, 0), null, 'Decisions with a known outcome', 'marts.decisions'
    from decided
    union all
    select 'roadmap_taken_share', 'bound', taken_count, decided_count, 'decisions were taken as proposed', 'marts.decisions' from decided
    union all
    select 'roadmap_tied_use_cases', 'count', nullif(sum(case when owner_name <> '' and metric_name <> '' then 1 else 0 end), 0), null,
        'Running use cases with an owner and a number', 'raw.use_case_bounds' from running
    union all
    select 'roadmap_three_roles', 'count', roles_number, null, roles_text, 'scores.ai_portfolio' from rules
    union all
    select 'roadmap_controls_share', 'share', on_count, control_count, 'controls of running use cases are on', 'raw.use_case_controls'
    from controls
    union all
    select 'roadmap_instrumented', 'count', instrumented_number, null, instrumented_text, 'scores.ai_portfolio' from rules
    union all
    select 'roadmap_alone_use_cases', 'count', case when runs.running_count > 0 then steps.alone_count end, null,
        'Running use cases that have earned to act alone within limits', 'scores.ai_priorities' from steps cross join runs
    union all
    select 'roadmap_arrived_share', 'bound', arrived_count, exported_count, 'exported actions arrived at the first attempt',
        'marts.decisions' from decided
    union all
    select 'roadmap_let_through_share', 'share', let_through_count, exported_count,
        'exported actions had an approval or lay within the limits of their policy', 'marts.decisions' from decided
    union all
    select 'roadmap_ways_back', 'count', case when act_count > 0 then back_count end, null, 'Acts that withdrew or undid a decision',
        'core.acts' from acts
    union all
    select 'roadmap_surely_faster', 'count', case when judged_count > 0 then faster_count end, null,
        'Use cases that surely save minutes per case, with evidence of grade A or B', 'scores.ai_effects' from minutes
    union all
    select 'roadmap_capped_share', 'share', kept_count, checked_count, 'cases and days kept to their cap or budget',
        'marts.control_compliance' from caps
    union all
    select 'roadmap_net_earned_low', 'sum', case when month_count = 3 then low_amount end, null,
        'The low end of what the last three closed months earned, costs of AI taken off', 'marts.north_star' from earned
    union all
    select 'roadmap_verified_share', 'share', greatest(least(verified_amount, benefit_amount), 0),
        case when benefit_amount > 0 then benefit_amount end, 'of the benefit of the last three closed months is of grade A or B',
        'marts.value_ledger' from verified
    union all
    select 'roadmap_earned_domains', 'count', case when runs.running_count > 0 then steps.domain_count end, null,
        'Functions with a use case that acts and has earned its step', 'scores.ai_priorities' from steps cross join runs
    union all
    select 'roadmap_decided_sites', 'count', nullif(site_count, 0), null, 'Sites with exported actions', 'marts.decisions' from decided
    union all
    select 'roadmap_unattended_models', 'count', case when model_count > 0 then unattended_count end, null,
        'Models in use that drifted or are past their day of review', 'marts.model_health' from judged_models
    union all
    select 'roadmap_red_rows', 'count', case when runs.running_count > 0 then red.red_count end, null,
        'Rows of all registers that are missing, overdue or contradicted', 'marts.registers' from red cross join runs
    union all
    select 'roadmap_alone_kinds', 'count', nullif(kind_count, 0), null, 'Kinds of action that agents did alone, within limits',
        'marts.decisions' from alone
    union all
    select 'roadmap_alone_right_share', 'bound', right_count, matured_count, 'actions that agents did alone were right', 'marts.decisions'
    from alone
    union all
    select 'roadmap_override_rise', 'sum',
        case when late_count > 0 then late_down_count / nullif(cast(late_count as double), 0) end
        - early_down_count / nullif(cast(early_count as double), 0), null,
        'What people turned down of agents in the last 90 days, less the share of the 90 days before', 'marts.decisions' from turned_down
    union all
    select 'roadmap_escalated_right_share', 'bound', right_count, escalated_count, 'cases handed on to people were rightly so',
        'core.ai_cases' from handed_on
    union all
    select 'roadmap_promises_share', 'share', held_count, promised_count,
        'use cases have no more wrong promises than they were approved with', 'marts.register_checks'
    from checks
    union all
    select 'roadmap_approved_by_people_share', 'share', by_people_count, approval_count, 'approvals were given by a person',
        'marts.register_checks' from checks
),
rated as (
    select criterion_code, reckoned_code, said_text, seen_in_name, cast(counted_number as double) as counted_number,
        cast(counted_of_number as double) as counted_of_number
    from measured
),
found as (
    select
        *,
        case
            when reckoned_code = 'share' then counted_number / nullif(counted_of_number, 0)
            when reckoned_code = 'bound' and counted_of_number > 0
                then greatest(least(
                    counted_number / nullif(counted_of_number, 0),
                    (
                        counted_number + 1.9208
                        - 1.96 * sqrt(counted_number * (counted_of_number - counted_number) / nullif(counted_of_number, 0) + 0.9604)
                    ) / nullif(counted_of_number + 3.8416, 0)
                ), 0)
            when reckoned_code in ('count', 'sum') then counted_number
        end as found_number
    from rated
),
roadmap_facts as (
    select
        criterion_code, reckoned_code, counted_number, counted_of_number, found_number, seen_in_name,
        case
            when found_number is null then 'Nothing was counted that would show it'
            when seen_in_name = 'scores.ai_portfolio' then coalesce(said_text, 'No reason is told')
            when reckoned_code = 'sum' then said_text
            when reckoned_code = 'count' then said_text || ': ' || cast(cast(counted_number as bigint) as varchar)
            when criterion_code like '%verified_share' then cast(cast(floor(100 * found_number) as bigint) as varchar) || '% ' || said_text
            else cast(cast(counted_number as bigint) as varchar) || ' of ' || cast(cast(counted_of_number as bigint) as varchar) || ' '
                || said_text
        end
        || case
            when reckoned_code = 'bound' and found_number is not null
                then ', so at least ' || cast(cast(floor(100 * found_number) as bigint) as varchar) || '% nearly surely'
            else ''
        end
        || ' (' || seen_in_name || ').' as found_text
    from found
)
select * from roadmap_facts
