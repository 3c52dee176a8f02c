"""The pages of section AI: what it is worth, what it costs, where it runs and on what the figures rest."""
