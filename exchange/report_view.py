"""A round's report on the screen, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from exchange.flows.report import FindingCount, NodeReport
from exchange.model.findings import Severity, kind
from exchange.speech import Speech
from exchange.text import Language


def as_json(report: NodeReport) -> dict[str, Any]:
    """One node's report for machines."""
    return {**asdict(report), "sound": report.sound}


def show_report(speech: Speech, reports: Sequence[NodeReport]) -> None:
    """The nodes' rows, what was refused, the top findings, and the newest snapshot of the top node."""
    _show_nodes(speech, reports)
    _show_refused(speech, reports)
    _show_findings(speech, reports)
    if reports and reports[-1].snapshot:
        top = reports[-1]
        speech.tell(f"{top.name}的快照：{top.snapshot}", f"Snapshot of {top.name}: {top.snapshot}")


def _show_nodes(speech: Speech, reports: Sequence[NodeReport]) -> None:
    word = speech.word
    columns = [
        word("节点", "node"),
        word("读取", "read"),
        word("= 接收", "= accepted"),
        word("+ 退回", "+ rejected"),
        word("+ 重复", "+ duplicate"),
        word("+ 等待", "+ parked"),
        word("（自动修正）", "(repaired)"),
        word("证照申报 → 主记录", "licences claimed → golden"),
        word("与下级对账", "balance"),
    ]
    rows = [
        [
            f"{each.name} {each.node}",
            *each.counts.values(),
            f"{each.claimed} → {each.golden}",
            _balance(speech, each),
        ]
        for each in reports
    ]
    speech.table(word("本轮结果", "This round"), columns, rows)


def _balance(speech: Speech, report: NodeReport) -> str:
    if not report.balances:
        return "-"
    unequal = [str(each["subject"]) for each in report.balances if not each["equal"]]
    if unequal:
        return speech.word("不一致：", "differs: ") + ", ".join(unequal)
    records = sum(each["records"] for each in report.balances)
    return speech.word(f"一致（{records} 条）", f"equal ({records} records)")


def _show_refused(speech: Speech, reports: Sequence[NodeReport]) -> None:
    rows = [
        [each.name, refused["file"], refused["code"], refused[speech.language.value]]
        for each in reports
        for refused in each.refused
    ]
    rows += [
        [each.name, left["file"], "-", left[f"reason_{speech.language.value}"]]
        for each in reports
        for left in each.left
    ]
    if rows:
        columns = [speech.word("节点", "node"), speech.word("文件", "file"), "", speech.word("原因", "reason")]
        speech.table(speech.word("没有读取的文件（已保存）", "Files that were not read (and are kept)"), columns, rows)


def _show_findings(speech: Speech, reports: Sequence[NodeReport]) -> None:
    chinese = speech.language is Language.ZH
    totals: dict[str, int] = {}
    for report in reports:
        for each in report.findings:
            totals[each.code] = totals.get(each.code, 0) + each.count
    example = {each.code: each for report in reports for each in report.findings}
    rows = [
        [code, count, f"{example[code].file}:{example[code].row}", _message(example[code], chinese=chinese)]
        for code, count in sorted(totals.items(), key=_rejects_first)[:8]
    ]
    if rows:
        word = speech.word
        columns = [word("代码", "code"), word("数量", "count"), word("例：文件:行", "example"), word("说明", "meaning")]
        speech.table(word("主要问题", "Top findings"), columns, rows)


def _rejects_first(item: tuple[str, int]) -> tuple[bool, int]:
    return kind(item[0]).severity is Severity.REPAIRED, -item[1]


def _message(example: FindingCount, *, chinese: bool) -> str:
    return example.message_zh if chinese else example.message_en
