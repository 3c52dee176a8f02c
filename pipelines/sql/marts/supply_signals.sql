-- answers: Which purchase lines and shipments are late or will be, and which suppliers and carriers got worse?
-- grain: one row per signal of a purchase line, supplier, shipment, open order line or carrier
-- key: signal_kind_code, subject_id
-- kind: table
-- checks:
--   impact_amount is null or impact_amount >= 0
--   chance_share >= 0 and chance_share <= 1
-- why: Late inbound costs the demand that its shelf would lose, at most; a shipment the penalty in the customer's contract and the
--   waiting. A carrier is called when its late share of a day or week was strange within the last 91 days, or when it was late far
--   more often than others for some weeks; what is over stays a signal so that it is not looked for again, and costs nothing any more.
with assumed as (
    select max(case when assumption_name = 'waiting_cost_share_per_day' then assumed_number end) as waiting_share
    from raw.assumptions
),

inbound as (
    select
        'late_inbound' as signal_kind_code,
        risks.po_id || ' · ' || risks.line_key as subject_id,
        coalesce(risks.due_date, company.as_of_date) as signal_date,
        risks.sku_id,
        risks.site_id,
        risks.supplier_id,
        cast(null as varchar) as carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        risks.po_id,
        risks.line_key as po_line_key,
        cast(null as varchar) as shipment_id,
        risks.late_share as chance_share,
        least(
            cast(outlook.expected_lost_amount as double),
            cast(risks.open_qty as double) * cast(margins.unit_margin_amount as double)
        ) as impact_amount,
        'margin of the demand that waits for it' as money_basis_name,
        risks.arrival_p50_date as due_date,
        case when risks.is_late_already then 'Due ' || cast(risks.due_date as varchar) || ' and not here; likely ' || cast(risks.arrival_p50_date as varchar) || '.'
            else 'Due ' || cast(risks.due_date as varchar) || ', likely ' || cast(risks.arrival_p50_date as varchar) || '.' end as because_text,
        'marts.inbound_risks' as evidence_table_name
    from marts.inbound_risks as risks
    cross join raw.company as company
    left join scores.stockout_outlook as outlook on outlook.sku_id = risks.sku_id and outlook.site_id = risks.site_id
    left join marts.sku_margins as margins on margins.sku_id = risks.sku_id and margins.site_id = risks.site_id
    where (risks.is_late_already or risks.late_share >= 0.5) and risks.arrival_p50_date > risks.due_date
),

worse as (
    select
        'supplier_worse' as signal_kind_code,
        health.supplier_id as subject_id,
        health.deteriorated_since_date as signal_date,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as site_id,
        health.supplier_id,
        cast(null as varchar) as carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        cast(1.0 as double) as chance_share,
        cast(null as double) as impact_amount,
        'see the lines that wait for it' as money_basis_name,
        cast(null as date) as due_date,
        health.because_text,
        'marts.supplier_health' as evidence_table_name
    from marts.supplier_health as health
    where health.is_deteriorated
),

aboard as (
    select
        carried.shipment_id,
        min(lines.customer_id) as customer_id,
        min(lines.order_id) as order_id,
        sum(cast(carried.shipped_qty as double) * cast(lines.unit_price as double)) as goods_amount,
        sum(cast(carried.shipped_qty as double) * cast(lines.unit_price as double) * coalesce(customers.late_penalty_share, 0)) as penalty_amount
    from core.shipment_lines as carried
    inner join scores.late_risk as risks on risks.shipment_id = carried.shipment_id
    inner join marts.order_lines as lines on lines.order_id = carried.order_id and lines.line_key = carried.line_key
    left join core.customers as customers on customers.customer_id = lines.customer_id
    group by carried.shipment_id
),

shipped as (
    select
        'late_outbound' as signal_kind_code,
        risks.shipment_id as subject_id,
        coalesce(risks.due_date, risks.sent_date) as signal_date,
        cast(null as varchar) as sku_id,
        risks.site_id,
        cast(null as varchar) as supplier_id,
        risks.carrier_id,
        aboard.customer_id,
        aboard.order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        risks.shipment_id,
        risks.late_share as chance_share,
        aboard.penalty_amount + aboard.goods_amount * assumed.waiting_share
            * greatest(date_diff('day', risks.due_date, risks.arrival_p50_date), 1) as impact_amount,
        'penalty and waiting of the goods aboard' as money_basis_name,
        risks.due_date,
        'On the way with ' || coalesce(risks.carrier_name, risks.carrier_id, 'an unknown carrier') || ', due ' || cast(risks.due_date as varchar)
            || ', likely ' || cast(risks.arrival_p50_date as varchar) || '.' as because_text,
        'marts.late_risks' as evidence_table_name
    from marts.late_risks as risks
    cross join assumed
    left join aboard on aboard.shipment_id = risks.shipment_id
    where risks.is_late_already or risks.late_share >= 0.5
),

