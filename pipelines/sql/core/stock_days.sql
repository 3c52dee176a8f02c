-- answers: How much of each SKU was where, at the close of which day?
-- grain: one row per SKU, site and day
-- key: sku_id, site_id, stock_date
-- kind: table
-- checks:
--   on_hand_qty is not null
--   is_snapshot is not null
-- why: snapshots stand as they came. Where movements were booked on days that no snapshot covers, the days after the first
--   snapshot are worked out: the last count plus what moved since. Such a day repeats no fact that was not counted,
--   so it names no load, and what was on order or allocated stays empty. Days between two changes are laid out by an
--   equal join on the length of the gap, because a join on 'from ≤ day < to' took twenty times as long.
with
snapshots as (
    select
        sku_id, coalesce(site_id, '*') as site_id, stock_date, on_hand_qty, on_order_qty, allocated_qty, load_id, line_no, loaded_at, extra
    from staging.stock_days
),
moved as (
    select sku_id, site_id, moved_date, sum(moved_qty) as moved_qty
    from core.stock_movements
    group by sku_id, site_id, moved_date
),
counted as (
    select sku_id, site_id, min(stock_date) as first_date
    from snapshots
    where sku_id in (select moved.sku_id from moved)
    group by sku_id, site_id
),
moves_between as (
    select moved.sku_id, moved.site_id, moved.moved_date, moved.moved_qty
    from moved
    inner join counted on counted.sku_id = moved.sku_id and counted.site_id = moved.site_id
    where moved.moved_date > counted.first_date
),
uncounted_places as (
    select distinct sku_id, site_id
    from moves_between
    where not exists (
        select 1
        from snapshots
        where snapshots.sku_id = moves_between.sku_id
            and snapshots.site_id = moves_between.site_id
            and snapshots.stock_date = moves_between.moved_date
    )
),
moves_until as (
    select max(moved_date) as until_date from moved
),
changes as (
    select snapshots.sku_id, snapshots.site_id, snapshots.stock_date as day_date, snapshots.on_hand_qty as counted_qty, 0 as moved_qty
    from snapshots
    inner join uncounted_places on uncounted_places.sku_id = snapshots.sku_id and uncounted_places.site_id = snapshots.site_id
    union all
    select moves_between.sku_id, moves_between.site_id, moves_between.moved_date as day_date, null as counted_qty, moves_between.moved_qty
    from moves_between
    inner join uncounted_places
        on uncounted_places.sku_id = moves_between.sku_id and uncounted_places.site_id = moves_between.site_id
),
change_days as (
    select sku_id, site_id, day_date, max(counted_qty) as counted_qty, sum(moved_qty) as moved_qty
    from changes
    group by sku_id, site_id, day_date
),
since_count as (
    select
        sku_id,
        site_id,
        day_date,
        counted_qty,
        case when counted_qty is null then moved_qty else 0 end as moved_qty,
        count(counted_qty) over (partition by sku_id, site_id order by day_date) as count_no,
        lead(day_date) over (partition by sku_id, site_id order by day_date) as next_date
    from change_days
),
stood as (
    select
        sku_id,
        site_id,
        day_date,
        next_date,
        counted_qty is not null as is_snapshot,
        sum(coalesce(counted_qty, moved_qty)) over (partition by sku_id, site_id, count_no order by day_date) as on_hand_qty
    from since_count
),
gaps as (
    select
        stood.*,
        date_diff('day', stood.day_date, coalesce(stood.next_date, moves_until.until_date + 1)) as gap_days
    from stood
    cross join moves_until
),
day_numbers as (
    select row_number() over (order by day_date) - 1 as day_no from core.calendar
),
steps as (
    select lengths.gap_days, day_numbers.day_no
    from (select distinct gap_days from gaps) as lengths
    inner join day_numbers on day_numbers.day_no < lengths.gap_days
),
between_counts as (
    select gaps.sku_id, gaps.site_id, gaps.day_date + cast(steps.day_no as integer) as stock_date, gaps.on_hand_qty
    from gaps
    inner join steps on steps.gap_days = gaps.gap_days
    where steps.day_no > 0 or not gaps.is_snapshot
),
everything as (
    select
        sku_id, site_id, stock_date, on_hand_qty, on_order_qty, allocated_qty, true as is_snapshot, load_id, line_no, loaded_at, extra
    from snapshots
    union all
    select
        sku_id,
        site_id,
        stock_date,
        cast(on_hand_qty as decimal(18, 3)) as on_hand_qty,
        cast(null as decimal(18, 3)) as on_order_qty,
        cast(null as decimal(18, 3)) as allocated_qty,
        false as is_snapshot,
        cast(null as varchar) as load_id,
        cast(null as bigint) as line_no,
        cast(null as timestamptz) as loaded_at,
        cast(null as map(varchar, varchar)) as extra
    from between_counts
)
select * from everything
