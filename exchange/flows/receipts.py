"""Receipts: the signed answer to a batch, for machines (JSON) and for people (text), in the source's own folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from exchange.files import put
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
}

EQUATION = (
    "读取 read {read} = 接收 accepted {accepted} + 退回 rejected {rejected} "
    "+ 重复 duplicate {duplicate} + 等待 parked {parked}"
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
    if not path.exists():
        body = _body(work, batch, state, counts, findings or {}, reason)
        body["receipt"] = path.name.removesuffix(".json")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        put(path, signed(body, work.keys.private(work.node.code)))
    content = path.read_bytes()
    put(path.with_suffix(".txt"), _for_people(json.loads(content)).encode("utf-8-sig"))
    work.ledger.append(
        "receipt.issued", batch.id, {"receipt": path.name, "sha256": hashlib.sha256(content).hexdigest()}
    )
    return path


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


def slip_file(work: Workplace, source: str, file: str, batch: str) -> Path:
    """Where the error slip of a batch lies, beside its receipt."""
    return work.folder.receipts(source) / f"{safe_name(file)}.{batch[:8]}.整改单.xlsx"


def _body(
    work: Workplace,
    batch: Batch,
    state: str,
    counts: Counts,
    findings: Mapping[str, int],
    reason: Mapping[str, str] | None,
) -> dict[str, Any]:
    slip = slip_file(work, batch.source, batch.file, batch.id)
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
        "reason": dict(reason) if reason else None,
        "slip": slip.name if slip.exists() else None,
    }


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
    if body["slip"]:
        lines += ["", f"整改单 Error slip: {body['slip']}（改正后重新报送 / correct the rows and send them again）"]
    return "\r\n".join([*lines, "", f"签发 Issued: {body['issued_at']}"])
