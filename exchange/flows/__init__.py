"""What the hub does, one use case a file; everything a flow works with is passed in."""
