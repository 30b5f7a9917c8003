"""Which licences must come out where: the ground truth of the golden records, made without the hub's own code.

Claims are of one licence when kind, issuing body, number and holder are equal, but for width, case, spaces, zero-width
characters, kind of brackets and kind of dash. The newest claim (`cd_time`) gives the whole record; what it leaves empty
comes from the next newest. A node works on its own claims and on the golden records of the nodes below it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from exchange.demo.cases import Record

Identity = tuple[str, ...]
_IDENTITY = ("certificate_type_code", "issue_dept_code", "certificate_number", "certificate_holder_code")
_BRACKETS = str.maketrans({**dict.fromkeys("〔[【〖{", "("), **dict.fromkeys("〕]】〗}", ")")})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


@dataclass(frozen=True, slots=True)
class Golden:
    """One licence at one node: how many claims speak of it, and what it says."""

    identity: Identity
    claims: int
    record: Record


def golden_records(
    own: Mapping[str, Sequence[Record]], children: Mapping[str, Sequence[str]]
) -> dict[str, list[Golden]]:
    """The licences of every node. `own` are the live claims of each node, children before parents."""
    found: dict[str, list[Golden]] = {}
    for node, claims in own.items():
        gathered = [Golden(_identity(record), 1, record) for record in claims]
        for child in children[node]:
            gathered += found[child]
        found[node] = _merged(gathered)
    return found


def _merged(claims: Iterable[Golden]) -> list[Golden]:
    by_identity: dict[Identity, list[Golden]] = defaultdict(list)
    for claim in claims:
        by_identity[claim.identity].append(claim)
    return [_one(identity, speaking) for identity, speaking in sorted(by_identity.items())]


def _one(identity: Identity, speaking: list[Golden]) -> Golden:
    record: Record = {}
    times = [claim.record["cd_time"] for claim in speaking]
    if len(set(times)) < len(times):
        raise AssertionError(identity)  # which one is newer would be chance
    for claim in sorted(speaking, key=lambda claim: claim.record["cd_time"]):
        record.update(claim.record)
    return Golden(identity, sum(claim.claims for claim in speaking), record)


def _identity(record: Record) -> Identity:
    return tuple(_plain(record[name]) for name in _IDENTITY)


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).translate(_BRACKETS).translate(_DASHES).upper()
    return "".join(sign for sign in narrow if not sign.isspace() and unicodedata.category(sign) != "Cf")
