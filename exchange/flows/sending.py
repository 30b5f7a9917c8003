"""What the sender of a channel does with the packages it has sealed: note, send, and take in the receipts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from exchange.flows.channels import kinds_of
from exchange.flows.workplace import Workplace
from exchange.model.merged import Sealed
from exchange.model.package import Channel
from exchange.packages import package_name, verified


def send_open(work: Workplace, channel: Channel, packages: Sequence[Sealed]) -> list[str]:
    """Note all packages in the ledger and send those that are not acknowledged, as they were; the names of these."""
    for package in packages:
        body = {
            "package": package.number,
            "from_seq": package.from_seq,
            "to_seq": package.to_seq,
            "sha256": package.sha256,
        }
        work.ledger.append(kinds_of(channel).sealed, package_name(channel, package.number), body)
    names = [package_name(channel, package.number) for package in packages if not package.acknowledged]
    for name in names:
        work.uplink.send(channel, name, work.folder.outbox / name)
    return names


def take_receipts(
    work: Workplace, channel: Channel, packages: Sequence[Sealed], settle: Callable[[int], None]
) -> list[str]:
    """Take in the receiver's receipts; the names of the packages that are settled by them, each told to `settle`.

    A receipt whose signature does not hold is noted and left: the package stays unsettled and is sent again.
    """
    numbers = {package_name(channel, package.number): package.number for package in packages}
    answers = list(work.uplink.answers(channel))
    return [name for name, receipt in answers if _take(work, channel, name, receipt, numbers, settle)]


def _take(
    work: Workplace, channel: Channel, name: str, receipt: bytes, numbers: dict[str, int], settle: Callable[[int], None]
) -> bool:
    kinds = kinds_of(channel)
    body = verified(receipt, work.keys.public(channel.receiver))
    if body is None or body["package"] != name:
        work.ledger.append("receipt.unverified", name, {"bytes": len(receipt)})
        return False
    applied = bool(body["state"] == "applied")
    if applied:
        settle(numbers[name])
    work.ledger.append(kinds.acknowledged if applied else kinds.returned, name, _for_ledger(body))
    work.uplink.settled(channel, name)
    return applied


def _for_ledger(body: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in body.items() if key not in {"package", "at", "kind", "subject"}}
