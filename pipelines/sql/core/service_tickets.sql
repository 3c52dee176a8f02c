-- answers: What did customers ask or complain about, and how long did it take?
-- grain: one row per ticket
-- key: ticket_id
-- kind: table
with
tickets as (
    select
        ticket_id, customer_id, order_id, opened_at, closed_at, topic_name, is_escalated, hands_on_minutes,
        load_id, line_no, loaded_at, extra
    from staging.service_tickets
)
select * from tickets
