-- answers: What exactly can be lost in each case, by name, each unit once over all cases?
-- grain: one row per unit
-- key: unit_key
-- kind: table
with case_units as (
    select
        units.case_id,
        cases.case_kind_code,
        cases.is_shown,
        units.unit_key,
        units.unit_kind_name,
        units.signal_id,
        units.sku_id,
        skus.sku_name,
        skus.category_name,
        units.site_id,
        sites.site_name,
        units.customer_id,
        customers.customer_name,
        units.order_id,
        units.line_key,
        units.at_risk_qty,
        units.at_risk_amount,
        units.chance_share,
        units.expected_loss_amount,
        cases.as_of_date
    from scores.case_units as units
    inner join scores.cases as cases on cases.case_id = units.case_id
    left join core.skus as skus on skus.sku_id = units.sku_id
    left join core.sites as sites on sites.site_id = units.site_id
    left join core.customers as customers on customers.customer_id = units.customer_id
)

select * from case_units
