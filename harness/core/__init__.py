"""Values, errors and contracts that all others pass around."""
