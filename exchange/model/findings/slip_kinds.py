"""E081 to E089, W191: what may be wrong with a row of a corrected slip as such. The templates' numbers are no data."""

from __future__ import annotations

from exchange.model.findings.finding import Kind, Severity
from exchange.text import Text

ADDED_ROW = Kind(
    "E081",
    Severity.REJECT,
    Text(
        "整改单第 {at_line} 行不是原来退回的行：隐藏列中没有它的批次和行号。",
        "Line {at_line} of the slip is none of the rejected rows: its hidden columns hold no batch and row number.",
    ),
    Text(
        "整改单里不要新增行；新的记录请按平常的方式报送。如果误清了隐藏列，请在原整改单上重新改。",
        "Add no rows to a slip; send new records in a usual file. If the hidden columns were cleared by mistake, "
        "correct the original slip instead.",
    ),
)

OTHER_SLIP = Kind(
    "E082",
    Severity.REJECT,
    Text(
        "整改单第 {at_line} 行来自另一张整改单（其他批次或来源）。",
        "Line {at_line} of the slip comes from another slip (of another batch or source).",
    ),
    Text(
        "请在它自己的整改单里改正后报送，不要把几张整改单合并。",
        "Correct it in its own slip; do not join slips together.",
    ),
)

ROW_TWICE = Kind(
    "E083",
    Severity.REJECT,
    Text(
        "整改单第 {at_line} 行与另一行的隐藏行号相同（原文件的同一行），无法确定以哪一行为准。",
        "Line {at_line} of the slip and another one stand for the same row of the original file; it cannot be known "
        "which one counts.",
    ),
    Text(
        "请只保留其中一行后再报送；不要在整改单里复制行。",
        "Keep one of them and send the slip again; do not copy rows within a slip.",
    ),
)

NOT_REJECTED = Kind(
    "E084",
    Severity.REJECT,
    Text(
        "整改单第 {at_line} 行的隐藏行号不对：原批次中这个行号的记录没有被退回。",
        "The hidden row number of line {at_line} of the slip is wrong: no row of that number was rejected.",
    ),
    Text(
        "请不要改动隐藏列。要修改已接收的记录，请按平常的方式报送新的一条。",
        "Do not change the hidden columns. To change a record that was accepted, send it anew in a usual file.",
    ),
)

SETTLED_BEFORE = Kind(
    "W191",
    Severity.WARN,
    Text(
        "整改单第 {at_line} 行此前已经整改通过。",
        "The row on line {at_line} of the slip had been settled before.",
    ),
    Text(
        "无需处理；两次内容不同时，按版本较新的一条为准。",
        "Nothing to do; where the two differ, the newer version counts as always.",
    ),
)
