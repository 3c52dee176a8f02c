-- answers: What did customers ask for, what did they get, when was it due, and was it on time and in full?
-- grain: one row per order line, cancelled lines, returns and charges included and flagged
-- key: order_id, line_key
-- kind: table
-- checks:
--   open_qty >= 0
--   filled_qty <= ordered_qty
--   is_late is null or is_due
--   not is_backordered or is_due
-- why: Kept as a table because every page asks it, and the joins would cost each of them a second.
--   The close of the as-of day is the moment of judgement: what was due that day and has not come is late.
with cancellations as (
    -- Sources without a word for it leave every line uncancelled, which is not the same as nobody calling off.
    select count(*) > 0 as are_told from core.order_lines where is_cancelled
),

lines as (
    select
        facts.*,
        coalesce(facts.is_goods, true) and not coalesce(facts.is_cancelled, false) and not coalesce(facts.is_return, false)
            and facts.ordered_qty > 0 as is_service_line,
        coalesce(facts.requested_date, facts.first_promised_date, facts.last_promised_date) as due_date,
        case
            when facts.requested_date is not null then 'requested'
            when facts.first_promised_date is not null then 'first promised'
            when facts.last_promised_date is not null then 'last promised'
        end as due_basis_code,
        coalesce(arrivals.has_delivered_date, false) as is_arrival_told,
        case
            when facts.shipped_qty is not null then facts.shipped_qty
            when arrivals.has_shipped_qty and arrivals.has_delivered_date and facts.shipped_date is null and facts.delivered_date is null
                then 0
        end as gone_qty,
        company.as_of_date,
        cancellations.are_told as is_cancellation_told
    from core.order_lines as facts
    cross join raw.company as company
    cross join cancellations
    left join marts.arrival_loads as arrivals on arrivals.load_id = facts.load_id
),

judged as (
    select
        lines.*,
        is_service_line and due_date <= as_of_date as is_due,
        case when is_service_line then coalesce(due_date, ordered_date) end as fill_date,
        case when is_service_line then gone_qty >= ordered_qty end as is_in_full,
        case
            when not is_service_line or gone_qty is null then null
            when gone_qty < ordered_qty then gone_qty
            else ordered_qty
        end as filled_qty,
        case
            when not is_service_line then 0
            when gone_qty < ordered_qty then ordered_qty - gone_qty
            when gone_qty is not null then 0
        end as open_qty,
        case
            when not is_service_line or due_date is null or due_date > as_of_date then null
            when delivered_date is not null then delivered_date > due_date
            when is_arrival_told then true
        end as is_late
    from lines
),

priced as (
    select
        judged.*,
        case when is_service_line and open_qty is not null then is_due and open_qty > 0 end as is_backordered,
        case
            when open_qty = 0 then 0
            else cast(open_qty * coalesce(unit_price, cast(net_amount / nullif(ordered_qty, 0) as decimal(18, 4))) as decimal(18, 4))
        end as open_amount,
        case when is_late then cast(date_diff('day', due_date, coalesce(delivered_date, as_of_date)) as double) end as late_days,
        cast(date_diff('day', ordered_date, delivered_date) as double) as cycle_days
    from judged
),

order_lines as (
    select
        priced.order_id,
        priced.line_key,
        priced.sku_id,
        skus.sku_name,
        skus.category_name,
        coalesce(priced.site_id, '*') as site_id,
        sites.site_name,
        sites.region_name,
        priced.customer_id,
        customers.customer_name,
        customers.tier_code,
        customers.region_name as customer_region_name,
        priced.ordered_at,
        priced.ordered_date,
        priced.requested_date,
        priced.first_promised_date,
        priced.last_promised_date,
        priced.due_date,
        priced.due_basis_code,
        priced.fill_date,
        priced.shipped_date,
        priced.delivered_date,
        priced.ordered_qty,
        priced.shipped_qty,
        priced.filled_qty,
        cast(priced.open_qty as decimal(18, 3)) as open_qty,
        priced.unit_price,
        priced.unit_cost,
        priced.discount_amount,
        priced.net_amount,
        priced.margin_amount,
        priced.open_amount,
        case when priced.is_service_line then cast(priced.shipped_qty * priced.unit_cost as decimal(18, 4)) end as shipped_cost_amount,
        priced.is_cancelled,
        priced.is_cancellation_told,
        priced.is_return,
        priced.is_goods,
        priced.is_service_line,
        priced.is_due,
        priced.is_in_full,
        priced.is_late,
        priced.is_backordered,
        priced.late_days,
        priced.cycle_days,
        priced.as_of_date,
        priced.load_id,
        priced.line_no
    from priced
    left join core.skus as skus on skus.sku_id = priced.sku_id
    left join core.sites as sites on sites.site_id = coalesce(priced.site_id, '*')
    left join core.customers as customers on customers.customer_id = priced.customer_id
)

select * from order_lines
