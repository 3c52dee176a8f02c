-- answers: Which controls is each use case under, and how far was each kept, as far as calls, cases and the ledger can tell?
-- grain: one row per use case and control
-- key: use_case_id, control_name
-- kind: table
-- checks:
--   verdict_code in ('kept', 'not kept', 'not seen', 'off')
--   kept_count is null or kept_count <= checked_count
--   checked_count is null or checked_count > 0
--   enforced_count is null or enforced_count <= checked_count
-- why: A control that nobody can see keeps no figure: it is empty and says so, never nought. Besides the controls that a definition names,
--   each use case has the review of its planned share, because its worth was reckoned with it. The share that has to be kept is one,
--   but for samples, where it is the share that was planned, and for cases that should go to a person and the success of agents' tasks,
--   where it is four in five by house rule: the least that any policy asks of an agent. Each source is held against its own target
--   (marts.source_freshness), or against the control's limit where that is less. A sample counts where its result was logged; a
--   case without minutes of review was not reviewed, where the log of its use case tells them at all. Enforced counts what the product
--   itself let through or stopped (its own calls, runs and exports); what other systems did is only watched, whatever a definition
--   calls it. An answer of a use case whose log tells the numbers of its answers has to name a certified one, or say none; cases that
--   went to a person gave no answer. A model is a smaller one by what a million tokens written cost at the list price of the day. `facts`
--   holds one row for each thing that a control can be held against. A use case that nothing was counted of shows its controls all the
--   same.
with
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
            when controls.control_name = 'review of the planned share' then 'sample'
            when controls.control_name = 'random sample to quality assurance' then 'logged sample'
            when controls.control_name = 'smaller model' then 'model'
            when controls.control_name in ('freshness target for each source', 'banner when data is old') then 'freshness'
            when controls.control_name = 'runs as a batch' then 'batch'
            when controls.control_name in ('complex cases go to a person', 'escalation to a person') then 'routing'
            when controls.control_name = 'stop rules' then 'stops'
            when controls.control_name = 'success rate of tasks' then 'success'
            when controls.control_name = 'answers from certified metrics only' then 'certified'
            else ''
        end as measure_code
    from controls
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = controls.use_case_id
),
decided as (
    select
        agents.use_case_id, decisions.proposal_id, decisions.proposer_name, decisions.approval_count, decisions.verdict_code,
        decisions.is_exported, decisions.is_matured, decisions.is_right
    from marts.decisions as decisions
    inner join core.agent_use_cases as agents on agents.agent_name = decisions.proposer_name
),
worked as (
    select
        coalesce(named.use_case_id, cases.use_case_name) as use_case_id, cases.review_minutes, cases.is_escalated, cases.is_error,
        cases.closed_at, lower(trim(cases.answered_metric_name)) as answered_word
    from core.ai_cases as cases
    left join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    where cases.arm_code = 'assisted'
),
certified as (
    select lower(metric_name) as metric_word from raw.certified_metrics
    union
    select lower(metric_title) from raw.certified_metrics
    union
    select 'none'
),
reviewing as (
    select distinct use_case_id from worked where review_minutes is not null
),
telling as (
    select distinct use_case_id from worked where answered_word is not null
),
tools_of_cases as (
    select
        use_case_id,
        cast(sum(tool_call_count) as bigint) as counted_number,
        min(case when is_made_here then 1 else 0 end) = 1 as is_made_here
    from marts.ai_calls
    where tool_call_count is not null and case_id is not null
    group by use_case_id, case_id
),
tokens_of_days as (
    select use_case_id, cast(sum(token_count) as bigint) as counted_number
    from marts.ai_calls
    where is_made_here
    group by use_case_id, called_date
),
models_called as (
    select
        calls.use_case_id,
        min(cast(prices.output_price as double) * rates.factor_number) as written_price,
        min(coalesce(meant.limit_number, usual.assumed_number)) as most_price
    from core.ai_calls as calls
    inner join meant on meant.use_case_id = calls.use_case_id and meant.measure_code = 'model'
    inner join raw.assumptions as usual on usual.assumption_name = 'ai_smaller_model_price'
    inner join raw.ai_prices as prices
        on prices.listed_provider_name = calls.listed_provider_name and prices.listed_model_name = calls.listed_model_name
        and prices.valid_from_date <= calls.called_date and (prices.valid_to_date is null or prices.valid_to_date > calls.called_date)
    inner join raw.exchange_rates as rates
        on rates.currency_code = prices.currency_code
        and calls.called_date >= rates.valid_from_date and calls.called_date < rates.valid_to_date
    where not prices.is_batch and prices.service_tier_code = '' and prices.from_token_count = 0 and prices.output_price is not null
    group by calls.use_case_id, calls.call_id
),
facts as (
    select 'approval' as measure_code, use_case_id, approval_count > 0 or verdict_code = 'allowed' as is_kept, true as is_enforceable
    from decided
    where is_exported
    union all
    select 'duties', decided.use_case_id, acts.actor_name <> decided.proposer_name, true
    from core.acts as acts
    inner join decided on decided.proposal_id = acts.proposal_id
    where acts.kind_code = 'approve' and decided.is_exported
    union all
    select 'success', use_case_id, is_right, false
    from decided
    where is_matured and is_right is not null
    union all
    select 'stops', agents.use_case_id, acts.proposal_id is null, true
    from core.acts as acts
    inner join core.agent_use_cases as agents on agents.agent_name = acts.subject_name
    where acts.kind_code = 'agent_run' and acts.outcome_text in ('escalated', 'held')
    union all
    select 'tool calls', cases.use_case_id, cases.counted_number <= coalesce(meant.limit_number, meant.tool_call_cap_count),
        cases.is_made_here
    from tools_of_cases as cases
    inner join meant on meant.use_case_id = cases.use_case_id and meant.measure_code = 'tool calls'
    where coalesce(meant.limit_number, meant.tool_call_cap_count) is not null
    union all
    select 'budget', days.use_case_id, days.counted_number <= meant.limit_number, true
    from tokens_of_days as days
    inner join meant on meant.use_case_id = days.use_case_id and meant.measure_code = 'budget'
    where meant.limit_number is not null
    union all
    select 'sample', worked.use_case_id, coalesce(worked.review_minutes, 0) > 0, false
    from worked
    inner join reviewing on reviewing.use_case_id = worked.use_case_id
    union all
    select 'entry', worked.use_case_id, coalesce(worked.review_minutes, 0) > 0, false
    from worked
    inner join reviewing on reviewing.use_case_id = worked.use_case_id
    union all
    select 'logged sample', worked.use_case_id, coalesce(worked.review_minutes, 0) > 0 and worked.is_error is not null, false
    from worked
    inner join reviewing on reviewing.use_case_id = worked.use_case_id
    union all
    select 'routing', use_case_id, is_escalated, false
    from worked
    where is_escalated or (is_error and not is_escalated)
    union all
    select 'certified', worked.use_case_id, certified.metric_word is not null, false
    from worked
    inner join telling on telling.use_case_id = worked.use_case_id
    left join certified on certified.metric_word = worked.answered_word
    where worked.closed_at is not null and not coalesce(worked.is_escalated, false)
    union all
    select 'batch', use_case_id, is_batch, false
    from marts.ai_calls
    union all
    select 'model', use_case_id, written_price <= most_price, false
    from models_called
    union all
    select
        'freshness', meant.use_case_id,
        sources.source_age_days <= least(sources.freshness_target_days, coalesce(meant.limit_number, sources.freshness_target_days)),
        false
    from meant
    cross join marts.source_freshness as sources
    where meant.measure_code = 'freshness' and not sources.is_about_ai
),
measured as (
    select
        measure_code,
        use_case_id,
        count(*) as checked_count,
        cast(sum(case when is_kept then 1 else 0 end) as bigint) as kept_count,
        cast(sum(case when is_enforceable then 1 else 0 end) as bigint) as enforced_count
    from facts
    group by measure_code, use_case_id
),
shared as (
    select
        meant.*,
        case when measured.checked_count > 0 then measured.checked_count end as checked_count,
        case when measured.checked_count > 0 then measured.kept_count end as kept_count,
        case when measured.checked_count > 0 and meant.is_on and meant.how_code = 'enforced' then measured.enforced_count end
            as enforced_count,
        case
            when meant.measure_code in ('sample', 'logged sample') then meant.wanted_review_share
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
        shared.enforced_count,
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
            when shared.measure_code = 'budget' and shared.limit_number is null then 'No limit of its own is set that days could be held '
                || 'against. The usual limit is for calls that Crossdock itself makes, not for those of other systems.'
            when shared.measure_code = 'certified' and shared.checked_count is null
                then 'The work log does not tell which number an answer gives (its column answered metric name).'
            when shared.checked_count is null then 'Nothing was counted that it could be held against.'
            when shared.measure_code = 'approval' then 'Exported actions with an approval, or within the limits of their policy (ledger).'
            when shared.measure_code = 'duties' then 'Approvals by somebody else than the proposer (ledger).'
            when shared.measure_code = 'tool calls' then 'Cases whose tool calls stayed within the cap (log of calls).'
            when shared.measure_code = 'budget' then 'Days on which the calls made here stayed within the limit (own calls).'
            when shared.measure_code in ('sample', 'entry') then 'Cases that a person reviewed (work log).'
            when shared.measure_code = 'logged sample' then 'Cases that a person reviewed, with a result that was logged (work log).'
            when shared.measure_code = 'model' then 'Calls to models at the price of a smaller one (log of calls, list prices).'
            when shared.measure_code = 'freshness' then 'Sources whose last load and newest row are within their own targets'
                || coalesce(', none older than ' || cast(cast(shared.limit_number as bigint) as varchar) || ' days', '')
                || ' (loads, rows).'
            when shared.measure_code = 'routing' then 'Cases that a person had to have, which went to one before an error (work log).'
            when shared.measure_code = 'stops' then 'Runs that a stop rule ended, from which nothing went on (ledger).'
            when shared.measure_code = 'certified' then
                'Answers that give a number of Definitions, or say that there is none; one that names neither is not kept (work log).'
            when shared.measure_code = 'success' then 'Decisions of its agents that turned out right (outcomes).'
            else 'Calls that ran as a batch (log of calls).'
        end as seen_text
    from shared
    inner join raw.use_cases as cases on cases.use_case_id = shared.use_case_id
)
select * from control_compliance
