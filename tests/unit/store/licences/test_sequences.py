"""Whatever came in whatever order, and whatever was decided and taken back: the licences are those from scratch.

Thousands of small worlds go their ways at once, each of a licence type of its own. HUB_SEQUENCES is how many.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from random import Random

import pytest
from support.licence_worlds import LICENCE, REFERENCE, Row, World, decision_at_random, memory_store, merge_rows

from exchange.model.licence import Decision
from exchange.store.licences.resolve_file import resolve_file
from exchange.store.licences.rules import resolve_all
from exchange.store.node_store import NodeStore

SEQUENCES = int(os.environ.get("HUB_SEQUENCES", "600"))
SEED = int(os.environ.get("HUB_FUZZ_SEED", "20261124"))
AT_ONCE = 1000
STEPS = 7
SOURCES = ("one", "two")
_GOLDEN = ", ".join(f'"{name}"' for name in LICENCE.field_names if name not in LICENCE.provenance)
STATE = {
    "golden": f"SELECT _key, _deleted, _history, {_GOLDEN} FROM golden.licence WHERE NOT _deleted ORDER BY ALL",
    "keys": "SELECT _origin, _source, _key, form, component, licence, rule, round(score, 9) FROM keyed.licence "
    "WHERE form IS NOT NULL ORDER BY ALL",
    "questions": "SELECT question, component, a, b, round(score, 9), rule FROM hub.questions ORDER BY ALL",
    "findings": "SELECT component, licence, origin, source, key, code FROM hub.licence_findings ORDER BY ALL",
    "digests": "SELECT relation, origin, bucket, records, digest FROM hub.digests WHERE records <> 0 ORDER BY ALL",
}


def state_of(store: NodeStore) -> dict[str, list[tuple[object, ...]]]:
    return {name: store._connection.execute(query).fetchall() for name, query in STATE.items()}


def differing(one: NodeStore, other: NodeStore) -> dict[str, list[tuple[object, ...]]]:
    ours, theirs = state_of(one), state_of(other)
    return {name: [*set(ours[name]) ^ set(theirs[name])][:4] for name in STATE if ours[name] != theirs[name]}


class Players:
    """Worlds that take their steps together in one store; what was sent and what is decided is kept beside it."""

    def __init__(self, store: NodeStore, folder: Path, worlds: Sequence[World]) -> None:
        self.store, self.folder, self.worlds = store, folder, worlds
        self.sent: dict[str, list[Row]] = {source: [] for source in SOURCES}
        self.decided: dict[int, tuple[World, Decision]] = {}
        self.numbers = count(1)
        self.acts = 0

    def step(self, tick: int) -> None:
        for source in SOURCES:
            rows = [row for world in self.worlds for row in world.step(tick, source)]
            if rows:
                merge_rows(self.store, self.folder, f"{source}-{tick}", source, rows)
                self.sent[source] += rows
        decisions = [decision for world in self.worlds if (decision := self._decision(world)) is not None]
        self.store.licences.decide(*decisions)
        taken = [number for world in self.worlds for number in self._undone(world)]
        self.store.licences.take_back("licence", *taken)
        for number in taken:
            del self.decided[number]
        self.acts += len(decisions) + len(taken)

    def _decision(self, world: World) -> Decision | None:
        if world.rng.random() > 0.12:
            return None
        decision = decision_at_random(self.store, world, next(self.numbers))
        if decision is not None:
            self.decided[decision.number] = (world, decision)
        return decision

    def _undone(self, world: World) -> list[int]:
        mine = [number for number, (of, _) in self.decided.items() if of is world]
        return [world.rng.choice(mine)] if mine and world.rng.random() < 0.2 else []

    def from_scratch(self, store: NodeStore, rng: Random) -> None:
        """The same claims in one delivery a source, in any order, and the decisions that stand, in any order."""
        decisions = [decision for _, decision in self.decided.values()]
        rng.shuffle(decisions)
        store.licences.decide(*decisions[: len(decisions) // 2])
        for source in rng.sample(SOURCES, len(SOURCES)):
            rows = rng.sample(self.sent[source], len(self.sent[source]))
            if rows:
                merge_rows(store, self.folder, f"{source}-scratch", source, rows)
        store.licences.decide(*decisions)


@pytest.mark.parametrize("part", range(-(-SEQUENCES // AT_ONCE)))
def test_licences_are_those_from_scratch(part: int, tmp_path: Path) -> None:
    rng = Random(f"{SEED}-{part}")
    worlds = [World(f"T{part:03}{at:04}", Random(rng.random())) for at in range(min(AT_ONCE, SEQUENCES))]
    with memory_store() as store:
        players = Players(store, tmp_path, worlds)
        for tick in range(STEPS):
            players.step(tick)
        assert players.acts > len(worlds) / 4
        assert len(state_of(store)["questions"]) > len(worlds) / 50
        with memory_store() as scratch:
            players.from_scratch(scratch, rng)
            assert differing(store, scratch) == {}
        before = state_of(store)
        with store._transaction():
            resolve_all(store._connection, LICENCE, store._node, 10**6)
        assert {name: rows for name, rows in state_of(store).items() if rows != before[name]} == {}


def numbered(row: Row) -> Row:
    """A claim that has neither number nor identifier is named by its place, which is another in a file."""
    nameless = row["certificate_source_id"] is None and row["certificate_number"] == "000"
    return {**row, "certificate_number": "7"} if nameless else row


def test_a_file_of_the_same_claims_comes_to_the_same_licences(tmp_path: Path) -> None:
    rng = Random(SEED)
    worlds = [World(f"F{at:04}", Random(rng.random())) for at in range(300)]
    rows = [{**numbered(world.row(tick)), "row_guid": f"{world.name}-{tick}"} for world in worlds for tick in range(5)]
    keys = {(tuple(row[name] for name in LICENCE.key)) for row in rows}
    rows = [next(row for row in reversed(rows) if tuple(row[name] for name in LICENCE.key) == key) for key in keys]
    with memory_store() as store:
        merge_rows(store, tmp_path, "claims", "one", rows)
        out = tmp_path / "out.parquet"
        resolve_file(tmp_path / "claims.parquet", out, REFERENCE)
        asked = (
            "SELECT licence, min(question) AS question FROM (SELECT unnest([a, b]) AS form, question "
            "FROM hub.questions) JOIN (SELECT DISTINCT form, licence FROM keyed.licence) USING (form) GROUP BY licence"
        )
        query = (
            "SELECT h.row_guid, printf('%016x', k.licence) AS licence, k.rule, q.question FROM held.licence h "
            f"JOIN keyed.licence k USING (_origin, _source, _key) LEFT JOIN ({asked}) q ON q.licence = k.licence"
        )
        differ = store._connection.execute(
            f"SELECT * FROM ({query}) s JOIN read_parquet('{out}') f USING (row_guid) WHERE (s.licence, s.rule, "
            f"s.question IS NULL) IS DISTINCT FROM "
            f"(f.licence_id, replace(f.rule, 'alone', 'exact'), f.ask_group IS NULL)"
        ).fetchall()
        missing = store._connection.execute(f"SELECT count(*) FROM read_parquet('{out}')").fetchone()
    assert differ == []
    assert missing == (len(rows),)
