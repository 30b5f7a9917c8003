"""Frozen values that every room of the hub speaks in."""
