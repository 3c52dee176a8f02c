-- answers: On which days could demand not show, because the shelf was empty?
-- grain: one row per SKU, site and such day
-- key: sku_id, site_id, demand_date
-- kind: table
-- why: core.demand_days says it for every day of every selling life; a forecast needs only these few.
select sku_id, site_id, demand_date
from core.demand_days
where is_censored
