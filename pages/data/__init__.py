"""Pages for whoever brings data and answers for it."""
