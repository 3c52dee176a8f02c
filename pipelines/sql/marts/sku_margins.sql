-- answers: What did each SKU earn at each site in the last year, and what does one unit of it earn?
-- grain: one row per SKU and site with a sale in the last 365 days
-- key: sku_id, site_id
-- kind: table
-- why: Where no cost is known, the margin is empty and not nought.
with sold as (
    select
        lines.sku_id,
        lines.site_id,
        sum(lines.ordered_qty) as sold_qty,
        sum(lines.net_amount) as net_amount,
        sum(lines.margin_amount) as margin_amount,
        sum(case when lines.margin_amount is not null then lines.ordered_qty end) as margin_qty
    from marts.order_lines as lines
    cross join raw.company as company
    where lines.is_service_line and date_diff('day', lines.ordered_date, company.as_of_date) between 0 and 364
    group by lines.sku_id, lines.site_id
),
sku_margins as (
    select
        sold.sku_id,
        sold.site_id,
        cast(sold.sold_qty as decimal(18, 3)) as sold_qty,
        cast(sold.net_amount as decimal(18, 4)) as net_amount,
        cast(sold.margin_amount as decimal(18, 4)) as margin_amount,
        cast(cast(sold.margin_amount as double) / nullif(cast(sold.margin_qty as double), 0) as decimal(18, 4)) as unit_margin_amount,
        cast(cast(sold.net_amount as double) / nullif(cast(sold.sold_qty as double), 0) as decimal(18, 4)) as unit_net_amount
    from sold
)
select * from sku_margins
