-- answers: What follows from the cause of each case, step by step, in numbers and money?
-- grain: one row per case and step
-- key: case_id, step_no
-- kind: view
select
    effects.case_id,
    effects.step_no,
    effects.level_no,
    effects.effect_name,
    effects.effect_count,
    effects.effect_qty,
    effects.effect_amount,
    effects.effect_date,
    effects.because_text
from scores.case_effects as effects
