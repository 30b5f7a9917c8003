"""Check: a batch's file becomes accepted and rejected rows, findings, and the error slip."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from typing import Any

from catalog.models import Constant, Feed
from exchange.files import move
from exchange.flows import receipts
from exchange.flows.collect import source_busy
from exchange.flows.recorded import unfinished
from exchange.flows.workplace import Workplace
from exchange.locks import exclusive
from exchange.model.batch import Batch, Counts
from exchange.model.findings import Finding
from exchange.validation.check import check_rows
from exchange.validation.mapping import Origin, RowMapper
from exchange.validation.outcome_files import CheckSummary, write_outcome


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
    dataset = work.datasets.get(batch.dataset, feed.revision)
    mapper = RowMapper(dataset, origins(feed.mapping), feed.codes)
    rows = work.read_file(folder.raw_file(), feed.format.spec(), mapper.columns)
    draft = folder.root / "checking"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.rmtree(folder.checked, ignore_errors=True)
    summary = write_outcome(check_rows(rows, mapper, work.verdicts(dataset)), dataset.field_names, draft)
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
    )
    target = receipts.slip_file(work, batch.source, batch.file, batch.id)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_name(f".{batch.id}.tmp")
    write_slip(work.folder.batch(batch.id).checked, draft, meta)
    move(draft, target)
