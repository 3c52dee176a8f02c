-- answers: What did decisions earn by kind, person or agent, policy version and month, what counts of it, and whose overrides help?
-- grain: one row per kind of action, decider, policy version and month
-- key: action_kind_code, decider_name, policy_version_no, month_date
-- kind: view
with decision_value as (
    select
        facts.*,
        people.verdict_name,
        people.mean_amount,
        people.low_amount,
        people.high_amount,
        people.because_text as verdict_text
    from scores.decision_value as facts
    left join scores.override_value as people
        on people.decider_name = facts.decider_name and people.action_kind_code = facts.action_kind_code
)
select * from decision_value
