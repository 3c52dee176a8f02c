-- answers: Which rows of the build are not as a check of the registers asks for, and why is each of them not?
-- grain: one row per check and thing that the check counted and found otherwise, or that lies behind one of those
-- key: check_code, break_no
-- kind: table
-- checks:
--   is_counted or thing_code = 'case'
--   because_text is not null
-- why: marts.register_checks says how many of what was looked at are as they should be; these are the others, one by one. Lines that were
--   set aside and left no row are one row that says how many. A check of use cases has the cases behind as well, which are not counted.
with
worked as (
    select cases.*, named.use_case_id
    from core.ai_cases as cases
    inner join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    where cases.arm_code = 'assisted'
),
broken as (
    select check_code, fact_no, thing_code, thing_name, use_case_id, seen_date, thing_count, because_text
    from marts.register_facts
    where not is_kept
),
gathered as (
    select broken.*, cast(null as decimal(18, 4)) as error_cost_amount, true as is_counted from broken
    union all
    select
        broken.check_code, 0, 'case', worked.case_id, worked.use_case_id, cast(worked.opened_at as date), 1,
        case when broken.check_code = 'errors_bounded' then 'It ended in an error.' else 'It promised what was not so.' end,
        case when broken.check_code = 'errors_bounded' then worked.error_cost_amount else worked.commitment_cost_amount end,
        false
    from broken
    inner join worked on worked.use_case_id = broken.use_case_id
    where (broken.check_code = 'errors_bounded' and worked.is_error)
        or (broken.check_code = 'commitments_bounded' and worked.is_wrong_commitment)
),
register_breaks as (
    select
        gathered.check_code,
        row_number() over (
            partition by gathered.check_code
            order by gathered.is_counted desc, gathered.fact_no, gathered.seen_date desc nulls last, gathered.use_case_id,
                gathered.thing_name
        ) as break_no,
        gathered.is_counted, gathered.thing_code, gathered.thing_name, gathered.use_case_id, cases.use_case_name, gathered.seen_date,
        gathered.thing_count, gathered.because_text, gathered.error_cost_amount
    from gathered
    left join raw.use_cases as cases on cases.use_case_id = gathered.use_case_id
)
select * from register_breaks
