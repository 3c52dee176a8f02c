-- answers: How far is each layer of capability there, by which checks?
-- grain: one row per layer and check
-- key: layer_name, check_code
-- kind: table
-- checks:
--   maturity_number between 0 and 5
-- why: What nothing shows counts as nought, so that a layer is not mature by being empty.
with
checks as (
    select check_code, checked_count, kept_count, kept_share, found_code, found_text from marts.register_checks
    union all
    select
        'feeds_fresh', 5, kept_count, kept_count / 5.0, case when kept_count = 5 then 'in place' else 'contradicted' end,
        cast(kept_count as varchar) || ' of 5 feeds are within their targets of freshness (marts.source_freshness).'
    from (
        select cast(coalesce(sum(case when is_fresh then 1 else 0 end), 0) as bigint) as kept_count
        from marts.source_freshness
        where contract_name in ('order_lines', 'stock_days', 'shipments', 'receipts', 'order_events')
    ) as fresh
),
counted as (
    select
        asked.layer_no, asked.layer_name, asked.function_text, asked.aim_text, asked.check_code,
        coalesce(checks.found_code, 'no data') as found_code,
        coalesce(checks.found_text, 'Nothing was counted that would show it.') as found_text,
        checks.kept_share,
        coalesce(checks.kept_share, 0) as counted_share
    from raw.roadmap_layers as asked
    left join checks on checks.check_code = asked.check_code
),
roadmap_layers as (
    select
        layer_no, layer_name, function_text, aim_text, check_code, found_code, found_text, kept_share,
        cast(5 * avg(counted_share) over (partition by layer_name) as double) as maturity_number
    from counted
)
select * from roadmap_layers
