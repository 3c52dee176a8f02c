-- answers: What would a control tower say that watches each document, shelf and day by itself, and which case does each of it belong to?
-- grain: one row per alert: a purchase line, an order line, a line aboard, a day, a count, or a signal that is about none of these
-- key: raw_alert_id
-- kind: table
-- why: Cases are judged by how many alerts they stand for, so each is a row that can be counted and looked up, and carries no money:
--   that lies in marts.case_units, once. Open matters count today; what was missed, late or counted wrong counts for 28 days, as
--   long as such an alert stays on a list. A day counts where the shelf is likelier empty than not within its lead time.
with members as (
    select
        mine.case_id, signals.signal_id, signals.signal_kind_code, signals.signal_date, signals.sku_id, signals.site_id,
        signals.supplier_id, signals.carrier_id, signals.customer_id, signals.order_id, signals.line_key, signals.po_id,
        signals.po_line_key, signals.shipment_id, signals.evidence_key_text
    from scores.case_signals as mine
    inner join marts.signals as signals on signals.signal_id = mine.signal_id
),

empty_shelves as (
    select sku_id, site_id, min(case_id) as case_id, min(signal_id) as signal_id
    from members
    where signal_kind_code in ('stocked_out', 'stockout_ahead')
    group by sku_id, site_id
),

full_shelves as (
    select sku_id, site_id, min(case_id) as case_id, min(signal_id) as signal_id
    from members
    where signal_kind_code = 'excess_stock'
    group by sku_id, site_id
),

-- One order line is one alert, however many signals name it: its own, that of its order, then that of its shelf.
troubled_lines as (
    select order_id, line_key, case_id, signal_id, 1 as turn_no, signal_date as raised_date
    from members
    where line_key is not null and order_id is not null and signal_kind_code in ('order_short', 'late_outbound', 'missing_data')
    union all
    select lines.order_id, lines.line_key, held.case_id, held.signal_id, 2 as turn_no, held.signal_date as raised_date
    from marts.waiting_lines as lines
    inner join members as held on held.order_id = lines.order_id and held.signal_kind_code = 'order_held'
    union all
    select lines.order_id, lines.line_key, shelves.case_id, shelves.signal_id, 3 as turn_no, lines.ordered_date as raised_date
    from marts.waiting_lines as lines
    inner join empty_shelves as shelves on shelves.sku_id = lines.sku_id and shelves.site_id = lines.site_id
    where lines.due_date <= lines.as_of_date or lines.late_share >= 0.5
    union all
    select misses.order_id, misses.line_key, shelves.case_id, shelves.signal_id, 4 as turn_no, misses.miss_date as raised_date
    from scores.autopsies as misses
    inner join empty_shelves as shelves on shelves.sku_id = misses.sku_id and shelves.site_id = misses.site_id
    where misses.order_id is not null and date_diff('day', misses.miss_date, misses.as_of_date) <= 27
        and misses.autopsy_class_name <> 'capacity or carrier'
),

order_lines as (
    select
        troubled_lines.*,
        row_number() over (partition by order_id, line_key order by turn_no, signal_id) as turn
    from troubled_lines
),

priced as (
    select evidence.point_key, min(members.case_id) as case_id, min(members.signal_id) as signal_id, min(evidence.alert_date) as raised_date
    from members
    inner join marts.anomalies as evidence on evidence.sku_id = members.sku_id
    where members.signal_kind_code = 'price_anomaly' and evidence.watch_code = 'unit_price' and evidence.open_days <= 60
    group by evidence.point_key
),

