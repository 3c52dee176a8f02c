"""Where things are kept: the only folder that opens a company's files and databases."""
