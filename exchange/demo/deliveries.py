"""What a system delivers: its records in files, with the updates, repeats, deletions and mistakes of real life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from exchange.demo import words
from exchange.demo.cases import Record
from exchange.demo.chance import weighted
from exchange.demo.columns import CONSTANTS, fields
from exchange.demo.damage import damage
from exchange.demo.layout import SYSTEMS, System
from exchange.demo.writing import Cells, Hand, earlier
from exchange.model.dataset import Dataset

FILE_DAYS = ("20260105", "20260112", "20260119")
_DISTURBED = 0.06

PREFIXES: Mapping[str, tuple[str, str]] = {
    "case_basic": ("办件基本", "jbxx"),
    "case_process": ("办件过程", "gcxx"),
    "case_special": ("特别程序", "tbcx"),
    "case_material": ("办件材料", "clxx"),
    "case_result": ("办件结果", "jgxx"),
    "licence": ("电子证照", "zzxx"),
}
"""How the names of a dataset's files begin, in systems with Chinese and with other names."""


@dataclass(slots=True)
class Row:
    """One row of a file: what it holds, and the record that must come out; None when it must be rejected.

    A `torn` row is cut off in the middle.
    """

    cells: Cells
    record: Record | None
    torn: bool = False


@dataclass(slots=True)
class Delivery:
    """One file. `content` is what a broken file holds in place of rows; such a file must be refused."""

    system: System
    dataset: str
    name: str
    rows: list[Row] = field(default_factory=list)
    content: bytes | None = None

    @property
    def refused(self) -> bool:
        """Whether the whole file must be refused."""
        return self.content is not None


@dataclass(slots=True)
class _Draft:
    """A record on its way into a file; `damaged` when its row must be rejected."""

    record: Record
    damaged: bool = False


def prefix(system: System, dataset: str) -> str:
    """How the names of a dataset's files begin."""
    chinese, latin = PREFIXES[dataset]
    return chinese if system.naming == "chinese" else latin


def deliver(
    system: System, dataset: Dataset, records: Sequence[Record], untouched: Sequence[Record], rng: Random
) -> list[Delivery]:
    """The files that bring the records, in order of name. `untouched` ones are sent once and as they are."""
    days = FILE_DAYS[: 2 if system.thin else 3]
    files: list[list[_Draft]] = [[] for _ in days]
    for place, record in enumerate(records):
        _schedule(system, dataset, record, place * len(days) // len(records), files, rng)
    for place, record in enumerate(untouched):
        files[place * len(days) // len(untouched)].append(_Draft(record))
    clerk = _Clerk(system, dataset, rng, untouched)
    return [clerk.file(day, drafts) for day, drafts in zip(days, files, strict=True)]


def _schedule(
    system: System, dataset: Dataset, record: Record, at: int, files: list[list[_Draft]], rng: Random
) -> None:
    """Put a record into its file, and what becomes of it into that or a later one."""
    later = min(at + 1, len(files) - 1)
    newer = _changed(dataset.name, record, rng)
    older = {**record, "cd_time": earlier(record["cd_time"], 30)}
    plain, damaged = _Draft(record), _Draft(record, damaged=True)
    end = plain if system.thin else _Draft(_deletion(dataset, record))
    fates: Sequence[tuple[Sequence[tuple[int, _Draft]], int]] = (
        ([(at, plain)], 930),
        ([(at, damaged)], 7),
        ([(at, damaged), (later, plain)], 7),
        ([(at, plain), (later, _Draft(newer))], 20),
        ([(at, plain), (later, plain)], 10),
        ([(at, plain), (later, _Draft(older))], 10),
        ([(at, _Draft(older)), (at, plain)], 8),
        ([(at, plain), (later, end)], 8),
    )
    for place, draft in weighted(rng, fates):
        files[place].append(draft)


def _changed(dataset: str, record: Record, rng: Random) -> Record:
    """The record as it is after somebody has worked on it."""
    changes: Mapping[str, Mapping[str, str]] = {
        "case_basic": {"contact_mobile": words.mobile(rng)},
        "case_process": {"handle_explain": record.get("handle_explain", "") + "（已更正）"},
        "case_special": {"result": "已完成，恢复计时"},
        "case_material": {"get_num": "9"},
        "case_result": {"satisfaction": rng.choice("12")},
        "licence": {"status": "04", "change_type": "05"},
    }
    return {**record, **changes[dataset], "cd_operation": "U", "cd_time": earlier(record["cd_time"], -75)}


def _deletion(dataset: Dataset, record: Record) -> Record:
    key = {name: record[name] for name in dataset.key}
    return {**key, "cd_operation": "D", "cd_time": earlier(record["cd_time"], -120)}


class _Clerk:
    """Writes the files of one dataset of a system, one after the other."""

    def __init__(self, system: System, dataset: Dataset, rng: Random, untouched: Sequence[Record]) -> None:
        self._system, self._dataset, self._rng = system, dataset, rng
        self._hand = Hand(system, dataset, rng)
        self._columns = fields(system, dataset.name)
        self._untouched = {id(record) for record in untouched}
        self._numbers = count(1)
        self._turns = count(SYSTEMS.index(system))

    def file(self, day: str, drafts: list[_Draft]) -> Delivery:
        self._rng.shuffle(drafts)
        name = f"{prefix(self._system, self._dataset.name)}_{day}.{self._system.form.extension}"
        return Delivery(self._system, self._dataset.name, name, [self._row(draft, day) for draft in drafts])

    def _row(self, draft: _Draft, day: str) -> Row:
        record = {"cd_operation": "I", **draft.record, **self._envelope(day)}
        cells = self._hand.cells(record, self._columns)
        if draft.damaged:
            if not self._system.form.array and self._rng.random() < 0.1:
                return Row(cells, None, torn=True)
            damage(self._dataset.name, record, cells, self._rng, next(self._turns))
            return Row(cells, None)
        whole = record["cd_operation"] != "D" and id(draft.record) not in self._untouched
        if whole and self._rng.random() < _DISTURBED:
            self._hand.disturb(record, cells)
        return Row(cells, record)

    def _envelope(self, day: str) -> Record:
        number = next(self._numbers)
        if self._system.thin:
            return {"row_guid": str(number), **CONSTANTS}
        return {"row_guid": f"{self._system.id}-{day}-{number:06}", "cd_batch": f"{day}01", "data_source": "1"}
