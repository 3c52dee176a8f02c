-- answers: How does each supplier deliver, has it got worse, and how much do we wait for from it?
-- grain: one row per supplier with a purchase line
-- key: supplier_id
-- kind: table
with open_lines as (
    select supplier_id, sum(open_amount) as open_amount
    from marts.purchase_lines
    where open_qty > 0
    group by supplier_id
),
supplier_health as (
    select
        suppliers.supplier_name,
        suppliers.country_code,
        health.*,
        cast(open_lines.open_amount as decimal(18, 4)) as open_amount,
        company.as_of_date
    from scores.supplier_health as health
    cross join raw.company as company
    left join core.suppliers as suppliers on suppliers.supplier_id = health.supplier_id
    left join open_lines on open_lines.supplier_id = health.supplier_id
)
select * from supplier_health