waiting as (
    select
        'late_outbound' as signal_kind_code,
        lines.order_id || ' · ' || lines.line_key as subject_id,
        lines.ordered_date as signal_date,
        lines.sku_id,
        lines.site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        lines.customer_id,
        lines.order_id,
        lines.line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        case when lines.due_date <= lines.as_of_date then 1.0 else lines.late_share end as chance_share,
        cast(lines.open_amount as double) * (lines.late_penalty_share + assumed.waiting_share
            * greatest(date_diff('day', lines.due_date, coalesce(lines.arrival_p50_date, lines.as_of_date)), 1)) as impact_amount,
        'penalty and waiting of the line' as money_basis_name,
        lines.due_date,
        'Due ' || cast(lines.due_date as varchar) || ', not sent although stock is there.' as because_text,
        'marts.waiting_lines' as evidence_table_name
    from marts.waiting_lines as lines
    cross join assumed
    inner join marts.stock_now as stock on stock.sku_id = lines.sku_id and stock.site_id = lines.site_id
    left join marts.order_exceptions as exceptions
        on exceptions.order_id = lines.order_id and (exceptions.line_key = lines.line_key or exceptions.line_key = '*')
        and exceptions.signal_kind_code in ('order_short', 'order_held')
    where exceptions.order_id is null and (lines.due_date <= lines.as_of_date or lines.late_share >= 0.5)
),

told_carriers as (
    select subject_id as carrier_id, since_date, alert_date, as_of_date, cast(null as varchar) as because_text
    from marts.anomalies
    where watch_code in ('late_share_a_day', 'late_share_a_week') and subject_kind_code = 'carrier' and open_days <= 91
    union all
    select slumps.carrier_id, slumps.since_date, slumps.alert_date, company.as_of_date, slumps.because_text
    from marts.carrier_slumps as slumps
    cross join raw.company as company
),

carriers as (
    select
        'late_outbound' as signal_kind_code,
        told.carrier_id as subject_id,
        min(told.since_date) as signal_date,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as site_id,
        cast(null as varchar) as supplier_id,
        told.carrier_id,
        cast(null as varchar) as customer_id,
        cast(null as varchar) as order_id,
        cast(null as varchar) as line_key,
        cast(null as varchar) as po_id,
        cast(null as varchar) as po_line_key,
        cast(null as varchar) as shipment_id,
        case when date_diff('day', max(told.alert_date), max(told.as_of_date)) <= 14 then 1.0 else 0.0 end as chance_share,
        cast(null as double) as impact_amount,
        'see the shipments on their way' as money_basis_name,
        cast(null as date) as due_date,
        coalesce(max(told.because_text), 'Late far more often than before since ' || cast(min(told.since_date) as varchar) || ', last on '
            || cast(max(told.alert_date) as varchar) || '.') as because_text,
        case when max(told.because_text) is null then 'marts.anomalies' else 'marts.carrier_slumps' end as evidence_table_name
    from told_carriers as told
    group by told.carrier_id
),

found as (
    select * from inbound
    union all
    select * from worse
    union all
    select * from shipped
    union all
    select * from waiting
    union all
    select * from carriers
),

supply_signals as (
    select
        found.signal_kind_code,
        found.subject_id,
        found.signal_date,
        found.sku_id,
        found.site_id,
        found.supplier_id,
        found.carrier_id,
        found.customer_id,
        found.order_id,
        found.line_key,
        found.po_id,
        found.po_line_key,
        found.shipment_id,
        cast(found.chance_share as double) as chance_share,
        cast(case when found.impact_amount >= 0 then found.impact_amount end as decimal(18, 4)) as impact_amount,
        found.money_basis_name,
        found.due_date,
        found.because_text,
        found.evidence_table_name
    from found
)

select * from supply_signals
