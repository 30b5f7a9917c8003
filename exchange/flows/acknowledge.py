"""Acknowledge: the parent's receipts for what this node has sent."""

from __future__ import annotations

from exchange.flows.workplace import Workplace
from exchange.model.package import Channel
from exchange.packages import package_name, verified
from exchange.ports import Store


def acknowledge(work: Workplace) -> list[str]:
    """Take in the parent's receipts; the names of the packages that are settled by them.

    A receipt whose signature does not hold is noted and left: the package stays unsettled and is sent again.
    """
    if work.node.parent is None:
        return []
    channel = Channel(work.node.code, work.node.parent)
    answers = list(work.uplink.answers(channel))
    if not answers:
        return []
    with work.open_store(work.node.code) as store:
        return [name for name, receipt in answers if _take(work, store, channel, name, receipt)]


def _take(work: Workplace, store: Store, channel: Channel, name: str, receipt: bytes) -> bool:
    body = verified(receipt, work.keys.public(channel.parent))
    if body is None or body["package"] != name:
        work.ledger.append("receipt.unverified", name, {"bytes": len(receipt)})
        return False
    applied = bool(body["state"] == "applied")
    if applied:
        numbers = {package_name(channel, package.number): package.number for package in store.sealed()}
        store.note_acknowledged(numbers[name])
    work.ledger.append("package.acknowledged" if applied else "package.returned", name, _for_ledger(body))
    work.uplink.settled(channel, name)
    return applied


def _for_ledger(body: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if key not in {"package", "at", "kind", "subject"}}
