-- answers: What did AI really cost each month, by use case, component, budget category and site, and where was it seen?
-- grain: one row per month, use case, component, budget category, site and source
-- key: month_date, use_case_id, component_code, budget_category_code, site_id, cost_source_name
-- kind: table
-- checks:
--   cost_source_name in ('usage', 'bill', 'review log', 'decision log')
--   cost_source_name = 'bill' or replaced_amount is null
-- why: Each cost counts once. A bill takes the place of what the log of usage says of that provider, on the days from its first usage
--   charge of a month to the end of its last: of the use cases that it names, and of all others where its usage charges are at least
--   half of what the log says, and what is left of them beside those with a name at least half of what the log says of the others. A
--   smaller bill is a part only: it takes no place of the others. Charges with a use case go to its calls, the rest of a bill that
--   counts for all to all calls, by what they cost in the log (calls without a price by their tokens at the mean price), and
--   replaced_amount keeps what the log said. Credits, corrections and charges for more than 45 days take no place and count beside it.
--   marts.ai_bill_charges tells what became of each line. Work is minutes of review and rework with AI, and minutes on decisions that
--   an agent proposed or a model worded, at what an hour was assumed to cost at the end of the month (raw.assumption_history); a decision
--   whose case stands in the work log is left to that log. A use case of '' is one that nobody assigned; a site of * is everywhere.
with labour as (
    select assumed_number / 60 as minute_amount, valid_from_date, valid_to_date
    from raw.assumption_history where assumption_name = 'labour_cost_per_hour'
),
charges as (
    select
        seller_name, month_date,
        cast(charge_starts_at as date) as starts_date,
        charge_ends_at as ends_at, use_case_id,
        charge_standing_code = 'usage' as is_usage,
        cast(charged_cost as double) as charge_amount
    from marts.ai_bill_charges
    where charge_standing_code in ('usage', 'beside usage')
),
spans as (
    select seller_name, month_date, min(starts_date) as starts_date, max(ends_at) as ends_at
    from charges where is_usage group by seller_name, month_date
),
days as (
    select distinct
        seller_name, called_date,
        called_date - cast(extract(day from called_date) - 1 as integer) as own_month_date
    from marts.ai_calls
),
billed_days as (
    select
        days.seller_name, days.called_date,
        coalesce(max(case when spans.month_date = days.own_month_date then spans.month_date end), min(spans.month_date)) as bill_month_date
    from days
    inner join spans
        on spans.seller_name = days.seller_name
        and spans.starts_date <= days.called_date
        and spans.ends_at > cast(days.called_date as timestamptz)
    group by days.seller_name, days.called_date
),
parts as (
    select
        calls.seller_name, billed_days.bill_month_date,
        calls.called_date - cast(extract(day from calls.called_date) - 1 as integer) as own_month_date,
        calls.use_case_id,
        coalesce(calls.site_id, '*') as site_id,
        case
            when lower(calls.operation_name) in ('embeddings', 'embedding', 'aembedding', 'retrieval', 'rerank', 'arerank')
                then 'semantic retrieval'
            when lower(coalesce(calls.step_name, '')) like '%judge%' or lower(coalesce(calls.step_name, '')) like '%evaluat%'
                then 'observability'
            else 'model usage'
        end as component_code, calls.usage_cost,
        calls.token_count
    from marts.ai_calls as calls
    left join billed_days on billed_days.seller_name = calls.seller_name and billed_days.called_date = calls.called_date
),
named_charges as (
    select seller_name, month_date, use_case_id, sum(charge_amount) as charge_amount
    from charges
    where is_usage and use_case_id is not null
    group by seller_name, month_date, use_case_id
),
logged_costs as (
    select
        parts.seller_name, parts.bill_month_date as month_date,
        sum(case when named_charges.use_case_id is not null then cast(parts.usage_cost as double) else 0 end) as named_cost,
        sum(case when named_charges.use_case_id is null then coalesce(cast(parts.usage_cost as double), 0) else 0 end) as other_cost
    from parts
    left join named_charges
        on named_charges.seller_name = parts.seller_name
        and named_charges.month_date = parts.bill_month_date
        and named_charges.use_case_id = parts.use_case_id
    where parts.bill_month_date is not null
    group by parts.seller_name, parts.bill_month_date
),
charged as (
    select
        seller_name, month_date,
        sum(case when use_case_id is not null then charge_amount else 0 end) as named_amount,
        sum(case when use_case_id is null then charge_amount else 0 end) as other_amount
    from charges where is_usage group by seller_name, month_date
),
whole_bills as (
    select charged.seller_name, charged.month_date
    from charged
    inner join logged_costs on logged_costs.seller_name = charged.seller_name and logged_costs.month_date = charged.month_date
    where (charged.named_amount + charged.other_amount) * 2 >= coalesce(logged_costs.named_cost, 0) + logged_costs.other_cost
        and (charged.other_amount + greatest(charged.named_amount - coalesce(logged_costs.named_cost, 0), 0)) * 2 >= logged_costs.other_cost
),
placed as (
    select
        parts.*,
        whole_bills.seller_name is not null or named_charges.seller_name is not null as is_billed
    from parts
    left join whole_bills on whole_bills.seller_name = parts.seller_name and whole_bills.month_date = parts.bill_month_date
    left join named_charges
        on named_charges.seller_name = parts.seller_name
        and named_charges.month_date = parts.bill_month_date
        and named_charges.use_case_id = parts.use_case_id
),
usage as (
    select
        seller_name,
        case when is_billed then bill_month_date else own_month_date end as month_date,
        is_billed, use_case_id, site_id, component_code,
        case when component_code = 'semantic retrieval' then 'data operations' else 'recurring platform' end as budget_category_code,
        sum(cast(usage_cost as double)) as usage_amount,
        sum(case when usage_cost is not null then token_count else 0 end) as known_tokens,
        sum(case when usage_cost is null then token_count else 0 end) as unknown_tokens,
        count(*) as call_count
    from placed
    group by seller_name, case when is_billed then bill_month_date else own_month_date end, is_billed, use_case_id, site_id, component_code
),
totals as (
    select
        seller_name, month_date, sum(usage_amount) as usage_amount,
        sum(usage_amount) / nullif(sum(known_tokens), 0) as token_amount,
        cast(sum(known_tokens + unknown_tokens) as double) as tokens
    from usage
    where is_billed
    group by seller_name, month_date
),
weighed as (
    select
        usage.*,
        case
            when totals.usage_amount > 0 then coalesce(usage.usage_amount, 0) + usage.unknown_tokens * coalesce(totals.token_amount, 0)
            when totals.tokens > 0 then usage.known_tokens + usage.unknown_tokens
            else usage.call_count
        end as weight_number
    from usage
    inner join totals on totals.seller_name = usage.seller_name and totals.month_date = usage.month_date
    where usage.is_billed
),
weights as (
    select seller_name, month_date, sum(weight_number) as whole_number from weighed group by seller_name, month_date
),
billed as (
    select seller_name, month_date, use_case_id, sum(charge_amount) as charge_amount, count(*) as charge_count
    from charges group by seller_name, month_date, use_case_id
),
own_weights as (
    select seller_name, month_date, use_case_id, sum(weight_number) as whole_number
    from weighed group by seller_name, month_date, use_case_id
),
told as (
    select
        billed.month_date, billed.use_case_id,
        coalesce(weighed.component_code, 'model usage') as component_code,
        coalesce(weighed.budget_category_code, 'recurring platform') as budget_category_code,
        coalesce(weighed.site_id, '*') as site_id,
        'bill' as cost_source_name,
        billed.charge_amount * coalesce(weighed.weight_number / nullif(own_weights.whole_number, 0), 1) as spent_amount,
        cast(null as double) as log_amount,
        billed.charge_count as row_count
    from billed
    left join own_weights
        on own_weights.seller_name = billed.seller_name
        and own_weights.month_date = billed.month_date
        and own_weights.use_case_id = billed.use_case_id
        and own_weights.whole_number > 0
    left join weighed
        on weighed.seller_name = own_weights.seller_name
        and weighed.month_date = own_weights.month_date
        and weighed.use_case_id = own_weights.use_case_id
    where billed.use_case_id is not null
),
spread as (
    select
        billed.month_date,
        coalesce(weighed.use_case_id, '') as use_case_id,
        coalesce(weighed.component_code, 'model usage') as component_code,
        coalesce(weighed.budget_category_code, 'recurring platform') as budget_category_code,
        coalesce(weighed.site_id, '*') as site_id,
        'bill' as cost_source_name,
        billed.charge_amount * coalesce(weighed.weight_number / nullif(weights.whole_number, 0), 1) as spent_amount,
        cast(null as double) as log_amount,
        billed.charge_count as row_count
    from billed
    left join whole_bills on whole_bills.seller_name = billed.seller_name and whole_bills.month_date = billed.month_date
    left join weights
        on weights.seller_name = whole_bills.seller_name and weights.month_date = whole_bills.month_date and weights.whole_number > 0
    left join weighed on weighed.seller_name = weights.seller_name and weighed.month_date = weights.month_date
    where billed.use_case_id is null
),
replaced as (
    select
        usage.month_date, usage.use_case_id, usage.component_code, usage.budget_category_code, usage.site_id,
        'bill' as cost_source_name, cast(0 as double) as spent_amount, usage.usage_amount as log_amount, cast(0 as bigint) as row_count
    from usage
    where usage.is_billed and usage.usage_amount is not null
),
logged as (
    select
        usage.month_date, usage.use_case_id, usage.component_code, usage.budget_category_code, usage.site_id,
        'usage' as cost_source_name, usage.usage_amount as spent_amount, cast(null as double) as log_amount, usage.call_count as row_count
    from usage
    where not usage.is_billed and usage.usage_amount is not null
),
reviewed as (
    select
        cast(coalesce(worked.closed_at, worked.opened_at) as date)
        - cast(extract(day from cast(coalesce(worked.closed_at, worked.opened_at) as date)) - 1 as integer) as month_date,
        coalesce(use_cases.use_case_id, '') as use_case_id,
        'governance' as component_code, 'governance operations' as budget_category_code,
        coalesce(worked.site_id, '*') as site_id,
        'review log' as cost_source_name, (coalesce(worked.review_minutes, 0) + coalesce(worked.rework_minutes, 0)) * labour.minute_amount as spent_amount,
        cast(null as double) as log_amount, cast(1 as bigint) as row_count
    from core.ai_cases as worked
    left join labour
        on cast(coalesce(worked.closed_at, worked.opened_at) as date) >= labour.valid_from_date
        and cast(coalesce(worked.closed_at, worked.opened_at) as date) < labour.valid_to_date
    left join core.use_case_names as use_cases on use_cases.word_text = lower(trim(worked.use_case_name))
    where coalesce(worked.arm_code, 'assisted') = 'assisted' and coalesce(worked.review_minutes, 0) + coalesce(worked.rework_minutes, 0) > 0
),
agents as (
    select lower(role_name) as agent_name, min(use_case_id) as use_case_id
    from core.ai_calls
    where use_case_id is not null and role_name is not null
    group by lower(role_name)
    having count(distinct use_case_id) = 1
),
cases_in_log as (
    select distinct case_id from core.ai_cases where case_id is not null
),
decided as (
    select
        cast(decisions.proposed_at as date) - cast(extract(day from cast(decisions.proposed_at as date)) - 1 as integer) as month_date,
        coalesce(agents.use_case_id, '') as use_case_id,
        'governance' as component_code, 'governance operations' as budget_category_code,
        coalesce(decisions.site_id, '*') as site_id,
        'decision log' as cost_source_name,
        decisions.decision_minutes * labour.minute_amount as spent_amount,
        cast(null as double) as log_amount, cast(1 as bigint) as row_count
    from scores.decisions as decisions
    left join labour
        on cast(decisions.proposed_at as date) >= labour.valid_from_date and cast(decisions.proposed_at as date) < labour.valid_to_date
    left join agents on agents.agent_name = lower(decisions.proposer_name)
    left join cases_in_log as by_case on by_case.case_id = decisions.case_id
    left join cases_in_log as by_order on by_order.case_id = decisions.order_id
    left join cases_in_log as by_purchase on by_purchase.case_id = decisions.po_id
    left join cases_in_log as by_proposal on by_proposal.case_id = decisions.proposal_id
    where (decisions.is_agent or coalesce(decisions.output_token_count, 0) > 0)
        and decisions.decision_minutes > 0
        and by_case.case_id is null and by_order.case_id is null and by_purchase.case_id is null and by_proposal.case_id is null
),
seen as (
    select * from logged union all
    select * from told union all
    select * from spread union all
    select * from replaced union all
    select * from reviewed union all
    select * from decided
),
summed as (
    select
        month_date, use_case_id, component_code, budget_category_code, site_id, cost_source_name,
        cast(sum(spent_amount) as decimal(24, 12)) as actual_amount,
        cast(sum(log_amount) as decimal(24, 12)) as replaced_amount,
        cast(sum(row_count) as bigint) as row_count
    from seen
    where month_date is not null
    group by month_date, use_case_id, component_code, budget_category_code, site_id, cost_source_name
),
ai_cost_ledger as (
    select
        summed.month_date, summed.use_case_id,
        coalesce(registered.use_case_name, 'not assigned') as use_case_name,
        registered.domain_code, summed.component_code, summed.budget_category_code, summed.site_id,
        summed.cost_source_name, summed.actual_amount, summed.replaced_amount, summed.row_count,
        case summed.cost_source_name
            when 'usage' then 'Calls in the log of usage: the reported cost, else tokens at the price of the day.'
            when 'bill' then 'The provider''s bill: effective cost, by what calls cost in the log where it takes their place; credits and part bills beside it.'
            when 'review log' then 'Minutes of review and rework in the work log at the labour cost per hour.'
            else 'Minutes noted with decisions that an agent proposed or a model worded, at the labour cost per hour.'
        end as evidence_text
    from summed
    left join raw.use_cases as registered on registered.use_case_id = summed.use_case_id
)
select * from ai_cost_ledger
