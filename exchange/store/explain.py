"""One licence explained: its claims, and which of them gives each field of the golden record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import duckdb

from exchange.licences.keys import compares
from exchange.model.dataset import Dataset
from exchange.model.licence import Claimed, Explained, Given, Reason
from exchange.store.licences.explained import explain_licences
from exchange.store.sql import columns, golden, held


def explain(
    connection: duckdb.DuckDBPyConnection, datasets: Iterable[Dataset], licences: Sequence[str]
) -> list[Explained]:
    """What is known of these licences; one that is not live is left out."""
    found: list[Explained] = []
    for dataset in datasets:
        if compares(dataset):
            found += explain_licences(connection, dataset, [int(licence, 16) for licence in licences])
        elif dataset.identity:
            found += _explain(connection, dataset, [int(licence, 16) for licence in licences])
    return found


def _explain(connection: duckdb.DuckDBPyConnection, dataset: Dataset, keys: Sequence[int]) -> Iterator[Explained]:
    claims: dict[int, list[Claimed]] = {}
    listed = "_identity IN (SELECT unnest($keys::UBIGINT[])) AND NOT _deleted"
    rows = connection.execute(
        f"SELECT _identity, _key, _origin, _source, _batch, _file, _row, _version, {columns(dataset)} "
        f"FROM {held(dataset)} WHERE {listed} ORDER BY (_version, _digest, _origin, _source) DESC",
        {"keys": list(keys)},
    ).fetchall()
    for identity, *row in rows:
        claims.setdefault(identity, []).append(_claimed(dataset, row))
    golden_rows = connection.execute(
        f"SELECT _key, {columns(dataset)} FROM {golden(dataset)} WHERE NOT _deleted "
        f"AND _key IN (SELECT unnest($keys::UBIGINT[])) ORDER BY _key",
        {"keys": list(keys)},
    ).fetchall()
    for key, *values in golden_rows:
        record = dict(zip(dataset.field_names, values, strict=True))
        mine = tuple(claims.get(key, ()))
        given = tuple(_given(name, value, mine) for name, value in record.items() if value is not None)
        yield Explained(f"{key:016x}", record, mine, given, (), (), (), ())


def _claimed(dataset: Dataset, row: Sequence[Any]) -> Claimed:
    key, origin, source, batch, file, number, version, *values = row
    record = dict(zip(dataset.field_names, values, strict=True))
    trust = record.get("trust_level")
    return Claimed(
        origin, source, f"{key:016x}", "", batch, file, number, trust, False, 0, version, "identity", 1.0, record
    )


def _given(field: str, value: str, claims: Sequence[Claimed]) -> Given:
    """The newest claim that fills a field gives it."""
    filled = [place for place, claim in enumerate(claims) if claim.record[field] is not None]
    reason: Reason = "time"
    if len(filled) == 1:
        reason = "only"
    elif all(claims[place].record[field] == value for place in filled):
        reason = "agreed"
    return Given(field, value, filled[0], reason)
