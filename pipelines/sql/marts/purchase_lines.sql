-- answers: What did we order from suppliers, did it come on time and in full, and what is still to come?
-- grain: one row per purchase order line
-- key: po_id, line_key
-- kind: view
-- checks:
--   open_qty >= 0
--   is_late is null or is_due
--   lead_days is null or lead_days >= 0
--   closed_date is null or open_qty is null or open_qty = 0
-- why: Due is the supplier's first promise, and the confirmed day only where no first promise is known: so it is known when the
--   line is ordered, and postponing does not help; how far the supplier has postponed it since stands beside it. A line is
--   complete with its last receipt, once nothing more is expected of it; late is judged by its last receipt so far. A receipt before its order says that a date is wrong, not that the supplier was fast, so it has no lead time.
with lines as (
    select
        facts.*,
        coalesce(facts.promised_date, facts.confirmed_date) as due_date,
        coalesce(lower(facts.status_code), '') in ('cancelled', 'canceled', 'storniert', 'annulé', 'annulée') as is_cancelled,
        coalesce(lower(facts.status_code), '') in ('closed', 'complete', 'completed', 'received', 'done', 'erledigt', 'clos') as is_closed,
        coalesce(arrivals.has_received_date, false) as is_arrival_told,
        case
            when facts.received_qty is not null then facts.received_qty
            when arrivals.has_received_qty and arrivals.has_received_date and facts.last_received_date is null then 0
        end as come_qty,
        company.as_of_date
    from core.purchase_lines as facts
    cross join raw.company as company
    left join marts.arrival_loads as arrivals on arrivals.load_id = facts.load_id
),

judged as (
    select
        lines.*,
        due_date <= as_of_date as is_due,
        case when not is_cancelled then come_qty >= ordered_qty end as is_in_full,
        case
            when is_cancelled or due_date is null or due_date > as_of_date then null
            when last_received_date is not null then last_received_date > due_date
            when is_arrival_told then true
        end as is_late,
        case
            when is_cancelled or is_closed then 0
            when come_qty < ordered_qty then ordered_qty - come_qty
            when come_qty is not null then 0
            when is_arrival_told and last_received_date is null then ordered_qty
        end as open_qty,
        case
            when not is_cancelled and last_received_date >= ordered_date
                then cast(date_diff('day', ordered_date, last_received_date) as double)
        end as lead_days
    from lines
),

purchase_lines as (
    select
        judged.po_id,
        judged.line_key,
        judged.supplier_id,
        suppliers.supplier_name,
        suppliers.country_code,
        judged.sku_id,
        skus.sku_name,
        skus.category_name,
        coalesce(judged.site_id, '*') as site_id,
        sites.site_name,
        sites.region_name,
        judged.status_code,
        judged.ordered_date,
        judged.promised_date,
        judged.confirmed_date,
        judged.due_date,
        cast(date_diff('day', judged.promised_date, judged.confirmed_date) as double) as postponed_days,
        judged.last_received_date,
        case when coalesce(judged.open_qty, 0) = 0 then judged.last_received_date end as closed_date,
        judged.ordered_qty,
        judged.received_qty,
        cast(judged.open_qty as decimal(18, 3)) as open_qty,
        coalesce(judged.unit_cost, skus.unit_cost) as unit_cost,
        cast(judged.open_qty * coalesce(judged.unit_cost, skus.unit_cost) as decimal(18, 4)) as open_amount,
        cast(judged.ordered_qty * coalesce(judged.unit_cost, skus.unit_cost) as decimal(18, 4)) as ordered_amount,
        judged.is_cancelled,
        judged.is_due,
        judged.is_in_full,
        judged.is_late,
        case when judged.is_in_full is not null and judged.is_late is not null then judged.is_in_full and not judged.is_late end
            as is_on_time_in_full,
        case
            when judged.is_late
                then cast(date_diff('day', judged.due_date, coalesce(judged.last_received_date, judged.as_of_date)) as double)
        end as late_days,
        judged.lead_days,
        judged.as_of_date,
        judged.load_id,
        judged.line_no
    from judged
    left join core.suppliers as suppliers on suppliers.supplier_id = judged.supplier_id
    left join core.skus as skus on skus.sku_id = judged.sku_id
    left join core.sites as sites on sites.site_id = coalesce(judged.site_id, '*')
)

select * from purchase_lines
