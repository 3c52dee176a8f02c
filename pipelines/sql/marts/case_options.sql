-- answers: What could be done about each case, best first, and what is it worth against doing nothing?
-- grain: one row per case and option
-- key: case_id, option_no
-- kind: table
with case_options as (
    select
        options.case_id,
        cases.case_title_text,
        cases.case_kind_code,
        options.option_no,
        options.action_kind_code,
        options.option_text,
        options.action_text,
        options.is_do_nothing,
        options.is_suggested,
        options.cost_amount,
        options.gain_amount,
        options.gain_low_amount,
        options.gain_high_amount,
        options.moved_amount,
        options.confidence_share,
        options.data_grade_code,
        options.because_text,
        options.does_not_know_text,
        options.act_by_date,
        options.horizon_days,
        cases.is_shown,
        cases.as_of_date
    from scores.case_options as options
    inner join scores.cases as cases on cases.case_id = options.case_id
)

select * from case_options
