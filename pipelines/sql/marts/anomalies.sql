-- answers: What is strange, with the names that people know, the dearest first?
-- grain: one row per alert of the last half year
-- key: alert_id
-- kind: table
-- checks:
--   open_days >= 0
with anomalies as (
    select
        alerts.alert_id,
        alerts.watch_code,
        case alerts.watch_code
            when 'unit_price' then 'Price'
            when 'ordered_qty' then 'Quantity of a line'
            when 'freight_per_kg' then 'Freight per kg'
            when 'freight_per_unit' then 'Freight per unit'
            when 'freight_per_shipment' then 'Freight per shipment'
            when 'lead_days' then 'Days to receive'
            when 'stock_adjustment' then 'Stock adjusted, a day'
            when 'stock_gap' then 'Unexplained stock'
            when 'stock_gap_a_week' then 'Unexplained stock, a week'
            when 'late_share_a_day' then 'Late share, a day'
            when 'late_share_a_week' then 'Late share, a week'
            when 'order_lines_a_day' then 'Order lines, a day'
            when 'net_sales_a_day' then 'Sales, a day'
            when 'demand_a_week' then 'Demand, a week'
            else alerts.watch_code
        end as watch_name,
        case
            when alerts.watch_code in ('unit_price', 'freight_per_kg', 'freight_per_unit', 'freight_per_shipment') then 'per_unit'
            when alerts.watch_code in ('stock_adjustment', 'net_sales_a_day') then 'money'
            when alerts.watch_code in ('late_share_a_day', 'late_share_a_week') then 'share'
            when alerts.watch_code = 'lead_days' then 'days'
            when alerts.watch_code = 'order_lines_a_day' then 'count'
            else 'qty'
        end as unit_code,
        alerts.kind_name,
        alerts.subject_kind_code,
        alerts.subject_id,
        coalesce(skus.sku_name, suppliers.supplier_name, carriers.carrier_name, places.site_name, alerts.subject_id) as entry_name,
        case when alerts.subject_kind_code = 'sku' then alerts.subject_id end as sku_id,
        skus.category_name,
        case when alerts.subject_kind_code = 'supplier' then alerts.subject_id end as supplier_id,
        case when alerts.subject_kind_code = 'carrier' then alerts.subject_id end as carrier_id,
        alerts.site_id,
        sites.site_name,
        alerts.alert_date,
        alerts.since_date,
        alerts.point_key,
        alerts.expected_number,
        alerts.came_number,
        alerts.rarity_share,
        cast(floor(1 / nullif(alerts.rarity_share, 0) + 0.000001) as bigint) as one_in_count,
        alerts.money_amount,
        alerts.also_text,
        cast(date_diff('day', alerts.alert_date, company.as_of_date) as double) as open_days,
        company.as_of_date
    from scores.anomalies as alerts
    cross join raw.company as company
    left join core.skus as skus on alerts.subject_kind_code = 'sku' and skus.sku_id = alerts.subject_id
    left join core.suppliers as suppliers on alerts.subject_kind_code = 'supplier' and suppliers.supplier_id = alerts.subject_id
    left join core.carriers as carriers on alerts.subject_kind_code = 'carrier' and carriers.carrier_id = alerts.subject_id
    left join core.sites as places on alerts.subject_kind_code = 'site' and places.site_id = alerts.subject_id
    left join core.sites as sites on sites.site_id = alerts.site_id
)
select * from anomalies
