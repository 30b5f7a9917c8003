"""One licence as people ask after it: its claims, where each field comes from, its history, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

Reason = Literal["only", "agreed", "trust", "issuer", "version", "time", "state"]
"""Why a claim gives a field: it alone fills it, all say the same, or by what it stands before the next claim that says
otherwise. `state` is the chain's: the newest event, not the most trusted claim, tells the present state."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim of a licence: an own source's record, or a child node's golden record (then `source` is the child).

    `key` is the record's key hash, `form` its exact identity (16 hexadecimal digits each). `issuing` says that it comes
    from the issuing body's own node, `version` is the last but one part of its identifier (0 without one). `rule`
    joined it to the licence, with `score` (0 to 1).
    """

    origin: str
    source: str
    key: str
    form: str
    batch: str | None
    file: str | None
    row: int | None
    trust: str | None
    issuing: bool
    version: int
    at: str
    rule: str
    score: float
    record: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Given:
    """One field of a licence, and the claim (its index) that gives it."""

    field: str
    value: str
    claim: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a licence's life. `operation` and `state` are codes, `at` the moment, `version` the identifier's."""

    at: str
    operation: str | None
    state: str | None
    version: int
    origin: str
    source: str


@dataclass(frozen=True, slots=True)
class Explained:
    """A licence as it stands: `record` is the golden record, `previous` and `following` are ids of linked licences.

    `questions` are the open groups that it is in.
    """

    licence: str
    record: Mapping[str, str | None]
    claims: tuple[Claimed, ...]
    fields: tuple[Given, ...]
    history: tuple[Event, ...]
    previous: tuple[str, ...]
    following: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Open:
    """Two exact identities (`a`, `b`: 16 hexadecimal digits) of two licences that may be one."""

    a: str
    b: str
    licence_a: str
    licence_b: str
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked: pairs that hang together. `question` is its id (16 hexadecimal digits)."""

    dataset: str
    question: str
    pairs: tuple[Open, ...]

    @property
    def licences(self) -> tuple[str, ...]:
        """The licences concerned."""
        return tuple(sorted({each for pair in self.pairs for each in (pair.licence_a, pair.licence_b)}))


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person has said of two exact identities: that they are one licence, or that they are not."""

    forms: tuple[int, int]
    same: bool


class RecordKey(NamedTuple):
    """One record of one source; `key` is its key hash."""

    origin: str
    source: str
    key: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, as the ledger keeps it; `number` counts up from 1 within a node.

    `pairs` were said to be one licence or not. `records` were taken out of their licence, away from the exact
    identities `rest`; they are a licence of their own, whatever they say of their identity.
    """

    number: int
    dataset: str
    pairs: tuple[Decided, ...] = ()
    records: tuple[RecordKey, ...] = ()
    rest: tuple[int, ...] = ()


Action = Literal["same", "different", "part"]
"""What a decision says: these are one licence, these are not, these records are not of their licence."""


@dataclass(frozen=True, slots=True)
class LicenceCounts:
    """What is open about a node's licences: questions to a person, and findings by code."""

    questions: int
    findings: Mapping[str, int]


def is_licence_id(text: str) -> bool:
    """Whether a text can be the id of a licence, a question or an exact identity: 16 hexadecimal digits."""
    return len(text) == 16 and set(text) <= set("0123456789abcdef")
