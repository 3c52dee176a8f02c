"""How data moves: land, check, build, publish, read."""
