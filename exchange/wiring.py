"""The only place where objects are built and joined."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from catalog.catalogue import Catalog
from catalog.loader import load_site, load_site_catalog
from catalog.models import Node, Site, SourceContract
from catalog.rule_tables import rule_reference
from connectors.formats import FileReader
from connectors.formats.slip import SlipFiles
from connectors.registry import check_settings, open_source
from exchange.errors import ConfigError, FatalError
from exchange.flows.rebuild import Rebuilt, rebuild
from exchange.flows.workplace import Workplace
from exchange.ledger import NodeLedger, open_ledger
from exchange.model.connection import Connection
from exchange.model.dataset import Dataset
from exchange.model.folders import NodeFolder
from exchange.model.reference import Reference
from exchange.model.times import SystemClock
from exchange.packages import NodeKeys
from exchange.ports import Source, Store
from exchange.settings import Settings, find_connection
from exchange.store import open_store, replace_store
from exchange.store.about import About
from exchange.store.snapshot import publish_snapshot
from exchange.text import Text
from exchange.uplinks.directory import DirectoryUplink
from exchange.validation.reference import JsonschemaVerdicts

FindConnection = Callable[[str], Connection]


class SchemaVerdicts:
    """One judge a dataset: a schema is checked and compiled once, not once a batch."""

    def __init__(self, catalog: Catalog) -> None:
        self._tables = {table.id: table.codes for table in catalog.code_tables.values()}
        self._judges: dict[tuple[str, int], JsonschemaVerdicts] = {}

    def __call__(self, dataset: Dataset) -> JsonschemaVerdicts:
        """The judge of a dataset."""
        known = (dataset.name, dataset.revision)
        if known not in self._judges:
            self._judges[known] = JsonschemaVerdicts(dataset.schema, self._tables)
        return self._judges[known]


@dataclass(frozen=True, slots=True)
class Hub:
    """A site, put together."""

    settings: Settings
    site: Site
    catalog: Catalog
    engine: Engine
    connection: FindConnection
    verdicts: SchemaVerdicts
    reference: Reference

    def workplace(self, code: str) -> Workplace:
        """The workplace of one node; ConfigError when the site hosts none with this code."""
        try:
            node = self.site.node(code)
        except KeyError:
            hosted = ", ".join(f"{each.code} {each.name}" for each in self.site.nodes)
            raise ConfigError(
                Text(
                    f"本站点没有节点 {code}。现有节点：{hosted}", f"This site hosts no node {code}. It hosts: {hosted}"
                )
            ) from None
        home, clock, datasets = self.settings.home, SystemClock(), self.datasets()
        return Workplace(
            site=self.site,
            node=node,
            folder=home.node(code),
            datasets=self.catalog.datasets,
            verdicts=self.verdicts,
            reference=self.reference,
            ledger=NodeLedger(self.engine, code, clock),
            clock=clock,
            keys=NodeKeys(home.secrets / "keys"),
            uplink=DirectoryUplink(home.uplink),
            reader=FileReader(),
            slips=SlipFiles(),
            open_source=self._open_source,
            open_store=_StoreOpener(self.settings, self.engine, datasets, self.reference),
            publish_snapshot=_Publisher(self.settings, self.site, self.catalog, datasets, self.reference),
        )

    def _open_source(self, contract: SourceContract) -> AbstractContextManager[Source]:
        return open_source(contract.connector, home=self.settings.home.root, connection=self.connection)

    def datasets(self) -> Sequence[Dataset]:
        """All datasets, each after those that its references need."""
        return [self.catalog.datasets.get(name) for name in self.catalog.datasets.names()]


@dataclass(frozen=True, slots=True)
class _StoreOpener:
    settings: Settings
    engine: Engine
    datasets: Sequence[Dataset]
    reference: Reference

    def __call__(self, node: str, *, read_only: bool = False) -> AbstractContextManager[Store]:
        """FatalError when the ledger knows of records and the store is gone: an empty one would hide that."""
        if not self.settings.home.node(node).store.exists() and self._has_history(node):
            raise FatalError(
                Text(
                    f"节点 {node} 的存储文件不见了，而台账中有已入库的批次。"
                    f"用 hub rebuild --node {node} 重建，数据不会丢失。",
                    f"The store of node {node} is gone, and its ledger knows of records that were taken in. "
                    f"`hub rebuild --node {node}` makes it anew and nothing is lost.",
                )
            )
        folder = self.settings.home.node(node)
        return open_store(folder, node, self.datasets, self.reference, read_only=read_only)

    def _has_history(self, node: str) -> bool:
        ledger = NodeLedger(self.engine, node, SystemClock())
        kinds = ("batch.merged", "package.received", "share.received")
        return any(next(ledger.entries(kind), None) is not None for kind in kinds)


@dataclass(frozen=True, slots=True)
class _Publisher:
    settings: Settings
    site: Site
    catalog: Catalog
    datasets: Sequence[Dataset]
    reference: Reference

    def __call__(self, node: Node, balances: Sequence[Mapping[str, object]]) -> Path:
        latest = {
            division.code: self.catalog.division(division.code) or division for division in self.catalog.divisions
        }
        about = About(
            node=node.code,
            node_name=node.name,
            at=SystemClock().now(),
            balances=balances,
            divisions=[(each.code, each.name, each.level, each.parent) for each in latest.values()],
            codes=[
                (table.id, code, zh, en)
                for table in self.catalog.code_tables.values()
                for code, (zh, en) in table.codes.items()
            ],
            masked=self.site.mask,
        )
        folder, keep = self.settings.home.node(node.code), self.site.keep_snapshots
        return publish_snapshot(folder, self.datasets, about, self.reference, keep=keep)


@contextmanager
def open_hub(settings: Settings, connection: FindConnection | None = None) -> Iterator[Hub]:
    """The site under a home folder, put together; ConfigError that lists every mistake of its configuration.

    `connection` finds an address and its secrets by id; the site's secrets file is asked unless told otherwise.
    """
    home = settings.home
    catalog, site = load(settings)
    _check_connectors(site)
    with _private_files(), open_ledger(settings.ledger_url) as engine:
        for folder in (home.secrets, home.nodes, home.uplink):
            folder.mkdir(parents=True, exist_ok=True)
        yield Hub(
            settings,
            site,
            catalog,
            engine,
            connection or partial(find_connection, home),
            SchemaVerdicts(catalog),
            rule_reference(catalog),
        )


@contextmanager
def _private_files() -> Iterator[None]:
    """Within `with` no file or folder is made that another user can read: most hold personal data."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def load(settings: Settings) -> tuple[Catalog, Site]:
    """The catalogue and the site; ConfigError when the home folder is no site, or its configuration has mistakes."""
    config, root = settings.home.config, settings.home.root
    if not (config / "site.yaml").exists():
        raise ConfigError(
            Text(
                f"{root} 不是站点目录：缺少 config/site.yaml。"
                "可用 hub demo 目录 生成演示站点，或用 --home 指定站点目录。",
                f"{root} is no site: config/site.yaml is missing. Make a demo site with `hub demo DIR`, "
                "or name the site's folder with --home.",
            )
        )
    catalog = catalog_of(settings)
    return catalog, load_site(config, catalog)


def catalog_of(settings: Settings) -> Catalog:
    """The catalogue; what the site's `config` has of its own joins it."""
    return load_site_catalog(settings.home.config)


def _check_connectors(site: Site) -> None:
    """Every mistake in any contract's connector settings, at once."""
    mistakes = [
        Text(f"来源 {contract.id}：{mistake.zh}", f"source {contract.id}: {mistake.en}")
        for node in site.nodes
        for contract in node.sources
        for mistake in check_settings(contract.connector)
    ]
    if mistakes:
        raise ConfigError(Text("\n".join(each.zh for each in mistakes), "\n".join(each.en for each in mistakes)))


def rebuild_store(hub: Hub, code: str) -> Rebuilt:
    """Make a node's store anew beside the old one, then put it in its place; see `exchange.flows.rebuild`."""
    work = hub.workplace(code)
    draft = NodeFolder(work.folder.root / "rebuilding")
    shutil.rmtree(draft.root, ignore_errors=True)
    with open_store(draft, code, hub.datasets(), hub.reference) as store:
        done = rebuild(work, store)
    replace_store(work.folder, draft.store)
    shutil.rmtree(draft.root)
    return done
