-- answers: Who did what to which case, when, and how much work was it?
-- grain: one row per event of a case
-- key: case_id, activity_name, event_at, occurrence
-- kind: table
with
events as (
    select
        case_id, activity_name, event_at, occurrence, object_kind_code, actor_name, actor_kind_code, hands_on_minutes,
        load_id, line_no, loaded_at, extra
    from staging.order_events
)
select * from events
