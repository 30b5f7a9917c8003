"""The nodes of a site: who goes up to whom, and in which order they are worked through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog.catalogue import Catalog
from catalog.mistakes import Mistakes
from catalog.models import Division, Node, SourceContract
from catalog.site_files import SITE_FILE, SiteSettings
from exchange.text import Text


def arrange(
    settings: SiteSettings, contracts: Sequence[SourceContract], catalog: Catalog, mistakes: Mistakes
) -> tuple[Node, ...]:
    """The nodes, children before parents, then by code. More than one top is a mistake: some nodes reach no other."""
    hosted = {code: division for code in settings.nodes if (division := catalog.division(code)) is not None}
    nodes = [
        Node(
            code=division.code,
            name=division.name,
            level=division.level,
            parent=next((above for above in _above(division, catalog) if above in hosted), None),
            sources=tuple(each for each in contracts if each.node == division.code),
        )
        for division in hosted.values()
    ]
    tops = sorted(node.code for node in nodes if node.parent is None)
    if len(tops) > 1:
        shown = ", ".join(tops)
        zh = f"站点应只有一个最上级节点，现有 {len(tops)} 个：{shown}；请补上它们共同的上级"
        en = f"a site has one topmost node, this one has {len(tops)}: {shown}; add the division above them all"
        mistakes.add(mistakes.folder / SITE_FILE, 1, Text(zh, en))
    depths = _depths(nodes)
    return tuple(sorted(nodes, key=lambda node: (-depths[node.code], node.code)))


def _above(division: Division, catalog: Catalog) -> Iterator[str]:
    while division.parent is not None:
        yield division.parent
        above = catalog.division(division.parent)
        if above is None:
            return
        division = above


def _depths(nodes: Sequence[Node]) -> dict[str, int]:
    parents = {node.code: node.parent for node in nodes}
    depths: dict[str, int] = {}
    for code, parent in parents.items():
        depth, above = 0, parent
        while above is not None:
            depth, above = depth + 1, parents[above]
        depths[code] = depth
    return depths
