"""By which rules a store's licences were told apart; when these are no longer the hub's, all are told apart anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import duckdb

from exchange.licences.keys import RULES_VERSION, clustered_sql, compares
from exchange.model.dataset import Dataset
from exchange.model.reference import Reference
from exchange.store.clock import next_seq
from exchange.store.licences.closure import rekey
from exchange.store.licences.renew import renew
from exchange.store.licences.tables import register_lookups
from exchange.store.sql import first_row, held, keyed

Connection = duckdb.DuckDBPyConnection


def rules_of(reference: Reference | None) -> str:
    """What the outcome depends on besides the claims and decisions: the rules, the tables, and the engine's hash."""
    tables = [sorted(reference.issuers), sorted(reference.holders)] if reference else [[], []]
    digest = hashlib.sha256(json.dumps(tables).encode()).hexdigest()[:16]
    return f"{RULES_VERSION} {duckdb.__version__} {digest}"


def prepare(connection: Connection, datasets: Iterable[Dataset], reference: Reference | None) -> None:
    """Make the lookups known to a connection; every opened store needs them."""
    if any(compares(dataset) for dataset in datasets):
        register_lookups(connection, reference)


def bring_up_to_date(
    connection: Connection, datasets: Iterable[Dataset], node: str, reference: Reference | None
) -> None:
    """Tell all licences of a dataset apart anew, if that was done last by other rules; in the caller's transaction."""
    wanted = rules_of(reference)
    for dataset in datasets:
        if not compares(dataset) or _rules(connection, dataset) == wanted:
            continue
        if first_row(connection.execute(f"SELECT 1 FROM {held(dataset)} LIMIT 1")):
            resolve_all(connection, dataset, node, next_seq(connection))
        connection.execute("DELETE FROM hub.resolved WHERE dataset = ?", [dataset.name])
        connection.execute("INSERT INTO hub.resolved VALUES (?, ?)", [dataset.name, wanted])


def resolve_all(connection: Connection, dataset: Dataset, node: str, seq: int) -> None:
    """Tell all licences of a dataset apart from scratch, as if every claim had just come."""
    unplaced = f"(SELECT * EXCLUDE (_cluster) FROM {held(dataset)})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE placed_anew AS {clustered_sql(unplaced)}")
    connection.execute(f"DELETE FROM {held(dataset)}")
    connection.execute(f"INSERT INTO {held(dataset)} BY NAME FROM placed_anew")
    connection.execute("CREATE OR REPLACE TEMP TABLE changed AS FROM placed_anew")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE keys_before AS FROM {keyed(dataset)}")
    connection.execute(f"DELETE FROM {keyed(dataset)}")
    rekey(connection, dataset)
    connection.execute("CREATE OR REPLACE TEMP TABLE keys_now AS FROM touched_keys")
    connection.execute("CREATE OR REPLACE TEMP TABLE touched_keys AS FROM keys_now UNION ALL BY NAME FROM keys_before")
    renew(connection, dataset, node, seq)


def _rules(connection: Connection, dataset: Dataset) -> str | None:
    row = first_row(connection.execute("SELECT rules FROM hub.resolved WHERE dataset = ?", [dataset.name]))
    return str(row[0]) if row else None
