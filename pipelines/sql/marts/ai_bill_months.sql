-- answers: What did model calls cost in each whole month, and how far does that swing?
-- grain: one row per whole month, the last twelve at most
-- key: month_date
-- kind: table
-- checks:
--   whole_month_count between 1 and 12
--   (bill_spread_share is null) = (bill_peak_number is null)
--   bill_spread_share is null or whole_month_count >= 6
-- why: A month that has not ended and the first one, in which use began on some day, are no whole months. What a month cost is what
--   marts.ai_cost_ledger counts as billed or used: each call once, and calls that nobody could price not at all. The spread is the
--   deviation of the months (divided by one less than their number) over their mean; growth swings a bill as much as prices do, and is
--   left in. A month that log and bills do not reach the end of is not whole either. Below six months it is no data. A month without any cost in between is no row: missing is not nought.
with
months as (
    select month_date, sum(actual_amount) as month_amount
    from marts.ai_cost_ledger
    where cost_source_name in ('usage', 'bill')
    group by month_date
),
began as (
    select min(month_date) as month_date from months
),
reached as (
    select max(seen_date) as last_date
    from (
        select max(called_date) as seen_date from marts.ai_calls
        union all
        select max(cast(charge_ends_at as date)) - 1 from marts.ai_bill_charges where charge_standing_code = 'usage'
    ) as logs
),
whole as (
    select
        months.month_date, months.month_amount,
        row_number() over (order by months.month_date desc) as back_no
    from months
    inner join began on began.month_date < months.month_date
    cross join raw.company as company
    cross join reached
    where cast(months.month_date + interval 1 month as date) <= least(company.as_of_date, reached.last_date) + 1
),
lately as (
    select month_date, month_amount, cast(month_amount as double) as month_number from whole where back_no <= 12
),
counted as (
    select count(*) as month_count, avg(month_number) as mean_number, max(month_number) as highest_number from lately
),
spread as (
    select sum((lately.month_number - counted.mean_number) * (lately.month_number - counted.mean_number)) as square_number
    from lately
    cross join counted
),
ai_bill_months as (
    select
        lately.month_date,
        cast(lately.month_amount as decimal(18, 4)) as month_amount,
        counted.month_count as whole_month_count,
        cast(counted.mean_number as decimal(18, 4)) as mean_month_amount,
        case
            when counted.month_count >= 6 and counted.mean_number > 0
                then sqrt(spread.square_number / nullif(counted.month_count - 1, 0)) / nullif(counted.mean_number, 0)
        end as bill_spread_share,
        case when counted.month_count >= 6 and counted.mean_number > 0 then counted.highest_number / nullif(counted.mean_number, 0) end
            as bill_peak_number
    from lately
    cross join counted
    cross join spread
)
select * from ai_bill_months
