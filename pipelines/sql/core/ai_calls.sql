-- answers: Which calls to models were made, for what, and what did they cost?
-- grain: one row per call
-- key: call_id
-- kind: table
-- checks:
--   computed_cost is not null or gap_text is not null
--   computed_cost is null or computed_cost >= 0
--   coalesce(unpriced_token_count, 0) <= token_count
--   not is_local_hit or usage_cost = 0
-- why: Calls that people brought, and calls that Crossdock made itself and kept with its acts; one that is in both counts once, as
--   brought. Each token counts once (uncached + cache read + cache write, visible + reasoning), whatever the log's rule. The price is
--   that of the day, the hour, the tier by input tokens, batch and service tier, in the reporting currency at the rate that was
--   assumed at the end of its month (raw.assumption_history); where there is none the cost is empty and gap_text says why, never
--   nought. usage_cost is what counts: the reported cost, else the computed one; nought that is reported for tokens used is not
--   believed. Tags stay one text, so nothing is counted twice.
with
calls as (
    select
        call_id, called_at, provider_name, requested_model_name, served_model_name, use_case_name, workflow_id, case_id, step_name,
        operation_name, site_id, role_name, coalesce(token_rule_code, 'included') as token_rule_code, input_token_count,
        cache_read_token_count, cache_write_token_count, output_token_count, reasoning_token_count, is_batch, service_tier_code,
        status_code, latency_ms, first_token_ms, retry_of_call_id, reported_cost, cost_currency_code, is_local_hit, tags_text,
        tool_call_count, false as is_made_here, load_id, line_no, loaded_at, extra
    from staging.ai_calls
    union all
    select
        made.call_id, made.called_at, made.provider_name, made.requested_model_name, made.served_model_name, made.use_case_name,
        made.workflow_id, made.case_id, made.step_name, made.operation_name, cast(null as varchar), made.role_name, 'included',
        made.input_token_count, made.cache_read_token_count, made.cache_write_token_count, made.output_token_count,
        made.reasoning_token_count, made.is_batch, made.service_tier_code, made.status_code, made.latency_ms, cast(null as double),
        cast(null as varchar), made.reported_cost, made.cost_currency_code, false, cast(null as varchar), cast(null as bigint), true,
        cast(null as varchar), cast(null as bigint), cast(null as timestamptz), cast(null as map(varchar, varchar))
    from raw.ai_made_calls as made
    left join staging.ai_calls as brought on brought.call_id = made.call_id
    where brought.call_id is null
),
counted as (
    select
        calls.*,
        lower(coalesce(calls.status_code, 'ok')) in ('ok', 'success', 'succeeded', 'completed', '200') as is_answered,
        coalesce(calls.is_batch, false) or lower(coalesce(calls.service_tier_code, '')) = 'batch' as is_batch_call,
        lower(coalesce(calls.service_tier_code, '')) as tier_code,
        case when calls.token_rule_code = 'excluded' then calls.input_token_count
            else calls.input_token_count - coalesce(calls.cache_read_token_count, 0) - coalesce(calls.cache_write_token_count, 0)
            end as uncached_count,
        case when calls.token_rule_code = 'excluded'
            then calls.input_token_count + coalesce(calls.cache_read_token_count, 0) + coalesce(calls.cache_write_token_count, 0)
            else calls.input_token_count end as all_input_count,
        coalesce(calls.output_token_count, 0) - coalesce(calls.reasoning_token_count, 0) as visible_count
    from calls
),
pairs as (
    select provider_name, model_name, is_priced, max(gap_text) as gap_text
    from raw.ai_prices
    group by provider_name, model_name, is_priced
),
named as (
    select
        counted.*,
        coalesce(lower(trim(counted.provider_name)), '') as provider_key,
        case
            when served.is_priced then served.model_name
            when requested.is_priced then requested.model_name
            else coalesce(served.model_name, requested.model_name)
        end as model_key,
        coalesce(served.is_priced, false) or coalesce(requested.is_priced, false) as is_model_priced,
        coalesce(served.gap_text, requested.gap_text) as pair_gap_text
    from counted
    left join pairs as served
        on served.provider_name = coalesce(lower(trim(counted.provider_name)), '')
        and served.model_name = lower(trim(counted.served_model_name))
    left join pairs as requested
        on requested.provider_name = coalesce(lower(trim(counted.provider_name)), '')
        and requested.model_name = lower(trim(counted.requested_model_name))
),
offers as (
    select
        named.call_id, prices.listed_provider_name, prices.listed_model_name, prices.price_version_code, prices.currency_code,
        prices.uncached_input_price, prices.cache_read_price, prices.cache_write_price, prices.output_price, prices.reasoning_price,
        prices.per_call_price,
        row_number() over (
            partition by named.call_id
            order by
                case when prices.is_batch = named.is_batch_call then 0 else 1 end,
                case when prices.service_tier_code = named.tier_code then 0 else 1 end,
                prices.valid_from_date desc
        ) as turn_no
    from named
    inner join raw.ai_prices as prices
        on prices.provider_name = named.provider_key
        and prices.model_name = named.model_key
        and prices.is_priced
        and (prices.is_batch = named.is_batch_call or not prices.is_batch)
        and (prices.service_tier_code = named.tier_code or prices.service_tier_code = '')
        and prices.valid_from_date <= cast(named.called_at as date)
        and (prices.valid_to_date is null or prices.valid_to_date > cast(named.called_at as date))
        and prices.day_from_minutes <= extract(hour from named.called_at) * 60 + extract(minute from named.called_at)
        and prices.day_to_minutes > extract(hour from named.called_at) * 60 + extract(minute from named.called_at)
        and prices.from_token_count <= coalesce(named.all_input_count, 0)
        and (prices.to_token_count is null or prices.to_token_count > coalesce(named.all_input_count, 0))
),
priced as (
    select
        named.*,
        offers.listed_provider_name, offers.listed_model_name, offers.price_version_code,
        cast(named.uncached_count as double) * cast(coalesce(offers.uncached_input_price, 0) as double)
        + cast(coalesce(named.cache_read_token_count, 0) as double) * cast(coalesce(offers.cache_read_price, 0) as double)
        + cast(coalesce(named.cache_write_token_count, 0) as double) * cast(coalesce(offers.cache_write_price, 0) as double)
        + cast(named.visible_count as double) * cast(coalesce(offers.output_price, 0) as double)
        + cast(coalesce(named.reasoning_token_count, 0) as double) * cast(coalesce(offers.reasoning_price, 0) as double)
        + cast(coalesce(offers.per_call_price, 0) as double) * 1000000 as millionths,
        rates.factor_number,
        told.factor_number as told_factor_number,
        case
            when coalesce(named.is_local_hit, false) then null
            when named.provider_name is null and named.requested_model_name is null and named.served_model_name is null
                then 'The call does not say which model it went to.'
            when named.input_token_count is null and not named.is_answered then 'The call failed before its tokens were counted.'
            when named.input_token_count is null then 'The call does not say how many tokens it read.'
            when named.uncached_count < 0 then 'The counts do not add up: more tokens from the cache than were read.'
            when named.visible_count < 0 then 'The counts do not add up: more reasoning than output.'
            when not named.is_model_priced then coalesce(named.pair_gap_text, 'The call does not say which model it went to.')
            when offers.call_id is null then 'The price table has no price for that day.'
            when named.output_token_count is null and offers.output_price is not null and named.is_answered
                then 'The call does not say how many tokens it wrote.'
            when (offers.uncached_input_price is null and named.all_input_count > 0)
                or (offers.output_price is null and coalesce(named.output_token_count, 0) > 0)
                then 'The price table prices only a part of its tokens.'
            when rates.factor_number is null then 'No exchange rate between ' || offers.currency_code || ' and the reporting currency.'
        end as gap_text
    from named
    left join offers on offers.call_id = named.call_id and offers.turn_no = 1
    left join raw.exchange_rates as rates
        on rates.currency_code = offers.currency_code
        and cast(named.called_at as date) >= rates.valid_from_date and cast(named.called_at as date) < rates.valid_to_date
    left join raw.exchange_rates as told
        on told.currency_code = upper(trim(named.cost_currency_code))
        and cast(named.called_at as date) >= told.valid_from_date and cast(named.called_at as date) < told.valid_to_date
),
costed as (
    select
        priced.*,
        case
            when coalesce(priced.is_local_hit, false) then cast(0 as decimal(24, 12))
            when priced.gap_text is null then cast(priced.millionths * priced.factor_number / 1000000 as decimal(24, 12))
        end as computed_amount,
        coalesce(priced.all_input_count, 0) + coalesce(priced.output_token_count, 0) as all_token_count,
        case
            when priced.reported_cost is null then null
            when priced.cost_currency_code is null then 'The reported cost has no currency.'
            when priced.told_factor_number is null
                then 'No exchange rate between ' || upper(trim(priced.cost_currency_code)) || ' and the reporting currency.'
            when priced.reported_cost = 0 and priced.is_answered and not coalesce(priced.is_local_hit, false)
                and coalesce(priced.all_input_count, 0) + coalesce(priced.output_token_count, 0) > 0
                then 'Nought was reported although tokens were used; it is not believed.'
        end as reported_gap_text
    from priced
),
settled as (
    select
        costed.call_id,
        costed.called_at,
        cast(costed.called_at as date) as called_date,
        costed.provider_name,
        coalesce(sellers.seller_name, costed.listed_provider_name) as seller_name,
        costed.requested_model_name,
        costed.served_model_name,
        costed.listed_provider_name,
        costed.listed_model_name,
        costed.use_case_name,
        use_cases.use_case_id,
        costed.workflow_id,
        costed.case_id,
        costed.step_name,
        costed.operation_name,
        costed.site_id,
        costed.role_name,
        costed.token_rule_code,
        costed.input_token_count,
        case when costed.uncached_count >= 0 then costed.uncached_count end as uncached_input_token_count,
        costed.cache_read_token_count,
        costed.cache_write_token_count,
        costed.output_token_count,
        case when costed.output_token_count is not null and costed.visible_count >= 0 then costed.visible_count end
            as visible_output_token_count,
        costed.reasoning_token_count,
        costed.all_token_count as token_count,
        case when costed.computed_amount is null then costed.all_token_count else 0 end as unpriced_token_count,
        costed.is_batch_call as is_batch,
        costed.service_tier_code,
        costed.status_code,
        costed.is_answered,
        costed.latency_ms,
        costed.first_token_ms,
        costed.retry_of_call_id,
        costed.tool_call_count,
        coalesce(costed.is_local_hit, false) as is_local_hit,
        costed.is_made_here,
        costed.reported_cost,
        costed.cost_currency_code,
        case
            when costed.reported_gap_text is null
                then cast(cast(costed.reported_cost as double) * costed.told_factor_number as decimal(24, 12))
        end as reported_home_cost,
        costed.reported_gap_text,
        costed.computed_amount as computed_cost,
        costed.gap_text,
        costed.price_version_code,
        costed.tags_text,
        costed.load_id,
        costed.line_no,
        costed.loaded_at,
        costed.extra
    from costed
    left join raw.ai_sellers as sellers on sellers.provider_name = lower(trim(costed.provider_name))
    left join core.use_case_names as use_cases on use_cases.word_text = lower(trim(costed.use_case_name))
),
ai_calls as (
    select
        settled.*,
        case when settled.is_local_hit then cast(0 as decimal(24, 12)) else coalesce(settled.reported_home_cost, settled.computed_cost) end
            as usage_cost
    from settled
)
select * from ai_calls
