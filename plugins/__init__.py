"""The built-in plugins: one a file, the file named as the plugin."""
