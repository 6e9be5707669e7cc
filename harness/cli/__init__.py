"""Commands, one a file: each parses, calls the core and prints."""
