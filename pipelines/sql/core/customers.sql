-- answers: Who buys, and what did we promise them?
-- grain: one row per customer
-- key: customer_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: a customer that stands in facts but in no master is there too, flagged, so that no join loses a fact.
with
seen as (
    select customer_id from core.order_lines
    union all
    select customer_id from staging.orders
    union all
    select customer_id from staging.prices
    union all
    select customer_id from staging.service_tickets
),
implied as (
    select distinct seen.customer_id
    from seen
    where seen.customer_id is not null
        and not exists (select 1 from staging.customers as master where master.customer_id = seen.customer_id)
),
everything as (
    select
        customer_id, customer_name, tier_code, region_name, credit_limit_amount, minimum_fill_share, late_penalty_share,
        false as is_implied, load_id, line_no, loaded_at, extra
    from staging.customers
    union all
    select
        customer_id,
        cast(null as varchar) as customer_name,
        cast(null as varchar) as tier_code,
        cast(null as varchar) as region_name,
        cast(null as decimal(18, 4)) as credit_limit_amount,
        cast(null as double) as minimum_fill_share,
        cast(null as double) as late_penalty_share,
        true as is_implied,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from implied
)
select * from everything
