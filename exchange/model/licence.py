"""One licence as people ask after it: its claims, where each field comes from, its history, and what is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Reason = Literal["only", "agreed", "trust", "issuer", "version", "time", "state"]
"""Why a claim gives a field: it alone fills it, all say the same, or by what it stands before the next claim that says
otherwise. `state` is the chain's: the newest event, not the most trusted claim, tells the present state."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim of a licence: an own source's record, or a child node's golden record (then `source` is the child).

    `key` is the record's key hash (16 hexadecimal digits). `issuing` says that it comes from the issuing body's own
    node, `version` is the last but one part of its identifier (0 without one). `rule` joined it to the licence, with
    `score` (0 to 1).
    """

    origin: str
    source: str
    key: str
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
class Decided:
    """What a person has said of two forms (exact identities): that they are one licence, or that they are not."""

    forms: tuple[int, int]
    same: bool


@dataclass(frozen=True, slots=True)
class Parted:
    """What a person has taken out of a licence though its exact identity is the same: one record of one source.

    `key` is its key hash; records with one `mark` are one licence of their own.
    """

    origin: str
    source: str
    key: int
    mark: str
