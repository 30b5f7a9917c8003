"""What a check found, on the screen and as JSON lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exchange.flows.check_file import FileCheck
from exchange.model.findings import kind
from exchange.speech import Speech
from exchange.text import Language

SHOWN = 20


def show_json(speech: Speech, done: FileCheck) -> None:
    """One object a finding and line, then the summary."""
    for each in done.findings():
        speech.json(
            {
                "row": each["row"],
                "line": each["line"],
                "field": each["field"],
                "code": each["code"],
                "severity": each["severity"],
                "message": each["message_en"],
                "message_zh": each["message_zh"],
                "hint": each["hint_en"],
                "hint_zh": each["hint_zh"],
            }
        )
    counts = done.counts.as_dict()
    speech.json({"summary": {name: counts[name] for name in ("read", "accepted", "rejected", "duplicate", "repaired")}})


def show_text(speech: Speech, done: FileCheck) -> None:
    """The counts, how often each kind of finding was met, and the first findings."""
    chinese = speech.language is Language.ZH
    counts = done.counts
    if done.summary.refused is not None:
        refused = done.summary.refused
        speech.fail(refused.message)
        speech.aside.print(refused.hint.of(speech.language), markup=False)
        return
    speech.tell(
        f"读取 {counts.read} 行：接收 {counts.accepted}，退回 {counts.rejected}，重复 {counts.duplicate}；"
        f"其中自动修正 {counts.repaired} 行。",
        f"{counts.read} rows read: {counts.accepted} accepted, {counts.rejected} rejected, "
        f"{counts.duplicate} duplicate; {counts.repaired} repaired.",
    )
    rows = [
        [code, count, kind(code).severity.value]
        for code, count in sorted(done.summary.by_code.items(), key=_most_first)
    ]
    if not rows:
        return
    word = speech.word
    speech.table("", [word("代码", "code"), word("数量", "count"), word("级别", "severity")], rows)
    shown = [each for each, _ in zip(_rejecting_first(done), range(SHOWN), strict=False)]
    speech.table(
        word(f"前 {len(shown)} 条", f"The first {len(shown)}"),
        [
            word("行", "row"),
            word("物理行", "line"),
            word("字段", "field"),
            word("代码", "code"),
            word("说明", "meaning"),
        ],
        [
            [each["row"], each["line"], each["field"], each["code"], each["message_zh" if chinese else "message_en"]]
            for each in shown
        ],
    )
    if sum(done.summary.by_code.values()) > len(shown):
        speech.note("全部问题见 --format json 或 --slip。", "All findings: --format json, or --slip.")


def _most_first(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _rejecting_first(done: FileCheck) -> Iterator[Mapping[str, Any]]:
    yield from (each for each in done.findings() if each["severity"] == "reject")
    yield from (each for each in done.findings() if each["severity"] != "reject")
