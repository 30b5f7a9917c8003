"""A decision takes effect, or is taken back: what it concerns is told apart anew, in the caller's transaction."""

from __future__ import annotations

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.licence import Decision
from exchange.store.clock import next_seq
from exchange.store.licences.closure import rekey
from exchange.store.licences.decided import decisions, strike_decision, write_decision
from exchange.store.licences.renew import renew
from exchange.store.sql import held, keyed

Connection = duckdb.DuckDBPyConnection


def decide(connection: Connection, dataset: Dataset, node: str, decision: Decision) -> None:
    """Follow a decision, once."""
    if decision.number not in decisions(connection):
        write_decision(connection, decision)
        _concern(connection, decision.number)
        _renew(connection, dataset, node)


def take_back(connection: Connection, dataset: Dataset, node: str, number: int) -> None:
    """Follow a decision no longer."""
    if number in decisions(connection):
        _concern(connection, number)
        strike_decision(connection, number)
        _renew(connection, dataset, node)


def _concern(connection: Connection, number: int) -> None:
    """`concerned_forms` and `concerned_records`: what a decision speaks of."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE concerned_forms AS SELECT DISTINCT form FROM ("
        f"SELECT unnest([a, b]) AS form FROM hub.decided WHERE decision = {number:d} UNION ALL "
        f"SELECT form FROM hub.parted_from WHERE decision = {number:d})"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE concerned_records AS SELECT origin AS _origin, source AS _source, key AS _key "
        f"FROM hub.parted WHERE decision = {number:d}"
    )


def _renew(connection: Connection, dataset: Dataset, node: str) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT h.* FROM {held(dataset)} h "
        f"SEMI JOIN concerned_records USING (_origin, _source, _key)"
    )
    rekey(connection, dataset)
    connection.execute(
        f"INSERT INTO touched_keys BY NAME SELECT * FROM {keyed(dataset)} SEMI JOIN concerned_forms USING (form)"
    )
    renew(connection, dataset, node, next_seq(connection))
