"""Writes `docs/findings.md` from the kinds of finding that the code declares: `python docs/generate_findings.py`."""

from __future__ import annotations

from pathlib import Path

from exchange.model.findings import ALL_KINDS, Kind

PAGE = Path(__file__).with_name("findings.md")
INTRODUCTION = """\
# Findings 问题代码

Made by `docs/generate_findings.py`; do not edit. Codes are stable: one that is no longer used is kept and never
given to another. `{…}` stands for what is filled in, such as a column's name.

本页由程序生成，请勿手工修改。代码不会改变含义，也不会重复使用。`{…}` 处会填入列名等具体内容。
"""
GROUPS = (
    ("E001", "E049", "The file cannot be read 文件无法读取", "The whole batch is refused. 整批未读取。"),
    (
        "E050",
        "E099",
        "The row cannot be read 行无法读取",
        "The row is rejected, the others go on. 该行退回，其余照常。",
    ),
    ("E100", "E199", "A field is wrong 字段有误", "The row is rejected. 该行退回。"),
    ("E200", "E299", "Fields do not fit together 字段之间不符", "The row is rejected. 该行退回。"),
    ("R100", "R199", "Repaired 已自动修正", "The row is accepted as it then stands. 修正后接收。"),
    ("W100", "W199", "Warnings 提醒", "The row is accepted. 该行已接收。"),
    ("W200", "W219", "Warnings beyond one field 多字段提醒", "The row is accepted. 该行已接收。"),
    (
        "W220",
        "W299",
        "Warnings between the records of a case 办件各记录之间的提醒",
        (
            "The rows are accepted. A receipt counts what is known when it is issued; the view 关联问题 of a snapshot "
            "holds all. 各行已接收。回执计入签发时已知的，快照的“关联问题”列出全部。"
        ),
    ),
    ("W300", "W399", "The item catalogue 三级四同", "The row is accepted. 该行已接收。"),
    (
        "W401",
        "W409",
        "Licences 证照",
        (
            "The rows are accepted. What is found of a claim can change with every other claim of the licence: a "
            "receipt counts what is known when it is issued, the view 证照问题 of a snapshot holds all; circles (W405) "
            "are looked for with the cross-checks. 各行已接收。同一证照的其他申报到达后，问题可能增减；"
            "回执计入签发时已知的，快照的“证照问题”列出全部；成环（W405）随互查核对。"
        ),
    ),
    (
        "W410",
        "W449",
        "Cross-checks of cases, licences and holders 办件、证照与主体互查",
        (
            "Looked for in every round over all that a node holds; counts stand in `hub status`, the list in the view "
            "互查问题 of a snapshot. No row is rejected. 每轮对节点的全部数据核对；数量见 `hub status`，"
            "清单见快照的“互查问题”。不退回任何行。"
        ),
    ),
)


def page() -> str:
    """The whole page. Every kind stands in one section."""
    sections = [(_kinds(first, last), title, effect) for first, last, title, effect in GROUPS]
    if sum(len(kinds) for kinds, _, _ in sections) != len(ALL_KINDS):
        raise ValueError("a kind of finding has a code outside all sections")
    return INTRODUCTION + "".join(_section(*section) for section in sections)


def _section(kinds: list[Kind], title: str, effect: str) -> str:
    head = f"\n## {title}\n\n{effect}\n\n| code | meaning 含义 | what to do 怎么办 |\n|---|---|---|\n"
    return head + "".join(_line(kind) for kind in kinds)


def _kinds(first: str, last: str) -> list[Kind]:
    return [kind for kind in ALL_KINDS.values() if first <= kind.code <= last]


def _line(kind: Kind) -> str:
    cells = (kind.code, _both(kind.message.zh, kind.message.en), _both(kind.hint.zh, kind.hint.en))
    return f"| {' | '.join(cells)} |\n"


def _both(zh: str, en: str) -> str:
    text = f"{zh}<br>{en}".replace("{{", "{").replace("}}", "}")
    return text.replace("\\", "\\\\").replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
