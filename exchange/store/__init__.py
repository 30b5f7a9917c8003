"""A node's store: one DuckDB file, one writer, and the snapshots that readers get."""

from exchange.store.connection import replace_store
from exchange.store.node_store import NodeStore, open_store

__all__ = ["NodeStore", "open_store", "replace_store"]
