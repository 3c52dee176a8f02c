-- answers: What would naive, the planners' system and our forecast have said for each planned period, what did people plan, and what came?
-- grain: one row per SKU, site and first day of the planned period
-- key: sku_id, site_id, plan_starts_date
-- kind: table
-- checks:
--   counted_share is null or (counted_share >= 0 and counted_share <= 1)
--   plan_standing_name <> 'judged' or (plan_abs_error_qty is not null and model_abs_error_qty is not null)
--   plan_standing_name <> 'judged' or (made_date < plan_starts_date and origin_date <= made_date)
-- why: A plan is held against what the forecast would have said on the newest look-back day that is not after the day on which it
--   was decided, so the forecast never knows more than the planner did. Only days that this look back covers and on which the
--   shelf was not empty count, on all sides; the plan's part of them is its quantity in proportion to how the forecast spreads
--   over the weekdays. A plan of which less than half is left so, or that was decided after its period began, is not judged.
with
plans as (
    select
        plans.sku_id,
        plans.site_id,
        plans.plan_starts_date,
        plans.plan_ends_date,
        plans.plan_days,
        plans.planned_qty,
        plans.statistical_qty,
        plans.made_date,
        coalesce(plans.planner_name, 'not named') as planner_name,
        coalesce(plans.reason_code, 'not given') as reason_code,
        case
            when plans.made_date is null then 'not known when it was decided'
            when plans.made_date >= plans.plan_starts_date then 'decided after its period began'
            when plans.plan_days is null then 'not known how long its period is'
            when plans.plan_ends_date > company.as_of_date then 'its period is not over'
        end as early_standing_name,
        company.as_of_date
    from core.demand_plans as plans
    cross join raw.company as company
),
-- What would have been said and what came, at each site and, under *, at all sites that were looked back on.
looks as (
    select sku_id, site_id, origin_date, target_date, mean_qty, came_qty
    from scores.demand_lookbacks
    where site_id <> '*'
    union all
    select
        sku_id,
        '*' as site_id,
        origin_date,
        target_date,
        sum(mean_qty) as mean_qty,
        case when count(came_qty) = count(*) then sum(came_qty) end as came_qty
    from scores.demand_lookbacks
    group by sku_id, origin_date, target_date
),
origins as (
    select sku_id, site_id, origin_date, max(target_date) as last_date
    from looks
    group by sku_id, site_id, origin_date
),
chosen as (
    select plans.sku_id, plans.site_id, plans.plan_starts_date, plans.plan_ends_date, max(origins.origin_date) as origin_date
    from plans
    inner join origins on origins.sku_id = plans.sku_id and origins.site_id = plans.site_id and origins.origin_date <= plans.made_date
    where plans.early_standing_name is null
    group by plans.sku_id, plans.site_id, plans.plan_starts_date, plans.plan_ends_date
),
-- Plans that reach into the look back at all.
reaching as (
    select chosen.sku_id, chosen.site_id, chosen.plan_starts_date, chosen.plan_ends_date, chosen.origin_date
    from chosen
    inner join origins
        on origins.sku_id = chosen.sku_id and origins.site_id = chosen.site_id and origins.origin_date = chosen.origin_date
    where origins.last_date >= chosen.plan_starts_date
),
-- Sites where the SKU sold in the period although nobody looked back on it there; then no sum over all sites can be judged.
elsewhere as (
    select distinct reaching.sku_id, reaching.site_id, reaching.plan_starts_date
    from reaching
    inner join core.demand_facts as facts
        on
            facts.sku_id = reaching.sku_id
            and facts.demand_date between reaching.plan_starts_date and reaching.plan_ends_date
    left join scores.demand_lookbacks as looked
        on
            looked.sku_id = facts.sku_id
            and looked.site_id = facts.site_id
            and looked.origin_date = reaching.origin_date
            and looked.target_date = reaching.origin_date + 1
    where reaching.site_id = '*' and looked.sku_id is null
),
demand as (
    select sku_id, site_id, demand_date, demand_qty from core.demand_facts where site_id <> '*'
    union all
    select sku_id, '*' as site_id, demand_date, sum(demand_qty) as demand_qty from core.demand_facts group by sku_id, demand_date
),
weekdays as (
    select
        sku_id,
        site_id,
        origin_date,
        date_diff('day', origin_date, target_date) % 7 as weekday_no,
        cast(sum(mean_qty) as double) / nullif(count(mean_qty), 0) as usual_qty
    from looks
    group by sku_id, site_id, origin_date, date_diff('day', origin_date, target_date) % 7
),
planned_days as (
    select
        reaching.sku_id,
        reaching.site_id,
        reaching.plan_starts_date,
        reaching.origin_date,
        calendar.day_date,
        date_diff('day', reaching.origin_date, calendar.day_date) % 7 as weekday_no,
        reaching.origin_date - 6 + cast((date_diff('day', reaching.origin_date, calendar.day_date) - 1) % 7 as integer) as naive_date
    from reaching
    inner join core.calendar as calendar on calendar.day_date between reaching.plan_starts_date and reaching.plan_ends_date
),
told as (
    select
        days.sku_id,
        days.site_id,
        days.plan_starts_date,
        max(days.origin_date) as origin_date,
        sum(weekdays.usual_qty) as usual_qty,
        sum(case when looks.came_qty is not null then weekdays.usual_qty end) as counted_qty,
        count(*) as day_count,
        count(looks.came_qty) as counted_day_count,
        sum(looks.came_qty) as came_qty,
        sum(case when looks.came_qty is not null then looks.mean_qty end) as model_qty,
        sum(case when looks.came_qty is not null then coalesce(naive.demand_qty, 0) end) as naive_qty
    from planned_days as days
    left join looks
        on
            looks.sku_id = days.sku_id
            and looks.site_id = days.site_id
            and looks.origin_date = days.origin_date
            and looks.target_date = days.day_date
    left join weekdays
        on
            weekdays.sku_id = days.sku_id
            and weekdays.site_id = days.site_id
            and weekdays.origin_date = days.origin_date
            and weekdays.weekday_no = days.weekday_no
    left join demand as naive
        on naive.sku_id = days.sku_id and naive.site_id = days.site_id and naive.demand_date = days.naive_date
    group by days.sku_id, days.site_id, days.plan_starts_date
),
shared as (
    select
        told.*,
        case
            when told.usual_qty > 0 then least(coalesce(told.counted_qty, 0) / nullif(told.usual_qty, 0), 1)
            else cast(told.counted_day_count as double) / nullif(told.day_count, 0)
        end as counted_share
    from told
),
stood as (
    select
        plans.*,
        shared.origin_date,
        shared.counted_share,
        shared.came_qty,
        shared.model_qty,
        shared.naive_qty,
        coalesce(
            plans.early_standing_name,
            case
                when shared.origin_date is null then 'no look back reaches it'
                when elsewhere.sku_id is not null then 'not all sites were looked back on'
                when shared.counted_share < 0.5 then 'less than half of it can be seen'
                else 'judged'
            end
        ) as plan_standing_name
    from plans
    left join shared
        on shared.sku_id = plans.sku_id and shared.site_id = plans.site_id and shared.plan_starts_date = plans.plan_starts_date
    left join elsewhere
        on elsewhere.sku_id = plans.sku_id and elsewhere.site_id = plans.site_id and elsewhere.plan_starts_date = plans.plan_starts_date
),
counted as (
    select
        stood.*,
        case when stood.plan_standing_name = 'judged' then stood.came_qty end as seen_qty,
        stood.planned_qty * stood.counted_share as plan_part_qty,
        stood.statistical_qty * stood.counted_share as proposal_part_qty
    from stood
),
prices as (
    select sku_id, site_id, unit_net_amount from marts.sku_margins where site_id <> '*'
    union all
    select
        sku_id,
        '*' as site_id,
        cast(cast(sum(net_amount) as double) / nullif(cast(sum(sold_qty) as double), 0) as decimal(18, 4)) as unit_net_amount
    from marts.sku_margins
    group by sku_id
),
erred as (
    select
        counted.*,
        abs(counted.naive_qty - counted.seen_qty) as naive_abs_error_qty,
        abs(counted.proposal_part_qty - counted.seen_qty) as proposal_abs_error_qty,
        abs(counted.model_qty - counted.seen_qty) as model_abs_error_qty,
        abs(counted.plan_part_qty - counted.seen_qty) as plan_abs_error_qty,
        coalesce(prices.unit_net_amount, skus.list_price) as unit_net_amount,
        skus.sku_name,
        skus.category_name,
        sites.site_name,
        coalesce(fits.demand_class_name, 'all sites together') as demand_class_name
    from counted
    left join prices on prices.sku_id = counted.sku_id and prices.site_id = counted.site_id
    left join core.skus as skus on skus.sku_id = counted.sku_id
    left join core.sites as sites on sites.site_id = counted.site_id
    left join scores.demand_fits as fits on fits.sku_id = counted.sku_id and fits.site_id = counted.site_id
),
demand_plans as (
    select
        sku_id,
        sku_name,
        category_name,
        site_id,
        site_name,
        demand_class_name,
        planner_name,
        reason_code,
        plan_starts_date,
        plan_ends_date,
        made_date,
        plan_standing_name,
        origin_date,
        counted_share,
        planned_qty,
        statistical_qty,
        cast(seen_qty as decimal(18, 3)) as seen_qty,
        cast(case when seen_qty is not null then naive_qty end as decimal(18, 3)) as naive_seen_qty,
        cast(case when seen_qty is not null then proposal_part_qty end as decimal(18, 3)) as proposal_seen_qty,
        cast(case when seen_qty is not null then model_qty end as decimal(18, 3)) as model_seen_qty,
        cast(case when seen_qty is not null then plan_part_qty end as decimal(18, 3)) as plan_seen_qty,
        cast(naive_abs_error_qty as decimal(18, 3)) as naive_abs_error_qty,
        cast(proposal_abs_error_qty as decimal(18, 3)) as proposal_abs_error_qty,
        cast(model_abs_error_qty as decimal(18, 3)) as model_abs_error_qty,
        cast(plan_abs_error_qty as decimal(18, 3)) as plan_abs_error_qty,
        cast(coalesce(proposal_abs_error_qty, model_abs_error_qty) - plan_abs_error_qty as decimal(18, 3)) as helped_qty,
        cast((coalesce(proposal_abs_error_qty, model_abs_error_qty) - plan_abs_error_qty) * unit_net_amount as decimal(18, 4)) as helped_amount,
        cast(plan_abs_error_qty * unit_net_amount as decimal(18, 4)) as plan_error_amount,
        cast(seen_qty * unit_net_amount as decimal(18, 4)) as seen_amount,
        unit_net_amount,
        as_of_date
    from erred
)
select * from demand_plans
