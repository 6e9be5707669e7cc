"""Draw figures and web pages."""
