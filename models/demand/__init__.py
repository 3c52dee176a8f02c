"""What will be asked for, how sure that is, and why."""
