"""What a partner that delivers the programme would bill: implementation once, and four packages that recur."""

from collections.abc import Mapping

import polars as pl

from models.ai_economics.lines import BY_CODE, INITIAL

# Which lines of the plan are work that a partner can deliver, by the package it would sell them in.
PACKAGES: Mapping[str, tuple[str, ...]] = {
    "implementation": tuple(code for code, line in BY_CODE.items() if line.category == INITIAL),
    "monitoring": ("recording and judging", "judging calls", "on call", "service desk"),
    "tuning": ("reading and mending", "tests of relevance", "release tests", "new vectors"),
    "workflow optimisation": ("prompt redesign", "upkeep of integration", "edge-case tests of agents"),
    "governance support": ("use-case reviews", "red team", "vendor assessments", "policies and model approval"),
}
COLUMNS = {
    "package_name": pl.String,
    "cost_amount": pl.Float64,
    "partner_price_amount": pl.Float64,
    "partner_margin_amount": pl.Float64,
    "is_recurring": pl.Boolean,
}


def packages(planned: Mapping[str, float], *, share: float, margin: float) -> pl.DataFrame:
    """One row a package: what it costs to deliver, its price p = c / (1 − m), and the margin in it; reporting currency.

    Args:
        planned: cost line → planned amount over the months of the plan.
        share: share of the work that the partner delivers, 0 to 1.
        margin: share of its price that is margin, below 1.

    >>> told = packages({"red team": 100.0, "connectors": 50.0, "model calls": 9.0}, share=0.5, margin=0.5)
    >>> told.filter(pl.col("cost_amount") > 0).select("package_name", "partner_price_amount").rows()
    [('implementation', 50.0), ('governance support', 100.0)]
    """
    rows = []
    for name, codes in PACKAGES.items():
        cost = share * sum(planned.get(code, 0.0) for code in codes)
        price = cost / (1 - margin)
        rows.append((name, cost, price, price - cost, name != "implementation"))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")
