-- answers: Where is each kind of decision made, on what, what happens to exceptions, and what came of them?
-- grain: one row per kind of action
-- key: action_kind_code
-- kind: table
-- checks:
--   right_count <= matured_count
with
counted as (
    select
        action_kind_code,
        count(*) as decisions_made_count,
        cast(sum(case when is_agent then 1 else 0 end) as bigint) as agent_count,
        cast(sum(case when is_override or not is_accepted then 1 else 0 end) as bigint) as exception_count,
        cast(sum(case when is_matured then 1 else 0 end) as bigint) as matured_count,
        cast(sum(case when is_matured and is_right then 1 else 0 end) as bigint) as right_count
    from marts.decisions
    where is_decided
    group by action_kind_code
),
roadmap_decisions as (
    select
        places.decision_no, places.action_kind_code, places.page_name, places.data_text, places.exception_text, places.outcome_text,
        coalesce(counted.decisions_made_count, 0) as decisions_made_count,
        coalesce(counted.agent_count, 0) as agent_count,
        coalesce(counted.exception_count, 0) as exception_count,
        coalesce(counted.matured_count, 0) as matured_count,
        coalesce(counted.right_count, 0) as right_count,
        counted.right_count / nullif(cast(counted.matured_count as double), 0) as right_rate_share
    from raw.roadmap_decisions as places
    left join counted on counted.action_kind_code = places.action_kind_code
)
select * from roadmap_decisions
