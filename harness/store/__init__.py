"""Keep records (SQLite) and arrays (files named by content)."""
