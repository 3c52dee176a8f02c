-- answers: Who ordered when, how, and what holds it?
-- grain: one row per order
-- key: order_id
-- kind: table
-- checks:
--   is_implied is not null
-- why: an order that is known only from its lines is there too, and what a header lacks is taken from its lines.
with
from_lines as (
    select
        line.order_id,
        max(line.customer_id) as customer_id,
        max(line.site_id) as site_id,
        min(line.ordered_at) as ordered_at,
        min(line.load_id) as load_id,
        min(line.line_no) as line_no,
        min(line.loaded_at) as loaded_at
    from core.order_lines as line
    left join staging.orders as header on header.order_id = line.order_id
    where header.customer_id is null or header.ordered_at is null
    group by line.order_id
),
everything as (
    select
        coalesce(header.order_id, line.order_id) as order_id,
        coalesce(header.customer_id, line.customer_id) as customer_id,
        coalesce(header.site_id, line.site_id) as site_id,
        coalesce(header.ordered_at, line.ordered_at) as ordered_at,
        header.requested_date,
        header.channel_name,
        header.status_code,
        header.hold_code,
        header.payment_terms_days,
        header.order_id is null as is_implied,
        coalesce(header.load_id, line.load_id) as load_id,
        coalesce(header.line_no, line.line_no) as line_no,
        coalesce(header.loaded_at, line.loaded_at) as loaded_at,
        header.extra
    from staging.orders as header
    full outer join from_lines as line on line.order_id = header.order_id
)
select * from everything
