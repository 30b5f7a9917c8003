"""A batch: one delivery of one source, and what became of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace


def batch_id(source: str, dataset: str, sha256: str) -> str:
    """The batch's id, from source, dataset and content: the same bytes are the same batch."""
    return hashlib.sha256(f"{source}\n{dataset}\n{sha256}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Batch:
    """One delivery, as it was recorded before it was read. `file` is the name the department gave it.

    `corrects` is the batch whose rejected rows this one brings again, in a corrected slip or by a recheck; its rows
    bear the numbers that they have there. Empty for every other batch.
    """

    id: str
    node: str
    source: str
    dataset: str
    file: str
    size: int
    sha256: str
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the rows: read = accepted + rejected + duplicate + parked, always. `repaired` is beside them."""

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    duplicate: int = 0
    parked: int = 0
    repaired: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every row that was read has one outcome."""
        return self.read == self.accepted + self.rejected + self.duplicate + self.parked

    def plus(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(*(a + b for a, b in zip(self.values(), other.values(), strict=True)))

    def values(self) -> tuple[int, int, int, int, int, int]:
        """In the order of the fields."""
        return (self.read, self.accepted, self.rejected, self.duplicate, self.parked, self.repaired)

    def as_dict(self) -> dict[str, int]:
        """By the names of the fields, for ledger and receipt."""
        return asdict(self)

    @classmethod
    def of(cls, body: Mapping[str, int]) -> Counts:
        """The counts in a ledger entry or receipt; other keys are passed over."""
        return cls(**{field.name: body[field.name] for field in fields(cls)})

    def released(self, accepted: int, duplicate: int) -> Counts:
        """The counts after parked rows were released."""
        return replace(
            self,
            accepted=self.accepted + accepted,
            duplicate=self.duplicate + duplicate,
            parked=self.parked - accepted - duplicate,
        )
