-- answers: Which technique does each need get that somebody has chosen for, was it the one advised, and what must it beat?
-- grain: one row per need that somebody has kept a choice for
-- key: need_name
-- kind: table
-- checks:
--   technique_code in ('rule', 'forecast', 'retrieval', 'copilot', 'agent')
--   advised_technique_code in ('rule', 'forecast', 'retrieval', 'copilot', 'agent')
--   not is_off_advice or length(reason_text) >= 20
-- why: The advice is the one that stood before the person, frozen in their act: another rule of the chooser never changes what was advised
--   then. Whoever leaves the advice has said why in a sentence, most of all where a language model goes where none is needed.
with
named as (
    select use_case_id, use_case_name, stage_code from raw.use_cases
),
technique_choices as (
    select
        choices.need_name, choices.use_case_id, named.use_case_name, named.stage_code,
        choices.wanted_text, choices.ruled_share, choices.has_history, choices.has_sources, choices.step_count, choices.is_bounded,
        choices.monthly_case_number,
        choices.advised_technique_code, choices.advice_text, choices.missing_text, choices.technique_code,
        choices.technique_code <> choices.advised_technique_code as is_off_advice,
        choices.technique_code in ('retrieval', 'copilot', 'agent') as has_language_model,
        choices.beaten_text, choices.reason_text, choices.author_name, choices.decided_at, choices.act_id
    from raw.technique_choices as choices
    left join named on named.use_case_id = choices.use_case_id
)
select * from technique_choices
