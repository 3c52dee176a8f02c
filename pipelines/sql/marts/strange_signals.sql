-- answers: Which jump of demand, price or quantity, and which fault in the data, still asks for something to be done?
-- grain: one row per kind and subject, its latest and dearest alert; one per contract, column and reason of lines set aside
-- key: signal_kind_code, subject_id
-- kind: table
-- checks:
--   impact_amount is null or impact_amount >= 0
-- why: A level of demand that changed stays a signal for half a year, because parameters follow slowly; a single price or quantity
--   for 60 days, as long as an invoice can be written anew; a jump of counted stock without a movement for 60 days. Levels of
--   demand are watched twice: units a week by the detector of anomalies, and order lines, which tell more where they are few.
--   A count that jumped and came back within three days explains nothing of today, and costs nothing any more.
--   Where several customers were charged a wrong price for one SKU, it is the SKU's price that is wrong and not their orders.
with back as (
    select alerts.alert_id, min(points.point_date) as back_date
    from marts.anomalies as alerts
    inner join marts.watched_points as points
        on points.watch_code = 'stock_gap' and points.subject_id = alerts.subject_id
        and points.point_date > alerts.alert_date and points.point_date <= cast(alerts.alert_date + interval 3 day as date)
        and abs(points.watched_number - alerts.came_number) <= 0.05 * alerts.came_number
    where alerts.watch_code = 'stock_gap'
    group by alerts.alert_id
),

watched as (
    select
        case
            when watch_code = 'demand_a_week' and came_number >= expected_number then 'demand_spike'
            when watch_code = 'demand_a_week' then 'demand_drop'
            when watch_code = 'unit_price' then 'price_anomaly'
            when watch_code in ('freight_per_kg', 'freight_per_unit', 'freight_per_shipment') then 'price_anomaly'
            when watch_code in ('stock_gap', 'stock_gap_a_week') then 'data_defect'
            else 'quantity_anomaly'
        end as signal_kind_code,
        alerts.subject_id || case when alerts.site_id <> '*' then ' · ' || alerts.site_id else '' end as subject_id,
        alerts.sku_id,
        nullif(alerts.site_id, '*') as site_id,
        alerts.supplier_id,
        alerts.carrier_id,
        alerts.since_date as signal_date,
        alerts.alert_date,
        case when back.alert_id is null then cast(1 - coalesce(alerts.rarity_share, 0.05) as double) else 0.0 end as chance_share,
        cast(alerts.money_amount as double) as impact_amount,
        alerts.watch_name || ': ' || cast(round(cast(alerts.came_number as decimal(18, 3)), 2) as varchar) || ' where '
            || cast(round(cast(alerts.expected_number as decimal(18, 3)), 2) as varchar) || ' was expected, since '
            || cast(alerts.since_date as varchar) || coalesce('; the count came back on ' || cast(back.back_date as varchar), '') || '.'
            as because_text,
        'marts.anomalies' as evidence_table_name,
        alerts.alert_id as evidence_key_text
    from marts.anomalies as alerts
    left join back on back.alert_id = alerts.alert_id
    where (alerts.watch_code = 'demand_a_week' and date_diff('day', alerts.since_date, alerts.as_of_date) <= 182)
        or (alerts.watch_code in ('unit_price', 'ordered_qty', 'freight_per_kg', 'freight_per_unit', 'freight_per_shipment', 'stock_gap')
            and alerts.open_days <= 60)
        or alerts.watch_code = 'stock_gap_a_week'
    union all
    select
        case when shifts.came_number >= shifts.expected_number then 'demand_spike' else 'demand_drop' end as signal_kind_code,
        shifts.sku_id || ' · ' || shifts.site_id as subject_id,
        shifts.sku_id,
        shifts.site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        shifts.since_date as signal_date,
        shifts.as_of_date as alert_date,
        cast(shifts.chance_share as double) as chance_share,
        cast(shifts.impact_amount as double) as impact_amount,
        shifts.because_text,
        'scores.demand_shifts' as evidence_table_name,
        shifts.sku_id || ' · ' || shifts.site_id as evidence_key_text
    from scores.demand_shifts as shifts
    union all
    select
        'price_anomaly' as signal_kind_code,
        wrong.sku_id as subject_id,
        wrong.sku_id,
        cast(null as varchar) as site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        min(wrong.signal_date) as signal_date,
        max(wrong.signal_date) as alert_date,
        cast(1.0 as double) as chance_share,
        cast(sum(wrong.impact_amount) as double) as impact_amount,
        cast(count(*) as varchar) || ' order lines of ' || cast(count(distinct wrong.customer_id) as varchar)
            || ' customers were priced wrong, from ' || cast(min(wrong.signal_date) as varchar) || ' to '
            || cast(max(wrong.signal_date) as varchar) || '.' as because_text,
        'marts.order_exceptions' as evidence_table_name,
        wrong.sku_id as evidence_key_text
    from marts.order_exceptions as wrong
    where wrong.signal_kind_code = 'wrong_price' and wrong.sku_id is not null
    group by wrong.sku_id
    having count(*) >= 3 and count(distinct wrong.customer_id) >= 2
    union all
    select
        'data_defect' as signal_kind_code,
        slips.sku_id as subject_id,
        slips.sku_id,
        cast(null as varchar) as site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        slips.since_date as signal_date,
        slips.since_date as alert_date,
        cast(0.99 as double) as chance_share,
        cast(slips.impact_amount as double) as impact_amount,
        slips.because_text,
        'marts.count_slips' as evidence_table_name,
        slips.sku_id as evidence_key_text
    from marts.count_slips as slips
),

