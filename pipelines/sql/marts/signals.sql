-- answers: What does any detector say is going wrong, how likely, what would it cost, by when must one act, and where is the evidence?
-- grain: one row per signal: one kind, one subject
-- key: signal_id
-- kind: table
-- checks:
--   chance_share >= 0 and chance_share <= 1
--   impact_amount is null or impact_amount >= 0
-- why: A signal is no problem yet: several of them with one cause make a case (scores.cases), and only there is money added up.
with found as (
    select
        signal_kind_code,
        case when line_key = '*' and signal_kind_code = 'over_credit' then customer_id when line_key = '*' then order_id
            else order_id || ' · ' || line_key end as subject_id,
        signal_date,
        sku_id,
        site_id,
        cast(null as varchar) as from_site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        customer_id,
        order_id,
        nullif(line_key, '*') as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        chance_share,
        impact_amount,
        money_basis_name,
        due_date as act_by_date,
        because_text,
        'marts.order_exceptions' as evidence_table_name,
        signal_kind_code || ' · ' || order_id || ' · ' || line_key as evidence_key_text
    from marts.order_exceptions
    union all
    select
        signal_kind_code,
        sku_id || ' · ' || site_id || case when from_site_id <> '*' then ' · ' || from_site_id else '' end as subject_id,
        signal_date,
        sku_id,
        site_id,
        nullif(from_site_id, '*') as from_site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        chance_share,
        impact_amount,
        money_basis_name,
        due_date as act_by_date,
        because_text,
        case when signal_kind_code = 'excess_stock' then 'marts.stock_now' else 'marts.stockout_outlook' end as evidence_table_name,
        sku_id || ' · ' || site_id as evidence_key_text
    from marts.shelf_signals
    union all
    select
        signal_kind_code,
        subject_id,
        signal_date,
        sku_id,
        site_id,
        cast(null as varchar) as from_site_id,
        supplier_id,
        carrier_id,
        customer_id,
        order_id,
        line_key,
        po_id,
        po_line_key,
        shipment_id,
        chance_share,
        impact_amount,
        money_basis_name,
        due_date as act_by_date,
        because_text,
        evidence_table_name,
        subject_id as evidence_key_text
    from marts.supply_signals
    union all
    select
        signal_kind_code,
        subject_id,
        signal_date,
        sku_id,
        site_id,
        cast(null as varchar) as from_site_id,
        supplier_id,
        carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        chance_share,
        impact_amount,
        money_basis_name,
        cast(null as date) as act_by_date,
        because_text,
        evidence_table_name,
        evidence_key_text
    from marts.strange_signals
    union all
    select
        'stale_parameter' as signal_kind_code,
        sku_id || ' · ' || site_id as subject_id,
        unchanged_since_date as signal_date,
        sku_id,
        site_id,
        cast(null as varchar) as from_site_id,
        supplier_id,
        cast(null as varchar) as carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        chance_share,
        impact_amount,
        money_basis_name,
        cast(null as date) as act_by_date,
        because_text,
        'scores.stock_parameters' as evidence_table_name,
        sku_id || ' · ' || site_id as evidence_key_text
    from scores.stock_parameters
    where is_stale
),

signals as (
    select
        found.signal_kind_code || ' · ' || found.subject_id as signal_id,
        found.signal_kind_code,
        coalesce(found.signal_date, company.as_of_date) as signal_date,
        found.sku_id,
        found.site_id,
        found.from_site_id,
        found.supplier_id,
        found.carrier_id,
        found.customer_id,
        found.order_id,
        found.line_key,
        found.po_id,
        found.po_line_key,
        found.shipment_id,
        cast(found.chance_share as double) as chance_share,
        found.impact_amount,
        found.money_basis_name,
        case when found.act_by_date < company.as_of_date then company.as_of_date else found.act_by_date end as act_by_date,
        found.because_text,
        found.evidence_table_name,
        found.evidence_key_text,
        company.as_of_date
    from found
    cross join raw.company as company
)

select * from signals
