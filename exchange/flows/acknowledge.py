"""Acknowledge: the parent's receipts for what went up from here, and the children's for what was shared with them."""

from __future__ import annotations

from functools import partial

from exchange.flows.sending import take_receipts
from exchange.flows.workplace import Workplace


def acknowledge(work: Workplace) -> list[str]:
    """Take in the parent's receipts; the names of the packages that are settled by them."""
    channel = work.channel_up()
    if channel is None or not list(work.uplink.answers(channel)):
        return []
    with work.open_store(work.node.code) as store:
        return take_receipts(work, channel, store.sealed(), store.note_acknowledged)


def acknowledge_shares(work: Workplace) -> list[str]:
    """Take in the children's receipts for what was shared with them; the names of the packages that are settled."""
    channels = [work.channel_down(child.code) for child in work.site.children(work.node.code)]
    answered = [channel for channel in channels if list(work.uplink.answers(channel))]
    if not answered:
        return []
    settled: list[str] = []
    with work.open_store(work.node.code) as store:
        for channel in answered:
            settle = partial(store.sharing.note_acknowledged, channel.child)
            settled += take_receipts(work, channel, store.sharing.sealed(channel.child), settle)
    return settled
