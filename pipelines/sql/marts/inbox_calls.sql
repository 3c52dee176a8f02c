-- answers: Of what the detectors would have called in the weeks that were looked back on, how much came, and how much came that they would not have called?
-- grain: one row per model and band of chances
-- key: model_code, bin_no
-- kind: view
-- why: Cases of earlier days are not stored, so the inbox is judged by the look-backs of the models that feed it, at the same
--   chances from which they raise a signal: a shelf from one in ten, deliveries from one in two.
select
    bands.model_code,
    bands.bin_no,
    bands.said_share,
    bands.row_count,
    cast(bands.came_share * bands.row_count as decimal(18, 3)) as came_qty,
    cast(case when bands.said_share >= case when bands.model_code = 'stockout' then 0.1 else 0.5 end then bands.row_count else 0 end as decimal(18, 3))
        as called_qty,
    cast(case when bands.said_share >= case when bands.model_code = 'stockout' then 0.1 else 0.5 end then bands.came_share * bands.row_count else 0 end
        as decimal(18, 3)) as caught_qty
from scores.reliability as bands
where bands.model_code in ('stockout', 'inbound', 'late_orders', 'late_shipments')
