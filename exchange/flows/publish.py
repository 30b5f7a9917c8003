"""Publish: an immutable snapshot of the node's store, made current at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from exchange.flows.workplace import Workplace


def publish(work: Workplace) -> Path:
    """Make the snapshot, with the newest balance of each child written into it; returns its file."""
    snapshot = work.publish_snapshot(work.node, latest_balances(work))
    work.ledger.append("snapshot.published", snapshot.name, {"bytes": snapshot.stat().st_size})
    return snapshot


def latest_balances(work: Workplace) -> list[Mapping[str, object]]:
    """The newest `balance` entry of each child, in the order of their codes."""
    newest = {entry["subject"]: entry for entry in work.ledger.entries("balance")}
    return [newest[child] for child in sorted(newest)]
