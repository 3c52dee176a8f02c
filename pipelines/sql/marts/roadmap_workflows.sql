-- answers: Which stage does each workflow work on, which has it earned, and by which evidence?
-- grain: one row per workflow
-- key: workflow_code
-- kind: table
-- checks:
--   worked_stage_no between 1 and 4 and earned_stage_no between 1 and 4
--   earned_stage_no <= 2 or (is_improved and is_audited)
--   handled_count >= 0 and recent_count >= 0
--   is_ahead = (worked_stage_no > earned_stage_no)
-- why: Stages are 1 manual, 2 AI-assisted, 3 AI-powered automation, 4 autonomous agents. A workflow works on the highest stage of its
--   running use cases and of what agents did in it in the last 90 days. A use case has earned a stage by its step of trust, and passes the
--   second only if its own minutes, errors or rework surely fell (evidence of grade A or B): what another one saved shows nothing of it.
--   Agents, whose decisions are no logged cases, have earned one by the low end of how often they were right, and pass the second only if
--   something of their workflow surely got better, or a forecast on which they act beats its plain rival. And nothing may have been let
--   through that should not. Handled counts the cases and accepted proposals of the last 90 days at the stage on which the workflow
--   works; what came in is counted in its own unit, so that neither is a part of the other.
with
company as (
    select as_of_date from raw.company
),
rules as (
    select
        max(case when assumption_name = 'ai_stage_least_cases' then assumed_number end) as least_cases,
        max(case when assumption_name = 'ai_stage_approval_share' then assumed_number end) as approval_share,
        max(case when assumption_name = 'ai_stage_alone_share' then assumed_number end) as alone_share
    from raw.assumptions
),
running as (
    select links.workflow_code, links.linked_name as use_case_id
    from raw.roadmap_links as links
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = links.linked_name
    where links.link_code = 'use case' and bounds.stage_code in ('pilot', 'production')
),
events as (
    select 'order_capture' as workflow_code, cast(ordered_at as date) as event_date from core.orders
    union all
    select 'inventory_allocation', ordered_date from core.order_lines
    union all
    select 'pricing', ordered_date from core.order_lines where unit_price is not null
    union all
    select 'replenishment', ordered_date from core.purchase_lines
    union all
    select 'warehouse_execution', moved_date from core.stock_movements
    union all
    select 'transport_coordination', cast(shipped_at as date) from core.shipments
    union all
    select 'returns', cast(returned_at as date) from core.returns
    union all
    select 'service_resolution', cast(opened_at as date) from core.service_tickets
),
volumes as (
    select
        events.workflow_code,
        cast(sum(case when date_diff('day', events.event_date, company.as_of_date) between 0 and 364 then 1 else 0 end) as bigint)
            as yearly_count,
        cast(sum(case when date_diff('day', events.event_date, company.as_of_date) between 0 and 89 then 1 else 0 end) as bigint)
            as recent_count
    from events
    cross join company
    group by events.workflow_code
),
better as (
    select use_case_id, count(*) as better_count
    from scores.ai_effects
    where measure_name in ('minutes per case', 'rework minutes per case', 'error share') and evidence_grade in ('A', 'B')
        and high_number < 0
    group by use_case_id
),
cases as (
    select named.use_case_id, count(*) as case_count
    from core.ai_cases as worked
    inner join core.use_case_names as named on named.word_text = lower(trim(worked.use_case_name))
    cross join company
    where coalesce(worked.arm_code, 'assisted') = 'assisted' and date_diff('day', cast(worked.opened_at as date), company.as_of_date) between 0 and 89
    group by named.use_case_id
),
ranked as (
    select
        running.workflow_code,
        running.use_case_id,
        coalesce(better.better_count, 0) as better_count,
        coalesce(cases.case_count, 0) as case_count,
        case scored.works_on_step_name
            when 'acts alone within limits' then 4 when 'acts with approval' then 3 else 2 end as works_on_no,
        case
            when scored.earned_step_name = 'not begun' then 1
            when better.better_count is null then 2
            when scored.earned_step_name = 'acts alone within limits' then 4
            when scored.earned_step_name = 'acts with approval' then 3
            else 2
        end as earned_no
    from running
    inner join scores.ai_priorities as scored on scored.use_case_id = running.use_case_id
    left join better on better.use_case_id = running.use_case_id
    left join cases on cases.use_case_id = running.use_case_id
),
steps as (
    select
        workflow_code,
        count(*) as running_count,
        max(works_on_no) as works_on_no,
        max(earned_no) as earned_no,
        sum(better_count) as better_count
    from ranked
    group by workflow_code
),
by_kind as (
    select
        links.workflow_code,
        count(*) as decisions_made_count,
        cast(sum(case when decisions.is_agent then 1 else 0 end) as bigint) as agent_count,
        max(case
            when date_diff('day', cast(decisions.decided_at as date), company.as_of_date) >= 90 or not decisions.is_agent then 1
            when decisions.is_exported and decisions.approval_count = 0 and decisions.verdict_code = 'allowed' then 4
            else 3
        end) as works_on_no,
        max(case when decisions.is_agent and decisions.is_exported and decisions.approval_count = 0 and decisions.verdict_code = 'allowed'
            then 1 else 0 end) as has_acted_alone_no,
        sum(case when decisions.is_agent and decisions.is_matured then 1 else 0 end) as known_count,
        sum(case when decisions.is_agent and decisions.is_matured and decisions.is_right then 1 else 0 end) as right_count,
        sum(case when decisions.is_exported then 1 else 0 end) as exported_count,
        sum(case when decisions.is_agent and decisions.is_accepted
            and date_diff('day', cast(decisions.decided_at as date), company.as_of_date) between 0 and 89
            then 1 else 0 end) as recent_agent_count,
        sum(case when decisions.is_agent and decisions.is_accepted
            and date_diff('day', cast(decisions.decided_at as date), company.as_of_date) between 0 and 89
            and decisions.is_exported and decisions.approval_count = 0 and decisions.verdict_code = 'allowed' then 1 else 0 end)
            as recent_alone_count,
        sum(case when decisions.is_exported and (decisions.approval_count > 0 or decisions.verdict_code = 'allowed') then 1 else 0 end)
            as let_through_count
    from marts.decisions as decisions
    inner join raw.roadmap_links as links
        on links.link_code = 'action kind' and links.linked_name = decisions.action_kind_code
    cross join company
    where decisions.is_decided
    group by links.workflow_code
),
bounded as (
    select
        by_kind.*,
        greatest(least(
            right_count / nullif(cast(known_count as double), 0),
            (
                right_count + 1.9208
                - 1.96 * sqrt(right_count * (known_count - right_count) / nullif(cast(known_count as double), 0) + 0.9604)
            ) / nullif(known_count + 3.8416, 0)
        ), 0) as right_low_share
    from by_kind
),
forecasts as (
    select links.workflow_code, count(*) as beating_count
    from raw.roadmap_links as links
    inner join marts.model_health as health on health.model_code = links.linked_name
    where links.link_code = 'model' and health.run_status_code = 'in use' and health.model_error_number < health.rival_error_number
    group by links.workflow_code
),
broken as (
    select running.workflow_code, count(*) as broken_count
    from running
    inner join marts.control_compliance as kept on kept.use_case_id = running.use_case_id
    where kept.measure_code in ('approval', 'duties', 'sample') and kept.verdict_code = 'not kept'
    group by running.workflow_code
),
joined as (
    select
        flows.*, volumes.yearly_count, volumes.recent_count,
        coalesce(steps.running_count, 0) as running_count,
        coalesce(bounded.decisions_made_count, 0) as decisions_made_count,
        coalesce(bounded.agent_count, 0) as agent_count,
        greatest(coalesce(steps.works_on_no, 1), coalesce(bounded.works_on_no, 1)) as worked_stage_no,
        coalesce(steps.earned_no, 1) as shown_stage_no,
        case
            when coalesce(bounded.agent_count, 0) = 0 then 1
            when bounded.known_count < rules.least_cases or bounded.right_low_share < rules.approval_share then 2
            when bounded.right_low_share >= rules.alone_share and bounded.has_acted_alone_no = 1 then 4
            else 3
        end as agents_stage_no,
        coalesce(bounded.recent_agent_count, 0) as recent_agent_count,
        coalesce(bounded.recent_alone_count, 0) as recent_alone_count,
        coalesce(steps.better_count, 0) as better_count,
        coalesce(forecasts.beating_count, 0) as beating_count,
        coalesce(broken.broken_count, 0) as broken_count,
        coalesce(bounded.exported_count - bounded.let_through_count, 0) as unlawful_count,
        coalesce(bounded.known_count, 0) as known_count,
        coalesce(bounded.right_count, 0) as right_count
    from raw.roadmap_workflows as flows
    cross join rules
    left join volumes on volumes.workflow_code = flows.workflow_code
    left join steps on steps.workflow_code = flows.workflow_code
    left join bounded on bounded.workflow_code = flows.workflow_code
    left join forecasts on forecasts.workflow_code = flows.workflow_code
    left join broken on broken.workflow_code = flows.workflow_code
),
handled as (
    select
        joined.workflow_code,
        coalesce(sum(case when ranked.works_on_no = joined.worked_stage_no then ranked.case_count else 0 end), 0)
        + max(case joined.worked_stage_no
            when 4 then joined.recent_alone_count when 3 then joined.recent_agent_count - joined.recent_alone_count else 0
        end) as handled_count
    from joined
    left join ranked on ranked.workflow_code = joined.workflow_code
    group by joined.workflow_code
),
judged as (
    select
        joined.*,
        handled.handled_count,
        better_count + beating_count > 0 as is_improved,
        broken_count + unlawful_count = 0 as is_audited,
        case
            when broken_count + unlawful_count > 0 then least(greatest(shown_stage_no, agents_stage_no), 2)
            when better_count + beating_count > 0 then greatest(shown_stage_no, agents_stage_no)
            else greatest(shown_stage_no, least(agents_stage_no, 2))
        end as earned_stage_no
    from joined
    inner join handled on handled.workflow_code = joined.workflow_code
),
roadmap_workflows as (
    select
        workflow_no, workflow_code, workflow_name, owner_name, metric_name, volume_name, yearly_count, recent_count,
        cast(handled_count as bigint) as handled_count, running_count, decisions_made_count, agent_count, cast(worked_stage_no as bigint) as worked_stage_no, cast(earned_stage_no as bigint) as earned_stage_no,
        is_improved, is_audited,
        worked_stage_no > earned_stage_no as is_ahead,
        case
            when worked_stage_no = 1 and agent_count = 0 then 'No use case runs in it and no agent proposes anything.'
            else 'Use cases that run: ' || cast(running_count as varchar) || '. Proposals of agents: ' || cast(agent_count as varchar)
                || case
                    when known_count > 0
                        then ', right ' || cast(right_count as varchar) || ' of ' || cast(known_count as varchar)
                            || ' whose outcome is known'
                    else ''
                end
                || '. Measures of AI that surely got better: ' || cast(better_count as varchar)
                || '; forecasts that beat their plain rival: ' || cast(beating_count as varchar)
                || '. '
                || case
                    when broken_count + unlawful_count > 0
                        then 'Control is not kept; controls or exports that broke it: ' || cast(broken_count + unlawful_count as varchar)
                            || '.'
                    else 'Control is kept as far as it can be seen.'
                end
        end as because_text,
        delay_text, range_text, risk_text
    from judged
)
select * from roadmap_workflows
