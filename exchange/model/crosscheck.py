"""The cross-checks between cases, licences and holders: what they go by, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class CrossTerms:
    """What the cross-checks go by.

    They look as of the end of `day`. A licence that a result tells of is due within `within_days` working days
    (calendar days where working days are not known). `registrations` are the names of the kinds of licence without
    which a holder is no body any more (营业执照).
    """

    day: date
    within_days: int
    registrations: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class CrossCount:
    """How many findings of one kind the records of one source have; `origin` is the node at which they entered."""

    origin: str
    source: str
    code: str
    findings: int
