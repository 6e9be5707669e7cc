"""The built-in plugins: one per file, which has the name of the plugin."""
