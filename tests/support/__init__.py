"""What several test folders build on: a tiny site, rows for it, and the hub's sums reckoned without the hub."""
