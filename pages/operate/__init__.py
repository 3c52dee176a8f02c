"""Pages for whoever runs the day."""
