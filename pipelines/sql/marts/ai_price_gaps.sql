-- answers: Where do reported and computed cost of AI differ, and which tokens have no price at all, by provider, model and month?
-- grain: one row per provider, model and month
-- key: seller_name, called_model_name, month_date
-- kind: table
-- checks:
--   gap_call_count <= call_count
--   unpriced_token_count <= token_count
-- why: Costs are compared over calls that have both. What no cost can be computed for is counted in tokens, never as nought.
with monthly as (
    select
        seller_name,
        called_model_name,
        called_date - cast(extract(day from called_date) - 1 as integer) as month_date,
        count(*) as call_count,
        cast(sum(case when has_gap then 1 else 0 end) as bigint) as gap_call_count,
        cast(sum(token_count) as bigint) as token_count,
        cast(sum(unpriced_token_count) as bigint) as unpriced_token_count,
        cast(sum(reported_home_cost) as decimal(24, 12)) as reported_home_cost,
        cast(sum(computed_cost) as decimal(24, 12)) as computed_cost,
        cast(sum(difference_cost) as decimal(24, 12)) as difference_cost,
        cast(sum(usage_cost) as decimal(24, 12)) as usage_cost,
        max(gap_text) as gap_text,
        count(distinct gap_text) as reason_count,
        max(reported_gap_text) as reported_gap_text,
        max(price_version_code) as price_version_code
    from marts.ai_calls
    group by seller_name, called_model_name, called_date - cast(extract(day from called_date) - 1 as integer)
),
ai_price_gaps as (
    select
        seller_name, called_model_name, month_date, call_count, gap_call_count, token_count, unpriced_token_count,
        reported_home_cost, computed_cost, difference_cost, usage_cost,
        case when reason_count > 1 then gap_text || ' And other reasons.' else gap_text end as gap_text,
        reported_gap_text,
        price_version_code
    from monthly
)
select * from ai_price_gaps
