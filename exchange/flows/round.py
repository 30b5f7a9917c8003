"""One whole round of a node, in the order that lets a child's records reach the parent in the same round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exchange.errors import HubError
from exchange.flows.acknowledge import acknowledge
from exchange.flows.balance import balance
from exchange.flows.check import check
from exchange.flows.collect import collect
from exchange.flows.merge import merge
from exchange.flows.publish import publish
from exchange.flows.push import push
from exchange.flows.receive import receive
from exchange.flows.workplace import Workplace
from exchange.text import Text

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that could not be done; everything that does not need it went on."""

    node: str
    step: str
    reason: Text


def run_node(work: Workplace, step: Step) -> list[Failure]:
    """Collect, check, receive, merge, balance, push and publish; `step` is told before each.

    A source that cannot be reached does not hold up the others.
    """
    failures: list[Failure] = []
    for contract in work.node.sources:
        step(f"collect {contract.id}")
        try:
            collect(work, contract)
        except HubError as error:
            failures.append(Failure(work.node.code, f"collect {contract.id}", error.text))
    for name, flow in _steps():
        step(name)
        flow(work)
    return failures


def acknowledge_children(work: Workplace, child: Callable[[str], Workplace]) -> None:
    """Have the children take in the receipts that this node has left for them."""
    for each in work.site.children(work.node.code):
        acknowledge(child(each.code))


def _steps() -> list[tuple[str, Callable[[Workplace], object]]]:
    return [
        ("check", check),
        ("receive", receive),
        ("merge", merge),
        ("balance", balance),
        ("push", push),
        ("publish", publish),
    ]
