-- answers: What was proposed by whom about what, what became of it, what work did it take, and what did it earn?
-- grain: one row per proposal
-- key: proposal_id
-- kind: view
-- checks:
--   is_decided is not null
with decisions as (
    select
        facts.*,
        skus.sku_name,
        sites.site_name,
        suppliers.supplier_name,
        customers.customer_name,
        facts.decision_state_code in ('approved', 'exported', 'sent', 'acknowledged', 'done', 'failed', 'undone') as is_accepted,
        facts.decision_state_code not in ('pending') as is_decided,
        facts.exported_at is not null as is_exported,
        outcomes.is_matured,
        outcomes.is_right,
        outcomes.benefit_amount,
        outcomes.suggested_benefit_amount,
        outcomes.override_gain_amount,
        outcomes.error_cost_amount,
        outcomes.handling_amount,
        outcomes.because_text as outcome_text
    from scores.decisions as facts
    left join scores.decision_outcomes as outcomes on outcomes.proposal_id = facts.proposal_id
    left join core.skus as skus on skus.sku_id = facts.sku_id
    left join core.sites as sites on sites.site_id = facts.site_id
    left join core.suppliers as suppliers on suppliers.supplier_id = facts.supplier_id
    left join core.customers as customers on customers.customer_id = facts.customer_id
)
select * from decisions
