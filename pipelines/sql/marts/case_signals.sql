-- answers: Which signals make up each case, what does each say, and where is its evidence?
-- grain: one row per signal
-- key: signal_id
-- kind: table
with case_signals as (
    select
        members.case_id,
        members.signal_id,
        members.is_cause,
        members.link_text,
        signals.signal_kind_code,
        signals.signal_date,
        signals.sku_id,
        skus.sku_name,
        signals.site_id,
        sites.site_name,
        signals.from_site_id,
        signals.supplier_id,
        suppliers.supplier_name,
        signals.carrier_id,
        signals.customer_id,
        customers.customer_name,
        signals.order_id,
        signals.line_key,
        signals.po_id,
        signals.po_line_key,
        signals.shipment_id,
        signals.chance_share,
        signals.impact_amount,
        signals.money_basis_name,
        signals.act_by_date,
        signals.because_text,
        signals.evidence_table_name,
        signals.evidence_key_text,
        signals.as_of_date
    from scores.case_signals as members
    inner join marts.signals as signals on signals.signal_id = members.signal_id
    left join core.skus as skus on skus.sku_id = signals.sku_id
    left join core.sites as sites on sites.site_id = signals.site_id
    left join core.suppliers as suppliers on suppliers.supplier_id = signals.supplier_id
    left join core.customers as customers on customers.customer_id = signals.customer_id
)

select * from case_signals
