-- answers: What changed stock on hand, when and why?
-- grain: one row per booking
-- key: movement_id
-- kind: table
-- checks:
--   moved_qty is not null
--   moved_date is not null
with
dated as (
    select
        movement.movement_id,
        movement.sku_id,
        coalesce(movement.site_id, '*') as site_id,
        movement.moved_at,
        cast(movement.moved_at at time zone company.timezone_name as date) as moved_date,
        movement.kind_code,
        movement.moved_qty,
        movement.load_id,
        movement.line_no,
        movement.loaded_at,
        movement.extra
    from staging.stock_movements as movement
    cross join raw.company as company
)
select * from dated
