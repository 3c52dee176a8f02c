-- answers: Which carrier was late far more often for some weeks of the last quarter, while the others were not?
-- grain: one row per carrier with such weeks
-- key: carrier_id
-- kind: table
-- checks:
--   since_date <= alert_date
--   came_number > expected_number
-- why: A level that changed and stayed is told by the detector of anomalies; what was bad for a month and is over by now has come
--   back to its level, and is told here. Two weeks together count where late deliveries exceed what was to be expected by six
--   standard deviations and are twice as many; expected is the carrier's own share of the half year before, or that of all
--   others in the same weeks where that is more, so that snow befalls nobody alone. It began with the first week that was bad by itself.
with weeks as (
    select
        sent.carrier_id,
        cast(floor(date_diff('day', sent.promised_date, company.as_of_date) / 7) as integer) as weeks_back,
        max(company.as_of_date) as as_of_date,
        count(*) as due_count,
        count(case when sent.is_late then 1 end) as late_count
    from marts.shipments as sent
    cross join raw.company as company
    where sent.is_due and sent.is_late is not null and sent.carrier_id is not null
        and date_diff('day', sent.promised_date, company.as_of_date) between 0 and 279
    group by sent.carrier_id, cast(floor(date_diff('day', sent.promised_date, company.as_of_date) / 7) as integer)
),

usual as (
    select carrier_id, sum(late_count) / nullif(cast(sum(due_count) as double), 0) as usual_share
    from weeks
    where weeks_back >= 14
    group by carrier_id
    having sum(due_count) >= 50
),

all_weeks as (
    select weeks_back, sum(due_count) as due_count, sum(late_count) as late_count
    from weeks
    group by weeks_back
),

pairs as (
    select
        weeks.carrier_id,
        weeks.weeks_back,
        weeks.as_of_date,
        weeks.due_count + coalesce(other.due_count, 0) as due_count,
        weeks.late_count + coalesce(other.late_count, 0) as late_count,
        coalesce(other.due_count, 0) as before_due_count,
        coalesce(other.late_count, 0) as before_late_count,
        everyone.due_count + coalesce(all_before.due_count, 0) as all_due_count,
        everyone.late_count + coalesce(all_before.late_count, 0) as all_late_count
    from weeks
    inner join all_weeks as everyone on everyone.weeks_back = weeks.weeks_back
    left join weeks as other on other.carrier_id = weeks.carrier_id and other.weeks_back = weeks.weeks_back + 1
    left join all_weeks as all_before on all_before.weeks_back = weeks.weeks_back + 1
    where weeks.weeks_back <= 12
),

expected as (
    select
        pairs.carrier_id,
        pairs.weeks_back,
        pairs.as_of_date,
        pairs.due_count,
        pairs.late_count,
        pairs.before_due_count,
        pairs.before_late_count,
        usual.usual_share,
        pairs.due_count * greatest(
            usual.usual_share,
            coalesce((pairs.all_late_count - pairs.late_count) / nullif(cast(pairs.all_due_count - pairs.due_count as double), 0), 0),
            0.02
        ) as expected_count
    from pairs
    inner join usual on usual.carrier_id = pairs.carrier_id
),

bad as (
    select
        expected.*,
        cast(expected.as_of_date - 7 * weeks_back as date) as last_date,
        cast(expected.as_of_date + 1 - 7 * (weeks_back + case
            when before_late_count * due_count >= 2 * expected_count * before_due_count and before_due_count > 0 then 2 else 1
        end) as date) as first_date
    from expected
    where late_count >= 2 * expected_count and late_count - expected_count >= 6 * sqrt(expected_count)
),

carrier_slumps as (
    select
        carrier_id,
        min(first_date) as since_date,
        max(last_date) as alert_date,
        max(usual_share) as expected_number,
        sum(late_count) / nullif(cast(sum(due_count) as double), 0) as came_number,
        'Late in ' || cast(cast(round(100 * sum(late_count) / nullif(cast(sum(due_count) as double), 0), 0) as bigint) as varchar)
            || ' % of deliveries from ' || cast(min(first_date) as varchar) || ' to '
            || cast(max(last_date) as varchar) || ', where '
            || cast(cast(round(100 * max(usual_share), 0) as bigint) as varchar) || ' % is usual and others were on time.' as because_text
    from bad
    group by carrier_id
)

select * from carrier_slumps
