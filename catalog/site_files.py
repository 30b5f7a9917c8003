"""A site's files: `site.yaml` and one contract a file under `sources/`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from catalog.catalogue import Catalog
from catalog.contract_rules import check_contract
from catalog.entries import entry
from catalog.mistakes import Mistakes
from catalog.models import DAILY, FALLBACK, HOLDER_REGISTRATIONS, LICENCE_WITHIN_DAYS, Entry, SourceContract
from catalog.yaml_lines import YamlFile, read_yaml
from exchange.text import Text

SITE_FILE = "site.yaml"
SOURCES = "sources"


class SiteSettings(Entry):
    """`site.yaml`: what `catalog.models.Site` holds, with the nodes as division codes."""

    title: str = Field(min_length=1)
    nodes: tuple[str, ...] = Field(min_length=1)
    simulated: bool = False
    keep_snapshots: int = Field(default=5, ge=1)
    mask: bool = True
    schedule: str = DAILY
    fallback_schedule: str = FALLBACK
    licence_within_days: int = Field(default=LICENCE_WITHIN_DAYS, ge=0)
    holder_registrations: tuple[str, ...] = HOLDER_REGISTRATIONS


def read_site(folder: Path, catalog: Catalog, mistakes: Mistakes) -> SiteSettings:
    """The settings, with only those nodes that are divisions; what is wrong is a mistake."""
    path = folder / SITE_FILE
    content = read_yaml(path, mistakes)
    settings = entry(SiteSettings, content.data, path, content.line, mistakes) if content else None
    if content is None or settings is None:
        return SiteSettings.model_construct(title="", nodes=_codes(content))
    nodes: list[str] = []
    for index, code in enumerate(settings.nodes):
        line = content.line(("nodes", index))
        division = catalog.division(code)
        if division is None or division.code != code:
            mistakes.add(path, line, Text(f"没有区划 {code}", f"there is no division {code}"))
        elif code in nodes:
            mistakes.add(path, line, Text(f"节点 {code} 重复", f"the node {code} stands here twice"))
        else:
            nodes.append(code)
    return settings.model_copy(update={"nodes": tuple(nodes)})


def read_contracts(
    folder: Path, nodes: Sequence[str], catalog: Catalog, mistakes: Mistakes
) -> tuple[SourceContract, ...]:
    """The contracts, by id. `nodes` are those that a contract may name; empty when they are not known."""
    contracts: dict[str, SourceContract] = {}
    for path in sorted((folder / SOURCES).glob("*.yaml")):
        content = read_yaml(path, mistakes)
        contract = entry(SourceContract, content.data, path, content.line, mistakes) if content else None
        if content is None or contract is None:
            continue
        if contract.id in contracts:
            zh, en = f"来源编号 {contract.id} 重复", f"another source has the id {contract.id}"
            mistakes.add(path, content.line(("id",)), Text(zh, en))
        if nodes and contract.node not in nodes:
            zh, en = f"本站点没有节点 {contract.node}", f"the site has no node {contract.node}"
            mistakes.add(path, content.line(("node",)), Text(zh, en))
        for place, text in check_contract(contract, catalog):
            mistakes.add(path, content.line(place), text)
        contracts[contract.id] = contract
    return tuple(contracts[each] for each in sorted(contracts))


def _codes(content: YamlFile | None) -> tuple[str, ...]:
    """The nodes of settings that are otherwise wrong, so that the contracts can still be held against them."""
    data = content.data if content else None
    nodes = data.get("nodes") if isinstance(data, dict) else None
    return tuple(each for each in nodes if isinstance(each, str)) if isinstance(nodes, list) else ()
