-- answers: Which criteria of the roadmap are met by what the data of this build show?
-- grain: one row per criterion
-- key: criterion_code
-- kind: table
-- checks:
--   met_code in ('met', 'not met', 'no data')
--   is_met = (met_code = 'met')
--   (met_code = 'no data') = (found_number is null)
-- why: What a criterion asks for is the assumption of its name, so that a company changes it where it changes every other assumption.
--   What nothing shows is not met.
with
compared as (
    select
        asked.*,
        facts.found_number,
        assumed.assumed_number as asked_number,
        facts.seen_in_name,
        facts.found_text,
        case
            when facts.found_number is null then 'no data'
            when asked.compared_code = 'at least' and facts.found_number >= assumed.assumed_number then 'met'
            when asked.compared_code = 'more than' and facts.found_number > assumed.assumed_number then 'met'
            when asked.compared_code = 'at most' and facts.found_number <= assumed.assumed_number then 'met'
            else 'not met'
        end as met_code
    from raw.roadmap_criteria as asked
    left join marts.roadmap_facts as facts on facts.criterion_code = asked.criterion_code
    left join raw.assumptions as assumed on assumed.assumption_name = asked.criterion_code
),
roadmap_criteria as (
    select
        phase_no, phase_code, criterion_no, criterion_code, criterion_name, met_code,
        met_code = 'met' as is_met,
        found_number, compared_code, asked_number, counted_in_code, seen_in_name,
        case when met_code = 'no data' then found_text || ' ' || tells_text else found_text end as because_text,
        page_name, owner_name, tells_text
    from compared
)
select * from roadmap_criteria
