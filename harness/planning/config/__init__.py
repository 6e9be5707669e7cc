"""Bench files: read, checked, expanded and written."""
