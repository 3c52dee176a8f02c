-- answers: Which named risk of AI shows itself at which site?
-- grain: one row per site and named risk
-- key: site_id, row_code
-- kind: table
-- checks:
--   found_code in ('in place', 'contradicted', 'no data')
--   kept_count <= checked_count
-- why: Four risks that differ from site to site. Answers are held against the highest error shares that their use cases were approved with;
--   the other three against all of what was counted. A site that nothing was counted of says so.
with
company as (
    select as_of_date from raw.company
),
answers as (
    select
        cases.site_id,
        count(*) as checked_count,
        cast(sum(case when cases.is_error then 0 else 1 end) as bigint) as kept_count,
        1 - avg(bounds.highest_error_share) as least_share
    from core.ai_cases as cases
    inner join core.use_case_names as named on named.word_text = lower(trim(cases.use_case_name))
    inner join raw.use_case_bounds as bounds on bounds.use_case_id = named.use_case_id
    where cases.arm_code = 'assisted' and cases.is_error is not null and cases.site_id is not null
    group by cases.site_id
),
actions as (
    select
        site_id,
        count(*) as checked_count,
        cast(sum(case when approval_count > 0 or verdict_code = 'allowed' then 1 else 0 end) as bigint) as kept_count
    from marts.decisions
    where is_exported and site_id is not null
    group by site_id
),
newest as (
    select site_id, max(moved_date) as moved_date from core.stock_movements group by site_id
),
versions as (
    select
        site_id,
        policy_version_no,
        max(policy_version_no) over (partition by action_kind_code order by proposed_at) as newest_version_no
    from marts.decisions
),
policies as (
    select
        site_id,
        count(*) as checked_count,
        cast(sum(case when policy_version_no >= newest_version_no then 1 else 0 end) as bigint) as kept_count
    from versions
    where site_id is not null and policy_version_no is not null
    group by site_id
),
counted as (
    select 'inaccurate_output' as row_code, site_id, checked_count, kept_count, least_share, 'answers with AI were right' as said_text
    from answers
    union all
    select 'unauthorised_action', site_id, checked_count, kept_count, 1.0, 'exported actions had the approval that they need' from actions
    union all
    select
        'stale_knowledge', newest.site_id, 1, case when date_diff('day', newest.moved_date, company.as_of_date) <= 3 then 1 else 0 end, 1.0,
        'newest stock booking is at most three days old'
    from newest
    cross join company
    union all
    select 'inconsistent_policy', site_id, checked_count, kept_count, 1.0, 'decisions were made under the newest policy' from policies
),
risks as (
    select row_code, row_name from raw.register_rows where register_code = 'site_ai_risks'
),
site_ai_risks as (
    select
        sites.site_id,
        sites.site_name,
        risks.row_code,
        risks.row_name,
        coalesce(counted.checked_count, 0) as checked_count,
        coalesce(counted.kept_count, 0) as kept_count,
        counted.kept_count / nullif(cast(counted.checked_count as double), 0) as kept_share,
        counted.least_share,
        case
            when counted.checked_count is null then 'no data'
            when counted.kept_count >= counted.least_share * counted.checked_count then 'in place'
            else 'contradicted'
        end as found_code,
        case
            when counted.checked_count is null then 'Nothing was counted here.'
            else cast(counted.kept_count as varchar) || ' of ' || cast(counted.checked_count as varchar) || ' ' || counted.said_text || '.'
        end as found_text
    from core.sites as sites
    cross join risks
    left join counted on counted.site_id = sites.site_id and counted.row_code = risks.row_code
)
select * from site_ai_risks
