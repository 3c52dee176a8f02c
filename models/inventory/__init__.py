"""Which goods matter, how their demand behaves, and what that asks of the stock."""
