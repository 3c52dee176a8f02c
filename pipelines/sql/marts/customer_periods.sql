-- answers: Which customers who ordered in one quarter of a year ordered again in the next?
-- grain: one row per customer and block of 91 days that follows on one in which it ordered; the last block ends on the as-of day
-- key: customer_id, period_end_date
-- kind: table
-- why: Blocks are equally long and hold thirteen weeks, so that weekly and monthly buyers are judged alike. An order that was cancelled whole,
--   or that only takes goods back, is none; orders without a known customer cannot come again.
with ordered as (
    select distinct
        orders.customer_id,
        cast(floor(date_diff('day', orders.ordered_date, company.as_of_date) / 91) as integer) as block_no
    from marts.orders as orders
    cross join raw.company as company
    where orders.customer_id is not null and orders.is_service_order and orders.ordered_date <= company.as_of_date
),

customer_periods as (
    select
        earlier.customer_id,
        customers.customer_name,
        customers.tier_code,
        customers.region_name as customer_region_name,
        company.as_of_date - (earlier.block_no - 1) * 91 as period_end_date,
        later.customer_id is not null as is_back
    from ordered as earlier
    cross join raw.company as company
    left join ordered as later on later.customer_id = earlier.customer_id and later.block_no = earlier.block_no - 1
    left join core.customers as customers on customers.customer_id = earlier.customer_id
    where earlier.block_no >= 1
)

select * from customer_periods
