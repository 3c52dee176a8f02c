-- answers: What came in when, against which purchase order, and what was refused?
-- grain: one row per line of a goods receipt
-- key: receipt_id, line_key
-- kind: table
-- checks:
--   received_qty is not null
--   received_date is not null
with
dated as (
    select
        receipt.receipt_id,
        receipt.line_key,
        receipt.po_id,
        receipt.po_line_key,
        receipt.sku_id,
        receipt.received_at,
        cast(receipt.received_at at time zone company.timezone_name as date) as received_date,
        receipt.received_qty,
        receipt.rejected_qty,
        receipt.load_id,
        receipt.line_no,
        receipt.loaded_at,
        receipt.extra
    from staging.receipts as receipt
    cross join raw.company as company
)
select * from dated
