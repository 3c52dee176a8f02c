-- answers: Which orders were complete, on time, and how long did they take?
-- grain: one row per order that has lines
-- key: order_id
-- kind: table
-- checks:
--   service_line_count <= line_count
--   is_on_time_in_full is null or is_due
--   not is_on_time_in_full or (is_in_full and not is_late)
-- why: Kept as a table because it sums all lines. An order can be judged when all its lines can: were one known fault
--   enough, sources that tell little would show nothing but faults. It is due when the last of its lines with a due date
--   is due. Site and region stay empty for an order that several sites serve.
with counted as (
    select
        order_id,
        min(customer_id) as customer_id,
        min(site_id) as site_id,
        max(site_id) as other_site_id,
        min(ordered_at) as ordered_at,
        min(ordered_date) as ordered_date,
        max(case when is_service_line then due_date end) as due_date,
        max(fill_date) as fill_date,
        max(case when is_service_line then delivered_date end) as delivered_date,
        min(as_of_date) as as_of_date,
        count(*) as line_count,
        sum(case when is_service_line then 1 else 0 end) as service_line_count,
        sum(case when not is_in_full then 1 else 0 end) as short_line_count,
        sum(case when is_service_line and is_in_full is null then 1 else 0 end) as unknown_line_count,
        sum(case when is_late then 1 else 0 end) as late_line_count,
        sum(case when is_service_line and is_late is null then 1 else 0 end) as unjudged_line_count,
        sum(case when is_service_line and delivered_date is null then 1 else 0 end) as undelivered_line_count,
        sum(case when is_service_line then net_amount end) as net_amount,
        sum(case when is_service_line then margin_amount end) as margin_amount,
        sum(case when is_service_line then open_amount end) as open_amount
    from marts.order_lines
    group by order_id
),

judged as (
    select
        counted.*,
        case when site_id = other_site_id then site_id end as only_site_id,
        service_line_count > 0 as is_service_order,
        due_date <= as_of_date as is_due,
        case
            when service_line_count = 0 or unknown_line_count > 0 then null
            else short_line_count = 0
        end as is_in_full,
        case
            when service_line_count = 0 or unjudged_line_count > 0 then null
            else late_line_count > 0
        end as is_late
    from counted
),

orders as (
    select
        judged.order_id,
        judged.customer_id,
        customers.customer_name,
        customers.tier_code,
        customers.region_name as customer_region_name,
        heads.channel_name,
        heads.status_code,
        heads.hold_code,
        judged.only_site_id as site_id,
        sites.site_name,
        sites.region_name,
        judged.ordered_at,
        judged.ordered_date,
        judged.due_date,
        judged.fill_date,
        case when judged.undelivered_line_count = 0 then judged.delivered_date end as completed_date,
        judged.line_count,
        cast(judged.service_line_count as bigint) as service_line_count,
        cast(judged.late_line_count as bigint) as late_line_count,
        cast(judged.net_amount as decimal(18, 4)) as net_amount,
        cast(judged.margin_amount as decimal(18, 4)) as margin_amount,
        cast(judged.open_amount as decimal(18, 4)) as open_amount,
        judged.is_service_order,
        judged.is_due,
        judged.is_in_full,
        judged.is_late,
        case when judged.is_in_full is not null and judged.is_late is not null then judged.is_in_full and not judged.is_late end
            as is_on_time_in_full,
        case
            when judged.undelivered_line_count = 0 and coalesce(judged.is_in_full, true)
                then cast(date_diff('day', judged.ordered_date, judged.delivered_date) as double)
        end as cycle_days,
        judged.as_of_date
    from judged
    left join core.orders as heads on heads.order_id = judged.order_id
    left join core.customers as customers on customers.customer_id = judged.customer_id
    left join core.sites as sites on sites.site_id = judged.only_site_id
)

select * from orders
