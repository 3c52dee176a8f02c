-- answers: What did each check of the registers look at, and was it as the check asks for?
-- grain: one row per check for all that was as it should be, and one for each thing that was not
-- key: check_code, fact_no
-- kind: table
-- checks:
--   thing_count > 0
--   is_kept or because_text is not null
--   is_kept = (fact_no = 0)
-- why: A check is written once, here. marts.register_checks counts what is kept, marts.register_breaks lists what is not. What a check
--   could not see at all is no row. What is kept is counted and not listed: a log of a million calls would stand here four times. One
--   check only counts what there is (use cases at sites), and finds nothing against it. Ways back count by kind (marts.ways_back).
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
approvals as (
    select
        acts.*, proposed.proposal_id is not null as is_known, proposed.actor_name as proposer_name,
        agents.actor_name is not null as is_agent
    from core.acts as acts
    left join proposed on proposed.proposal_id = acts.proposal_id
    left join agents on agents.actor_name = acts.actor_name
    where acts.kind_code = 'approve'
),
aside as (
    select load_id, contract, line_no, max(case when reason <> '' then 1 else 0 end) as has_reason_no
    from raw.set_aside
    group by load_id, contract, line_no
),
aside_lines as (
    select load_id, contract, count(*) as line_count from aside group by load_id, contract
),
running as (
    select bounds.*, cases.use_case_name, cases.owner_name, cases.use_case_id is not null as is_registered
    from raw.use_case_bounds as bounds
    left join raw.use_cases as cases on cases.use_case_id = bounds.use_case_id
    where bounds.stage_code in ('pilot', 'production')
),
worked as (
    select cases.*, named.use_case_id
    from core.ai_cases as cases
    inner join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    where cases.arm_code = 'assisted'
),
outcomes as (
    select
        running.use_case_id,
        max(running.use_case_name) as use_case_name,
        count(worked.is_error) as judged_count,
        cast(sum(case when worked.is_error then 1 else 0 end) as bigint) as wrong_count,
        count(worked.is_wrong_commitment) as promised_count,
        cast(sum(case when worked.is_wrong_commitment then 1 else 0 end) as bigint) as broken_count,
        max(running.highest_error_share) as highest_error_share,
        max(running.highest_commitment_share) as highest_commitment_share
    from worked
    inner join running on running.use_case_id = worked.use_case_id
    group by running.use_case_id
),
tool_calls as (
    select use_case_id, case_id, cast(sum(tool_call_count) as bigint) as tool_call_count, max(called_date) as called_date
    from marts.ai_calls
    where tool_call_count is not null and case_id is not null
    group by use_case_id, case_id
),
capped as (
    select tool_calls.*, coalesce(controls.limit_number, running.tool_call_cap_count) as cap_number
    from raw.use_case_controls as controls
    inner join running on running.use_case_id = controls.use_case_id
    inner join tool_calls on tool_calls.use_case_id = controls.use_case_id
    where controls.control_name = 'cap on tool calls'
),
months as (
    select distinct called_date - cast(extract(day from called_date) - 1 as integer) as month_date from marts.ai_calls
),
closed as (
    select distinct month_date from marts.ai_closes
),
held as (
    select
        access.*,
        coalesce(date_diff('day', looked_date, greatest(listed_date, as_of_date)) <= 183, false) as is_looked_at,
        date_diff('day', greatest(added_date, coalesce(signed_in_date, added_date)), greatest(listed_date, as_of_date)) <= 213 as is_in_use
    from raw.access_grants as access
    cross join company
),
facts as (
    select
        'data_validated' as check_code, 'extract' as thing_code, contract as thing_name, cast(null as varchar) as use_case_id,
        cast(loaded_at as date) as seen_date, accepted as thing_count, true as is_kept, cast(null as varchar) as because_text
    from raw.loads
    where accepted > 0
    union all
    select
        'data_validated', 'line', contract || ', line ' || cast(line_no as varchar), null, null, 1, has_reason_no = 1,
        'It was set aside without a reason (load ' || load_id || ').'
    from aside
    union all
    select
        'data_validated', 'extract', loads.contract, null, cast(loads.loaded_at as date), loads.set_aside - coalesce(lines.line_count, 0),
        false, 'So many lines of load ' || loads.load_id || ' were set aside and left no row: '
        || cast(loads.set_aside - coalesce(lines.line_count, 0) as varchar) || '.'
    from raw.loads as loads
    left join aside_lines as lines on lines.load_id = loads.load_id and lines.contract = loads.contract
    where loads.set_aside > coalesce(lines.line_count, 0)
    union all
    select
        'data_graded', 'extract', contract_name, null, null, 1, data_grade_code in ('A', 'B'),
        'Grade ' || coalesce(data_grade_code, 'none') || ': ' || coalesce(because_text, '')
    from marts.data_grades
    union all
    select
        'masters_fresh', 'extract', contract_name, null, loaded_date, 1, is_fresh,
        'It was brought last ' || cast(cast(source_age_days as bigint) as varchar)
        || ' days before the last day of the data; its target is ' || cast(cast(freshness_target_days as bigint) as varchar) || '.'
    from marts.source_freshness
    where contract_name in ('skus', 'customers', 'suppliers', 'prices', 'supplier_terms')
    union all
    select
        'loads_kept', 'extract', contract || ' (' || load_id || ')', null, cast(loaded_at as date), 1,
        date_diff('day', cast(loaded_at as date), as_of_date) <= 3653, 'It is older than ten years.'
    from raw.loads
    cross join company
    where loaded_at is not null
    union all
    select
        'logs_kept', 'call', call_id, use_case_id, called_date, 1, date_diff('day', called_date, as_of_date) <= 731, 'Older than two years.'
    from marts.ai_calls
    cross join company
    union all
    select
        'models_judged', 'model', model_name, null, null, 1, model_error_number <= rival_error_number,
        'Its error is ' || cast(round(model_error_number, 3) as varchar) || ', that of its rival (' || coalesce(rival_name, 'no name')
        || ') is ' || cast(round(rival_error_number, 3) as varchar) || '.'
    from marts.model_health
    where run_status_code = 'in use' and model_error_number is not null and rival_error_number is not null
    union all
    select
        'models_steady', 'model', model_name, null, null, 1, drifted_count = 0,
        'Signals that have drifted: ' || coalesce(cast(drifted_count as varchar), 'not known') || '.'
    from marts.model_health
    where run_status_code = 'in use'
    union all
    select
        'models_reviewed', 'model', model_name, null, review_due_date, 1, not coalesce(is_review_due, false),
        'The day by which somebody had to look at it again has passed.'
    from marts.model_health
    where run_status_code = 'in use'
    union all
    select
        'errors_bounded', 'use case', use_case_name, use_case_id, null, 1, wrong_count <= highest_error_share * judged_count,
        cast(wrong_count as varchar) || ' of ' || cast(judged_count as varchar) || ' cases ended in an error; it was approved with at most '
        || cast(round(100 * highest_error_share, 2) as varchar) || ' in a hundred.'
    from outcomes
    where judged_count > 0
    union all
    select
        'commitments_bounded', 'use case', use_case_name, use_case_id, null, 1, broken_count <= highest_commitment_share * promised_count,
        cast(broken_count as varchar) || ' of ' || cast(promised_count as varchar) || ' promises were wrong; it was approved with at most '
        || cast(round(100 * highest_commitment_share, 2) as varchar) || ' in a hundred.'
    from outcomes
    where promised_count > 0
    union all
    select
        'answers_used', 'case', case_id, use_case_id, cast(opened_at as date), 1, answer_code in ('accepted', 'edited'),
        'The answer was ' || answer_code || '.'
    from worked
    where answer_code is not null
    union all
    select
        'agents_never_approve', 'act', act_id, null, cast(acted_at as date), 1, not is_agent,
        'The agent ' || actor_name || ' approved ' || coalesce(proposal_id, 'something') || '.'
    from approvals
    union all
    select
        'four_eyes', 'act', act_id, null, cast(acted_at as date), 1, actor_name <> proposer_name,
        coalesce(actor_name, 'nobody') || ' proposed ' || proposal_id || ' and approved it.'
    from approvals
    where is_known
    union all
    select
        'policies_changed', 'act', approvals.act_id, null, cast(approvals.acted_at as date), 1,
        approvals.actor_name <> approvals.proposer_name,
        coalesce(approvals.actor_name, 'nobody') || ' wrote the change ' || approvals.proposal_id || ' and put it in force.'
    from approvals
    inner join core.acts as wishes on wishes.proposal_id = approvals.proposal_id and wishes.kind_code = 'propose'
    where wishes.action_kind_code = 'policy_change' and approvals.is_known
    union all
    select
        'decisions_signed', 'decision', proposal_id, null, proposed_date, 1, proposer_name is not null and decided_at is not null,
        'It left without a name or without the time of the decision.'
    from marts.decisions
    where is_exported
    union all
    select
        'approved_before_export', 'decision', proposal_id, null, proposed_date, 1, approval_count > 0 or verdict_code = 'allowed',
        'Nobody approved it, and it lay beyond the limits of its policy.'
    from marts.decisions
    where is_exported
    union all
    select
        'exports_arrive', 'decision', proposal_id, null, proposed_date, 1, not coalesce(is_failed_export, false), 'The export failed.'
    from marts.decisions
    where is_exported
    union all
    select 'rollback_used', 'action kind', replace(action_kind_code, '_', ' '), null, last_way_back_date, 1, back_verdict_code = 'tested',
        case when way_back_count = 0 then because_text else 'Its way back was gone last more than half a year ago.' end from marts.ways_back
    inner join company on date_diff('day', last_carried_date, as_of_date) <= 183
    union all
    select
        'calls_traced', 'call', call_id, use_case_id, called_date, 1, case_id is not null or workflow_id is not null or is_made_here,
        'It names neither a case nor a workflow.'
    from marts.ai_calls
    union all
    select
        'calls_priced', 'call', call_id, use_case_id, called_date, 1, not coalesce(has_gap, false),
        coalesce(gap_text, 'It has no price of its day: ' || coalesce(called_model_name, 'no model') || '.')
    from marts.ai_calls
    union all
    select
        'models_named', 'call', call_id, use_case_id, called_date, 1, not coalesce(called_model_name = 'not told', false),
        'It does not tell the model that answered.'
    from marts.ai_calls
    union all
    select
        'months_closed', 'month', cast(months.month_date as varchar), null, months.month_date, 1, closed.month_date is not null,
        'Nobody has closed it.'
    from months
    cross join company
    left join closed on closed.month_date = months.month_date
    where date_diff('day', months.month_date, company.as_of_date) > 62
    union all
    select 'edge_use_cases', 'use case', use_case_name, use_case_id, null, 1, true, null
    from running
    where deployment_code in ('edge', 'hybrid')
    union all
    select
        'use_cases_owned', 'use case', use_case_name, use_case_id, null, 1, owner_name <> '' and metric_name <> '',
        case when owner_name <> '' then 'It has no number by which it is judged.' else 'It has no owner.' end
    from running
    where is_registered
    union all
    select 'controls_on', 'control', controls.control_name, running.use_case_id, null, 1, controls.is_on, 'It is switched off, and it runs.'
    from raw.use_case_controls as controls
    inner join running on running.use_case_id = controls.use_case_id
    union all
    select
        'tool_calls_capped', 'case', case_id, use_case_id, called_date, 1, tool_call_count <= cap_number,
        cast(tool_call_count as varchar) || ' tool calls; the cap is ' || cast(cast(cap_number as bigint) as varchar) || '.'
    from capped
    where cap_number is not null
    union all
    select
        'assumptions_sourced', 'assumption', assumption_name, null, source_date, 1, source_grade <> 'assumption',
        coalesce(meaning_text, 'It has no meaning.') || ' ' || coalesce(source_text, 'It has no source.')
    from raw.assumptions
    union all
    select 'site_' || row_code, 'site', site_name, null, null, 1, found_code = 'in place', found_text
    from marts.site_ai_risks
    where found_code <> 'no data'
    union all
    select
        'own_sign_ins', 'account', 'Person ' || cast(person_no as varchar), null, max(signed_in_date), 1,
        min(case when signs_in_code = 'provider' and is_own_name then 1 else 0 end) = 1,
        case when max(signs_in_code) = 'password' then 'A password alone lets this person in.' else '' end
        || case when min(case when is_own_name then 1 else 0 end) = 0 then ' The name is that of a role or a team.' else '' end
    from held
    group by person_no
    union all
    select
        'roles_reviewed', 'account', 'Person ' || cast(person_no as varchar) || ', ' || role_code, null, looked_date, 1,
        is_looked_at and is_in_use,
        case
            when not is_looked_at then 'Nobody else has looked at this role for half a year.'
            when signed_in_date is null then 'Who holds it has never come in.'
            else 'Who holds it has not come in for half a year.'
        end
    from held
),
register_facts as (
    select
        check_code, 0 as fact_no, null as thing_code, null as thing_name, null as use_case_id, null as seen_date,
        cast(sum(thing_count) as bigint) as thing_count, true as is_kept, null as because_text
    from facts
    where is_kept
    group by check_code
    union all
    select
        check_code,
        row_number() over (partition by check_code order by seen_date desc nulls last, use_case_id, thing_name, because_text),
        thing_code, thing_name, use_case_id, seen_date, cast(thing_count as bigint), false, because_text
    from facts
    where not coalesce(is_kept, false)
)
select * from register_facts
