"""Verify a published folder without trusting it."""
