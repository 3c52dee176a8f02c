-- answers: What did people and agents propose, approve, override and note?
-- grain: one row per act
-- key: act_id
-- kind: table
with
acts as (
    select
        act_id,
        act_no,
        kind as kind_code,
        subject as subject_name,
        payload_text ->> '$.proposal_id' as proposal_id,
        payload_text ->> '$.verdict' as verdict_code,
        who as actor_name,
        "at" as acted_at,
        payload_text ->> '$.outcome' as outcome_text,
        payload_text
    from raw.acts
)
select * from acts
