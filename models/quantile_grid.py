"""Which quantiles every forecast of demand tells, and in which columns: those who write them and those who read them agree here."""

LEVELS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99)


def column(level: float) -> str:
    """The column of a quantile of demand.

    >>> column(0.025), column(0.1), column(0.95)
    ('p025_qty', 'p10_qty', 'p95_qty')
    """
    return f"p{str(level)[2:].ljust(2, '0')}_qty"


COLUMNS = {level: column(level) for level in LEVELS}
