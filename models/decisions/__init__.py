"""What came of decisions: where each proposal stands, what it earned or cost, and whose judgement pays."""
