-- answers: Which orders stand in the way of themselves: held, short, beyond the credit limit, at a wrong price, or incomplete?
-- grain: one row per exception of an order line; a hold or a credit limit is about the whole order and has the line *
-- key: signal_kind_code, order_id, line_key
-- kind: table
-- checks:
--   impact_amount is null or impact_amount >= 0
--   chance_share >= 0 and chance_share <= 1
-- why: Short is what cumulated open demand of a shelf, by due date, leaves uncovered by stock on hand; where no stock is known,
--   what is due and has not gone. A held order is not short: it waits for its hold. Customers owe what they have on order and
--   what was shipped to them within their payment terms; invoices and payments are in no extract. A line's price is compared
--   with the customer's contract price (2 % are tolerated), and else with the list: only half of it or twice is wrong there,
--   because lists are negotiated. A price is an exception for 60 days; later nobody writes another invoice.
with assumed as (
    select
        max(case when assumption_name = 'lost_sale_share' then assumed_number end) as lost_share,
        max(case when assumption_name = 'credit_loss_share' then assumed_number end) as credit_loss_share
    from raw.assumptions
),

open_lines as (
    select
        lines.*,
        heads.hold_code,
        coalesce(heads.status_code, '') as order_status_code,
        coalesce(lines.unit_price, cast(cast(lines.net_amount as double) / nullif(cast(lines.ordered_qty as double), 0) as decimal(18, 4)))
            as paid_price
    from marts.order_lines as lines
    left join core.orders as heads on heads.order_id = lines.order_id
    where lines.is_service_line and lines.open_qty > 0
),

held as (
    select
        'order_held' as signal_kind_code,
        order_id,
        '*' as line_key,
        cast(null as varchar) as sku_id,
        min(site_id) as site_id,
        min(customer_id) as customer_id,
        min(ordered_date) as signal_date,
        min(due_date) as due_date,
        cast(sum(open_amount) as double) * max(assumed.lost_share)
            * coalesce(sum(cast(margin_amount as double)) / nullif(sum(cast(net_amount as double)), 0), 1) as impact_amount,
        1.0 as chance_share,
        'margin of the order times the share of waiting orders that are lost' as money_basis_name,
        'Order ' || order_id || ' is held (' || min(hold_code) || ') with ' || cast(count(*) as varchar) || ' open lines.' as because_text
    from open_lines
    cross join assumed
    where hold_code is not null
    group by order_id
),

queued as (
    select
        open_lines.*,
        stock.on_hand_qty,
        sum(open_lines.open_qty) over (
            partition by open_lines.sku_id, open_lines.site_id
            order by open_lines.due_date, open_lines.ordered_at, open_lines.order_id, open_lines.line_key
            rows between unbounded preceding and current row
        ) as wanted_before_qty
    from open_lines
    left join marts.stock_now as stock on stock.sku_id = open_lines.sku_id and stock.site_id = open_lines.site_id
    where open_lines.hold_code is null
),

short as (
    select
        'order_short' as signal_kind_code,
        queued.order_id,
        queued.line_key,
        queued.sku_id,
        queued.site_id,
        queued.customer_id,
        queued.ordered_date as signal_date,
        queued.due_date,
        greatest(cast(queued.open_amount as double) * assumed.lost_share
            * coalesce(cast(queued.margin_amount as double) / nullif(cast(queued.net_amount as double), 0), 1), 0) as impact_amount,
        1.0 as chance_share,
        'margin of the line times the share of short lines that are lost' as money_basis_name,
        'Order ' || queued.order_id || ' wants ' || cast(cast(round(queued.open_qty, 0) as bigint) as varchar) || ' of ' || queued.sku_id
            || case when queued.on_hand_qty is null then ', which is overdue.'
                else ', and stock is gone before its turn.' end as because_text
    from queued
    cross join assumed
    where queued.wanted_before_qty > queued.on_hand_qty or (queued.on_hand_qty is null and queued.is_backordered)
),

owing as (
    select
        lines.customer_id,
        sum(case when lines.open_qty > 0 then lines.open_amount else 0 end) as open_amount,
        sum(case
            when lines.shipped_date is not null
                and date_diff('day', lines.shipped_date, lines.as_of_date) < coalesce(heads.payment_terms_days, 30)
                then cast(coalesce(lines.net_amount, 0) - coalesce(lines.open_amount, 0) as decimal(18, 4))
            else 0
        end) as unpaid_amount,
        max(case when lines.open_qty > 0 then lines.order_id end) as order_id,
        max(case when lines.open_qty > 0 then lines.ordered_date end) as ordered_date,
        min(case when lines.open_qty > 0 then lines.due_date end) as due_date,
        max(lines.as_of_date) as as_of_date
    from marts.order_lines as lines
    left join core.orders as heads on heads.order_id = lines.order_id
    where lines.is_service_line
    group by lines.customer_id
),

