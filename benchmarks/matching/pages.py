"""The two pages of figures. Only what stands between the markers is made here; the prose around it stays."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.matching.evaluate import KindQuality
from benchmarks.matching.methods import Method
from benchmarks.matching.mix import KINDS
from exchange.text import Language, Text

DOCS = Path(__file__).parents[2] / "docs"
PAGES: Mapping[Language, Path] = {
    Language.EN: DOCS / "matching-quality.md",
    Language.ZH: DOCS / "matching-quality.zh-CN.md",
}
_SET = tuple(
    Text(zh, en)
    for zh, en in (
        *(("情形", "kind"), ("占比", "share of cases"), ("行数", "rows")),
        *(("证照", "licences"), ("真实行对", "true pairs")),
    )
)
_FIGURES = tuple(
    Text(zh, en)
    for zh, en in (
        *(("方法", "method"), ("查准率", "precision"), ("查全率", "recall")),
        *(("待人工行", "rows in ask"), ("误合行对", "wrong pairs"), ("漏合行对", "missed pairs")),
    )
)
_WORDS = {
    "kind": Text("情形", "kind"),
    "asked": Text("待人工行", "rows in ask"),
    "both": Text("{method}：误合 / 漏合", "{method}: wrong / missed"),
}


def write_pages(methods: Sequence[Method], seed: int) -> None:
    """Put the figures of a set into both pages."""
    for language, path in PAGES.items():
        made = {
            "set": _set(methods[0], seed, language),
            "figures": _figures(methods, language),
            "kinds": _kinds(methods, language),
        }
        path.write_text(filled(path.read_text(encoding="utf-8"), made), encoding="utf-8")


def filled(page: str, made: Mapping[str, str]) -> str:
    """The page with new content between its markers; ValueError if it has no such markers."""
    for name, content in made.items():
        pattern = re.compile(rf"(<!-- make quality: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        page, count = pattern.subn(lambda match, text=content: match[1] + text + match[2], page)  # type: ignore[misc]
        if count != 1:
            raise ValueError(f"no marker, or two: {name}")
    return page


def _set(method: Method, seed: int, language: Language) -> str:
    quality = method.quality
    said = Text(
        f"共 {quality.rows:,} 行，{sum(each.licences for each in quality.kinds):,} 件证照，"
        f"{quality.pairs:,} 个真实行对；随机种子 {seed}。\n\n",
        f"{quality.rows:,} rows, {sum(each.licences for each in quality.kinds):,} licences, "
        f"{quality.pairs:,} true pairs; seed {seed}.\n\n",
    ).of(language)
    counted = _by_kind(method)
    rows = [
        [kind.text.of(language), f"{kind.share / 10:.1f} %", *_counts(counted[name])] for name, kind in KINDS.items()
    ]
    return said + _table([text.of(language) for text in _SET], rows)


def _counts(kind: KindQuality) -> list[str]:
    return [f"{kind.rows:,}", f"{kind.licences:,}", f"{kind.pairs:,}"]


def _figures(methods: Sequence[Method], language: Language) -> str:
    rows = [
        [
            *(method.name.of(language), f"{each.precision:.5f}", f"{each.recall:.4f}", f"{each.asked_share:.2%}"),
            *(f"{each.joined - each.right:,}", f"{each.pairs - each.right:,}"),
        ]
        for method in methods
        for each in (method.quality,)
    ]
    return _table([text.of(language) for text in _FIGURES], rows)


def _kinds(methods: Sequence[Method], language: Language) -> str:
    counted = [_by_kind(method) for method in methods]
    heads = [_WORDS["both"].fill(method=method.name.of(language)).of(language) for method in methods]
    rows = [
        [
            *(kind.text.of(language), f"{counted[0][name].asked:,}"),
            *(f"{each[name].wrong:,} / {each[name].missed:,}" for each in counted),
        ]
        for name, kind in KINDS.items()
    ]
    return _table([_WORDS["kind"].of(language), _WORDS["asked"].of(language), *heads], rows)


def _by_kind(method: Method) -> dict[str, KindQuality]:
    return {each.kind: each for each in method.quality.kinds}


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = "|---|" + "---:|" * (len(heads) - 1)
    return "\n".join([_line(heads), rule, *map(_line, rows)]) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
