"""Licences in a store, and in any file: the SQL of `exchange.licences`, run."""
