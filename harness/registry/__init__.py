"""Find, check, load and configure plugins."""
