"""A small model of what the hub must do with deliveries: the demo's ground truth, made without the hub's own code.

Rules: within a node, one record per dataset, source and key; the newest (`cd_time`) wins, what is not newer is a
duplicate; a record whose case has no basics at the node is parked until they come, and a parked record that is
overtaken by a newer one is a duplicate. A deletion is a record like any other, and leaves nothing live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field

from exchange.demo.cases import Record
from exchange.demo.deliveries import Delivery
from exchange.model.dataset import Dataset

Place = tuple[str, str, tuple[str, ...]]
"""Dataset, source, key."""


@dataclass(slots=True)
class Tally:
    """What became of the files and rows of one dataset of one source."""

    files: int = 0
    refused_files: int = 0
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    parked: int = 0

    def as_dict(self) -> dict[str, int]:
        """By the names of the fields."""
        return asdict(self)


@dataclass(slots=True)
class _Held:
    record: Record
    tally: Tally


@dataclass(slots=True)
class NodeModel:
    """One node, after the deliveries that it has taken in so far."""

    datasets: Mapping[str, Dataset]
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    _held: dict[Place, _Held] = field(default_factory=dict)
    _parked: dict[Place, _Held] = field(default_factory=dict)
    _cases: set[str] = field(default_factory=set)

    def take(self, delivery: Delivery) -> None:
        """Take in one file."""
        tally = self.tallies.setdefault((delivery.system.id, delivery.dataset), Tally())
        tally.files += 1
        if delivery.refused:
            tally.refused_files += 1
            return
        tally.read += len(delivery.rows)
        accepted = [row.record for row in delivery.rows if row.record is not None]
        tally.rejected += len(delivery.rows) - len(accepted)
        newest = _newest(self.datasets[delivery.dataset], delivery.system.id, accepted)
        tally.duplicate += len(accepted) - len(newest)
        for place, record in newest.items():
            self._settle(place, _Held(record, tally))
        if delivery.dataset == "case_basic":
            self._release()

    def live(self) -> Iterator[tuple[str, str, Record]]:
        """Dataset, source and record of everything that is held and not deleted."""
        for (dataset, source, _), held in self._held.items():
            if held.record["cd_operation"] != "D":
                yield dataset, source, held.record

    def _settle(self, place: Place, new: _Held) -> None:
        known = [at[place].record["cd_time"] for at in (self._held, self._parked) if place in at]
        if any(time >= new.record["cd_time"] for time in known):
            new.tally.duplicate += 1
            return
        if place in self._parked:
            overtaken = self._parked.pop(place).tally
            overtaken.parked -= 1
            overtaken.duplicate += 1
        if self._waits(place[0], new.record):
            self._parked[place] = new
            new.tally.parked += 1
        else:
            self._hold(place, new)

    def _hold(self, place: Place, new: _Held) -> None:
        self._held[place] = new
        new.tally.accepted += 1
        if place[0] == "case_basic":
            self._cases.add(new.record["project_no"])

    def _release(self) -> None:
        for place in [each for each, held in self._parked.items() if not self._waits(each[0], held.record)]:
            waiting = self._parked.pop(place)
            waiting.tally.parked -= 1
            self._hold(place, waiting)

    def _waits(self, dataset: str, record: Record) -> bool:
        return bool(self.datasets[dataset].references) and record["project_no"] not in self._cases


def _newest(dataset: Dataset, source: str, records: Iterable[Record]) -> dict[Place, Record]:
    """The newest record of each key in one file; of two that are equally new, the first."""
    newest: dict[Place, Record] = {}
    for record in records:
        place = (dataset.name, source, tuple(record[name] for name in dataset.key))
        if place not in newest or record["cd_time"] > newest[place]["cd_time"]:
            newest[place] = record
    return newest
