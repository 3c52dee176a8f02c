-- answers: For each kind of action, when was its way back gone last, by which act, and is that recent enough?
-- grain: one row per kind of action
-- key: action_kind_code
-- kind: table
-- checks:
--   back_verdict_code in ('tested', 'overdue', 'never tested', 'never used')
--   after_leaving_count <= way_back_count
--   (way_back_count = 0) = (last_way_back_date is null)
-- why: A way back was gone where a decision of that very kind was withdrawn or an act on it taken back after it had been let through, its batch called back out of the
--   outbox, or the decision undone by another; what was gone for one kind shows nothing of the next. It counts for half a year. Carried
--   out is what was exported, and of the kinds that no file carries what was let through. A kind that nobody ever carried out has nothing
--   to be tested. The kinds are those of the roadmap's workflows, and changes of policies, which belong to none; limits and words of each stand in its policy, which people change, and so the page reads the policy in force. The check
--   rollback_used of the registers counts the kinds that were carried out within half a year.
with
company as (
    select as_of_date from raw.company
),
kinds as (
    select linked_name as action_kind_code from raw.roadmap_links where link_code = 'action kind'
    union
    select 'policy_change'
),
wishes as (
    select subject_name as proposal_id, min(action_kind_code) as action_kind_code
    from core.acts
    where kind_code = 'propose'
    group by subject_name
),
batches as (
    select subject_name as batch_name, min(action_kind_code) as action_kind_code
    from core.acts
    where kind_code = 'export'
    group by subject_name
),
settled as (
    select subject_name as proposal_id, min(act_no) as act_no
    from core.acts
    where kind_code = 'approve' or (kind_code in ('propose', 'modify') and verdict_code = 'allowed')
    group by subject_name
),
gone as (
    select wishes.action_kind_code, acts.act_id, acts.act_no, acts.kind_code, cast(acts.acted_at as date) as gone_date
    from core.acts as acts
    inner join wishes on wishes.proposal_id = acts.subject_name
    inner join settled on settled.proposal_id = acts.subject_name and settled.act_no < acts.act_no
    where acts.kind_code in ('withdraw', 'take_back', 'compensate')
    union all
    select batches.action_kind_code, acts.act_id, acts.act_no, acts.kind_code, cast(acts.acted_at as date)
    from core.acts as acts
    inner join batches on batches.batch_name = acts.subject_name
    where acts.kind_code = 'export_cancelled'
),
ways as (
    select
        action_kind_code,
        count(*) as way_back_count,
        cast(sum(case when kind_code in ('compensate', 'export_cancelled') then 1 else 0 end) as bigint) as after_leaving_count,
        max(act_no) as last_act_no
    from gone
    group by action_kind_code
),
lasts as (
    select ways.*, gone.act_id, gone.kind_code, gone.gone_date
    from ways
    inner join gone on gone.act_no = ways.last_act_no
),
carried as (
    select
        action_kind_code,
        count(*) as carried_out_count,
        max(cast(coalesce(exported_at, decided_at, proposed_at) as date)) as last_carried_date
    from marts.decisions
    where is_exported
        or (action_kind_code in ('policy_change', 'credit_review', 'fix_data') and decision_state_code in ('approved', 'done', 'undone'))
    group by action_kind_code
),
counted as (
    select
        kinds.action_kind_code,
        coalesce(carried.carried_out_count, 0) as carried_out_count,
        carried.last_carried_date,
        coalesce(lasts.way_back_count, 0) as way_back_count,
        coalesce(lasts.after_leaving_count, 0) as after_leaving_count,
        lasts.gone_date as last_way_back_date,
        lasts.kind_code as way_back_code,
        lasts.act_id as last_act_id,
        coalesce(date_diff('day', lasts.gone_date, company.as_of_date) <= 183, false) as is_recent
    from kinds
    cross join company
    left join carried on carried.action_kind_code = kinds.action_kind_code
    left join lasts on lasts.action_kind_code = kinds.action_kind_code
),
ways_back as (
    select
        action_kind_code,
        case
            when is_recent then 'tested'
            when carried_out_count = 0 then 'never used'
            when way_back_count > 0 then 'overdue'
            else 'never tested'
        end as back_verdict_code,
        carried_out_count, last_carried_date, way_back_count, after_leaving_count, last_way_back_date, way_back_code, last_act_id,
        case
            when way_back_count = 0 and carried_out_count = 0 then 'Nothing of it was ever carried out: there is nothing to test.'
            when way_back_count = 0 then 'Nobody has ever gone its way back.'
            when after_leaving_count = 0 then 'Gone before it left only; what undoes it afterwards nobody has tried.'
            else 'Gone after it had left as well.'
        end as because_text
    from counted
)
select * from ways_back
