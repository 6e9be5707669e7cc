"""Values, errors and contracts shared by all packages."""
