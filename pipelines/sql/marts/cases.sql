-- answers: What is wrong, by name, one case for each cause, dearest first, with what is suggested and what that is worth?
-- grain: one row per case
-- key: case_id
-- kind: table
-- checks:
--   expected_loss_amount >= 0
--   is_shown or hidden_because_text is not null
-- why: A tier is that of the customer who has most at risk in the case, because policies ask for it.
with ranked_customers as (
    select
        units.case_id,
        customers.tier_code,
        row_number() over (partition by units.case_id order by sum(units.expected_loss_amount) desc, units.customer_id) as turn
    from scores.case_units as units
    inner join core.customers as customers on customers.customer_id = units.customer_id
    group by units.case_id, units.customer_id, customers.tier_code
),

alerts as (
    select case_id, count(*) as alert_count
    from marts.raw_alerts
    group by case_id
),

cases as (
    select
        cases.case_id,
        cases.case_kind_code,
        cases.case_title_text,
        cases.cause_text,
        cases.sku_id,
        skus.sku_name,
        skus.category_name,
        cases.site_id,
        sites.site_name,
        sites.region_name,
        cases.supplier_id,
        suppliers.supplier_name,
        cases.carrier_id,
        carriers.carrier_name,
        cases.customer_id,
        customers.customer_name,
        coalesce(customers.tier_code, ranked_customers.tier_code) as tier_code,
        segments.abc_class,
        cases.order_id,
        cases.po_id,
        cases.at_risk_amount,
        cases.chance_share,
        cases.expected_loss_amount,
        cases.actionability_share,
        cast(cases.expected_loss_amount * cases.actionability_share as decimal(18, 4)) as saved_amount,
        cases.handling_minutes,
        cases.handling_amount,
        cases.act_by_date,
        cast(date_diff('day', cases.as_of_date, cases.act_by_date) as double) as left_days,
        cases.opened_date,
        cases.owner_role_name,
        cases.signal_count,
        coalesce(alerts.alert_count, 0) as alert_count,
        cases.line_count,
        cases.customer_count,
        cases.is_shown,
        cases.hidden_because_text,
        cases.data_grade_code,
        options.action_kind_code as suggested_kind_code,
        options.option_text as suggested_text,
        options.gain_amount as suggested_gain_amount,
        cases.because_text,
        cases.as_of_date
    from scores.cases as cases
    left join scores.case_options as options on options.case_id = cases.case_id and options.is_suggested
    left join ranked_customers on ranked_customers.case_id = cases.case_id and ranked_customers.turn = 1
    left join alerts on alerts.case_id = cases.case_id
    left join core.skus as skus on skus.sku_id = cases.sku_id
    left join core.sites as sites on sites.site_id = cases.site_id
    left join core.suppliers as suppliers on suppliers.supplier_id = cases.supplier_id
    left join core.carriers as carriers on carriers.carrier_id = cases.carrier_id
    left join core.customers as customers on customers.customer_id = cases.customer_id
    left join scores.segments as segments on segments.sku_id = cases.sku_id and segments.site_id = cases.site_id
)

select * from cases
