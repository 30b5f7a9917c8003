"""A decision takes effect, or is taken back: what it concerns is told apart anew, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.licence import Decision
from exchange.store.clock import next_seq
from exchange.store.licences.closure import rekey, touch_too
from exchange.store.licences.decided import decisions, strike_decision, write_decision
from exchange.store.licences.renew import renew
from exchange.store.sql import held

Connection = duckdb.DuckDBPyConnection


def decide(connection: Connection, dataset: Dataset, node: str, new: Sequence[Decision]) -> None:
    """Follow decisions, each once."""
    known = decisions(connection)
    new = [decision for decision in new if decision.number not in known]
    for decision in new:
        write_decision(connection, decision)
    _concern(connection, [decision.number for decision in new])
    _renew(connection, dataset, node)


def take_back(connection: Connection, dataset: Dataset, node: str, numbers: Sequence[int]) -> None:
    """Follow decisions no longer."""
    known = [number for number in numbers if number in decisions(connection)]
    _concern(connection, known)
    for number in known:
        strike_decision(connection, number)
    _renew(connection, dataset, node)


def _concern(connection: Connection, numbers: Sequence[int]) -> None:
    """`concerned_forms` and `concerned_records`: what decisions speak of."""
    these = {"numbers": list(numbers)}
    among = "decision IN (SELECT unnest($numbers::BIGINT[]))"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE concerned_forms AS SELECT DISTINCT form FROM ("
        f"SELECT unnest([a, b]) AS form FROM hub.decided WHERE {among} UNION ALL "
        f"SELECT form FROM hub.parted_from WHERE {among})",
        these,
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE concerned_records AS SELECT DISTINCT origin AS _origin, source AS _source, "
        f"key AS _key FROM hub.parted WHERE {among}",
        these,
    )


def _renew(connection: Connection, dataset: Dataset, node: str) -> None:
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT h.* FROM {held(dataset)} h "
        f"SEMI JOIN concerned_records USING (_origin, _source, _key)"
    )
    rekey(connection, dataset)
    touch_too(connection, dataset, "concerned_forms", "form", "true")
    renew(connection, dataset, node, next_seq(connection))
