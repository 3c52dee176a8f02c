-- answers: On which days of the last nine months were received goods booked into the stock of a shelf?
-- grain: one row per SKU, site and day with a booking of received goods
-- key: sku_id, site_id, moved_date
-- kind: table
-- why: A goods receipt tells when goods came to the dock, a stock movement when they could be picked. Where a source has both, the
--   days between them are goods that nobody could sell; where it books both at once, or has no movements, nothing can be told.
select
    moves.sku_id,
    moves.site_id,
    moves.moved_date,
    cast(sum(moves.moved_qty) as decimal(18, 3)) as moved_qty
from core.stock_movements as moves
cross join raw.company as company
where moves.kind_code = 'receipt' and moves.moved_qty > 0 and date_diff('day', moves.moved_date, company.as_of_date) between 0 and 273
group by moves.sku_id, moves.site_id, moves.moved_date
