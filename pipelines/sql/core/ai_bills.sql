-- answers: What did providers bill, in cash (billed_amount) and by use (effective_amount)?
-- grain: one row per line of a bill; occurrence tells otherwise equal lines apart
-- key: bill_line_key, occurrence
-- kind: table
-- why: a bill is in its own currency, and cash and use are two views of the same money: nobody adds them.
with
charges as (
    select
        bill_line_key, occurrence, charge_starts_at, charge_ends_at, billing_starts_at, billing_ends_at,
        provider_name, publisher_name, host_provider_name, invoice_issuer_name, invoice_id, billing_account_id,
        sub_account_id, sub_account_name, service_category_name, service_subcategory_name, service_name,
        billed_sku_id, billed_sku_price_id, billed_meter_name, resource_id, resource_name, region_name,
        charge_category_name, charge_class_name, charge_frequency_name, charge_text, billed_amount,
        effective_amount, list_amount, contracted_amount, consumed_number, consumed_unit_name, pricing_number,
        pricing_unit_name, pricing_currency_code, pricing_effective_number, currency_code, commitment_id,
        commitment_status_name, tags_text, use_case_name, is_ai, load_id, line_no, loaded_at, extra
    from staging.ai_bills
)
select * from charges
