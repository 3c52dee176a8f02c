-- answers: What came back, from which order, and why?
-- grain: one row per line of a return
-- key: return_id, line_key
-- kind: table
-- checks:
--   returned_qty is not null
with
returned as (
    select return_id, line_key, order_id, sku_id, returned_at, returned_qty, reason_code, load_id, line_no, loaded_at, extra
    from staging.returns
)
select * from returned
