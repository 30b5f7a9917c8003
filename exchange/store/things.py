"""The real things that records speak of, kept in step with the records: by exact identity, or as licences."""

from __future__ import annotations

import duckdb

from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.store import golden
from exchange.store.licences.renew import note_events, renew_changed


def note(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    """Keep what the rows in table `incoming` tell, also those that are not the newest of their key."""
    if compares(dataset):
        note_events(connection, dataset, "incoming")


def renew(connection: duckdb.DuckDBPyConnection, dataset: Dataset, node: str, seq: int) -> None:
    """Make the golden records anew that the records in tables `changed` and `replaced` speak of."""
    if compares(dataset):
        renew_changed(connection, dataset, node, seq)
    elif dataset.identity:
        golden.remake(connection, dataset, node, seq)
