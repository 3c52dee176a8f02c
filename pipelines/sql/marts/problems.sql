-- answers: What is going wrong right now, and how much money stands in each?
-- grain: one row per problem: a SKU waited for at a site, a supplier overdue, a carrier late, or stock nobody will need soon
-- key: problem_id
-- kind: table
-- checks:
--   money_amount > 0
--   problem_kind_code in ('backorder', 'overdue purchase', 'late shipment', 'excess stock')
-- why: The money is a fact, not a forecast, and each kind says which money it is: sales value that waits, purchase cost
--   that is overdue, value of goods that are late on the way, cost tied up in stock. Money of different kinds is ranked
--   together because a planner has one day, and never added up because a unit may stand in two of them.
with backorders as (
    select
        'backorder' as problem_kind_code,
        'sales value waiting' as money_basis_name,
        sku_id as subject_id,
        min(sku_name) as subject_name,
        site_id,
        min(site_name) as site_name,
        sum(open_amount) as money_amount,
        count(*) as row_count,
        min(due_date) as since_date
    from marts.order_lines
    where is_backordered
    group by sku_id, site_id
),

overdue as (
    select
        'overdue purchase' as problem_kind_code,
        'purchase cost overdue' as money_basis_name,
        supplier_id as subject_id,
        min(supplier_name) as subject_name,
        cast(null as varchar) as site_id,
        cast(null as varchar) as site_name,
        sum(open_amount) as money_amount,
        count(*) as row_count,
        min(due_date) as since_date
    from marts.purchase_lines
    where is_late and open_qty > 0 and supplier_id is not null
    group by supplier_id
),

late as (
    select
        'late shipment' as problem_kind_code,
        'value of goods late on the way' as money_basis_name,
        shipments.carrier_id as subject_id,
        min(shipments.carrier_name) as subject_name,
        cast(null as varchar) as site_id,
        cast(null as varchar) as site_name,
        sum(cast(carried.shipped_qty * lines.unit_price as decimal(18, 4))) as money_amount,
        count(distinct shipments.shipment_id) as row_count,
        min(shipments.promised_date) as since_date
    from marts.shipments as shipments
    join core.shipment_lines as carried on carried.shipment_id = shipments.shipment_id
    join marts.order_lines as lines on lines.order_id = carried.order_id and lines.line_key = carried.line_key
    where shipments.is_late and shipments.delivered_date is null and shipments.carrier_id is not null
    group by shipments.carrier_id
),

excess as (
    select
        'excess stock' as problem_kind_code,
        'cost tied up beyond 90 days of demand' as money_basis_name,
        sku_id as subject_id,
        sku_name as subject_name,
        site_id,
        site_name,
        excess_amount as money_amount,
        cast(1 as bigint) as row_count,
        cast(null as date) as since_date
    from marts.stock_now
    where excess_amount > 0
),

found as (
    select * from backorders
    union all
    select * from overdue
    union all
    select * from late
    union all
    select * from excess
),

problems as (
    select
        found.problem_kind_code || ' · ' || found.subject_id || ' · ' || coalesce(found.site_id, '') as problem_id,
        found.problem_kind_code,
        found.subject_id,
        coalesce(found.subject_name, found.subject_id) as subject_name,
        found.site_id,
        found.site_name,
        cast(found.money_amount as decimal(18, 4)) as money_amount,
        found.money_basis_name,
        found.row_count,
        found.since_date,
        cast(date_diff('day', found.since_date, company.as_of_date) as double) as open_days
    from found
    cross join raw.company as company
    where found.money_amount > 0
)

select * from problems
