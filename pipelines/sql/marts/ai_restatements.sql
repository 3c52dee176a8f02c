-- answers: Which figures of closed months are others now, by how much, and what has changed since?
-- grain: one row per closed month and figure
-- key: month_date, figure_name
-- kind: table
-- checks:
--   is_restated = (difference_amount <> 0)
--   is_restated or difference_cause_text is null
--   not is_restated or difference_cause_text is not null
-- why: A closed month is never changed in silence: its frozen figure stands beside today's. The cause is what the figures are made
--   with and differs now: definitions, prices, use cases, assumptions by name, and the data, which came late or were corrected.
with
now_figures as (
    select month_date, 'benefit_amount' as figure_name, benefit_amount as now_amount from marts.north_star
    union all
    select month_date, 'error_cost_amount' as figure_name, error_cost_amount as now_amount from marts.north_star
    union all
    select month_date, 'rework_amount' as figure_name, rework_amount as now_amount from marts.north_star
    union all
    select month_date, 'review_amount' as figure_name, review_amount as now_amount from marts.north_star
    union all
    select month_date, 'ai_cost_amount' as figure_name, ai_cost_amount as now_amount from marts.north_star
    union all
    select month_date, 'net_earned_amount' as figure_name, net_earned_amount as now_amount from marts.north_star
    union all
    select month_date, 'bankable_amount' as figure_name, bankable_amount as now_amount from marts.north_star
),
compared as (
    select
        closes.month_date,
        closes.figure_name,
        closes.closing_no,
        closes.acted_at,
        closes.actor_name,
        closes.frozen_amount,
        now_figures.now_amount,
        cast(coalesce(now_figures.now_amount, 0) - closes.frozen_amount as decimal(18, 4)) as difference_amount,
        closes.changed_text
    from marts.ai_closes as closes
    left join now_figures on now_figures.month_date = closes.month_date and now_figures.figure_name = closes.figure_name
    where closes.is_latest and closes.use_case_id = '*'
)
select
    month_date,
    figure_name,
    closing_no,
    acted_at,
    actor_name,
    frozen_amount,
    now_amount,
    difference_amount,
    difference_amount <> 0 as is_restated,
    case when difference_amount <> 0 then changed_text end as difference_cause_text
from compared
