-- answers: What did people and agents propose, approve, override and note?
-- grain: one row per act
-- key: act_id
-- kind: table
-- why: An act on a batch of exports names many proposals, so its own proposal stays empty; the payload holds them all.
with
acts as (
    select
        act_id,
        act_no,
        kind as kind_code,
        subject as subject_name,
        case
            when kind in ('propose', 'modify', 'approve', 'decline', 'withdraw', 'expire', 'delegate', 'complete', 'compensate')
                then subject
            else payload_text ->> '$.proposal_id'
        end as proposal_id,
        coalesce(payload_text ->> '$.proposal.kind', payload_text ->> '$.kind', payload_text ->> '$.action_kind') as action_kind_code,
        coalesce(payload_text ->> '$.proposal.case_id', case when kind in ('assign', 'snooze', 'dismiss') then subject end) as case_id,
        coalesce(payload_text ->> '$.verdict.code', payload_text ->> '$.verdict') as verdict_code,
        who as actor_name,
        "at" as acted_at,
        cast(payload_text ->> '$.minutes' as double) as act_minutes,
        cast(payload_text ->> '$.policy_version' as bigint) as policy_version_no,
        payload_text ->> '$.reason_code' as reason_code,
        payload_text ->> '$.outcome' as outcome_text,
        payload_text
    from raw.acts
)
select * from acts
