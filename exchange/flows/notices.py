"""Notices: what a source is told of a file that lies in its folder and was not taken."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from exchange.files import put
from exchange.flows.workplace import Workplace
from exchange.model.names import safe_name
from exchange.packages import signed
from exchange.text import Text

LEFT = Text("未读取，文件未动", "not read, left where it is")


def notice_file(work: Workplace, source: str, file: str) -> Path:
    """Where the notice of a file lies, beside the source's receipts."""
    mark = hashlib.sha256(file.encode()).hexdigest()[:8]
    return work.folder.receipts(source) / f"{safe_name(file)}.{mark}.notice.json"


def give_notice(work: Workplace, source: str, file: str, reason: Text) -> None:
    """Say why a file was not taken; a notice that says so already stays as it is."""
    path = notice_file(work, source, file)
    if path.exists() and json.loads(path.read_bytes())["reason"]["zh"] == reason.zh:
        return
    title = work.source_title(source)
    body = {
        "node": work.node.code,
        "node_name": work.node.name,
        "source": source,
        "source_title": title,
        "file": file,
        "state": "left",
        "state_zh": LEFT.zh,
        "state_en": LEFT.en,
        "issued_at": work.clock.now().isoformat(timespec="seconds"),
        "reason": {"zh": reason.zh, "en": reason.en},
    }
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    put(path, signed(body, work.keys.private(work.node.code)))
    lines = [
        f"通知 Notice: {LEFT.both()}",
        f"来源 Source: {title} ({source})",
        f"文件 File: {file}",
        "",
        *reason,
    ]
    put(path.with_suffix(".txt"), "\r\n".join(lines).encode("utf-8-sig"))


def withdraw_notice(work: Workplace, source: str, file: str) -> None:
    """The file was taken after all: its receipt speaks now."""
    path = notice_file(work, source, file)
    for each in (path, path.with_suffix(".txt")):
        each.unlink(missing_ok=True)
