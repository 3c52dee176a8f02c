-- answers: What should be bought or hurried up first, by the money that is lost otherwise?
-- grain: one row per SKU and site that is expected to lose something before a new order could come
-- key: sku_id, site_id
-- kind: table
-- checks:
--   expected_lost_amount > 0
--   covered_share > 0 and covered_share <= 1.000001
--   (po_id is null) = (wish_name <> 'expedite')
-- why: A line that is on order already is hurried up rather than ordered again; which one is the next that is due. A site that
--   other sites of ours feed and that has nothing on order is helped by moving. Money without a known margin cannot be ranked.
with waiting as (
    select
        facts.sku_id,
        facts.site_id,
        facts.po_id,
        facts.line_key,
        facts.supplier_id,
        facts.due_date,
        facts.open_qty,
        facts.open_amount,
        row_number() over (partition by facts.sku_id, facts.site_id order by facts.due_date, facts.po_id, facts.line_key) as turn_no
    from marts.purchase_lines as facts
    where facts.open_qty > 0 and facts.due_date is not null
),

losses as (
    select
        outlook.sku_id,
        outlook.site_id,
        outlook.on_hand_qty,
        outlook.open_qty as on_order_qty,
        outlook.lead_time_days,
        outlook.stockout_share,
        outlook.first_likely_date,
        outlook.expected_lost_qty,
        outlook.expected_lost_amount,
        outlook.because_text,
        outlook.as_of_date,
        waiting.po_id,
        waiting.line_key,
        waiting.supplier_id,
        waiting.due_date,
        waiting.open_amount,
        case
            when waiting.po_id is not null then 'expedite'
            when transfers.site_id is not null then 'transfer'
            else 'buy'
        end as wish_name
    from scores.stockout_outlook as outlook
    left join waiting on waiting.sku_id = outlook.sku_id and waiting.site_id = outlook.site_id and waiting.turn_no = 1
    left join marts.site_transfers as transfers on transfers.site_id = outlook.site_id
    where outlook.expected_lost_amount > 0
),

purchase_priorities as (
    select
        cast(
            row_number() over (order by losses.expected_lost_amount desc, losses.sku_id, losses.site_id) as bigint
        ) as priority_no,
        losses.wish_name,
        losses.sku_id,
        skus.sku_name,
        losses.site_id,
        sites.site_name,
        losses.supplier_id,
        suppliers.supplier_name,
        losses.po_id,
        losses.line_key,
        losses.due_date,
        risks.late_share,
        risks.arrival_p50_date,
        risks.arrival_p90_date,
        losses.open_amount,
        losses.on_hand_qty,
        losses.on_order_qty,
        losses.lead_time_days,
        losses.stockout_share,
        losses.first_likely_date,
        losses.expected_lost_qty,
        losses.expected_lost_amount,
        cast(sum(losses.expected_lost_amount) over (order by losses.expected_lost_amount desc, losses.sku_id, losses.site_id) as double)
            / nullif(cast(sum(losses.expected_lost_amount) over () as double), 0) as covered_share,
        losses.because_text,
        losses.as_of_date
    from losses
    left join scores.inbound_risk as risks on risks.po_id = losses.po_id and risks.line_key = losses.line_key
    left join core.skus as skus on skus.sku_id = losses.sku_id
    left join core.sites as sites on sites.site_id = losses.site_id
    left join core.suppliers as suppliers on suppliers.supplier_id = losses.supplier_id
)

select * from purchase_priorities