ranked as (
    select
        watched.*,
        row_number() over (
            partition by signal_kind_code, subject_id
            order by case when chance_share > 0 then 0 else 1 end, coalesce(impact_amount, 0) desc, alert_date desc, evidence_key_text
        ) as turn
    from watched
),

set_aside as (
    select
        'data_defect' as signal_kind_code,
        contract || ' · ' || coalesce(column_name, 'row') || ' · ' || reason as subject_id,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as site_id,
        cast(null as varchar) as supplier_id,
        cast(null as varchar) as carrier_id,
        cast(null as date) as signal_date,
        cast(1.0 as double) as chance_share,
        cast(null as double) as impact_amount,
        'not known: the lines could not be read' as money_basis_name,
        cast(count(*) as varchar) || ' lines of ' || contract || ' were set aside: ' || coalesce(column_name, 'row') || ', ' || reason || '.'
            as because_text,
        'raw.set_aside' as evidence_table_name,
        contract || ' · ' || coalesce(column_name, 'row') || ' · ' || reason as evidence_key_text
    from raw.set_aside
    group by contract, column_name, reason
),

strange_signals as (
    select
        signal_kind_code,
        subject_id,
        sku_id,
        site_id,
        supplier_id,
        carrier_id,
        signal_date,
        chance_share,
        cast(impact_amount as decimal(18, 4)) as impact_amount,
        case
            when signal_kind_code = 'data_defect' then 'value of stock that the records and the movements disagree on'
            when signal_kind_code = 'demand_spike' then 'sales value of the demand that came beyond what was expected'
            when signal_kind_code = 'demand_drop' then 'sales value of the demand that stayed away'
            else 'difference to what was expected'
        end as money_basis_name,
        because_text,
        evidence_table_name,
        evidence_key_text
    from ranked
    where turn = 1
    union all
    select
        signal_kind_code,
        subject_id,
        sku_id,
        site_id,
        supplier_id,
        carrier_id,
        signal_date,
        chance_share,
        cast(impact_amount as decimal(18, 4)) as impact_amount,
        money_basis_name,
        because_text,
        evidence_table_name,
        evidence_key_text
    from set_aside
)

select * from strange_signals
