"""How a package travels."""