found as (
    select
        'late purchase line' as raw_alert_name, po_id || ' · ' || po_line_key as subject_id, signal_date as raised_date, case_id,
        signal_id, false as is_projected
    from members
    where signal_kind_code = 'late_inbound'
    union all
    select
        'late purchase line' as raw_alert_name, lines.po_id || ' · ' || lines.line_key as subject_id, lines.due_date as raised_date,
        worse.case_id, worse.signal_id, false as is_projected
    from marts.purchase_lines as lines
    inner join members as worse on worse.supplier_id = lines.supplier_id and worse.signal_kind_code = 'supplier_worse'
    left join members as still
        on still.po_id = lines.po_id and still.po_line_key = lines.line_key and still.signal_kind_code = 'late_inbound'
    where lines.is_late and lines.due_date >= worse.signal_date and date_diff('day', lines.due_date, lines.as_of_date) between 0 and 27
        and still.signal_id is null
    union all
    select
        'late or short order line' as raw_alert_name, order_id || ' · ' || line_key as subject_id, raised_date, case_id, signal_id,
        false as is_projected
    from order_lines
    where turn = 1
    union all
    select
        'line late on the way' as raw_alert_name, lines.shipment_id || ' · ' || lines.order_id || ' · ' || lines.line_key as subject_id,
        coalesce(lines.due_date, late.signal_date) as raised_date, late.case_id, late.signal_id, false as is_projected
    from marts.travelling_lines as lines
    inner join members as late on late.shipment_id = lines.shipment_id and late.signal_kind_code = 'late_outbound'
    union all
    select
        'late shipment' as raw_alert_name, sent.shipment_id as subject_id, sent.promised_date as raised_date, worse.case_id,
        worse.signal_id, false as is_projected
    from marts.shipments as sent
    inner join members as worse
        on worse.carrier_id = sent.carrier_id and worse.signal_kind_code = 'late_outbound'
        and worse.shipment_id is null and worse.order_id is null
    where sent.is_late and sent.delivered_date is not null and date_diff('day', sent.promised_date, sent.as_of_date) between 0 and 27
    union all
    select
        'empty day ahead' as raw_alert_name,
        days.sku_id || ' · ' || days.site_id || ' · ' || cast(days.risk_date as varchar) as subject_id, days.risk_date as raised_date,
        shelves.case_id, shelves.signal_id, true as is_projected
    from scores.stockout_risk as days
    inner join empty_shelves as shelves on shelves.sku_id = days.sku_id and shelves.site_id = days.site_id
    inner join scores.stockout_outlook as outlook on outlook.sku_id = days.sku_id and outlook.site_id = days.site_id
    where days.empty_share >= 0.5 and date_diff('day', outlook.as_of_date, days.risk_date) <= outlook.lead_time_days
    union all
    select
        'purchase on top of excess' as raw_alert_name, lines.po_id || ' · ' || lines.line_key as subject_id,
        coalesce(lines.due_date, lines.as_of_date) as raised_date, shelves.case_id, shelves.signal_id, false as is_projected
    from marts.inbound_risks as lines
    inner join full_shelves as shelves on shelves.sku_id = lines.sku_id and shelves.site_id = lines.site_id
    union all
    select
        'strange price of a line' as raw_alert_name, order_id || '/' || line_key as subject_id, signal_date as raised_date, case_id,
        signal_id, false as is_projected
    from members
    where signal_kind_code = 'wrong_price'
    union all
    select
        'strange price of a line' as raw_alert_name, priced.point_key as subject_id, priced.raised_date, priced.case_id, priced.signal_id,
        false as is_projected
    from priced
    left join members as wrong
        on wrong.signal_kind_code = 'wrong_price' and priced.point_key = wrong.order_id || '/' || wrong.line_key
    where wrong.signal_id is null
    union all
    select
        'count that movements do not explain' as raw_alert_name, gaps.sku_id || ' · ' || cast(gaps.point_date as varchar) as subject_id,
        gaps.point_date as raised_date, min(defects.case_id) as case_id, min(defects.signal_id) as signal_id, false as is_projected
    from marts.watched_points as gaps
    cross join raw.company as company
    inner join members as defects on defects.sku_id = gaps.sku_id and defects.signal_kind_code = 'data_defect'
    where gaps.watch_code = 'stock_gap' and gaps.watched_number > 0
        and date_diff('day', gaps.point_date, company.as_of_date) between 0 and 27
    group by gaps.sku_id, gaps.point_date
    union all
    select
        'line set aside' as raw_alert_name, aside.load_id || ' · ' || aside.contract || ' · ' || cast(aside.line_no as varchar) || ' · '
            || coalesce(aside.column_name, 'row') || ' · ' || aside.reason as subject_id,
        min(defects.signal_date) as raised_date, min(defects.case_id) as case_id, min(defects.signal_id) as signal_id, false as is_projected
    from raw.set_aside as aside
    inner join members as defects
        on defects.signal_kind_code = 'data_defect' and defects.sku_id is null
        and defects.evidence_key_text = aside.contract || ' · ' || coalesce(aside.column_name, 'row') || ' · ' || aside.reason
    group by aside.load_id, aside.contract, aside.line_no, aside.column_name, aside.reason
    union all
    select
        'signal of its own' as raw_alert_name, signal_id as subject_id, signal_date as raised_date, case_id, signal_id,
        false as is_projected
    from members
    where signal_kind_code in (
        'stocked_out', 'stockout_ahead', 'excess_stock', 'misplaced_stock', 'stale_parameter', 'demand_spike', 'demand_drop', 'order_held',
        'over_credit', 'quantity_anomaly', 'supplier_worse'
    )
        or (signal_kind_code = 'late_outbound' and shipment_id is null and order_id is null)
        or (signal_kind_code = 'price_anomaly' and sku_id is null)
),

raw_alerts as (
    select
        found.raw_alert_name || ' · ' || found.subject_id as raw_alert_id,
        found.raw_alert_name,
        found.raised_date,
        found.is_projected,
        found.case_id,
        found.signal_id,
        cases.case_kind_code,
        cases.is_shown,
        cases.as_of_date
    from found
    inner join scores.cases as cases on cases.case_id = found.case_id
)

select * from raw_alerts
