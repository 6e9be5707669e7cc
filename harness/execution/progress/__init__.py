"""Who follows a run: the screen, the file of events, and plugins."""
