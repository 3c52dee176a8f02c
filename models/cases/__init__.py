"""What belongs together: signals of all capabilities with one cause are one case, priced, with what can be done about it."""
