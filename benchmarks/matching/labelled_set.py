"""Writes a labelled set: the claims, what they truly are, and the two tables that a catalogue has beside them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.matching.claims import Record
from benchmarks.matching.mix import cases
from benchmarks.matching.world import World
from catalog.loader import load_catalog

KNOWN_REGISTRATIONS = 0.8
"""So many of the old registration numbers are in the table that leads from them to the USCC."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The files of a set.

    `licences` has the columns of the dataset, all text, in an order that tells nothing. `labels` has row_guid, truth
    (the licence) and kind. `lineage` has the former and present codes of bodies, `registrations` the old
    registration number and the USCC of firms.
    """

    folder: Path

    @property
    def licences(self) -> Path:
        """What a matcher is given."""
        return self.folder / "licences.parquet"

    @property
    def labels(self) -> Path:
        """What it is measured by."""
        return self.folder / "labels.parquet"

    @property
    def lineage(self) -> Path:
        """Which body does whose work now."""
        return self.folder / "issuers.csv"

    @property
    def registrations(self) -> Path:
        """Old registration numbers of firms."""
        return self.folder / "registrations.csv"


def make_set(folder: Path, rows: int, seed: int) -> LabelledSet:
    """A set of at least so many rows in a folder that is made for it; the same seed makes the same set."""
    folder.mkdir(parents=True, exist_ok=True)
    made = LabelledSet(folder)
    world = World(seed, rows)
    labelled = [(kind, truth, record) for kind, case in cases(world, rows) for truth, record in case]
    world.rng.shuffle(labelled)
    guids = [f"{world.rng.getrandbits(128):032x}" for _ in labelled]
    for guid, (_, _, record) in zip(guids, labelled, strict=True):
        record["row_guid"] = guid
    _write_licences(made.licences, [record for *_, record in labelled])
    kinds, truths, _ = zip(*labelled, strict=True)
    pq.write_table(pa.table({"row_guid": guids, "truth": truths, "kind": kinds}), made.labels, compression="zstd")
    _write_table(made.lineage, ("code", "name", "successor", "since", "basis"), _lineage(world))
    _write_table(made.registrations, ("code", "uscc"), _registrations(world))
    return made


def _write_licences(path: Path, records: Sequence[Record]) -> None:
    names = load_catalog().datasets.get("licence").field_names
    columns = {name: pa.array([record.get(name) for record in records], pa.string()) for name in names}
    pq.write_table(pa.table(columns), path, compression="zstd")


def _lineage(world: World) -> Iterable[tuple[str, ...]]:
    return sorted((body.code, "", body.successor.code, "", "made up") for body in world.former if body.successor)


def _registrations(world: World) -> Iterable[tuple[str, str]]:
    firms = [firm for firms in world.firms.values() for firm in firms]
    known = [firm for firm in firms if firm.registration and world.rng.random() < KNOWN_REGISTRATIONS]
    return sorted((firm.registration or "", firm.code) for firm in known)


def _write_table(path: Path, names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(names)
        writer.writerows(rows)
