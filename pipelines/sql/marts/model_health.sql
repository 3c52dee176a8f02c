-- answers: May each model be trusted: who speaks, how does it do against its rival, has anything drifted, when is it due for review?
-- grain: one row per model
-- key: model_code
-- kind: table
with drifted as (
    select model_code, cast(sum(case when is_drifted then 1 else 0 end) as bigint) as drifted_count
    from scores.drift
    group by model_code
),
model_health as (
    select
        runs.*,
        coalesce(drifted.drifted_count, 0) as drifted_count,
        1 - runs.model_error_number / nullif(runs.rival_error_number, 0) as gain_share,
        runs.review_due_date < company.as_of_date as is_review_due,
        company.as_of_date
    from scores.model_runs as runs
    cross join raw.company as company
    left join drifted on drifted.model_code = runs.model_code
)
select * from model_health
