-- answers: Which months of AI value were closed, by whom, and with which figures?
-- grain: one row per version of a closed month, figure and use case
-- key: month_date, closing_no, figure_name, use_case_id
-- kind: table
-- checks:
--   closing_no >= 1
-- why: What an executive froze stays as it was, whatever is learned later; marts.ai_restatements holds it against today's figures.
--   The use case * is all of them together. A month that was closed again keeps its earlier versions: who closed it when, with which
--   figures; only the last one counts.
select
    month_date,
    figure_name,
    use_case_id,
    evidence_grade,
    frozen_amount,
    closing_no,
    is_latest,
    actor_name,
    acted_at,
    reason_text,
    build_id,
    build_hash_text,
    definitions_text,
    prices_text,
    assumptions_hash_text,
    changed_text,
    seal_text
from raw.ai_closes
