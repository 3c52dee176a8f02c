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
days as (
    select facts.sku_id, facts.site_id, facts.stock_date as known_date, facts.on_hand_qty
    from core.stock_days as facts
    inner join shelves on shelves.sku_id = facts.sku_id and shelves.site_id = facts.site_id
    where facts.stock_date >= shelves.first_date - 91 and facts.stock_date <= shelves.last_date
),
moves as (
    select
        facts.sku_id,
        facts.site_id,
        facts.moved_date as known_date,
        case when facts.kind_code in ('issue', 'transfer_out') then abs(facts.moved_qty) else 0 end as out_qty,
        case when facts.kind_code in ('receipt', 'transfer_in') then abs(facts.moved_qty) else 0 end as in_qty
    from core.stock_movements as facts
    inner join shelves on shelves.sku_id = facts.sku_id and shelves.site_id = facts.site_id
    where facts.moved_date >= shelves.first_date - 91
),
demand as (
    select facts.sku_id, facts.site_id, facts.demand_date as known_date, facts.demand_qty
    from core.demand_days as facts
    inner join shelves on shelves.sku_id = facts.sku_id and shelves.site_id = facts.site_id
    where facts.demand_date >= shelves.first_date - 91
),
bought as (
    select lines.po_id, lines.line_key, lines.sku_id, lines.site_id, shelves.first_date
    from core.purchase_lines as lines
    inner join shelves on shelves.sku_id = lines.sku_id and shelves.site_id = lines.site_id
),
arrivals as (
    select bought.sku_id, bought.site_id, facts.received_date as known_date, facts.received_qty
    from core.receipts as facts
    inner join bought on bought.po_id = facts.po_id and bought.line_key = facts.po_line_key
    where facts.received_date >= bought.first_date - 91
),
-- One under the other and summed by day, because four large tables side by side take more memory than they may.
known as (
    select sku_id, site_id, known_date, on_hand_qty, null as moved_out_qty, null as moved_in_qty, null as demand_qty, null as arrived_qty
    from days
    union all
    select sku_id, site_id, known_date, null, out_qty, in_qty, null, null from moves
    union all
    select sku_id, site_id, known_date, null, null, null, demand_qty, null from demand
    union all
    select sku_id, site_id, known_date, null, null, null, null, received_qty from arrivals
),
decision_days as (
    select
        sku_id,
        site_id,
        known_date as stock_date,
        max(on_hand_qty) as on_hand_qty,
        cast(coalesce(sum(moved_out_qty), sum(demand_qty), 0) as decimal(18, 3)) as out_qty,
        cast(coalesce(sum(moved_in_qty), sum(arrived_qty), 0) as decimal(18, 3)) as in_qty
    from known
    group by sku_id, site_id, known_date
    having count(on_hand_qty) > 0
)
select * from decision_days
