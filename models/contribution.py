"""Why a ratio moved: how much each part of the business added to the change, exactly, with nothing left over."""

import polars as pl


def contributions(before: pl.DataFrame, now: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """Each part's contribution to the change of a ratio of sums; the contributions add up to the change.

    With N and D the sums of a part, R the ratio of the whole and w = D / sum(D) the part's weight, a part contributes
    `(w1 + w0) / 2 * (r1 - r0) + (w1 - w0) * ((r1 + r0) / 2 - (R1 + R0) / 2)`: its own change at its mean weight, and its
    change of weight at how far it lies from the whole. The split with means of both ends is the symmetric one
    (Marshall and Edgeworth), so exchanging before and now turns every sign and nothing else.

    Args:
        before, now: frames with `by`, `numerator`, `denominator`, one row a part; a part may be missing on one side.
        by: name of the column that names the part.

    Returns:
        `by`, `contribution_share` (fraction of the whole's unit), `rate_share` and `mix_share` (its two halves),
        largest absolute contribution first; empty when either side has nothing to divide by.

    >>> before = pl.DataFrame({"c": ["a", "b"], "numerator": [4, 2], "denominator": [8, 8]})
    >>> now = pl.DataFrame({"c": ["a", "b"], "numerator": [4, 6], "denominator": [8, 8]})
    >>> contributions(before, now, by="c").rows()
    [('b', 0.25, 0.25, 0.0), ('a', 0.0, 0.0, 0.0)]
    """
    schema = {by: pl.String, "contribution_share": pl.Float64, "rate_share": pl.Float64, "mix_share": pl.Float64}
    joined = (
        _sums(before, by, "0")
        .join(_sums(now, by, "1"), on=by, how="full", coalesce=True, nulls_equal=True)
        .fill_null(0.0)
    )
    totals = joined.select(pl.col("n0", "d0", "n1", "d1").sum()).row(0, named=True)
    if not totals["d0"] or not totals["d1"]:
        return pl.DataFrame(schema=schema)
    whole = (totals["n0"] / totals["d0"] + totals["n1"] / totals["d1"]) / 2
    weighed = joined.with_columns(w0=pl.col("d0") / totals["d0"], w1=pl.col("d1") / totals["d1"])
    # A part that is absent on one side has no ratio there: it is given the one it has, so all of it counts as mix.
    r0 = pl.when(pl.col("d0") != 0).then(pl.col("n0") / pl.col("d0"))
    r1 = pl.when(pl.col("d1") != 0).then(pl.col("n1") / pl.col("d1"))
    rated = weighed.with_columns(r0=pl.coalesce(r0, r1, 0.0), r1=pl.coalesce(r1, r0, 0.0))
    rate = (pl.col("w0") + pl.col("w1")) / 2 * (pl.col("r1") - pl.col("r0"))
    mix = 0.0 + (pl.col("w1") - pl.col("w0")) * ((pl.col("r0") + pl.col("r1")) / 2 - whole)
    found = rated.select(
        pl.col(by), (rate + mix).alias("contribution_share"), rate.alias("rate_share"), mix.alias("mix_share")
    )
    return found.sort(pl.col("contribution_share").abs(), descending=True, nulls_last=True, maintain_order=True)


def _sums(frame: pl.DataFrame, by: str, side: str) -> pl.DataFrame:
    numbers = (
        pl.col("numerator").cast(pl.Float64).alias(f"n{side}"),
        pl.col("denominator").cast(pl.Float64).alias(f"d{side}"),
    )
    return frame.select(pl.col(by).cast(pl.String), *numbers)
