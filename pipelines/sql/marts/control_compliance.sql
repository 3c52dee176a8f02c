-- answers: Which controls is each use case under, and how far was each kept, as far as calls, cases and the ledger can tell?
-- grain: one row per use case and control
-- key: use_case_id, control_name
-- kind: table
-- checks:
--   verdict_code in ('kept', 'not kept', 'not seen', 'off')
--   kept_count is null or kept_count <= checked_count
--   checked_count is null or checked_count > 0
-- why: A control that nobody can see keeps no figure: it is empty and says so, never nought. Besides the controls that a definition names,
--   each use case has the review of its planned share, because its worth was reckoned with it. The share that has to be kept is one,
--   but for samples, where it is the share that was planned, and for cases that should go to a person and the success of agents' tasks,
--   where it is four in five by house rule: the least that any policy asks of an agent. Sources are fresh for seven days, or for as many
--   as the control's limit says. A use case that nothing was counted of shows its controls all the same.
with
words as (
    select lower(use_case_id) as word_text, use_case_id from raw.use_cases
    union
    select lower(use_case_name) as word_text, use_case_id from raw.use_cases
),
named as (
    select word_text, min(use_case_id) as use_case_id from words group by word_text
),
controls as (
    select use_case_id, control_name, is_on, how_code, limit_number, control_no from raw.use_case_controls
    union all
    select use_case_id, 'review of the planned share', true, 'planned', cast(null as double), 99 from raw.use_case_bounds
),
meant as (
    select
        controls.*,
        bounds.stage_code,
        bounds.tool_call_cap_count,
        bounds.wanted_review_share,
        case
            when controls.control_name in (
                'approval before every letter', 'planner approves', 'two approvals above a limit', 'value threshold', 'spending threshold'
            ) then 'approval'
            when controls.control_name in ('approval before every entry', 'approval before every price') then 'entry'
            when controls.control_name = 'duties kept apart' then 'duties'
            when controls.control_name = 'cap on tool calls' then 'tool calls'
            when controls.control_name = 'daily token budget' then 'budget'
            when controls.control_name in ('random sample to quality assurance', 'review of the planned share') then 'sample'
            when controls.control_name in ('freshness target for each source', 'banner when data is old') then 'freshness'
            when controls.control_name = 'runs as a batch' then 'batch'
            when controls.control_name = 'complex cases go to a person' then 'routing'
            when controls.control_name = 'stop rules' then 'stops'
            when controls.control_name = 'success rate of tasks' then 'success'
            else ''
        end as measure_code
    from controls
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = controls.use_case_id
),
agents as (
    select 'order-agent' as agent_name, 'UC4' as use_case_id
    union all
    select 'procurement-agent', 'A2'
    union all
    select 'follow-up-agent', 'A2'
    union all
    select 'inventory-agent', 'A3'
),
decided as (
    select agents.use_case_id, decisions.proposal_id, decisions.proposer_name, decisions.approval_count, decisions.verdict_code
    from marts.decisions as decisions
    inner join agents on agents.agent_name = decisions.proposer_name
    where decisions.is_exported
),
succeeded as (
    select
        agents.use_case_id,
        count(*) as checked_count,
        cast(sum(case when decisions.is_right then 1 else 0 end) as bigint) as kept_count
    from marts.decisions as decisions
    inner join agents on agents.agent_name = decisions.proposer_name
    where decisions.is_matured and decisions.is_right is not null
    group by agents.use_case_id
),
stopped as (
    select
        agents.use_case_id,
        count(*) as checked_count,
        cast(sum(case when acts.proposal_id is null then 1 else 0 end) as bigint) as kept_count
    from core.acts as acts
    inner join agents on agents.agent_name = acts.subject_name
    where acts.kind_code = 'agent_run' and acts.outcome_text in ('escalated', 'held')
    group by agents.use_case_id
),
approvals as (
    select
        use_case_id,
        count(*) as checked_count,
        cast(sum(case when approval_count > 0 or verdict_code = 'allowed' then 1 else 0 end) as bigint) as kept_count
    from decided
    group by use_case_id
),
duties as (
    select
        decided.use_case_id,
        count(*) as checked_count,
        cast(sum(case when acts.actor_name <> decided.proposer_name then 1 else 0 end) as bigint) as kept_count
    from core.acts as acts
    inner join decided on decided.proposal_id = acts.proposal_id
    where acts.kind_code = 'approve'
    group by decided.use_case_id
),
by_case as (
    select use_case_id, case_id, cast(sum(tool_call_count) as bigint) as tool_call_count
    from marts.ai_calls
    where tool_call_count is not null and case_id is not null
    group by use_case_id, case_id
),
tool_calls as (
    select
        by_case.use_case_id,
        count(*) as checked_count,
        cast(sum(case when by_case.tool_call_count <= coalesce(meant.limit_number, meant.tool_call_cap_count) then 1 else 0 end) as bigint)
            as kept_count
    from by_case
    inner join meant on meant.use_case_id = by_case.use_case_id and meant.measure_code = 'tool calls'
    where coalesce(meant.limit_number, meant.tool_call_cap_count) is not null
    group by by_case.use_case_id
),
by_day as (
    select use_case_id, called_date, cast(sum(token_count) as bigint) as token_count
    from marts.ai_calls
    where is_made_here
    group by use_case_id, called_date
),
budgets as (
    select
        by_day.use_case_id,
        count(*) as checked_count,
        cast(sum(case when by_day.token_count <= meant.limit_number then 1 else 0 end) as bigint) as kept_count
    from by_day
    inner join meant on meant.use_case_id = by_day.use_case_id and meant.measure_code = 'budget'
    where meant.limit_number is not null
    group by by_day.use_case_id
),
worked as (
    select coalesce(named.use_case_id, cases.use_case_name) as use_case_id, cases.review_minutes, cases.is_escalated, cases.is_error
    from core.ai_cases as cases
    left join named on named.word_text = lower(cases.use_case_name)
    where cases.arm_code = 'assisted'
),
samples as (
    select
        use_case_id,
        count(*) as checked_count,
        cast(sum(case when review_minutes > 0 then 1 else 0 end) as bigint) as kept_count
    from worked
    where review_minutes is not null
    group by use_case_id
),
routed as (
    select
        use_case_id,
        count(*) as checked_count,
        cast(sum(case when is_escalated then 1 else 0 end) as bigint) as kept_count
    from worked
    where is_escalated or (is_error and not is_escalated)
    group by use_case_id
),
last_loads as (
    select loads.contract, date_diff('day', cast(max(loads.loaded_at) as date), max(company.as_of_date)) as old_days
    from raw.loads as loads
    cross join raw.company as company
    where loads.contract in ('order_lines', 'shipments', 'purchase_lines', 'receipts', 'stock_days', 'stock_movements')
        and loads.loaded_at is not null
    group by loads.contract
),
freshness as (
    select
        meant.use_case_id,
        count(*) as checked_count,
        cast(sum(case when last_loads.old_days <= coalesce(meant.limit_number, 7) then 1 else 0 end) as bigint) as kept_count
    from meant
    cross join last_loads
    where meant.measure_code = 'freshness'
    group by meant.use_case_id
),
batches as (
    select use_case_id, count(*) as checked_count, cast(sum(case when is_batch then 1 else 0 end) as bigint) as kept_count
    from marts.ai_calls
    group by use_case_id
),
measured as (
    select 'approval' as measure_code, use_case_id, checked_count, kept_count from approvals
    union all
    select 'duties', use_case_id, checked_count, kept_count from duties
    union all
    select 'tool calls', use_case_id, checked_count, kept_count from tool_calls
    union all
    select 'budget', use_case_id, checked_count, kept_count from budgets
    union all
    select 'sample', use_case_id, checked_count, kept_count from samples
    union all
    select 'entry', use_case_id, checked_count, kept_count from samples
    union all
    select 'freshness', use_case_id, checked_count, kept_count from freshness
    union all
    select 'routing', use_case_id, checked_count, kept_count from routed
    union all
    select 'stops', use_case_id, checked_count, kept_count from stopped
    union all
    select 'success', use_case_id, checked_count, kept_count from succeeded
    union all
    select 'batch', use_case_id, checked_count, kept_count from batches
),
shared as (
    select
        meant.*,
        case when measured.checked_count > 0 then measured.checked_count end as checked_count,
        case when measured.checked_count > 0 then measured.kept_count end as kept_count,
        case
            when meant.measure_code = 'sample' then meant.wanted_review_share
            when meant.measure_code in ('routing', 'success') then 0.8
            else 1.0
        end as least_share,
        measured.kept_count / nullif(cast(measured.checked_count as double), 0) as kept_share
    from meant
    left join measured on measured.use_case_id = meant.use_case_id and measured.measure_code = meant.measure_code
        and meant.stage_code in ('pilot', 'production')
),
control_compliance as (
    select
        shared.use_case_id,
        cases.use_case_name,
        shared.stage_code,
        shared.control_name,
        shared.control_no,
        shared.is_on,
        shared.how_code,
        shared.limit_number,
        shared.measure_code,
        shared.checked_count,
        shared.kept_count,
        shared.kept_share,
        case when shared.checked_count is not null then shared.least_share end as least_share,
        case
            when not shared.is_on then 'off'
            when shared.checked_count is null then 'not seen'
            when shared.kept_share >= shared.least_share then 'kept'
            else 'not kept'
        end as verdict_code,
        case
            when shared.stage_code not in ('pilot', 'production') then 'It does not run.'
            when shared.measure_code = '' then 'Nothing in calls, cases or the ledger tells; its owner answers for it.'
            when shared.checked_count is null then 'Nothing was counted that it could be held against.'
            when shared.measure_code = 'approval' then 'Exported actions with an approval, or within the limits of their policy (ledger).'
            when shared.measure_code = 'duties' then 'Approvals by somebody else than the proposer (ledger).'
            when shared.measure_code = 'tool calls' then 'Cases whose tool calls stayed within the cap (log of calls).'
            when shared.measure_code = 'budget' then 'Days on which the calls made here stayed within the limit (own calls).'
            when shared.measure_code in ('sample', 'entry') then 'Cases that a person reviewed (work log).'
            when shared.measure_code = 'freshness' then 'Extracts brought within '
                || cast(cast(coalesce(shared.limit_number, 7) as bigint) as varchar) || ' days (loads).'
            when shared.measure_code = 'routing' then 'Cases that a person had to have, which went to one before an error (work log).'
            when shared.measure_code = 'stops' then 'Runs that a stop rule ended, from which nothing went on (ledger).'
            when shared.measure_code = 'success' then 'Decisions of its agents that turned out right (outcomes).'
            else 'Calls that ran as a batch (log of calls).'
        end as seen_text
    from shared
    inner join raw.use_cases as cases on cases.use_case_id = shared.use_case_id
)
select * from control_compliance
