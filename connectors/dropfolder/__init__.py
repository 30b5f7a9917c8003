"""Sources that are a folder of the hub's own machine, into which a department's files are dropped."""
