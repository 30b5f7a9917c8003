"""Check: a batch's file becomes accepted and rejected rows, findings, and the error slip."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from catalog.models import Constant, Feed
from exchange.files import move
from exchange.flows import receipts
from exchange.flows.brought_again import brought_again
from exchange.flows.collect import source_busy
from exchange.flows.corrections import corrections, rows_read
from exchange.flows.recorded import recorded_batch, unfinished
from exchange.flows.workplace import Workplace
from exchange.locks import exclusive
from exchange.model.batch import Batch, Counts
from exchange.model.findings import Finding
from exchange.validation.file_check import by_contract, check_carefully, check_file
from exchange.validation.mapping import Origin
from exchange.validation.outcome_files import CheckSummary


def check(work: Workplace, source: str | None = None) -> list[CheckSummary]:
    """Check every recorded batch that was not checked yet, of one source or of all."""
    out = []
    for contract in work.node.sources:
        if source in {None, contract.id}:
            with exclusive(work.folder.incoming / f"{contract.id}.lock", source_busy(contract.id)):
                waiting = unfinished(work, "batch.checked", "batch.refused")
                out += [check_batch(work, batch) for batch in waiting if batch.source == contract.id]
    return out


def check_batch(work: Workplace, batch: Batch) -> CheckSummary:
    """Check one batch; its outcome is there as a whole or not at all. A batch that is refused gets its receipt now."""
    feed, folder = work.feed(batch.source, batch.dataset), work.folder.batch(batch.id)
    if batch.corrects:
        restore_outcomes(work, batch.corrects)
    draft = folder.root / "checking"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(folder.checked, ignore_errors=True)
    summary = outcome(work, batch, folder.raw_file(), draft)
    move(draft, folder.checked)
    if summary.refused is not None:
        _refuse(work, batch, summary.refused)
        return summary
    if summary.rejected:
        _write_slip(work, batch, feed, summary)
    body = {
        "read": summary.read,
        "accepted": summary.accepted,
        "rejected": summary.rejected,
        "repaired": summary.repaired,
        "by_code": dict(summary.by_code),
    }
    work.ledger.append("batch.checked", batch.id, body)
    return summary


def outcome(work: Workplace, batch: Batch, file: Path, folder: Path) -> CheckSummary:
    """Check a batch's file by the contract and the catalogue as they are now, into a folder; nothing else happens."""
    feed = work.feed(batch.source, batch.dataset)
    dataset = work.datasets.get(batch.dataset, feed.revision)
    check = by_contract(dataset, origins(feed.mapping), feed.codes, work.verdicts(dataset), work.reference)
    if batch.corrects:
        rows, preparation = brought_again(work, batch, file, check.preparation, check.expected)
        return check_carefully(rows, check, folder, preparation)
    return check_file(work.reader, file, feed.format.spec(), lambda _: check, folder, expected=check.expected)


def restore_outcomes(work: Workplace, batch: str) -> None:
    """Make the outcomes of a checked batch and of its corrections anew where they are gone; nothing is told again."""
    for each in (recorded_batch(work, batch), *corrections(work, batch)):
        folder = work.folder.batch(each.id)
        if not folder.checked.exists():
            draft = folder.root / "checking"
            shutil.rmtree(draft, ignore_errors=True)
            outcome(work, each, folder.raw_file(), draft)
            move(draft, folder.checked)


def origins(mapping: Mapping[str, str | Constant]) -> dict[str, Origin]:
    """A contract's mapping, as the mapper takes it."""
    return {
        field: ("constant", value.constant) if isinstance(value, Constant) else ("column", value)
        for field, value in mapping.items()
    }


def _refuse(work: Workplace, batch: Batch, refused: Finding) -> None:
    reason: dict[str, Any] = {
        "code": refused.code,
        "zh": refused.message.zh,
        "en": refused.message.en,
        "hint_zh": refused.hint.zh,
        "hint_en": refused.hint.en,
    }
    receipts.issue(work, batch, "refused", Counts(), findings={refused.code: 1}, reason=reason)
    work.ledger.append("batch.refused", batch.id, reason)


def _write_slip(work: Workplace, batch: Batch, feed: Feed, summary: CheckSummary) -> None:
    # the spreadsheet library takes longer to load than most batches to check, and most need no slip
    from exchange.validation.slip import SlipMeta, write_slip  # noqa: PLC0415

    meta = SlipMeta(
        source=batch.source,
        source_title=work.source_title(batch.source),
        batch=batch.id,
        file=batch.file,
        dataset_title=work.datasets.get(batch.dataset, feed.revision).title,
        checked_at=work.clock.now(),
        summary=summary,
        columns={field: column for field, column in feed.mapping.items() if isinstance(column, str)},
        corrects=batch.corrects,
        corrects_rows=rows_read(work, batch.corrects) if batch.corrects else 0,
    )
    target = receipts.slip_of(work, batch)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{batch.id}.tmp")
    write_slip(work.folder.batch(batch.id).checked, draft, meta)
    move(draft, target)
