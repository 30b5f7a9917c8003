"""The first sheet of an error slip: what was checked, what to do, and how often each rule was broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from exchange.model.findings import Finding, Severity
from exchange.model.slip import ROWS_SHEET
from exchange.text import Text
from exchange.validation.outcome_files import CheckSummary
from exchange.validation.slip_cells import BAD, HEADING, text_cell, wrapped_cell

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

SUMMARY_SHEET = "整改说明"


@dataclass(frozen=True, slots=True)
class SlipMeta:
    """What a slip says of its batch. Without a `batch` nothing was delivered, and the slip cannot be sent back.

    `columns` maps the dataset's fields to the department's own column names, so that the right cells are marked.
    `checked_at` has a zone. When the batch is itself a corrected slip, or a recheck, `corrects` is the batch whose
    rows it holds and `corrects_rows` how many rows that one had: rows with greater numbers are none of it.
    """

    source: str
    batch: str
    file: str
    dataset_title: str
    checked_at: datetime
    summary: CheckSummary
    columns: Mapping[str, str] = field(default_factory=dict)
    source_title: str = ""
    corrects: str = ""
    corrects_rows: int = 0


_LOOK = Text(
    f"打开“{ROWS_SHEET}”工作表：每行是一条未通过检查的记录，红色单元格有问题，左侧写明原因和改法。",
    "Each row of the next sheet was rejected: bad cells are red, the reason and the remedy stand to the left.",
)
_SEND_BACK = (
    Text(
        "直接在红色单元格里改正。改好后直接把本文件放回投放目录即可：保存为 .xlsx，文件名不限；系统只重新检查这些行。"
        "平常报送时需要标记文件（如 .ok）的，也请照样放一个。",
        "Correct the red cells here. Then put this very file back into the drop folder, saved as .xlsx under any name "
        "(with a marker file, such as .ok, where you put one beside usual files); only these rows are checked again.",
    ),
    Text(
        "请不要改动：列名、工作表名、隐藏列。不要新增或复制行。暂时改不了的行可以留着或删掉，仍算未整改。"
        "排序请用表头的筛选按钮，以免错行。",
        "Leave column names, sheet names and hidden columns as they are; add and copy no rows. Rows that cannot be "
        "mended yet may stay or be deleted: they stay open. Sort with the buttons in the header, so that rows stay "
        "whole.",
    ),
    Text(
        "也可以在业务系统中改正后重新导出报送；已通过的记录不必再报，重复报送也不会产生重复数据。",
        "Or correct the rows in your own system and send them in a usual file; sending accepted rows again does no "
        "harm.",
    ),
)
_CHECK_ONLY = (
    Text(
        "本文件只是检查结果，没有报送，也不能放回投放目录。请在业务系统中改正后重新导出报送。",
        "This is the result of a check; nothing was delivered, and this file cannot be sent back. Correct the rows in "
        "your own system and send them in a usual file.",
    ),
)
_PRIVATE = Text("请勿转发本文件：其中可能含有个人信息。", "Do not pass this file on: it may hold personal data.")


def write_summary(
    sheet: WriteOnlyWorksheet, meta: SlipMeta, findings: Iterable[Mapping[str, Any]], columns_left_out: int
) -> None:
    """Write the sheet. `findings` are those of the batch; each kind is counted in full and shown by one example."""
    sheet.append([text_cell(sheet, "数据质量整改单 Data correction slip", bold=True)])
    for label, value in _facts(meta, columns_left_out):
        sheet.append([text_cell(sheet, label, fill=HEADING), wrapped_cell(sheet, value)])
    sheet.append([])
    if meta.summary.refused is not None:
        _write_refusal(sheet, meta.summary.refused)
        return
    sheet.append([text_cell(sheet, "如何整改 What to do", bold=True)])
    for number, step in enumerate((_LOOK, *(_SEND_BACK if meta.batch else _CHECK_ONLY), _PRIVATE), 1):
        sheet.append([text_cell(sheet, f"第 {number} 步"), wrapped_cell(sheet, f"{step.zh}\n{step.en}")])
    sheet.append([])
    headings = ("问题代码 Code", "含义（每种举一例） Meaning, by one example", "次数 Count")
    sheet.append([text_cell(sheet, each, fill=HEADING) for each in headings])
    for code, example, count in _counted(findings):
        sheet.append([text_cell(sheet, code), wrapped_cell(sheet, f"{example.zh}\n{example.en}"), count])


def _write_refusal(sheet: WriteOnlyWorksheet, refused: Finding) -> None:
    sheet.append([text_cell(sheet, "整个文件未被接收 The whole file was refused", bold=True)])
    sheet.append([text_cell(sheet, refused.code), wrapped_cell(sheet, refused.message.zh, fill=BAD)])
    sheet.append([text_cell(sheet, "如何修改 What to do"), wrapped_cell(sheet, refused.hint.zh)])


def _facts(meta: SlipMeta, columns_left_out: int) -> list[tuple[str, object]]:
    summary = meta.summary
    facts: list[tuple[str, object]] = [
        ("数据来源 Source", f"{meta.source_title} {meta.source}".strip()),
        ("数据集 Dataset", meta.dataset_title),
        ("文件 File", meta.file),
        ("批次 Batch", meta.batch),
        ("检查时间 Checked at", f"{meta.checked_at:%Y-%m-%d %H:%M:%S %z}"),
        ("读取行数 Rows read", summary.read),
        ("通过 Accepted", summary.accepted),
        ("未通过 Rejected", summary.rejected),
        ("已自动规范 Repaired", summary.repaired),
    ]
    if meta.corrects:
        facts.insert(4, ("所整改的批次 Corrects batch", meta.corrects))
    if columns_left_out:
        facts.append(("未显示的列 Columns left out", f"{columns_left_out}（保持原值 they keep what was sent）"))
    return facts


def _counted(findings: Iterable[Mapping[str, Any]]) -> list[tuple[str, Text, int]]:
    """Every reason for rejecting, the commonest first, each with the first message of its kind."""
    counts: Counter[str] = Counter()
    examples: dict[str, Text] = {}
    for each in findings:
        if each["severity"] == Severity.REJECT:
            counts[each["code"]] += 1
            zh, en = each["message_zh"], each["message_en"]
            examples.setdefault(each["code"], Text(zh, en))
    return [(code, examples[code], count) for code, count in counts.most_common()]
