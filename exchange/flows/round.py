"""One whole round: up, children first, so that records reach the top; then down, so that its word reaches them."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from exchange.errors import HubError
from exchange.flows.acknowledge import acknowledge, acknowledge_shares
from exchange.flows.balance import balance
from exchange.flows.check import check
from exchange.flows.collect import collect
from exchange.flows.cross_check import cross_check
from exchange.flows.fetch_back import fetch_back
from exchange.flows.merge import merge
from exchange.flows.publish import publish
from exchange.flows.push import push
from exchange.flows.receive import receive
from exchange.flows.share_back import share_back
from exchange.flows.workplace import Workplace
from exchange.text import Text

Step = Callable[[str], None]
DISK_FULL = Text(
    "磁盘空间不足，这一步没有完成。已收到的文件不会丢失；清理磁盘后重新运行，会从中断处继续。",
    "The disk is full and this step was not done. No file that was received is lost; make room and run again, and it "
    "goes on from where it stopped.",
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that could not be done; everything that does not need it went on."""

    node: str
    step: str
    reason: Text


def run_node(work: Workplace, step: Step) -> list[Failure]:
    """The way up: collect, check, receive, merge, cross-check, balance and push; `step` is told before each.

    A source that cannot be reached does not hold up the others, nor does a step that cannot be done: each takes up
    what is there, and what is missing is made up for in the next round.
    """
    failures: list[Failure] = []
    for contract in work.node.sources:
        name = f"collect {contract.id}"
        step(name)
        failures += _failure(work, name, partial(collect, work, contract))
    for name, flow in _steps():
        step(name)
        failures += _failure(work, name, partial(flow, work))
    return failures


def run_node_down(work: Workplace, step: Step) -> list[Failure]:
    """The way down: fetch what the parent shares, share with the children, and publish all of it; see `run_node`."""
    failures: list[Failure] = []
    for name, flow in _steps_down():
        step(name)
        failures += _failure(work, name, partial(flow, work))
    return failures


def acknowledge_parent(work: Workplace, parent: Callable[[str], Workplace]) -> list[Failure]:
    """Have the parent take in the receipts that this node has left for it."""
    if work.node.parent is None:
        return []
    above = parent(work.node.parent)
    return _failure(above, "acknowledge", partial(acknowledge_shares, above))


def acknowledge_children(work: Workplace, child: Callable[[str], Workplace]) -> list[Failure]:
    """Have the children take in the receipts that this node has left for them."""
    failures: list[Failure] = []
    for each in work.site.children(work.node.code):
        below = child(each.code)
        failures += _failure(below, "acknowledge", partial(acknowledge, below))
    return failures


def _failure(work: Workplace, step: str, flow: Callable[[], object]) -> list[Failure]:
    """Do one step; why it could not be done, if so."""
    try:
        flow()
    except HubError as error:
        return [Failure(work.node.code, step, error.text)]
    except OSError as error:
        if error.errno not in _FULL:
            raise
        return [Failure(work.node.code, step, DISK_FULL)]
    return []


def _steps() -> list[tuple[str, Callable[[Workplace], object]]]:
    return [
        ("check", check),
        ("receive", receive),
        ("merge", merge),
        ("cross_check", cross_check),
        ("balance", balance),
        ("push", push),
    ]


def _steps_down() -> list[tuple[str, Callable[[Workplace], object]]]:
    return [
        ("fetch back", fetch_back),
        ("share back", share_back),
        ("publish", publish),
    ]
