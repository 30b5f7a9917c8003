"""What the hub knows before any record arrives: divisions, codes, items, nodes, sources."""
