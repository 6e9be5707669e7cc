"""Followers of a run: the screen, the file of events, and plugins."""
