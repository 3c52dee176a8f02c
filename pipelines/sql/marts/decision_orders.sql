-- answers: What became of each customer order that somebody decided to release, hold or price?
-- grain: one row per order that a proposal names
-- key: order_id
-- kind: table
with
named as (
    select distinct order_id from scores.decisions where order_id is not null
),
decision_orders as (
    select
        lines.order_id,
        cast(sum(lines.ordered_qty) as decimal(18, 3)) as ordered_qty,
        cast(sum(lines.shipped_qty) as decimal(18, 3)) as shipped_qty,
        cast(sum(lines.net_amount) as decimal(18, 4)) as net_amount,
        cast(
            sum(cast(lines.margin_amount as double) * cast(lines.shipped_qty as double) / nullif(cast(lines.ordered_qty as double), 0))
            as decimal(18, 4)
        ) as margin_amount,
        min(lines.shipped_date) as shipped_date
    from marts.order_lines as lines
    inner join named on named.order_id = lines.order_id
    group by lines.order_id
)
select * from decision_orders
