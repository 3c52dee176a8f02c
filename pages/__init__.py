"""What people see: one folder per sidebar section, one file per page, and the drawing kit in `parts/`."""
