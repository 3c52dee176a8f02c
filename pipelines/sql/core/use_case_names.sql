-- answers: Which use case of AI does a word in a log, a bill or a work log mean?
-- grain: one row per word: an id or a name of a use case, in small letters
-- key: word_text
-- kind: table
-- checks:
--   use_case_id is not null
--   word_text = lower(word_text)
-- why: People and systems write the id or the name, in any letters. Where two use cases share a word it means the first of them by id,
--   so that no call and no case counts twice.
with
words as (
    select lower(trim(use_case_id)) as word_text, use_case_id from raw.use_cases
    union
    select lower(trim(use_case_name)) as word_text, use_case_id from raw.use_cases
),
use_case_names as (
    select word_text, min(use_case_id) as use_case_id from words where word_text is not null group by word_text
)
select * from use_case_names
