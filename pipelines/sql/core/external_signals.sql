-- answers: What happened outside that moves demand or transport?
-- grain: one row per signal, place and day
-- key: signal_name, place_name, signal_date
-- kind: table
-- checks:
--   signal_number is not null
--   known_date is not null
-- why: the place * is everywhere; a reading that does not say when it became known was known on its day and not before.
with
signals as (
    select
        signal_name,
        coalesce(place_name, '*') as place_name,
        signal_date,
        signal_number,
        coalesce(known_date, signal_date) as known_date,
        load_id,
        line_no,
        loaded_at,
        extra
    from staging.external_signals
)
select * from signals
