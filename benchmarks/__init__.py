"""How good and how fast: one file a question, each prints exactly one JSON line, the last, on standard output."""
