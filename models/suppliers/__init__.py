"""What suppliers promise, what they keep, and since when that is no longer so."""
