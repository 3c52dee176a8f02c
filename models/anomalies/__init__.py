"""What in a series is out of the ordinary, told at the moment it happens."""
