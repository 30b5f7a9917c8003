"""What the hub costs, as ratios measured side by side in one run. Absolute times say nothing on a shared machine."""
