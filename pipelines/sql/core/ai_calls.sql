-- answers: Which calls to models were made, for what, and what did they cost?
-- grain: one row per call
-- key: call_id
-- kind: table
-- why: no extract feeds it yet; it stands empty with its types, so that what reads it can be written against it.
with
calls as (
    select
        cast(null as varchar) as call_id,
        cast(null as timestamptz) as called_at,
        cast(null as varchar) as provider_name,
        cast(null as varchar) as requested_model_name,
        cast(null as varchar) as served_model_name,
        cast(null as varchar) as use_case_name,
        cast(null as varchar) as workflow_id,
        cast(null as varchar) as case_id,
        cast(null as varchar) as step_name,
        cast(null as varchar) as operation_name,
        cast(null as varchar) as site_id,
        cast(null as varchar) as role_name,
        cast(null as bigint) as uncached_input_token_count,
        cast(null as bigint) as cache_read_token_count,
        cast(null as bigint) as cache_write_token_count,
        cast(null as bigint) as visible_output_token_count,
        cast(null as bigint) as reasoning_token_count,
        cast(null as boolean) as is_batch,
        cast(null as varchar) as service_tier_code,
        cast(null as varchar) as status_code,
        cast(null as double) as latency_ms,
        cast(null as double) as first_token_ms,
        cast(null as varchar) as retry_of_call_id,
        cast(null as decimal(18, 4)) as reported_cost,
        cast(null as decimal(18, 4)) as computed_cost,
        cast(null as varchar) as price_version_code,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from raw.company
    where 1 = 0
)
select * from calls
