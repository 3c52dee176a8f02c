-- answers: Which sites are fed from other sites of ours, and how often does a transfer come in?
-- grain: one row per site with a transfer in within the last 182 days
-- key: site_id
-- kind: table
-- checks:
--   transfer_day_count > 0
with site_transfers as (
    select
        facts.site_id,
        count(distinct facts.moved_date) as transfer_day_count,
        182 / nullif(cast(count(distinct facts.moved_date) as double), 0) as transfer_gap_days
    from core.stock_movements as facts
    cross join raw.company as company
    where facts.kind_code = 'transfer_in' and date_diff('day', facts.moved_date, company.as_of_date) between 0 and 181
    group by facts.site_id
)
select * from site_transfers
