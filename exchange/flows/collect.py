"""Collect: bring a source's new files in, record each before it is read, and keep it as it came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from catalog.models import SourceContract
from exchange.errors import RetriableError
from exchange.files import move
from exchange.flows.notices import give_notice, withdraw_notice
from exchange.flows.slips import Slip, recognise
from exchange.flows.workplace import Workplace
from exchange.locks import exclusive
from exchange.model.batch import batch_id
from exchange.model.names import safe_name
from exchange.model.offer import Offer, Withheld
from exchange.ports import Source
from exchange.text import Text

UNRECOGNISED = Text(
    "文件名与来源约定的任何一种数据都不相符，未读取。请按约定的文件名重新报送，或请数据管理员修改来源约定。",
    "The file name matches none of the kinds of data in the source's contract; it was not read. "
    "Send it under an agreed name, or ask the data administrator to change the contract.",
)


@dataclass(frozen=True, slots=True)
class Collected:
    """What one round of one source brought: batches seen for the first time, batches sent again, files not taken."""

    new: tuple[str, ...]
    again: tuple[str, ...]
    left: tuple[str, ...]


def collect(work: Workplace, contract: SourceContract) -> Collected:
    """Take every file of the source that was not taken before, in the order of the contract's feeds.

    A file that cannot be brought over does not hold up the others; RetriableError is raised at the end for it.
    """
    with exclusive(work.folder.incoming / f"{contract.id}.lock", source_busy(contract.id)):
        return _collect(work, contract)


def source_busy(source: str) -> Text:
    """What is said when another process has been at work on a source for a minute."""
    return Text(
        f"来源 {source} 正由另一个进程处理，等待一分钟后仍未结束。稍后会自动重试。",
        f"Another process has been at work on source {source} for a minute. It will be tried again.",
    )


def _collect(work: Workplace, contract: SourceContract) -> Collected:
    new: list[str] = []
    again: list[str] = []
    left: list[str] = []
    failed: list[RetriableError] = []
    seen = {_delivery_key(entry) for entry in work.ledger.entries("delivery") if entry["source"] == contract.id}
    with work.open_source(contract) as source:
        for offer, dataset in _sorted_offers(work, contract, source, left):
            if (offer.name, offer.size, offer.mtime_ns) in seen:
                source.settle(offer)
                continue
            try:
                taken = _take(work, contract, source, offer, dataset)
            except RetriableError as error:
                failed.append(error)
                continue
            if isinstance(taken, Text):
                _leave(work, contract, offer, "file.unrecognised", taken)
                left.append(offer.name)
            else:
                batch, is_new = taken
                (new if is_new else again).append(batch)
    if failed:
        raise failed[0]
    return Collected(tuple(new), tuple(again), tuple(left))


def _sorted_offers(
    work: Workplace, contract: SourceContract, source: Source, left: list[str]
) -> Iterator[tuple[Offer, str | None]]:
    """The files that can be taken, by feed and name; the others are noted with their reason.

    A workbook whose name matches no feed comes last and without a dataset: it may be a corrected slip, which only its
    content can tell. One that was no slip before is not fetched again.
    """
    recognised = []
    known = {_delivery_key(entry) for entry in _no_slips(work, contract)}
    for offer in source.offers():
        place = _feed_of(contract, offer.name)
        if isinstance(offer, Withheld):
            _leave(work, contract, offer, "file.withheld", offer.reason)
            left.append(offer.name)
        elif place is not None:
            recognised.append((place, offer.name, offer))
        elif work.slips.may_be(offer.name) and (offer.name, offer.size, offer.mtime_ns) not in known:
            recognised.append((len(contract.feeds), offer.name, offer))
        else:
            if not work.slips.may_be(offer.name):
                _leave(work, contract, offer, "file.unrecognised", UNRECOGNISED)
            left.append(offer.name)
    for place, _, offer in sorted(recognised, key=lambda each: each[:2]):
        yield offer, contract.feeds[place].dataset if place < len(contract.feeds) else None


def _no_slips(work: Workplace, contract: SourceContract) -> Iterator[Mapping[str, Any]]:
    """The files of the source that were looked into and are nothing that the hub knows."""
    return (
        entry
        for entry in work.ledger.entries("file.unrecognised")
        if entry["source"] == contract.id and entry["reason_zh"] == UNRECOGNISED.zh
    )


def _feed_of(contract: SourceContract, name: str) -> int | None:
    for place, feed in enumerate(contract.feeds):
        if fnmatchcase(name, feed.files):
            return place
    return None


def _leave(work: Workplace, contract: SourceContract, offer: Offer | Withheld, kind: str, reason: Text) -> None:
    body = {
        "source": contract.id,
        "file": _printable(offer.name),
        "size": offer.size,
        "mtime_ns": offer.mtime_ns,
        "reason_zh": reason.zh,
        "reason_en": reason.en,
    }
    work.ledger.append(kind, f"{contract.id}/{_printable(offer.name)}"[:400], body)
    give_notice(work, contract.id, _printable(offer.name), reason)


def _take(
    work: Workplace, contract: SourceContract, source: Source, offer: Offer, dataset: str | None
) -> tuple[str, bool] | Text:
    """Bring one file in: fetched, kept under its batch, recorded, then settled at the source; or why it is left.

    A corrected slip is taken for one whatever its name, as the rows of the batch that it corrects.
    """
    part = work.folder.incoming / f"{_name_hash(contract.id, offer.name)}.part"
    part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    source.fetch(offer, part)
    slip = recognise(work, contract, part) if work.slips.may_be(offer.name) else None
    if isinstance(slip, Text) or (slip is None and dataset is None):
        part.unlink()
        return slip or UNRECOGNISED
    batch, is_new = _record(work, contract, offer, part, slip or Slip(dataset or "", ""))
    source.settle(offer)
    withdraw_notice(work, contract.id, _printable(offer.name))
    return batch, is_new


def _record(work: Workplace, contract: SourceContract, offer: Offer, part: Path, what: Slip) -> tuple[str, bool]:
    """Keep a fetched file under its batch and write it down."""
    with part.open("rb") as handle:
        sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
    batch = batch_id(contract.id, what.dataset, sha256)
    is_new = _keep(work, batch, offer.name, part)
    recorded = {
        "source": contract.id,
        "dataset": what.dataset,
        "file": _printable(offer.name),
        "size": offer.size,
        "sha256": sha256,
        **({"corrects": what.corrects} if what.corrects else {}),
    }
    if next(work.ledger.entries("batch.recorded", batch), None) is None:
        work.ledger.append("batch.recorded", batch, recorded)
    work.ledger.append("delivery", batch, {**recorded, "mtime_ns": offer.mtime_ns})
    return batch, is_new


def _keep(work: Workplace, batch: str, name: str, part: Path) -> bool:
    """Give the file its place; false when the same bytes were kept before."""
    raw = work.folder.batch(batch).raw
    if raw.exists() and any(raw.iterdir()):
        part.unlink()
        return next(work.ledger.entries("batch.recorded", batch), None) is None
    raw.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    raw.mkdir(exist_ok=True, mode=0o700)
    move(part, raw / safe_name(name))
    return True


def _delivery_key(entry: Mapping[str, Any]) -> tuple[str, int, int]:
    return entry["file"], entry["size"], entry["mtime_ns"]


def _name_hash(source: str, name: str) -> str:
    return hashlib.sha256(f"{source}/{name}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _printable(name: str) -> str:
    """A file name as it can be shown and stored: what cannot be printed is escaped."""
    if name.isprintable():
        return name
    return name.encode("unicode_escape").decode()