over_credit as (
    select
        'over_credit' as signal_kind_code,
        owing.order_id,
        '*' as line_key,
        cast(null as varchar) as sku_id,
        cast(null as varchar) as site_id,
        owing.customer_id,
        owing.ordered_date as signal_date,
        owing.due_date,
        cast(owing.open_amount + owing.unpaid_amount - customers.credit_limit_amount as double) * assumed.credit_loss_share as impact_amount,
        1.0 as chance_share,
        'what is owed beyond the limit times the share of such money that is never paid' as money_basis_name,
        'Customer ' || owing.customer_id || ' has ' || cast(cast(round(owing.open_amount, 0) as bigint) as varchar) || ' on order and '
            || cast(cast(round(owing.unpaid_amount, 0) as bigint) as varchar) || ' not yet due, against a limit of '
            || cast(cast(round(customers.credit_limit_amount, 0) as bigint) as varchar) || '.' as because_text
    from owing
    inner join core.customers as customers on customers.customer_id = owing.customer_id
    cross join assumed
    where owing.order_id is not null and customers.credit_limit_amount > 0
        and owing.open_amount + owing.unpaid_amount > customers.credit_limit_amount
),

agreed as (
    select
        lines.order_id,
        lines.line_key,
        prices.unit_price,
        prices.is_contract,
        row_number() over (
            partition by lines.order_id, lines.line_key
            order by case when prices.customer_id = lines.customer_id then 0 else 1 end, prices.valid_from_date desc
        ) as turn
    from marts.order_lines as lines
    inner join core.prices as prices
        on prices.sku_id = lines.sku_id and prices.valid_from_date <= lines.ordered_date
    where lines.is_service_line and date_diff('day', lines.ordered_date, lines.as_of_date) between 0 and 59
        and (prices.customer_id = lines.customer_id or prices.customer_id = '*')
),

wrong_price as (
    select
        'wrong_price' as signal_kind_code,
        lines.order_id,
        lines.line_key,
        lines.sku_id,
        lines.site_id,
        lines.customer_id,
        lines.ordered_date as signal_date,
        lines.due_date,
        abs(cast(lines.ordered_qty as double) * (cast(agreed.unit_price as double) - cast(lines.unit_price as double))) as impact_amount,
        1.0 as chance_share,
        'difference to the agreed price times the quantity' as money_basis_name,
        'Order ' || lines.order_id || ' was priced ' || cast(cast(lines.unit_price as decimal(18, 3)) as varchar) || ' where '
            || cast(cast(agreed.unit_price as decimal(18, 3)) as varchar)
            || case when agreed.is_contract then ' is the contract price.' else ' is the list price.' end as because_text
    from marts.order_lines as lines
    inner join agreed on agreed.order_id = lines.order_id and agreed.line_key = lines.line_key and agreed.turn = 1
    where agreed.unit_price > 0 and lines.unit_price is not null
        and (
            (agreed.is_contract and abs(lines.unit_price - agreed.unit_price) > 0.02 * agreed.unit_price)
            or lines.unit_price < 0.5 * agreed.unit_price
            or lines.unit_price > 2 * agreed.unit_price
        )
),

missing as (
    select
        'missing_data' as signal_kind_code,
        open_lines.order_id,
        open_lines.line_key,
        open_lines.sku_id,
        open_lines.site_id,
        open_lines.customer_id,
        open_lines.ordered_date as signal_date,
        open_lines.due_date,
        cast(open_lines.open_amount as double) * assumed.lost_share as impact_amount,
        0.5 as chance_share,
        'value of the line times the share of waiting lines that are lost' as money_basis_name,
        'Order ' || open_lines.order_id || ' has '
            || case when open_lines.customer_id is null then 'no customer.'
                when open_lines.due_date is null then 'no date on which it is wanted or promised.'
                else 'no price.' end as because_text
    from open_lines
    cross join assumed
    where open_lines.customer_id is null or open_lines.due_date is null or open_lines.paid_price is null
),

found as (
    select * from held
    union all
    select * from short
    union all
    select * from over_credit
    union all
    select * from wrong_price
    union all
    select * from missing
),

order_exceptions as (
    select
        found.signal_kind_code,
        found.order_id,
        found.line_key,
        found.sku_id,
        found.site_id,
        found.customer_id,
        found.signal_date,
        found.due_date,
        cast(greatest(found.impact_amount, 0) as decimal(18, 4)) as impact_amount,
        cast(found.chance_share as double) as chance_share,
        found.money_basis_name,
        found.because_text,
        company.as_of_date
    from found
    cross join raw.company as company
)

select * from order_exceptions
