-- answers: How many cases did AI work on in each month for each use case, what work was left, and what did the calls cost?
-- grain: one row per use case and month with calls or logged work
-- key: use_case_id, month_date
-- kind: table
-- checks:
--   case_count >= 0
--   accepted_count <= answered_count
--   priced_case_count <= case_count
--   unpriced_call_count <= call_count
--   (priced_usage_cost is null) = (priced_case_count = 0)
-- why: Cases with AI are those of the work log; where a use case has none, the distinct cases that its calls name. What a call without a
--   price cost is not known, and not nought: the cost of a case is priced_usage_cost over priced_case_count, of the cases that no such
--   call names; what calls without a case cost is shared by all cases. Where a call without a price was answered and names no case,
--   nobody can say which cases it worked on, and no case of that month counts as priced.
with
worked as (
    select
        coalesce(named.use_case_id, cases.use_case_name) as use_case_id,
        cast(cases.opened_at as date) - cast(extract(day from cast(cases.opened_at as date)) - 1 as integer) as month_date,
        count(*) as case_count,
        cast(sum(case when cases.is_contained then 1 else 0 end) as bigint) as contained_count,
        cast(sum(case when cases.is_contained is not null then 1 else 0 end) as bigint) as known_containment_count,
        cast(sum(case when cases.is_escalated then 1 else 0 end) as bigint) as escalated_count,
        cast(sum(case when cases.is_escalated_right then 1 else 0 end) as bigint) as right_escalation_count,
        cast(sum(case when cases.answer_code is not null then 1 else 0 end) as bigint) as answered_count,
        cast(sum(case when cases.answer_code = 'accepted' then 1 else 0 end) as bigint) as accepted_count,
        cast(sum(case when cases.answer_code = 'edited' then 1 else 0 end) as bigint) as edited_count,
        cast(sum(case when cases.answer_code = 'rejected' then 1 else 0 end) as bigint) as rejected_count,
        cast(sum(case when cases.is_reopened then 1 else 0 end) as bigint) as reopened_count,
        cast(sum(case when cases.is_error then 1 else 0 end) as bigint) as error_count,
        cast(sum(case when cases.is_wrong_commitment then 1 else 0 end) as bigint) as wrong_commitment_count,
        cast(sum(coalesce(cases.error_cost_amount, 0)) as decimal(18, 4)) as error_cost_amount,
        cast(sum(coalesce(cases.commitment_cost_amount, 0)) as decimal(18, 4)) as commitment_cost_amount,
        sum(cases.hands_on_minutes) as hands_on_minutes,
        cast(sum(case when cases.review_minutes > 0 then 1 else 0 end) as bigint) as reviewed_count,
        sum(cases.review_minutes) as review_minutes,
        cast(sum(case when cases.rework_minutes > 0 then 1 else 0 end) as bigint) as reworked_count,
        sum(cases.rework_minutes) as rework_minutes
    from core.ai_cases as cases
    left join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    where cases.arm_code = 'assisted'
    group by
        coalesce(named.use_case_id, cases.use_case_name), cast(cases.opened_at as date) - cast(extract(day from cast(cases.opened_at as date)) - 1 as integer)
),
calls as (
    select
        use_case_id,
        called_date - cast(extract(day from called_date) - 1 as integer) as month_date,
        case_id,
        usage_cost,
        is_answered
    from core.ai_calls
    where use_case_id is not null
),
by_case as (
    select
        use_case_id,
        month_date,
        case_id,
        cast(count(*) as bigint) as call_count,
        cast(sum(case when usage_cost is null then 1 else 0 end) as bigint) as unpriced_call_count,
        cast(sum(case when usage_cost is null and is_answered then 1 else 0 end) as bigint) as unknown_call_count,
        sum(usage_cost) as usage_cost
    from calls
    group by use_case_id, month_date, case_id
),
called as (
    select
        use_case_id,
        month_date,
        cast(sum(call_count) as bigint) as call_count,
        cast(sum(unpriced_call_count) as bigint) as unpriced_call_count,
        count(case_id) as called_case_count,
        cast(sum(case when case_id is not null and unpriced_call_count > 0 then 1 else 0 end) as bigint) as unpriced_case_count,
        sum(case when case_id is null then unknown_call_count else 0 end) > 0 as is_unknown,
        sum(usage_cost) as usage_cost,
        sum(case when case_id is not null and unpriced_call_count = 0 then cast(usage_cost as double) end) as priced_cost,
        sum(case when case_id is null then cast(usage_cost as double) end) as shared_cost
    from by_case
    group by use_case_id, month_date
),
months as (
    select use_case_id, month_date from worked
    union
    select use_case_id, month_date from called
),
joined as (
    select
        months.use_case_id,
        months.month_date,
        coalesce(worked.case_count, called.called_case_count, 0) as case_count,
        case
            when called.is_unknown or (called.priced_cost is null and called.shared_cost is null) then 0
            else greatest(coalesce(worked.case_count, called.called_case_count) - called.unpriced_case_count, 0)
        end as priced_case_count
    from months
    left join worked on worked.use_case_id = months.use_case_id and worked.month_date = months.month_date
    left join called on called.use_case_id = months.use_case_id and called.month_date = months.month_date
)
select
    joined.use_case_id,
    joined.month_date,
    joined.month_date < company.as_of_date - cast(extract(day from company.as_of_date) - 1 as integer) as is_over,
    joined.case_count,
    worked.case_count is not null as is_from_log,
    coalesce(called.call_count, 0) as call_count,
    coalesce(called.unpriced_call_count, 0) as unpriced_call_count,
    cast(called.usage_cost as decimal(24, 12)) as usage_cost,
    joined.priced_case_count,
    case
        when joined.priced_case_count > 0
            then cast(
                coalesce(called.priced_cost, 0) + coalesce(called.shared_cost, 0) * joined.priced_case_count / nullif(joined.case_count, 0)
                as decimal(24, 12)
            )
    end as priced_usage_cost,
    worked.contained_count,
    worked.known_containment_count,
    worked.escalated_count,
    worked.right_escalation_count,
    worked.answered_count,
    worked.accepted_count,
    worked.edited_count,
    worked.rejected_count,
    worked.reopened_count,
    worked.error_count,
    worked.wrong_commitment_count,
    worked.error_cost_amount,
    worked.commitment_cost_amount,
    worked.hands_on_minutes,
    worked.reviewed_count,
    worked.review_minutes,
    worked.reworked_count,
    worked.rework_minutes
from joined
cross join raw.company as company
left join worked on worked.use_case_id = joined.use_case_id and worked.month_date = joined.month_date
left join called on called.use_case_id = joined.use_case_id and called.month_date = joined.month_date
