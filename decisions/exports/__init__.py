"""What leaves for other systems: approved actions as files and messages that read back to the very same lines."""
