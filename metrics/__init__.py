"""What numbers mean: one YAML file per metric, and the SQL, the rules and the receipt that every one of them gets."""
