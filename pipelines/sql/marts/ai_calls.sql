-- answers: Which calls to models were made for which use case, how did they go, and what did they cost?
-- grain: one row per call
-- key: call_id
-- kind: view
-- checks:
--   token_count >= 0
-- why: One row a call, so that every figure of cost, retries and time can be followed to the calls behind it.
with targets as (
    select max(case when assumption_name = 'ai_latency_target_seconds' then assumed_number end) * 1000 as target_ms from raw.assumptions
),
ai_calls as (
    select
        calls.call_id,
        calls.called_at,
        calls.called_date,
        coalesce(calls.use_case_id, '') as use_case_id,
        coalesce(cases.use_case_name, calls.use_case_name, 'not assigned') as use_case_name,
        cases.domain_code,
        cases.pattern_code,
        coalesce(calls.seller_name, 'not told') as seller_name,
        coalesce(calls.served_model_name, calls.requested_model_name, 'not told') as called_model_name,
        calls.listed_model_name,
        calls.workflow_id,
        calls.case_id,
        calls.step_name,
        coalesce(calls.operation_name, 'not told') as operation_name,
        calls.site_id,
        sites.site_name,
        calls.role_name,
        calls.uncached_input_token_count,
        calls.cache_read_token_count,
        calls.cache_write_token_count,
        calls.visible_output_token_count,
        calls.reasoning_token_count,
        calls.token_count,
        calls.unpriced_token_count,
        calls.tool_call_count,
        calls.is_batch,
        calls.service_tier_code,
        calls.status_code,
        not calls.is_answered as is_failed_call,
        calls.retry_of_call_id is not null as is_retry,
        calls.retry_of_call_id,
        calls.is_local_hit,
        calls.is_made_here,
        calls.latency_ms,
        case
            when not calls.is_answered then false
            when calls.latency_ms is not null then calls.latency_ms <= targets.target_ms
        end as is_within_latency_target,
        calls.first_token_ms,
        calls.reported_home_cost,
        calls.reported_gap_text,
        calls.computed_cost,
        calls.computed_cost is null as has_gap,
        calls.gap_text,
        cast(calls.reported_home_cost - calls.computed_cost as decimal(24, 12)) as difference_cost,
        calls.usage_cost,
        calls.price_version_code,
        calls.load_id,
        calls.line_no
    from core.ai_calls as calls
    cross join targets
    left join raw.use_cases as cases on cases.use_case_id = calls.use_case_id
    left join core.sites as sites on sites.site_id = calls.site_id
)
select * from ai_calls
