-- answers: When did each SKU last come to a site from another site of ours, and when did it last leave for one?
-- grain: one row per SKU and site with a transfer within the last 28 days
-- key: sku_id, site_id
-- kind: table
-- why: So that nobody proposes to send back what has just come.
with recent_transfers as (
    select
        facts.sku_id,
        facts.site_id,
        max(case when facts.kind_code = 'transfer_in' then facts.moved_date end) as transfer_in_date,
        max(case when facts.kind_code = 'transfer_out' then facts.moved_date end) as transfer_out_date
    from core.stock_movements as facts
    cross join raw.company as company
    where facts.kind_code in ('transfer_in', 'transfer_out')
        and date_diff('day', facts.moved_date, company.as_of_date) between 0 and 27
    group by facts.sku_id, facts.site_id
)
select * from recent_transfers
