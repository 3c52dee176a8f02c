"""What AI costs to own and what it is worth: prices, volumes, programmes and measured effects."""
