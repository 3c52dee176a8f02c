-- answers: On which days of their selling lives were shelves empty, and could demand show all the same?
-- grain: one row per SKU, site and such day
-- key: sku_id, site_id, demand_date
-- kind: table
-- checks:
--   is_censored is not null
-- why: core.demand_days says it for every day of every selling life; a forecast needs only these few.
select sku_id, site_id, demand_date, is_censored
from core.demand_days
where is_stock_out
