"""Receipts: the signed answer to a batch, for machines (JSON) and for people (text), in the source's own folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exchange.files import put
from exchange.flows.recorded import recorded_batch
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch, Counts
from exchange.model.findings import kind
from exchange.model.names import safe_name
from exchange.packages import signed
from exchange.text import Text

STATES = {
    "merged": Text("已入库", "taken in"),
    "refused": Text("整批未读取", "the whole batch was refused"),
    "released": Text("等待中的记录已放行", "waiting records were let in"),
    "settling": Text("部分整改完成", "some of the rejected rows are settled"),
    "closed": Text("整改完成，已销号", "all rejected rows are settled, the batch is closed"),
    "reread": Text("已按修正后的约定重新读取", "read anew by the contract as it was mended"),
}

EQUATION = (
    "读取 read {read} = 接收 accepted {accepted} + 退回 rejected {rejected} "
    "+ 重复 duplicate {duplicate} + 等待 parked {parked}"
)
SETTLED = (
    "退回 rejected {rejected} = 累计整改通过 settled {settled} + 尚待整改 open {open}"
    "（本次通过 settled now {settled_now}）"
)
SEND_BACK = Text(
    "在整改单里改正后，直接把它放回投放目录即可；也可以改正后按平常的方式重新报送。",
    "Correct the rows in the slip and put it back into the drop folder; or correct them and send a usual file again.",
)
PARKED = Text(
    "等待：所引用的办件基本信息尚未到达，到达后自动入库。",
    "Parked rows go in by themselves when the basics of their case arrive.",
)


def issue(
    work: Workplace,
    batch: Batch,
    state: str,
    counts: Counts,
    *,
    sequel: int = 0,
    findings: Mapping[str, int] | None = None,
    reason: Mapping[str, str] | None = None,
) -> Path:
    """Write the receipt of a batch, once: a second call leaves the original as it is.

    `sequel` numbers the receipts that follow when parked rows are let in later; 0 is the original.
    """
    path = receipt_file(work, batch.source, batch.file, batch.id, sequel)
    body = {**_body(work, batch, state, counts, findings or {}), "reason": dict(reason) if reason else None}
    return _give(work, batch, path, body)


def issue_closing(
    work: Workplace,
    batch: Batch,
    state: str,
    counts: Counts,
    *,
    number: int,
    findings: Mapping[str, int],
    settlement: Mapping[str, Any],
) -> Path:
    """Write a closing receipt of a batch, once; see `exchange.flows.closing`. The first is number 1."""
    path = closing_file(work, batch.source, batch.file, batch.id, number)
    return _give(work, batch, path, {**_body(work, batch, state, counts, findings), "settlement": dict(settlement)})


def issue_again(work: Workplace, batch: str, source: str, file: str) -> None:
    """Put the original receipt of a batch beside the name under which it was sent again."""
    recorded = next(work.ledger.entries("batch.recorded", batch))
    original = receipt_file(work, source, recorded["file"], batch)
    copy = receipt_file(work, source, file, batch)
    if original.exists() and not copy.exists():
        put(copy, original.read_bytes())
        put(copy.with_suffix(".txt"), original.with_suffix(".txt").read_bytes())


def receipt_file(work: Workplace, source: str, file: str, batch: str, sequel: int = 0) -> Path:
    """Where the receipt of a batch lies."""
    after = f"-{sequel}" if sequel else ""
    return work.folder.receipts(source) / f"{safe_name(file)}.{batch[:8]}.receipt{after}.json"


def closing_file(work: Workplace, source: str, file: str, batch: str, number: int) -> Path:
    """Where a closing receipt (整改回执) of a batch lies, beside its receipt; the first is number 1."""
    return work.folder.receipts(source) / f"{safe_name(file)}.{batch[:8]}.closing-{number}.json"


def slip_of(work: Workplace, batch: Batch) -> Path:
    """Where the error slip of a batch lies; that of a corrected slip is named after the file that it corrects."""
    file = recorded_batch(work, batch.corrects).file if batch.corrects else batch.file
    return slip_file(work, batch.source, file, batch.id)


def slip_file(work: Workplace, source: str, file: str, batch: str) -> Path:
    """Where the error slip of a batch lies, beside its receipt."""
    return work.folder.receipts(source) / f"{safe_name(file)}.{batch[:8]}.整改单.xlsx"


def _give(work: Workplace, batch: Batch, path: Path, body: dict[str, Any]) -> Path:
    """Sign and write a receipt unless it is there, with its text for people, and note it in the ledger."""
    if not path.exists():
        body["receipt"] = path.name.removesuffix(".json")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        put(path, signed(body, work.keys.private(work.node.code)))
    content = path.read_bytes()
    put(path.with_suffix(".txt"), _for_people(json.loads(content)).encode("utf-8-sig"))
    digest = hashlib.sha256(content).hexdigest()
    work.ledger.append("receipt.issued", batch.id, {"receipt": path.name, "sha256": digest})
    return path


def _body(work: Workplace, batch: Batch, state: str, counts: Counts, findings: Mapping[str, int]) -> dict[str, Any]:
    slip = slip_of(work, batch)
    dataset = work.datasets.get(batch.dataset)
    return {
        "node": work.node.code,
        "node_name": work.node.name,
        "source": batch.source,
        "source_title": work.source_title(batch.source),
        "dataset": batch.dataset,
        "dataset_title": dataset.title,
        "batch": batch.id,
        "file": batch.file,
        "sha256": batch.sha256,
        "state": state,
        "state_zh": STATES[state].zh,
        "state_en": STATES[state].en,
        "issued_at": work.clock.now().isoformat(timespec="seconds"),
        "counts": counts.as_dict(),
        "findings": [_finding(code, count) for code, count in sorted(findings.items())],
        "reason": None,
        "slip": slip.name if slip.exists() else None,
        "corrects": _corrected(work, batch),
        "settlement": None,
    }


def _corrected(work: Workplace, batch: Batch) -> dict[str, str] | None:
    """The batch whose rejected rows this one brought again."""
    if not batch.corrects:
        return None
    return {"batch": batch.corrects, "file": recorded_batch(work, batch.corrects).file}


def _finding(code: str, count: int) -> dict[str, Any]:
    meaning = kind(code)
    return {"code": code, "count": count, "severity": meaning.severity.value}


def _for_people(body: Mapping[str, Any]) -> str:
    counts = body["counts"]
    lines = [
        f"回执 Receipt {body['receipt']}",
        f"节点 Node: {body['node_name']} ({body['node']})",
        f"来源 Source: {body['source_title']} ({body['source']})",
        f"数据 Dataset: {body['dataset_title']} ({body['dataset']})",
        f"文件 File: {body['file']}",
        f"状态 State: {body['state_zh']} / {body['state_en']}",
        EQUATION.format(**counts),
        f"其中自动修正 repaired: {counts['repaired']}",
    ]
    if body["reason"]:
        lines += ["", *(body["reason"][name] for name in ("zh", "hint_zh", "en", "hint_en"))]
    if counts["parked"]:
        lines += ["", PARKED.both()]
    if body.get("corrects"):
        lines += ["", f"所整改的文件 Corrects: {body['corrects']['file']}（{body['corrects']['batch'][:8]}）"]
    if body.get("settlement"):
        lines += ["", *_settlement(body["settlement"])]
    elif body["slip"]:
        lines += ["", f"整改单 Error slip: {body['slip']}", *SEND_BACK]
    return "\r\n".join([*lines, "", f"签发 Issued: {body['issued_at']}"])


def _settlement(settlement: Mapping[str, Any]) -> list[str]:
    return [
        "整改回执 Closing receipt",
        SETTLED.format(**settlement),
        f"依据 By: {settlement['by_file']}（{settlement['by'][:8]}）",
    ]
