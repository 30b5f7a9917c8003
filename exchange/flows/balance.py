"""Balance: proof, by count and content digest, that parent and child hold the same records of the same origin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from exchange.flows.workplace import Workplace
from exchange.model.merged import Difference
from exchange.model.package import Total
from exchange.ports import Store

LISTED = 1000


@dataclass(frozen=True, slots=True)
class Unequal:
    """One origin and dataset of which parent and child do not hold the same."""

    origin: str
    dataset: str
    parent_records: int
    child_records: int


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance of one channel. `records` of the child were compared; `differences` lists up to `LISTED` of them."""

    child: str
    parent: str
    records: int
    unequal: tuple[Unequal, ...]
    differences: tuple[Difference, ...] = field(default=())

    @property
    def equal(self) -> bool:
        """Whether both levels hold the same records."""
        return not self.unequal


def balance(work: Workplace) -> list[Balance]:
    """Hold what this node holds against what each child said it held when it sealed its last applied package.

    Needs no access to the child. The outcome goes into the ledger.
    """
    out: list[Balance] = []
    if not work.site.children(work.node.code):
        return out
    with work.open_store(work.node.code, read_only=True) as store:
        held = store.totals(sent=False)
        for child in work.site.children(work.node.code):
            result = _compare(work, child.code, held, store.child_totals(child.code))
            work.ledger.append("balance", child.code, _as_body(result, store.last_received(child.code)))
            out.append(result)
    return out


def balance_live(work: Workplace) -> list[Balance]:
    """Hold this node's store against the children's stores themselves, and list the records that differ.

    Every record is read and its digest reckoned anew, so that a change behind the hub's back shows as well; changes
    that a child has not sent yet show as differences.
    """
    out: list[Balance] = []
    if not work.site.children(work.node.code):
        return out
    with work.open_store(work.node.code, read_only=True) as store:
        held = store.recount(sent=False)
        for child in work.site.children(work.node.code):
            with work.open_store(child.code, read_only=True) as below:
                result = _compare(work, child.code, held, below.recount(sent=True))
                out.append(_with_differences(work, result, store, below))
    return out


def _compare(work: Workplace, child: str, held: Sequence[Total], sent: Sequence[Total]) -> Balance:
    origins = work.site.below(child)
    ours = {(each.origin, each.dataset): each for each in held if each.origin in origins}
    theirs = {(each.origin, each.dataset): each for each in sent}
    unequal = [
        Unequal(*place, _records(ours.get(place)), _records(theirs.get(place)))
        for place in sorted(ours.keys() | theirs.keys())
        if ours.get(place) != theirs.get(place)
    ]
    return Balance(child, work.node.code, sum(each.records for each in sent), tuple(unequal))


def _with_differences(work: Workplace, result: Balance, store: Store, below: Store) -> Balance:
    if result.equal:
        return result
    found = tuple(islice(store.differences(below, work.site.below(result.child)), LISTED))
    return Balance(result.child, result.parent, result.records, result.unequal, found)


def _records(total: Total | None) -> int:
    return total.records if total else 0


def _as_body(result: Balance, number: int) -> dict[str, Any]:
    return {
        "package": number,
        "equal": result.equal,
        "records": result.records,
        "unequal": [
            {
                "origin": each.origin,
                "dataset": each.dataset,
                "parent": each.parent_records,
                "child": each.child_records,
            }
            for each in result.unequal
        ],
    }
