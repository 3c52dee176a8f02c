-- answers: Which lines of AI bills count nowhere, because nobody can tell what they cost in the reporting currency?
-- grain: one row per provider, month, currency and reason
-- key: seller_name, month_date, currency_code, gap_text
-- kind: table
-- why: What cannot be counted is shown in its own currency, so that it can be mended by a rate, a column or a corrected bill.
with ai_bill_gaps as (
    select
        seller_name,
        month_date,
        coalesce(currency_code, '') as currency_code,
        gap_text,
        count(*) as row_count,
        cast(sum(billed_amount) as decimal(24, 12)) as billed_amount,
        cast(sum(effective_amount) as decimal(24, 12)) as effective_amount
    from marts.ai_bill_charges
    where charge_standing_code = 'gap'
    group by seller_name, month_date, coalesce(currency_code, ''), gap_text
)
select * from ai_bill_gaps
