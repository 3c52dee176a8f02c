"""Pages on which people decide: the plan, the decisions that wait and that were made, and the rules for both."""
