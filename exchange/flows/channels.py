"""The two ways of a channel: what the ledger calls the packages that go up, and those that come down."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.model.package import Channel


@dataclass(frozen=True, slots=True)
class Kinds:
    """The kinds of ledger entry of one way; the sender notes the first three, the receiver the others."""

    sealed: str
    acknowledged: str
    returned: str
    received: str
    refused: str
    missing: str


UP = Kinds(
    sealed="package.sealed",
    acknowledged="package.acknowledged",
    returned="package.returned",
    received="package.received",
    refused="package.refused",
    missing="package.missing",
)
DOWN = Kinds(
    sealed="share.sealed",
    acknowledged="share.acknowledged",
    returned="share.returned",
    received="share.received",
    refused="share.refused",
    missing="share.missing",
)


def kinds_of(channel: Channel) -> Kinds:
    """The kinds of entry of a channel's packages."""
    return DOWN if channel.down else UP
