-- answers: How much of what should be ordered for which site, from whom and by when, with names, and what is that worth?
-- grain: one row per SKU and site that is bought or fed, with known stock and a forecast
-- key: sku_id, site_id
-- kind: table
-- checks:
--   proposed_qty >= 0
--   is_proposed = (proposed_qty > 0)
with replenishment as (
    select
        told.sku_id,
        skus.sku_name,
        skus.category_name,
        told.site_id,
        sites.site_name,
        sites.region_name,
        told.supplier_id,
        suppliers.supplier_name,
        told.from_site_id,
        sources.site_name as from_site_name,
        segments.abc_class,
        told.as_of_date,
        told.unit_cost,
        told.review_days,
        told.lead_p50_days,
        told.lead_p90_days,
        told.protection_days,
        told.demand_mean_qty,
        told.on_hand_qty,
        told.open_qty,
        told.committed_qty,
        told.fed_lack_qty,
        told.position_qty,
        told.reorder_point_qty,
        told.order_up_to_qty,
        told.safety_qty,
        told.normal_reorder_point_qty,
        told.normal_safety_qty,
        told.minimum_order_qty,
        told.pack_qty,
        told.proposed_qty,
        told.proposed_qty > 0 as is_proposed,
        told.supplier_id is not null as is_bought,
        told.proposed_amount,
        told.expected_fill_share,
        told.stockout_share,
        told.stockout_after_share,
        told.gain_amount,
        told.gain_low_amount,
        told.gain_high_amount,
        told.do_nothing_amount,
        told.holding_amount,
        told.confidence_share,
        told.data_grade_code,
        told.order_by_date,
        told.expected_receipt_date,
        told.because_text,
        told.does_not_know_text
    from scores.replenishment as told
    left join core.skus as skus on skus.sku_id = told.sku_id
    left join core.sites as sites on sites.site_id = told.site_id
    left join core.sites as sources on sources.site_id = told.from_site_id
    left join core.suppliers as suppliers on suppliers.supplier_id = told.supplier_id
    left join scores.segments as segments on segments.sku_id = told.sku_id and segments.site_id = told.site_id
)
select * from replenishment
