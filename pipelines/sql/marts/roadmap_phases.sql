-- answers: Which phases of the roadmap are done, which one is now, and which are locked?
-- grain: one row per phase
-- key: phase_code
-- kind: table
-- checks:
--   phase_stands_code in ('done', 'now', 'locked')
--   met_count <= criterion_count
--   phase_stands_code <> 'done' or met_count = criterion_count
-- why: A phase is done when all its criteria are met and every phase before it is done. The first that is not done is now; what comes
--   after is locked, although its criteria are counted all the same.
with
counted as (
    select
        phases.phase_no, phases.phase_code, phases.phase_name, phases.focus_text, phases.aim_text,
        count(criteria.criterion_code) as criterion_count,
        cast(sum(case when criteria.is_met then 1 else 0 end) as bigint) as met_count,
        cast(sum(case when criteria.met_code = 'no data' then 1 else 0 end) as bigint) as unknown_count
    from raw.roadmap_phases as phases
    left join marts.roadmap_criteria as criteria on criteria.phase_no = phases.phase_no
    group by phases.phase_no, phases.phase_code, phases.phase_name, phases.focus_text, phases.aim_text
),
followed as (
    select
        *,
        sum(case when met_count < criterion_count then 1 else 0 end)
            over (order by phase_no rows between unbounded preceding and current row) as open_count,
        met_count < criterion_count as is_open
    from counted
),
roadmap_phases as (
    select
        phase_no, phase_code, phase_name, focus_text, aim_text,
        case when open_count = 0 then 'done' when open_count = 1 and is_open then 'now' else 'locked' end as phase_stands_code,
        criterion_count, met_count, unknown_count,
        cast(met_count as varchar) || ' of ' || cast(criterion_count as varchar) || ' criteria are met'
        || case when unknown_count > 0 then '; of ' || cast(unknown_count as varchar) || ' nothing is known yet.' else '.' end
            as because_text
    from followed
)
select * from roadmap_phases
