-- answers: What became of each line of an AI bill: does it count, and as what, or why does it not?
-- grain: one row per line of a bill for AI
-- key: bill_line_key, occurrence
-- kind: table
-- checks:
--   charge_standing_code in ('usage', 'beside usage', 'purchase', 'gap')
--   (charge_standing_code = 'gap') = (gap_text is not null)
--   (charge_standing_code = 'gap') = (charged_cost is null)
-- why: No line is lost. Usage of up to 45 days can take the place of the log of usage (marts.ai_cost_ledger says where it does); credits,
--   corrections, taxes, refunds and charges for longer count in the month in which they begin, beside it. A purchase without an effective
--   cost is cash, not use. A line that cannot be told in the reporting currency is a gap, never nought.
with known as (
    select
        bills.bill_line_key,
        bills.occurrence,
        coalesce(sellers.seller_name, lower(trim(bills.provider_name)), 'not told') as seller_name,
        upper(trim(bills.currency_code)) as currency_code,
        bills.billed_amount,
        bills.effective_amount,
        lower(coalesce(bills.charge_category_name, '')) as category_text,
        lower(coalesce(bills.charge_class_name, '')) as class_text,
        cast(bills.charge_starts_at as date) as starts_date,
        cast(bills.charge_starts_at as date)
        - cast(extract(day from cast(bills.charge_starts_at as date)) - 1 as integer) as month_date,
        bills.charge_starts_at,
        bills.charge_ends_at,
        use_cases.use_case_id,
        cast(bills.effective_amount as double) * rates.factor_number as charged_number,
        case
            when bills.charge_starts_at is null then 'The line does not say when it begins.'
            when bills.effective_amount is null then 'The line has no effective cost, so nobody can say what was used.'
            when bills.currency_code is null or trim(bills.currency_code) = '' then 'The line does not say its currency.'
            when rates.factor_number is null
                then 'No exchange rate between ' || upper(trim(bills.currency_code)) || ' and the reporting currency.'
        end as gap_text,
        bills.load_id,
        bills.line_no
    from core.ai_bills as bills
    left join raw.exchange_rates as rates
        on rates.currency_code = upper(trim(bills.currency_code))
        and cast(bills.charge_starts_at as date) >= rates.valid_from_date and cast(bills.charge_starts_at as date) < rates.valid_to_date
    left join raw.ai_sellers as sellers on sellers.provider_name = lower(trim(bills.provider_name))
    left join core.use_case_names as use_cases on use_cases.word_text = lower(trim(bills.use_case_name))
    where bills.is_ai
),
ai_bill_charges as (
    select
        bill_line_key,
        occurrence,
        seller_name,
        month_date,
        charge_starts_at,
        coalesce(
            charge_ends_at, cast(month_date + 32 - cast(extract(day from month_date + 32) - 1 as integer) as timestamptz)
        ) as charge_ends_at,
        use_case_id,
        currency_code,
        billed_amount,
        effective_amount,
        case
            when gap_text is not null then 'gap'
            when category_text like '%purchase%' and effective_amount = 0 then 'purchase'
            when (category_text = '' or category_text like '%usage%')
                and class_text not like '%correction%'
                and effective_amount > 0
                and (charge_ends_at is null or cast(charge_ends_at as date) - starts_date <= 45)
                then 'usage'
            else 'beside usage'
        end as charge_standing_code,
        case when gap_text is null then cast(charged_number as decimal(24, 12)) end as charged_cost,
        gap_text,
        load_id,
        line_no
    from known
)
select * from ai_bill_charges
