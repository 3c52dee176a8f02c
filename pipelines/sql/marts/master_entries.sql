-- answers: Which SKUs, sites, customers, suppliers and carriers do facts use that no master describes, and which names stand twice?
-- grain: one row per entry of a master
-- key: master_name, master_id
-- kind: table
-- checks:
--   is_orphan is not null
--   twin_count >= 0
-- why: A name that two entries share is a suspicion and not a verdict: two branches of one customer may share it rightly.
with entries as (
    select 'skus' as master_name, sku_id as master_id, sku_name as entry_name, is_implied from core.skus
    union all
    select 'sites' as master_name, site_id as master_id, site_name as entry_name, is_implied from core.sites
    union all
    select 'customers' as master_name, customer_id as master_id, customer_name as entry_name, is_implied from core.customers
    union all
    select 'suppliers' as master_name, supplier_id as master_id, supplier_name as entry_name, is_implied from core.suppliers
    union all
    select 'carriers' as master_name, carrier_id as master_id, carrier_name as entry_name, is_implied from core.carriers
),

named as (
    select master_name, lower(trim(entry_name)) as shared_name, count(*) as entry_count
    from entries
    where entry_name is not null
    group by master_name, lower(trim(entry_name))
),

master_entries as (
    select
        entries.master_name,
        entries.master_id,
        entries.entry_name,
        entries.is_implied as is_orphan,
        coalesce(named.entry_count, 1) - 1 as twin_count
    from entries
    left join named on named.master_name = entries.master_name and named.shared_name = lower(trim(entries.entry_name))
)

select * from master_entries
