"""How the receiver of a channel takes its packages in: kept, verified, each applied once and in order, and answered."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exchange.files import put
from exchange.flows.channels import kinds_of
from exchange.flows.workplace import Workplace
from exchange.model.merged import Received
from exchange.model.package import Channel
from exchange.packages import Opened, Refused, open_package, package_name, sha256_of, signed


@dataclass(frozen=True, slots=True)
class Intake:
    """What one way of taking packages in needs of the store, and what else a package must hold up to.

    `last` is the number of the newest applied package, `done` what an applied one did, `check` refuses what the
    signature alone does not, and `apply` applies a package with its sha256, once.
    """

    last: Callable[[], int]
    done: Callable[[int], Received | None]
    check: Callable[[Opened], Opened | Refused]
    apply: Callable[[Opened, str], Received]


def take_in(work: Workplace, channel: Channel, intake: Intake) -> list[Received]:
    """Take in what waits on a channel.

    A package that is not the next of its channel waits for those before it. One that is refused stops its channel, and
    no other, until it is sent anew.
    """
    _fetch(work, channel)
    applied = []
    while True:
        package = work.folder.inbox(channel.sender) / package_name(channel, intake.last() + 1)
        done = _apply(work, channel, package, intake) if package.exists() else None
        if done is None:
            break
        applied.append(done)
    _answer_applied(work, channel, intake)
    _note_waiting(work, channel, intake.last() + 1)
    return applied


def _fetch(work: Workplace, channel: Channel) -> None:
    """Keep what waits at the door; what was answered before is answered again with the original receipt."""
    inbox = work.folder.inbox(channel.sender)
    inbox.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in list(work.uplink.waiting(channel)):
        answer = inbox / f"{name}.receipt.json"
        if answer.exists():
            work.uplink.answer(channel, name, answer.read_bytes())
        else:
            work.uplink.fetch(channel, name, inbox / name)
        work.uplink.done(channel, name)


def _apply(work: Workplace, channel: Channel, package: Path, intake: Intake) -> Received | None:
    with tempfile.TemporaryDirectory(dir=package.parent) as folder:
        opened = open_package(package, channel, work.keys.public(channel.sender), Path(folder))
        if isinstance(opened, Opened):
            opened = intake.check(opened)
        if isinstance(opened, Refused):
            _refuse(work, channel, package, opened)
            return None
        return intake.apply(opened, sha256_of(package))


def _answer_applied(work: Workplace, channel: Channel, intake: Intake) -> None:
    """Answer every applied package that has no receipt yet, also those that a killed run left without one."""
    for number in range(1, intake.last() + 1):
        name = package_name(channel, number)
        answer = work.folder.inbox(channel.sender) / f"{name}.receipt.json"
        done = intake.done(number)
        if answer.exists() or done is None:
            continue
        body = {
            "package": name,
            "child": channel.child,
            "parent": channel.parent,
            "number": number,
            "sha256": done.sha256,
            "state": "applied",
            "state_zh": "已入库",
            "records": done.records,
            "seq": done.seq,
            "issued_at": work.clock.now().isoformat(timespec="seconds"),
        }
        work.ledger.append(kinds_of(channel).received, name, {key: body[key] for key in ("sha256", "records", "seq")})
        receipt = signed(body, work.keys.private(work.node.code))
        put(answer, receipt)
        work.uplink.answer(channel, name, receipt)


def _refuse(work: Workplace, channel: Channel, package: Path, refused: Refused) -> None:
    sha256 = sha256_of(package)
    body = {"sha256": sha256, "reason_zh": refused.reason.zh, "reason_en": refused.reason.en}
    work.ledger.append(kinds_of(channel).refused, package.name, body)
    receipt = signed(
        {**body, "package": package.name, "state": "refused", "state_zh": "拒收"}, work.keys.private(work.node.code)
    )
    work.uplink.answer(channel, package.name, receipt)
    package.replace(package.with_name(f"refused-{sha256[:12]}-{package.name}"))


def _note_waiting(work: Workplace, channel: Channel, number: int) -> None:
    """Say in the ledger which package is missing when later ones are there."""
    missing = package_name(channel, number)
    kept = sorted(path.name for path in work.folder.inbox(channel.sender).glob(f"{channel.name}-*.pkg"))
    later = [name for name in kept if name > missing]
    if later and missing not in kept:
        work.ledger.append(kinds_of(channel).missing, missing, {"waiting": later})
