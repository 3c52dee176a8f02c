-- answers: Which purchase line came of each decision to buy or to hurry, when was it due, and when did how much of it come?
-- grain: one row per proposal to buy or to hurry whose purchase line is known
-- key: proposal_id
-- kind: table
-- checks:
--   first_received_date is null or last_received_date is null or first_received_date <= last_received_date
-- why: The ERP's answer to an export names the line. Where it does not, the line of the same supplier, shelf and quantity that was
--   ordered within four days of the decision is taken, if there is one.
with
candidates as (
    select
        decisions.proposal_id,
        lines.po_id,
        lines.line_key,
        row_number() over (
            partition by decisions.proposal_id
            order by case when lines.po_id = decisions.po_id then 0 else 1 end, lines.ordered_date, lines.po_id, lines.line_key
        ) as place_no
    from scores.decisions as decisions
    inner join core.purchase_lines as lines
        on (lines.po_id = decisions.po_id and lines.line_key = decisions.line_key)
        or (
            decisions.po_id is null and decisions.action_kind_code in ('purchase', 're_source')
            and lines.sku_id = decisions.sku_id and lines.site_id = decisions.site_id and lines.supplier_id = decisions.supplier_id
            and lines.ordered_qty = decisions.decided_qty
            and date_diff('day', decisions.proposed_date, lines.ordered_date) between 0 and 4
        )
    where decisions.action_kind_code in ('purchase', 're_source', 'expedite', 'cancel_purchase', 'supplier_message')
),
arrivals as (
    select
        facts.po_id,
        facts.po_line_key,
        min(facts.received_date) as first_received_date,
        max(facts.received_date) as last_received_date
    from core.receipts as facts
    where facts.received_qty > 0
    group by facts.po_id, facts.po_line_key
),
decision_purchases as (
    select
        candidates.proposal_id,
        lines.po_id,
        lines.line_key,
        lines.sku_id,
        lines.site_id,
        lines.ordered_date,
        coalesce(lines.promised_date, lines.confirmed_date) as due_date,
        lines.confirmed_date,
        lines.ordered_qty,
        lines.received_qty,
        coalesce(arrivals.first_received_date, lines.last_received_date) as first_received_date,
        coalesce(arrivals.last_received_date, lines.last_received_date) as last_received_date,
        lines.unit_cost
    from candidates
    inner join core.purchase_lines as lines on lines.po_id = candidates.po_id and lines.line_key = candidates.line_key
    left join arrivals on arrivals.po_id = lines.po_id and arrivals.po_line_key = lines.line_key
    where candidates.place_no = 1
)
select * from decision_purchases
