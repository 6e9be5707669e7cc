"""The checks that plugins have to pass."""
