"""Who gets how much when there is not enough: rules side by side, the optimum, and what one more unit is worth."""
