-- answers: What lay on the shelves that somebody decided on, and what came and went, day by day until the decision can be judged?
-- grain: one row per SKU, site and day with known stock, from the first decision on the shelf to the last horizon
-- key: sku_id, site_id, stock_date
-- kind: table
-- checks:
--   out_qty >= 0
--   in_qty >= 0
-- why: Of a sending site too, for what is taken from it may be missed there. What came in is told by the stock movements, and by
--   the goods receipts where no movements are known.
with
shelves as (
    select sku_id, site_id, min(first_date) as first_date, max(last_date) as last_date
    from (
        select sku_id, site_id, proposed_date as first_date, horizon_date as last_date from scores.decisions
        union all
        select sku_id, from_site_id as site_id, proposed_date as first_date, horizon_date as last_date from scores.decisions
        union all
        select lines.sku_id, lines.site_id, decisions.proposed_date as first_date, decisions.horizon_date as last_date
        from scores.decisions as decisions
        inner join core.purchase_lines as lines on lines.po_id = decisions.po_id and lines.line_key = decisions.line_key
    ) as named
    where sku_id is not null and site_id is not null
    group by sku_id, site_id
),
moves as (
    select
        facts.sku_id,
        facts.site_id,
        facts.moved_date,
        sum(case when facts.kind_code in ('issue', 'transfer_out') then abs(facts.moved_qty) else 0 end) as out_qty,
        sum(case when facts.kind_code in ('receipt', 'transfer_in') then abs(facts.moved_qty) else 0 end) as in_qty
    from core.stock_movements as facts
    inner join shelves on shelves.sku_id = facts.sku_id and shelves.site_id = facts.site_id
    where facts.moved_date >= shelves.first_date - 91
    group by facts.sku_id, facts.site_id, facts.moved_date
),
arrivals as (
    select lines.sku_id, coalesce(lines.site_id, '*') as site_id, facts.received_date, sum(facts.received_qty) as in_qty
    from core.receipts as facts
    inner join core.purchase_lines as lines on lines.po_id = facts.po_id and lines.line_key = facts.po_line_key
    group by lines.sku_id, coalesce(lines.site_id, '*'), facts.received_date
),
decision_days as (
    select
        days.sku_id,
        days.site_id,
        days.stock_date,
        days.on_hand_qty,
        cast(coalesce(moves.out_qty, demand.demand_qty, 0) as decimal(18, 3)) as out_qty,
        cast(coalesce(moves.in_qty, arrivals.in_qty, 0) as decimal(18, 3)) as in_qty
    from core.stock_days as days
    inner join shelves on shelves.sku_id = days.sku_id and shelves.site_id = days.site_id
    left join moves on moves.sku_id = days.sku_id and moves.site_id = days.site_id and moves.moved_date = days.stock_date
    left join core.demand_days as demand
        on demand.sku_id = days.sku_id and demand.site_id = days.site_id and demand.demand_date = days.stock_date
    left join arrivals on arrivals.sku_id = days.sku_id and arrivals.site_id = days.site_id and arrivals.received_date = days.stock_date
    where days.stock_date >= shelves.first_date - 91 and days.stock_date <= shelves.last_date
)
select * from decision_days
