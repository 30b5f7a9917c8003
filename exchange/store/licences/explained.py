"""Licences explained: every claim, what joined it, which claim gives each field and why, the history, what is open."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from exchange.licences.survivorship import ORDER, STATE, VERSION_ORDER, VERSIONED, ranked_sql
from exchange.model.dataset import Dataset
from exchange.model.licence import Claimed, Event, Explained, Given, Reason
from exchange.model.record_sql import ident
from exchange.store.licences.links import links_sql
from exchange.store.sql import columns, golden, held, keyed

Connection = duckdb.DuckDBPyConnection
_REASONS: Mapping[str, Reason] = {"_trust": "trust", "_issuing": "issuer", "_number_of_version": "version"}
"""What a claim stands before another by; anything else is the time."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A claim, and what it ranks by."""

    claim: Claimed
    rank: Mapping[str, Any]


def explain_licences(connection: Connection, dataset: Dataset, keys: Sequence[int]) -> Iterator[Explained]:
    """What is known of these licences; an id that is none any more leads to that of the claims that had it."""
    present = _present(connection, dataset, keys)
    claims, links = _claims(connection, dataset, present), _links(connection, dataset, present)
    rows = connection.execute(
        f"SELECT _key, _history, {columns(dataset)} FROM {golden(dataset)} WHERE NOT _deleted AND _key IN "
        f"(SELECT unnest($keys::UBIGINT[])) ORDER BY _key",
        {"keys": present},
    ).fetchall()
    for key, history, *values in rows:
        record = dict(zip(dataset.field_names, values, strict=True))
        ranked = claims.get(key, [])
        yield Explained(
            licence=f"{key:016x}",
            record=record,
            claims=tuple(each.claim for each in ranked),
            fields=tuple(_given(name, value, ranked) for name, value in record.items() if value is not None),
            history=_history(history),
            previous=links.previous.get(key, ()),
            following=links.following.get(key, ()),
            questions=_questions(connection, dataset, key),
        )


def _present(connection: Connection, dataset: Dataset, keys: Sequence[int]) -> list[int]:
    rows = connection.execute(
        f"SELECT DISTINCT licence FROM {keyed(dataset)} WHERE form IN (SELECT unnest($keys::UBIGINT[])) "
        f"OR licence IN (SELECT unnest($keys::UBIGINT[])) ORDER BY licence",
        {"keys": list(keys)},
    ).fetchall()
    live = {row[0] for row in rows}
    exact = [key for key in keys if key in live]
    return exact if len(exact) == len(keys) else sorted(live)


def _claims(connection: Connection, dataset: Dataset, keys: Sequence[int]) -> dict[int, list[_Ranked]]:
    """The claims of each licence, the best first."""
    own = f"(SELECT h.*, k.licence, k.form, k.rule, k.score FROM {held(dataset)} h JOIN {keyed(dataset)} k "
    of = "USING (_origin, _source, _key) WHERE NOT _deleted AND k.licence IN (SELECT unnest($keys::UBIGINT[])))"
    result = connection.execute(
        f"SELECT * FROM ({ranked_sql(own + of)}) ORDER BY ({', '.join(ORDER)}) DESC", {"keys": list(keys)}
    )
    names = [column[0] for column in result.description]
    found: dict[int, list[_Ranked]] = {}
    for values in result.fetchall():
        row = dict(zip(names, values, strict=True))
        rank = {name: row[name] for name in {*ORDER, *VERSION_ORDER}}
        found.setdefault(row["licence"], []).append(_Ranked(_claimed(dataset, row), rank))
    return found


def _claimed(dataset: Dataset, row: Mapping[str, Any]) -> Claimed:
    return Claimed(
        origin=row["_origin"],
        source=row["_source"],
        key=f"{row['_key']:016x}",
        form=f"{row['form']:016x}",
        batch=row["_batch"],
        file=row["_file"],
        row=row["_row"],
        trust=row["trust_level"],
        issuing=bool(row["_issuing"]),
        version=row["_number_of_version"],
        at=row["_version"],
        rule=row["rule"],
        score=row["score"],
        record={name: row[name] for name in dataset.field_names},
    )


def _given(field: str, value: str, ranked: Sequence[_Ranked]) -> Given:
    if field in STATE:
        said = [place for place, each in enumerate(ranked) if each.claim.record[field] == value]
        return Given(field, value, said[0] if said else 0, "state")
    order = VERSION_ORDER if field in VERSIONED else ORDER
    filled = [place for place, each in enumerate(ranked) if each.claim.record[field] is not None]
    best = max(filled, key=lambda place: tuple(ranked[place].rank[name] for name in order))
    others = [place for place in filled if ranked[place].claim.record[field] != value]
    if len(filled) == 1:
        return Given(field, value, best, "only")
    if not others:
        return Given(field, value, best, "agreed")
    second = max(others, key=lambda place: tuple(ranked[place].rank[name] for name in order))
    decided = next(name for name in order if ranked[best].rank[name] != ranked[second].rank[name])
    return Given(field, value, best, _REASONS.get(decided, "time"))


def _history(text: str | None) -> tuple[Event, ...]:
    return tuple(
        Event(each["happened"], each["operation"], each["state"], each["version"], each["node"], each["source"])
        for each in json.loads(text or "[]")
    )


@dataclass(frozen=True, slots=True)
class _Links:
    """Which licences come before each, and which after it."""

    previous: Mapping[int, tuple[str, ...]]
    following: Mapping[int, tuple[str, ...]]


def _links(connection: Connection, dataset: Dataset, keys: Sequence[int]) -> _Links:
    """By the identifiers without their versions, in one look at the golden records."""
    rows = connection.execute(
        f"SELECT previous, licence FROM ({links_sql(dataset)}) WHERE licence IN (SELECT unnest($keys::UBIGINT[])) "
        f"OR previous IN (SELECT unnest($keys::UBIGINT[])) ORDER BY ALL",
        {"keys": list(keys)},
    ).fetchall()
    previous: dict[int, list[str]] = defaultdict(list)
    following: dict[int, list[str]] = defaultdict(list)
    for before, after in rows:
        previous[after].append(f"{before:016x}")
        following[before].append(f"{after:016x}")
    return _Links(
        {key: tuple(found) for key, found in previous.items()}, {key: tuple(found) for key, found in following.items()}
    )


def _questions(connection: Connection, dataset: Dataset, key: int) -> tuple[str, ...]:
    rows = connection.execute(
        f"SELECT DISTINCT question FROM hub.questions q JOIN {keyed(dataset)} k ON k.form IN (q.a, q.b) "
        f"WHERE q.dataset = $dataset AND k.licence = $key ORDER BY question",
        {"dataset": dataset.name, "key": key},
    ).fetchall()
    return tuple(f"{row[0]:016x}" for row in rows)


def find_licences(connection: Connection, dataset: Dataset, field: str, value: str) -> list[str]:
    """The ids of the licences of which a live claim has this value in this field; KeyError when there is no field."""
    column = ident(dataset.field(field).name)
    rows = connection.execute(
        f"SELECT DISTINCT k.licence FROM {held(dataset)} h JOIN {keyed(dataset)} k USING (_origin, _source, _key) "
        f"WHERE NOT _deleted AND {column} = $value ORDER BY k.licence",
        {"value": value},
    ).fetchall()
    return [f"{row[0]:016x}" for row in rows]
