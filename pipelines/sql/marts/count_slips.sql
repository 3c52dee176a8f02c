-- answers: Of which SKUs do counts of stock and movements disagree on nearly every day on which anything moved?
-- grain: one row per SKU of which that was so since its first wide gap of half a year, within the last 42 days
-- key: sku_id
-- kind: table
-- checks:
--   gap_number > 0
--   impact_amount is null or impact_amount >= 0
-- why: A single jump may be a count that was put right. Counts that show a fixed part of every movement are in another unit: cartons
--   where movements are pieces show next to none of it. It began on the first day whose gap is a third
--   of the widest; four counts after movements since then tell, be they daily or weekly.
with moved as (
    select moves.sku_id, moves.site_id, moves.moved_date, sum(moves.moved_qty) as moved_qty
    from core.stock_movements as moves
    cross join raw.company as company
    where date_diff('day', moves.moved_date, company.as_of_date) between 0 and 195
    group by moves.sku_id, moves.site_id, moves.moved_date
),

told_moves as (
    select distinct sku_id, site_id from moved
),

-- Movements and counts of a shelf in one row after the other, so that what moved between two counts is a difference of sums.
lived as (
    select sku_id, site_id, moved_date as day_date, 0 as is_count, moved_qty, cast(null as decimal(18, 3)) as on_hand_qty
    from moved
    union all
    select counts.sku_id, counts.site_id, counts.stock_date as day_date, 1 as is_count, 0 as moved_qty, counts.on_hand_qty
    from core.stock_days as counts
    inner join told_moves on told_moves.sku_id = counts.sku_id and told_moves.site_id = counts.site_id
    cross join raw.company as company
    where counts.is_snapshot and date_diff('day', counts.stock_date, company.as_of_date) between 0 and 195
),

summed as (
    select
        lived.*,
        sum(moved_qty) over (
            partition by sku_id, site_id order by day_date, is_count rows between unbounded preceding and current row
        ) as moved_till_qty
    from lived
),

between_counts as (
    select
        sku_id,
        day_date,
        on_hand_qty - lag(on_hand_qty) over (partition by sku_id, site_id order by day_date) as counted_qty,
        moved_till_qty - lag(moved_till_qty) over (partition by sku_id, site_id order by day_date) as moved_qty
    from summed
    where is_count = 1
),

days as (
    select
        counts.sku_id,
        counts.day_date,
        cast(sum(abs(counts.moved_qty)) as double) as moved_qty,
        cast(sum(abs(counts.counted_qty - counts.moved_qty)) as double) as gap_qty,
        max(date_diff('day', counts.day_date, company.as_of_date)) as days_back
    from between_counts as counts
    cross join raw.company as company
    where counts.counted_qty is not null
    group by counts.sku_id, counts.day_date
),

gaps as (
    select sku_id, day_date, gap_qty, max(gap_qty) over (partition by sku_id) as widest_qty
    from days
    where days_back <= 181
),

begun as (
    select sku_id, min(day_date) as since_date
    from gaps
    where gap_qty > 0 and gap_qty >= 0.3 * widest_qty
    group by sku_id
),

compared as (
    select
        days.sku_id,
        count(*) as day_count,
        count(case when days.gap_qty >= 0.3 * days.moved_qty then 1 end) as gap_day_count,
        sum(days.gap_qty) / nullif(sum(days.moved_qty), 0) as gap_number
    from days
    inner join begun on begun.sku_id = days.sku_id and days.day_date > begun.since_date
    where days.moved_qty > 0 and days.days_back <= 41
    group by days.sku_id
),

counted as (
    select sku_id, cast(sum(on_hand_qty) as double) as on_hand_qty
    from marts.stock_now
    group by sku_id
),

count_slips as (
    select
        compared.sku_id,
        begun.since_date,
        compared.day_count,
        compared.gap_day_count,
        compared.gap_number,
        cast(counted.on_hand_qty * cast(skus.unit_cost as double)
            * case when compared.gap_number < 1 then compared.gap_number / nullif(greatest(1 - compared.gap_number, 0.001), 0)
                else compared.gap_number / nullif(1 + compared.gap_number, 0) end as decimal(18, 4)) as impact_amount,
        'On ' || cast(compared.gap_day_count as varchar) || ' of ' || cast(compared.day_count as varchar)
            || ' counts after movements did not follow them, by '
            || cast(cast(round(100 * compared.gap_number, 0) as bigint) as varchar) || ' % of what moved, since '
            || cast(begun.since_date as varchar) || '.'
            || case
                when skus.units_per_pack > 1
                    and abs(1 / nullif(greatest(1 - compared.gap_number, 0.001), 0) - cast(skus.units_per_pack as double))
                        < 0.2 * cast(skus.units_per_pack as double)
                    then ' So it would be if counts were in packs of ' || cast(cast(skus.units_per_pack as bigint) as varchar) || '.'
                else '' end as because_text
    from compared
    inner join begun on begun.sku_id = compared.sku_id
    left join counted on counted.sku_id = compared.sku_id
    left join core.skus as skus on skus.sku_id = compared.sku_id
    where compared.gap_day_count >= 4 and compared.gap_day_count >= 0.8 * compared.day_count
)

select * from count_slips
