-- answers: Up to which level was stock brought by each order to a supplier, and how fast did it go out since?
-- grain: one row per SKU, site and day on which something was ordered, where stock of that day is known
-- key: sku_id, site_id, ordered_date
-- kind: table
-- why: The level is stock on hand and on order at the close of the day, less what was promised to customers: what reorder point
--   and order-up-to level look like from outside, because no system exports them. Old enough to be forgotten is 400 days.
with bought as (
    select
        lines.sku_id,
        lines.site_id,
        min(lines.supplier_id) as supplier_id,
        lines.ordered_date,
        sum(lines.ordered_qty) as ordered_qty,
        max(lines.as_of_date) as as_of_date
    from marts.purchase_lines as lines
    where not lines.is_cancelled and lines.ordered_qty > 0 and date_diff('day', lines.ordered_date, lines.as_of_date) between 0 and 400
    group by lines.sku_id, lines.site_id, lines.ordered_date
),

terms as (
    select
        supplier_id,
        sku_id,
        minimum_order_qty,
        pack_qty,
        row_number() over (partition by supplier_id, sku_id order by valid_from_date desc) as turn
    from core.supplier_terms
),

gone as (
    select
        moves.sku_id,
        moves.site_id,
        moves.moved_date,
        -sum(moves.moved_qty) as out_qty,
        max(company.as_of_date) as as_of_date
    from core.stock_movements as moves
    cross join raw.company as company
    where moves.kind_code in ('issue', 'transfer_out') and date_diff('day', moves.moved_date, company.as_of_date) between 0 and 500
    group by moves.sku_id, moves.site_id, moves.moved_date
),

rates as (
    select sku_id, site_id, sum(case when date_diff('day', moved_date, as_of_date) <= 90 then out_qty else 0 end) as out_91_qty
    from gone
    group by sku_id, site_id
),

before as (
    select
        bought.sku_id,
        bought.site_id,
        bought.ordered_date,
        sum(gone.out_qty) as out_before_qty
    from bought
    inner join gone on gone.sku_id = bought.sku_id and gone.site_id = bought.site_id
        and gone.moved_date <= bought.ordered_date and gone.moved_date > cast(bought.ordered_date - interval 91 day as date)
    group by bought.sku_id, bought.site_id, bought.ordered_date
),

order_levels as (
    select
        bought.sku_id,
        bought.site_id,
        bought.supplier_id,
        bought.ordered_date,
        cast(bought.ordered_qty as decimal(18, 3)) as ordered_qty,
        cast(stock.on_hand_qty + coalesce(stock.on_order_qty, 0) - coalesce(stock.allocated_qty, 0) as decimal(18, 3)) as level_qty,
        cast(coalesce(gone.out_qty, 0) as decimal(18, 3)) as out_qty,
        cast(before.out_before_qty as decimal(18, 3)) as out_before_qty,
        cast(rates.out_91_qty as decimal(18, 3)) as out_91_qty,
        terms.minimum_order_qty,
        terms.pack_qty
    from bought
    inner join core.stock_days as stock
        on stock.sku_id = bought.sku_id and stock.site_id = bought.site_id and stock.stock_date = bought.ordered_date
    left join gone on gone.sku_id = bought.sku_id and gone.site_id = bought.site_id and gone.moved_date = bought.ordered_date
    left join before
        on before.sku_id = bought.sku_id and before.site_id = bought.site_id and before.ordered_date = bought.ordered_date
    left join rates on rates.sku_id = bought.sku_id and rates.site_id = bought.site_id
    left join terms on terms.supplier_id = bought.supplier_id and terms.sku_id = bought.sku_id and terms.turn = 1
)

select * from order_levels
