-- answers: Which of our sites is fed by which other?
-- grain: one row per site with a transfer in within the last 91 days that matches a transfer out of another site
-- key: site_id
-- kind: table
-- why: No extract names the pair. A transfer in matches a transfer out of the same SKU and quantity within the three days before;
--   the site that matches most often feeds.
with moves as (
    select facts.sku_id, facts.site_id, facts.moved_date, facts.kind_code, facts.moved_qty
    from core.stock_movements as facts
    cross join raw.company as company
    where facts.kind_code in ('transfer_in', 'transfer_out') and date_diff('day', facts.moved_date, company.as_of_date) between 0 and 90
),

matched as (
    select arrived.site_id, gone.site_id as from_site_id, count(*) as line_count
    from moves as arrived
    inner join moves as gone
        on gone.sku_id = arrived.sku_id and gone.moved_qty = -arrived.moved_qty and gone.site_id <> arrived.site_id
        and gone.kind_code = 'transfer_out'
        and date_diff('day', gone.moved_date, arrived.moved_date) between 0 and 3
    where arrived.kind_code = 'transfer_in'
    group by arrived.site_id, gone.site_id
),

ranked as (
    select site_id, from_site_id, line_count, row_number() over (partition by site_id order by line_count desc, from_site_id) as turn
    from matched
),

site_feeds as (
    select site_id, from_site_id, line_count
    from ranked
    where turn = 1
)

select * from site_feeds
