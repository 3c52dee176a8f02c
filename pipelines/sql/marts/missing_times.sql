-- answers: How many orders, shipments, purchases and events lack the moment at which they happened?
-- grain: one row per table and column of a moment
-- key: table_name, column_name
-- kind: table
-- checks:
--   missing_count >= 0 and missing_count <= row_count
-- why: A moment may be missing because it has not come yet, or because nobody wrote it down; the count says only how many.
with missing_times as (
    select 'core.order_lines' as table_name, 'ordered_at' as column_name, count(*) as row_count, count(*) - count(ordered_at) as missing_count from core.order_lines
    union all
    select 'core.order_lines' as table_name, 'requested_date' as column_name, count(*) as row_count, count(*) - count(requested_date) as missing_count from core.order_lines
    union all
    select 'core.order_lines' as table_name, 'shipped_date' as column_name, count(*) as row_count, count(*) - count(shipped_date) as missing_count from core.order_lines
    union all
    select 'core.order_lines' as table_name, 'delivered_date' as column_name, count(*) as row_count, count(*) - count(delivered_date) as missing_count from core.order_lines
    union all
    select 'core.shipments' as table_name, 'shipped_at' as column_name, count(*) as row_count, count(*) - count(shipped_at) as missing_count from core.shipments
    union all
    select 'core.shipments' as table_name, 'promised_at' as column_name, count(*) as row_count, count(*) - count(promised_at) as missing_count from core.shipments
    union all
    select 'core.shipments' as table_name, 'delivered_at' as column_name, count(*) as row_count, count(*) - count(delivered_at) as missing_count from core.shipments
    union all
    select 'core.purchase_lines' as table_name, 'ordered_date' as column_name, count(*) as row_count, count(*) - count(ordered_date) as missing_count from core.purchase_lines
    union all
    select 'core.purchase_lines' as table_name, 'promised_date' as column_name, count(*) as row_count, count(*) - count(promised_date) as missing_count from core.purchase_lines
    union all
    select 'core.purchase_lines' as table_name, 'last_received_date' as column_name, count(*) as row_count, count(*) - count(last_received_date) as missing_count from core.purchase_lines
    union all
    select 'core.order_events' as table_name, 'event_at' as column_name, count(*) as row_count, count(*) - count(event_at) as missing_count from core.order_events
    union all
    select 'core.receipts' as table_name, 'received_at' as column_name, count(*) as row_count, count(*) - count(received_at) as missing_count from core.receipts
    union all
    select 'core.returns' as table_name, 'returned_at' as column_name, count(*) as row_count, count(*) - count(returned_at) as missing_count from core.returns
)

select * from missing_times
