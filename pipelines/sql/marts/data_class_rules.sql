-- answers: Is each class of sensitive data kept no longer than its rule, and did it stay where it may be, as far as data can tell?
-- grain: one row per class
-- key: class_code
-- kind: table
-- checks:
--   keep_verdict_code in ('kept', 'kept too long', 'no data')
--   leave_verdict_code in ('may leave', 'not kept', 'cannot be seen')
--   (keep_verdict_code = 'kept too long') = (old_row_count > 0)
--   old_row_count <= held_row_count
-- why: The clock of an order begins on its day, that of a price or a term when the next one takes its place: what is in force is not old,
--   and is no row here. A row without a day is none either; masters carry no day, so keep_text names them. Where a class may not go to a
--   provider, logged calls to sellers count of use cases that say they work with one of its columns (minimum_data, hand_over), wherever
--   those run today. That none was found shows nothing: a definition says what lies at a site, not all that a call carried, and a call
--   may name no seller. So a class is seen to have left or it cannot be seen. Regions stand in no log of calls.
with
company as (
    select as_of_date from raw.company
),
price_spans as (
    select load_id, lead(valid_from_date) over (partition by sku_id, customer_id order by valid_from_date) as ended_date
    from core.prices
    where unit_price is not null
),
term_spans as (
    select
        load_id, price_breaks is not null as has_breaks,
        lead(valid_from_date) over (partition by supplier_id, sku_id order by valid_from_date) as ended_date
    from core.supplier_terms
),
held as (
    select 'pricing' as class_code, load_id, ordered_date as held_date from core.order_lines
    where unit_price is not null or discount_amount is not null
    union all
    select 'pricing', load_id, ended_date from price_spans
    union all
    select 'order_history', load_id, ordered_date from core.order_lines where customer_id is not null
    union all
    select 'supplier_terms', load_id, ordered_date from core.purchase_lines where unit_cost is not null
    union all
    select 'supplier_terms', load_id, ended_date from term_spans
    union all
    select 'rebates', load_id, ended_date from term_spans where has_breaks
    union all
    select 'financials', load_id, ordered_date from core.order_lines where margin_amount is not null
),
undated as (
    select 'pricing' as class_code, 'List prices of articles' as undated_text
    union all
    select 'order_history', 'Names of customers'
    union all
    select 'rebates', 'Penalties agreed with customers'
    union all
    select 'financials', 'Credit limits of customers'
),
judged as (
    select
        held.class_code, held.load_id, held.held_date,
        held.held_date < company.as_of_date - cast(classes.keep_days as integer) as is_old
    from held
    cross join company
    inner join raw.data_classes as classes on classes.class_code = held.class_code
    where held.held_date is not null and held.held_date <= company.as_of_date
),
counted as (
    select
        class_code,
        count(*) as held_row_count,
        min(held_date) as oldest_date,
        cast(sum(case when is_old then 1 else 0 end) as bigint) as old_row_count,
        count(distinct case when is_old then load_id end) as old_load_count,
        min(case when is_old then load_id end) as old_load_id
    from judged
    group by class_code
),
provider_calls as (
    select calls.use_case_id
    from marts.ai_calls as calls
    where calls.seller_name <> 'not told' and not coalesce(calls.is_local_hit, false)
),
logged as (
    select count(*) as provider_call_count from provider_calls
),
calls as (
    select named.class_code, count(*) as call_count
    from provider_calls as calls
    inner join raw.data_class_cases as named on named.use_case_id = calls.use_case_id
    group by named.class_code
),
judged_classes as (
    select
        classes.class_code, classes.class_name, classes.region_name, classes.is_open_to_providers, classes.keep_days, classes.owner_name,
        classes.deleter_name,
        coalesce(counted.held_row_count, 0) as held_row_count,
        counted.oldest_date,
        company.as_of_date - cast(classes.keep_days as integer) as keep_until_date,
        coalesce(counted.old_row_count, 0) as old_row_count,
        coalesce(counted.old_load_count, 0) as old_load_count,
        counted.old_load_id,
        undated.undated_text,
        coalesce(calls.call_count, 0) as call_count,
        logged.provider_call_count
    from raw.data_classes as classes
    cross join company
    cross join logged
    left join counted on counted.class_code = classes.class_code
    left join undated on undated.class_code = classes.class_code
    left join calls on calls.class_code = classes.class_code
),
data_class_rules as (
    select
        class_code, class_name,
        case when held_row_count = 0 then 'no data' when old_row_count > 0 then 'kept too long' else 'kept' end as keep_verdict_code,
        keep_days, held_row_count, oldest_date, keep_until_date, old_row_count, old_load_count,
        case
            when held_row_count = 0 then 'No row of it has a day that has passed.'
            when old_row_count = 0 then 'No row is from before ' || cast(keep_until_date as varchar) || '.'
            else cast(old_row_count as varchar) || ' rows are from before ' || cast(keep_until_date as varchar) || ', brought by '
                || cast(old_load_count as varchar) || ' loads (' || coalesce(old_load_id, 'not told')
                || case when old_load_count > 1 then ' and others' else '' end
                || '). Undo those loads on the page Upload and bring them again without these rows; the files that came in and their copies '
                || 'are deleted by: ' || deleter_name || ', once agreed with: ' || owner_name || '. Nothing is deleted by itself.'
        end || coalesce(' ' || undated_text || ' carry no day and cannot be told.', '') as keep_text,
        region_name, is_open_to_providers,
        case
            when is_open_to_providers then 'may leave'
            when call_count > 0 then 'not kept'
            else 'cannot be seen'
        end as leave_verdict_code,
        case when not is_open_to_providers and call_count > 0 then call_count end as left_call_count,
        case
            when is_open_to_providers then 'It may go to a model of a provider. In which region a call was answered its log does not tell.'
            when call_count > 0
                then cast(call_count as varchar) || ' of ' || cast(provider_call_count as varchar)
                    || ' logged calls to providers are of use cases that say they work with it.'
            when provider_call_count = 0 then 'No call to a provider was logged, so it cannot be seen.'
            else 'None of ' || cast(provider_call_count as varchar) || ' logged calls to providers is of a use case that says it works with '
                || 'it; what else the calls carried no log tells.'
        end as leave_text,
        owner_name, deleter_name
    from judged_classes
)
select * from data_class_rules
