-- answers: Which days are there, which of them are working days, and in which week and fiscal period do they fall?
-- grain: one row per day
-- key: day_date
-- kind: table
-- checks:
--   is_working_day is not null
--   iso_week is not null
-- why: days run from the first fact to 400 days after the as-of day, so that plans have days too; facts more than fifty
--   years old are slips and do not stretch it. Days are counted up from crossed digits because no two databases share a
--   way to generate a series. The weekday comes from the distance to a known Monday, since databases number weekdays differently.
--   A weekday is a working day when orders came in on at least half as many of them as of the busiest weekday.
with
digits as (
    select 0 as digit union all select 1 union all select 2 union all select 3 union all select 4
    union all select 5 union all select 6 union all select 7 union all select 8 union all select 9
),
numbers as (
    select one.digit + 10 * ten.digit + 100 * hundred.digit + 1000 * thousand.digit + 10000 * myriad.digit as number
    from digits as one
    cross join digits as ten
    cross join digits as hundred
    cross join digits as thousand
    cross join digits as myriad
    where myriad.digit < 2
),
firsts as (
    select min(demand_date) as first_date from core.demand_facts
    union all
    select min(ordered_date) as first_date from core.order_lines
    union all
    select min(stock_date) as first_date from staging.stock_days
    union all
    select min(moved_date) as first_date from core.stock_movements
    union all
    select min(ordered_date) as first_date from core.purchase_lines
    union all
    select min(received_date) as first_date from core.receipts
    union all
    select min(shipped_date) as first_date from core.shipment_lines
    union all
    select as_of_date as first_date from raw.company
),
span as (
    select
        greatest(min(firsts.first_date), max(company.as_of_date) - 18262) as first_date,
        max(company.as_of_date) + 400 as last_date,
        max(company.fiscal_year_start_month) as fiscal_start
    from firsts
    cross join raw.company as company
),
days as (
    select
        span.first_date + cast(numbers.number as integer) as day_date,
        span.fiscal_start
    from span
    cross join numbers
    where numbers.number <= date_diff('day', span.first_date, span.last_date)
),
numbered as (
    select
        day_date,
        fiscal_start,
        date_diff('day', cast('1900-01-01' as date), day_date) % 7 as weekday_no
    from days
),
order_days as (
    select distinct demand_date from core.demand_facts
),
order_weekdays as (
    select date_diff('day', cast('1900-01-01' as date), demand_date) % 7 as weekday_no, count(*) as day_count
    from order_days
    group by date_diff('day', cast('1900-01-01' as date), demand_date) % 7
),
busiest as (
    select coalesce(max(day_count), 0) as day_count from order_weekdays
),
named as (
    select
        numbered.day_date,
        case
            when busiest.day_count >= 8 then coalesce(order_weekdays.day_count, 0) * 2 >= busiest.day_count
            else numbered.weekday_no < 5
        end as is_working_day,
        cast(extract(year from numbered.day_date - cast(numbered.weekday_no as integer) + 3) as varchar) || '-W'
        || lpad(cast(extract(week from numbered.day_date) as varchar), 2, '0') as iso_week,
        'FY' || cast(
            extract(year from numbered.day_date)
            + case when numbered.fiscal_start > 1 and extract(month from numbered.day_date) >= numbered.fiscal_start then 1 else 0 end
            as varchar
        ) || ' P' || lpad(
            cast((extract(month from numbered.day_date) - numbered.fiscal_start + 12) % 12 + 1 as varchar), 2, '0'
        ) as fiscal_period_name
    from numbered
    cross join busiest
    left join order_weekdays on order_weekdays.weekday_no = numbered.weekday_no
)
select * from named
