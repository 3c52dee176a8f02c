-- answers: How much was AI used each day, by use case, model and site, and what did it cost as reported and as computed?
-- grain: one row per day, use case, provider, model and site
-- key: called_date, use_case_id, use_case_name, seller_name, called_model_name, site_id
-- kind: table
-- checks:
--   call_count > 0
--   unpriced_token_count <= token_count
--   failed_call_count <= call_count
-- why: Failed calls and retries stay in, because many are billed. A cost is the sum over calls whose cost is known; gap_call_count says
--   how many are not, and where none is known the cost is empty, not nought.
with ai_usage as (
    select
        called_date,
        use_case_id,
        use_case_name,
        seller_name,
        called_model_name,
        coalesce(site_id, '*') as site_id,
        count(*) as call_count,
        cast(sum(case when is_failed_call then 1 else 0 end) as bigint) as failed_call_count,
        cast(sum(case when is_retry then 1 else 0 end) as bigint) as retry_count,
        cast(sum(case when is_local_hit then 1 else 0 end) as bigint) as local_hit_count,
        cast(sum(case when has_gap then 1 else 0 end) as bigint) as gap_call_count,
        cast(sum(coalesce(uncached_input_token_count, 0)) as bigint) as uncached_input_token_count,
        cast(sum(coalesce(cache_read_token_count, 0)) as bigint) as cache_read_token_count,
        cast(sum(coalesce(cache_write_token_count, 0)) as bigint) as cache_write_token_count,
        cast(sum(coalesce(visible_output_token_count, 0)) as bigint) as visible_output_token_count,
        cast(sum(coalesce(reasoning_token_count, 0)) as bigint) as reasoning_token_count,
        cast(sum(token_count) as bigint) as token_count,
        cast(sum(unpriced_token_count) as bigint) as unpriced_token_count,
        avg(latency_ms) as latency_ms,
        cast(sum(reported_home_cost) as decimal(24, 12)) as reported_home_cost,
        cast(sum(computed_cost) as decimal(24, 12)) as computed_cost,
        cast(sum(difference_cost) as decimal(24, 12)) as difference_cost,
        cast(sum(usage_cost) as decimal(24, 12)) as usage_cost
    from marts.ai_calls
    group by called_date, use_case_id, use_case_name, seller_name, called_model_name, coalesce(site_id, '*')
)
select * from ai_usage
