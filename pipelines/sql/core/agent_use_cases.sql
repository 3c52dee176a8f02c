-- answers: As part of which use case of AI does each agent work?
-- grain: one row per agent of the product
-- key: agent_name
-- kind: table
-- checks:
--   use_case_id is not null
-- why: The agents are the product's own, each under the name with which it signs its proposals; so this is written once, here.
with
agent_use_cases as (
    select 'order-agent' as agent_name, 'UC4' as use_case_id
    union all
    select 'procurement-agent' as agent_name, 'A2' as use_case_id
    union all
    select 'follow-up-agent' as agent_name, 'A2' as use_case_id
    union all
    select 'inventory-agent' as agent_name, 'A3' as use_case_id
)
select * from agent_use_cases
