"""Which licences must come out where: the ground truth of the golden records, made without the hub's own code.

Claims are of one licence when kind, issuing body, number and holder are equal, but for width, case, spaces, zero-width
characters, kind of brackets and kind of dash, and for 第 and 号. Each field comes from the claim that ranks first and
fills it: by trust, then the issuing body's own node, then the version in the identifier, then the time. Identifiers
and validity go by the version before the trust. The state is what has happened last; what has ended stays ended. A node
works on its own claims and on the golden records of the nodes below it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from exchange.demo.cases import Record

Identity = tuple[str, ...]
_IDENTITY = ("certificate_type_code", "issue_dept_code", "certificate_number", "certificate_holder_code")
_BRACKETS = str.maketrans({**dict.fromkeys("〔[【〖{", "("), **dict.fromkeys("〕]】〗}", ")")})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


_VERSIONED = ("certificate_source_id", "previous_source_id", "valid_from", "valid_to")
_STATE = ("status", "change_type", "change_time", "change_reason")
_STATES = {"01": "01", "02": "01", "03": "02", "04": "05", "05": "04", "06": "01", "08": "01", "09": "01"}
_ENDED = ("03", "04", "07")


class Happened(NamedTuple):
    """One step of a licence's life; what is not told is empty."""

    moment: str
    operation: str
    state: str
    version: int
    changed: str
    reason: str
    trust: int

    def rank(self) -> tuple[object, ...]:
        """What is later, and what counts more of two that are not."""
        ended = self.state in _ENDED
        said = (self.operation != "", self.trust, self.operation, self.state, self.changed, self.reason)
        return (self.state != "", ended, self.moment, self.version, *said)


@dataclass(frozen=True, slots=True)
class Golden:
    """One licence at one node: how many claims speak of it, what it says, and what has happened to it."""

    identity: Identity
    claims: int
    record: Record
    history: frozenset[Happened] = frozenset()


def golden_records(
    own: Mapping[str, Sequence[Record]], children: Mapping[str, Sequence[str]]
) -> dict[str, list[Golden]]:
    """The licences of every node. `own` are the live claims of each node, children before parents."""
    found: dict[str, list[Golden]] = {}
    for node, claims in own.items():
        gathered = [(node, Golden(_identity(record), 1, record, frozenset({_happened(record)}))) for record in claims]
        for child in children[node]:
            gathered += [(child, each) for each in found[child]]
        found[node] = _merged(gathered)
    return found


def _merged(claims: Iterable[tuple[str, Golden]]) -> list[Golden]:
    by_identity: dict[Identity, list[tuple[str, Golden]]] = defaultdict(list)
    for origin, claim in claims:
        by_identity[claim.identity].append((origin, claim))
    return [_one(identity, speaking) for identity, speaking in sorted(by_identity.items())]


def _one(identity: Identity, speaking: list[tuple[str, Golden]]) -> Golden:
    times = [claim.record["cd_time"] for _, claim in speaking]
    if len(set(times)) < len(times):
        raise AssertionError(identity)  # which one is newer would be chance
    ranked = [(_rank(origin, claim.record), claim.record) for origin, claim in speaking]
    record: Record = {}
    for _, each in sorted(ranked, key=lambda one: one[0]):
        record.update(each)
    for _, each in sorted(ranked, key=lambda one: (one[0][2], *one[0])):
        record.update({name: each[name] for name in _VERSIONED if name in each})
    history = frozenset().union(*(claim.history for _, claim in speaking))
    now = max(history, key=Happened.rank)
    told = zip(_STATE, (now.state, now.operation, now.changed, now.reason), strict=True)
    record = {name: value for name, value in record.items() if name not in _STATE}
    record.update({name: value for name, value in told if value})
    return Golden(identity, sum(claim.claims for _, claim in speaking), record, history)


def _rank(origin: str, record: Record) -> tuple[int, bool, int, str]:
    issuing = record["issue_dept_code"][2:8] == origin[:6]
    return _trust(record), issuing, _version(record), record["cd_time"]


def _trust(record: Record) -> int:
    return " DCBA".index(record.get("trust_level", " "))


def _version(record: Record) -> int:
    parts = record.get("certificate_source_id", "").split(".")
    return int(parts[-2]) if len(parts) > 2 and parts[-2].isdigit() and len(parts[-2]) == 3 else 0


def _happened(record: Record) -> Happened:
    operation = record.get("change_type", "")
    state = record.get("status") or _STATES.get(operation, "")
    moment = record.get("change_time") or record["cd_time"]
    if "change_time" not in record and state in ("", "01") and operation in ("", "01") and "issue_date" in record:
        moment = f"{record['issue_date']}T00:00:00+08:00"
    changed, reason = record.get("change_time", ""), record.get("change_reason", "")
    return Happened(moment, operation, state, _version(record), changed, reason, _trust(record))


def _identity(record: Record) -> Identity:
    return tuple(_plain(record[name]) for name in _IDENTITY)


def _plain(text: str) -> str:
    narrow = unicodedata.normalize("NFKC", text).translate(_BRACKETS).translate(_DASHES).upper()
    unseen = (sign for sign in narrow if sign.isspace() or unicodedata.category(sign) == "Cf")
    left_out = {*unseen, "第", "号"}
    return "".join(sign for sign in narrow if sign not in left_out)
