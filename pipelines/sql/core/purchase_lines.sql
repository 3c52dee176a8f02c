-- answers: What did we order from suppliers, and what came when?
-- grain: one row per line of a purchase order
-- key: po_id, line_key
-- kind: table
-- checks:
--   sku_id is not null
--   ordered_qty is not null
-- why: a receipt is credited to the purchase line that it names, else to the only line of that order with its SKU (or the
--   only line at all); one that could mean several lines is credited to none, and leaves open what they received. Where
--   receipts are brought at all, a line ordered since the first of them and in none of them has received nothing so far.
with
only_line_of_sku as (
    select po_id, sku_id, min(line_key) as line_key
    from staging.purchase_lines
    group by po_id, sku_id
    having count(*) = 1
),
only_line as (
    select po_id, min(line_key) as line_key
    from staging.purchase_lines
    group by po_id
    having count(*) = 1
),
credited as (
    select
        receipt.po_id,
        case
            when receipt.po_line_key is not null then receipt.po_line_key
            when receipt.sku_id is not null then only_line_of_sku.line_key
            else only_line.line_key
        end as line_key,
        receipt.received_qty,
        receipt.received_date
    from core.receipts as receipt
    left join only_line_of_sku on only_line_of_sku.po_id = receipt.po_id and only_line_of_sku.sku_id = receipt.sku_id
    left join only_line on only_line.po_id = receipt.po_id
),
what_came as (
    select
        po_id,
        line_key,
        cast(sum(received_qty) as decimal(18, 3)) as received_qty,
        max(received_date) as last_received_date
    from credited
    group by po_id, line_key
),
unclear as (
    select distinct po_id from credited where line_key is null and po_id is not null
),
receipts_since as (
    select min(received_date) as since_date from core.receipts
),
lines as (
    select
        line.po_id,
        line.line_key,
        line.supplier_id,
        line.sku_id,
        line.site_id,
        line.ordered_date,
        line.promised_date,
        line.confirmed_date,
        line.ordered_qty,
        case
            when line.received_qty is not null then line.received_qty
            when what_came.received_qty is not null then what_came.received_qty
            when unclear.po_id is null and line.ordered_date >= receipts_since.since_date then cast(0 as decimal(18, 3))
        end as received_qty,
        coalesce(line.last_received_date, what_came.last_received_date) as last_received_date,
        line.unit_cost,
        line.status_code,
        line.load_id,
        line.line_no,
        line.loaded_at,
        line.extra
    from staging.purchase_lines as line
    cross join receipts_since
    left join what_came on what_came.po_id = line.po_id and what_came.line_key = line.line_key
    left join unclear on unclear.po_id = line.po_id
)
select * from lines
