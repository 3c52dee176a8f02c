-- answers: How far is each layer of capability there, by which checks?
-- grain: one row per layer and check
-- key: layer_name, check_code
-- kind: table
-- checks:
--   maturity_number between 0 and 5
-- why: What nothing shows counts as nought, so that a layer is not mature by being empty.
with
company as (
    select as_of_date from raw.company
),
feeds as (
    select contract, cast(max(loaded_at) as date) as loaded_date
    from raw.loads
    where contract in ('order_lines', 'stock_days', 'shipments', 'receipts', 'order_events') and accepted > 0
    group by contract
),
checks as (
    select check_code, checked_count, kept_count, kept_share, found_code, found_text from marts.register_checks
    union all
    select
        'feeds_fresh', 5, kept_count, kept_count / 5.0, case when kept_count = 5 then 'in place' else 'contradicted' end,
        cast(kept_count as varchar) || ' of 5 feeds were brought within a week (raw.loads).'
    from (
        select cast(coalesce(sum(case when date_diff('day', loaded_date, as_of_date) <= 7 then 1 else 0 end), 0) as bigint) as kept_count
        from feeds
        cross join company
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
