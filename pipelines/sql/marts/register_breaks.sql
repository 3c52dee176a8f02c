-- answers: Which rows of the build are not as a check of the registers asks for, and why is each of them not?
-- grain: one row per check and thing that the check counted and found otherwise, or that lies behind one of those
-- key: check_code, break_no
-- kind: table
-- checks:
--   is_counted or thing_code = 'case'
--   because_text is not null
-- why: marts.register_checks says how many of what was counted are as they should be; these are the others, one by one. The rows that are
--   counted are as many as what was checked less what was kept, check by check. A check of use cases has the cases behind as well, which
--   are not counted. Checks that only count what there is (rows taken back, use cases at sites) have none. A line that was set aside
--   and left no row in the build cannot be shown.
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
    select acts.*, proposed.proposal_id is not null as is_known, proposed.actor_name as proposer_name
    from core.acts as acts
    left join proposed on proposed.proposal_id = acts.proposal_id
    where acts.kind_code = 'approve'
),
aside as (
    select
        load_id, contract, line_no, max(case when reason <> '' then 1 else 0 end) as has_reason_no
    from raw.set_aside
    group by load_id, contract, line_no
),
running as (
    select bounds.*, cases.use_case_name, cases.owner_name
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
beyond as (
    select
        'errors_bounded' as check_code, use_case_id, use_case_name,
        cast(wrong_count as varchar) || ' of ' || cast(judged_count as varchar) || ' cases ended in an error; it was approved with at most '
        || cast(round(100 * highest_error_share, 2) as varchar) || ' in a hundred.' as because_text
    from outcomes
    where judged_count > 0 and not coalesce(wrong_count <= highest_error_share * judged_count, false)
    union all
    select
        'commitments_bounded', use_case_id, use_case_name,
        cast(broken_count as varchar) || ' of ' || cast(promised_count as varchar) || ' promises were wrong; it was approved with at most '
        || cast(round(100 * highest_commitment_share, 2) as varchar) || ' in a hundred.'
    from outcomes
    where promised_count > 0 and not coalesce(broken_count <= highest_commitment_share * promised_count, false)
),
tool_calls as (
    select use_case_id, case_id, cast(sum(tool_call_count) as bigint) as tool_call_count, max(called_date) as called_date
    from marts.ai_calls
    where tool_call_count is not null and case_id is not null
    group by use_case_id, case_id
),
capped as (
    select
        running.use_case_id, tool_calls.case_id, tool_calls.tool_call_count, tool_calls.called_date,
        coalesce(controls.limit_number, running.tool_call_cap_count) as cap_number
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
broken as (
    select
        'data_validated' as check_code, 'line' as thing_code, contract || ', line ' || cast(line_no as varchar) as thing_name,
        cast(null as varchar) as use_case_id, cast(null as date) as seen_date,
        'It was set aside without a reason (load ' || load_id || ').' as because_text
    from aside
    where has_reason_no = 0
    union all
    select
        'data_graded', 'extract', contract_name, null, null,
        'Grade ' || coalesce(data_grade_code, 'none') || ': ' || coalesce(because_text, '')
    from marts.data_grades
    where not coalesce(data_grade_code in ('A', 'B'), false)
    union all
    select
        'masters_fresh', 'extract', contract_name, null, loaded_date,
        'It was brought last ' || cast(cast(source_age_days as bigint) as varchar)
        || ' days before the last day of the data; its target is ' || cast(cast(freshness_target_days as bigint) as varchar) || '.'
    from marts.source_freshness
    where contract_name in ('skus', 'customers', 'suppliers', 'prices', 'supplier_terms') and not coalesce(is_fresh, false)
    union all
    select 'loads_kept', 'extract', contract || ' (' || load_id || ')', null, cast(loaded_at as date), 'It is older than ten years.'
    from raw.loads
    cross join company
    where loaded_at is not null and date_diff('day', cast(loaded_at as date), as_of_date) > 3653
    union all
    select 'logs_kept', 'call', call_id, use_case_id, called_date, 'It is older than two years.'
    from marts.ai_calls
    cross join company
    where not coalesce(date_diff('day', called_date, as_of_date) <= 731, false)
    union all
    select
        'models_judged', 'model', model_name, null, null,
        'Its error is ' || cast(round(model_error_number, 3) as varchar) || ', that of its rival (' || coalesce(rival_name, 'no name')
        || ') is ' || cast(round(rival_error_number, 3) as varchar) || '.'
    from marts.model_health
    where run_status_code = 'in use' and model_error_number > rival_error_number
    union all
    select
        'models_steady', 'model', model_name, null, null,
        'Signals that have drifted: ' || coalesce(cast(drifted_count as varchar), 'not known') || '.'
    from marts.model_health
    where run_status_code = 'in use' and not coalesce(drifted_count = 0, false)
    union all
    select 'models_reviewed', 'model', model_name, null, review_due_date, 'The day by which somebody had to look at it again has passed.'
    from marts.model_health
    where run_status_code = 'in use' and is_review_due
    union all
    select check_code, 'use case', use_case_name, use_case_id, null, because_text
    from beyond
    union all
    select 'answers_used', 'case', case_id, use_case_id, cast(opened_at as date), 'The answer was ' || answer_code || '.'
    from worked
    where answer_code not in ('accepted', 'edited')
    union all
    select
        'agents_never_approve', 'act', act_id, null, cast(acted_at as date),
        'The agent ' || approvals.actor_name || ' approved ' || coalesce(proposal_id, 'something') || '.'
    from approvals
    inner join agents on agents.actor_name = approvals.actor_name
    union all
    select
        'four_eyes', 'act', act_id, null, cast(acted_at as date),
        coalesce(actor_name, 'nobody') || ' proposed ' || proposal_id || ' and approved it.'
    from approvals
    where is_known and not coalesce(actor_name <> proposer_name, false)
    union all
    select
        'policies_changed', 'act', approvals.act_id, null, cast(approvals.acted_at as date),
        coalesce(approvals.actor_name, 'nobody') || ' wrote the change ' || approvals.proposal_id || ' and put it in force.'
    from approvals
    inner join core.acts as wishes on wishes.proposal_id = approvals.proposal_id and wishes.kind_code = 'propose'
    where wishes.action_kind_code = 'policy_change' and approvals.is_known
        and not coalesce(approvals.actor_name <> approvals.proposer_name, false)
    union all
    select 'decisions_signed', 'decision', proposal_id, null, proposed_date, 'It left without a name or without the time of the decision.'
    from marts.decisions
    where is_exported and (proposer_name is null or decided_at is null)
    union all
    select
        'approved_before_export', 'decision', proposal_id, null, proposed_date,
        'Nobody approved it, and it lay beyond the limits of its policy.'
    from marts.decisions
    where is_exported and not coalesce(approval_count > 0 or verdict_code = 'allowed', false)
    union all
    select 'exports_arrive', 'decision', proposal_id, null, proposed_date, 'The export failed.'
    from marts.decisions
    where is_exported and is_failed_export
    union all
    select 'calls_traced', 'call', call_id, use_case_id, called_date, 'It names neither a case nor a workflow.'
    from marts.ai_calls
    where case_id is null and workflow_id is null and not coalesce(is_made_here, false)
    union all
    select
        'calls_priced', 'call', call_id, use_case_id, called_date,
        coalesce(gap_text, 'It has no price of its day: ' || coalesce(called_model_name, 'no model') || '.')
    from marts.ai_calls
    where has_gap
    union all
    select 'models_named', 'call', call_id, use_case_id, called_date, 'It does not tell the model that answered.'
    from marts.ai_calls
    where called_model_name = 'not told'
    union all
    select 'months_closed', 'month', cast(months.month_date as varchar), null, months.month_date, 'Nobody has closed it.'
    from months
    cross join company
    left join closed on closed.month_date = months.month_date
    where closed.month_date is null and date_diff('day', months.month_date, company.as_of_date) > 62
    union all
    select
        'own_sign_ins', 'account', 'Person ' || cast(person_no as varchar), null, max(signed_in_date),
        'Roles: ' || cast(count(*) as varchar)
        || case when max(signs_in_code) = 'password' then '. A password alone lets this person in.' else '.' end
        || case when min(case when is_own_name then 1 else 0 end) = 0 then ' The name is that of a role or a team.' else '' end
    from raw.access_grants
    where not coalesce(signs_in_code = 'provider' and is_own_name, false)
    group by person_no
    union all
    select
        'roles_reviewed', 'account', 'Person ' || cast(person_no as varchar) || ', ' || role_code, null, looked_date,
        case
            when looked_date is null then 'Nobody has looked at this role.'
            when date_diff('day', looked_date, greatest(listed_date, as_of_date)) > 183
                then 'Nobody else has looked at this role for more than half a year.'
            when signed_in_date is null then 'Who holds it has never come in.'
            else 'Who holds it has not come in for more than half a year.'
        end
    from raw.access_grants
    cross join company
    where not coalesce(
        date_diff('day', looked_date, greatest(listed_date, as_of_date)) <= 183
        and date_diff('day', greatest(added_date, coalesce(signed_in_date, added_date)), greatest(listed_date, as_of_date)) <= 213, false
    )
    union all
    select
        'use_cases_owned', 'use case', running.use_case_name, running.use_case_id, null,
        case when running.owner_name <> '' then 'It has no number by which it is judged.' else 'It has no owner.' end
    from running
    inner join raw.use_cases as cases on cases.use_case_id = running.use_case_id
    where not coalesce(running.owner_name <> '' and running.metric_name <> '', false)
    union all
    select 'controls_on', 'control', controls.control_name, running.use_case_id, null, 'It is switched off, and the use case runs.'
    from raw.use_case_controls as controls
    inner join running on running.use_case_id = controls.use_case_id
    where not coalesce(controls.is_on, false)
    union all
    select
        'tool_calls_capped', 'case', case_id, use_case_id, called_date,
        cast(tool_call_count as varchar) || ' tool calls; the cap is ' || cast(cast(cap_number as bigint) as varchar) || '.'
    from capped
    where tool_call_count > cap_number
    union all
    select
        'assumptions_sourced', 'assumption', assumption_name, null, source_date,
        coalesce(meaning_text, 'It has no meaning.') || ' ' || coalesce(source_text, 'It has no source.')
    from raw.assumptions
    where not coalesce(source_grade <> 'assumption', false)
    union all
    select 'site_' || row_code, 'site', site_name, null, null, found_text
    from marts.site_ai_risks
    where found_code = 'contradicted'
),
behind as (
    select
        beyond.check_code, 'case' as thing_code, worked.case_id as thing_name, worked.use_case_id,
        cast(worked.opened_at as date) as seen_date,
        case when beyond.check_code = 'errors_bounded' then 'It ended in an error.' else 'It promised what was not so.' end as because_text,
        case when beyond.check_code = 'errors_bounded' then worked.error_cost_amount else worked.commitment_cost_amount end
            as error_cost_amount
    from beyond
    inner join worked on worked.use_case_id = beyond.use_case_id
    where (beyond.check_code = 'errors_bounded' and worked.is_error)
        or (beyond.check_code = 'commitments_bounded' and worked.is_wrong_commitment)
),
gathered as (
    select broken.*, cast(null as decimal(18, 4)) as error_cost_amount, true as is_counted from broken
    union all
    select behind.*, false as is_counted from behind
),
register_breaks as (
    select
        gathered.check_code,
        row_number() over (
            partition by gathered.check_code
            order by gathered.is_counted desc, gathered.seen_date desc nulls last, gathered.use_case_id, gathered.thing_name,
                gathered.because_text
        ) as break_no,
        gathered.is_counted, gathered.thing_code, gathered.thing_name, gathered.use_case_id, cases.use_case_name, gathered.seen_date,
        gathered.because_text, gathered.error_cost_amount
    from gathered
    left join raw.use_cases as cases on cases.use_case_id = gathered.use_case_id
)
select * from register_breaks
