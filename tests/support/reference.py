"""The hub's digests and golden records, reckoned in plain Python from what the departments sent."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exchange.licences import normalise
from exchange.model.dataset import Dataset

Record = Mapping[str, str | None]
Sum = tuple[int, int]


def md5_number_lower(text: str) -> int:
    """The last eight bytes of the MD5 (RFC 1321) as a little-endian number: what DuckDB documents of its function."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")


def content_digest(dataset: Dataset, record: Record) -> int:
    names = sorted(field.name for field in dataset.fields if field.name not in dataset.provenance)
    return md5_number_lower("".join(f"{name}\x1f{record[name]}\x1e" for name in names if record.get(name) is not None))


@dataclass(frozen=True)
class Claim:
    """One row of one source at one node; empty cells are no values."""

    node: str
    source: str
    dataset: Dataset
    record: Record

    @property
    def key(self) -> tuple[str | None, ...]:
        return tuple(self.record.get(name) for name in self.dataset.key)

    @property
    def rank(self) -> tuple[str, int]:
        """What decides which of two rows with one key is the newer."""
        return "|".join(self.record[name] or "" for name in self.dataset.version), self.digest

    @property
    def digest(self) -> int:
        return content_digest(self.dataset, self.record)

    @property
    def deleted(self) -> bool:
        return self.dataset.operation is not None and self.record.get(self.dataset.operation) == "D"


def claims(node: str, source: str, dataset: Dataset, rows: Iterable[Record]) -> list[Claim]:
    clean = ({name: value or None for name, value in row.items()} for row in rows)
    return [Claim(node, source, dataset, row) for row in clean]


def latest(sent: Iterable[Claim]) -> dict[tuple[str, str, str, tuple[str | None, ...]], Claim]:
    """The newest row of each node, source, dataset and key, deletions among them."""
    newest: dict[tuple[str, str, str, tuple[str | None, ...]], Claim] = {}
    for claim in sent:
        place = (claim.node, claim.source, claim.dataset.name, claim.key)
        if place not in newest or claim.rank > newest[place].rank:
            newest[place] = claim
    return newest


def settled(sent: Iterable[Claim]) -> list[Claim]:
    """The newest rows whose references have arrived at their node: those that are not parked in the end."""
    waiting = list(latest(sent).values())
    inside: list[Claim] = []
    while True:
        there = {(claim.node, claim.dataset.name, claim.key) for claim in inside}
        ready = [claim for claim in waiting if _met(claim, there)]
        if not ready:
            return inside
        inside += ready
        waiting = [claim for claim in waiting if claim not in ready]


def _met(claim: Claim, there: set[tuple[str, str, tuple[str | None, ...]]]) -> bool:
    """References here name whole keys."""
    return all(
        (claim.node, each.dataset, tuple(claim.record.get(name) for name in each.fields)) in there
        for each in claim.dataset.references
    )


def sums(held: Iterable[Claim]) -> dict[tuple[str, str], Sum]:
    """Live records and digest by origin and dataset, as `hub balance` compares them."""
    out: dict[tuple[str, str], Sum] = defaultdict(lambda: (0, 0))
    for claim in held:
        if not claim.deleted:
            records, digest = out[claim.node, claim.dataset.name]
            out[claim.node, claim.dataset.name] = records + 1, digest + claim.digest
    return dict(out)


def identity(dataset: Dataset, record: Record) -> tuple[str, ...]:
    return tuple(normalise(record.get(name)) for name in dataset.identity)


def golden(dataset: Dataset, live: Iterable[tuple[tuple[str, int, str, str], Record]]) -> dict[tuple[str, ...], Record]:
    """One record an identity: each field from the highest-ranked claim that fills it."""
    out: dict[tuple[str, ...], dict[str, str | None]] = defaultdict(dict)
    for _, record in sorted(live, key=lambda each: each[0]):
        mine = out[identity(dataset, record)]
        for name in dataset.field_names:
            if record.get(name) is not None:
                mine[name] = record[name]
    return {key: dict(record) for key, record in out.items()}
