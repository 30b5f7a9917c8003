"""A site of two or three nodes with drop folders, small enough that a round takes a second."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.schemas import SchemaFolder
from exchange.flows import round as whole_round
from exchange.flows.round import Failure, acknowledge_children, acknowledge_parent, run_node, run_node_down
from exchange.flows.workplace import Workplace
from exchange.ledger import NodeLedger
from exchange.model.dataset import Dataset
from exchange.model.package import Total
from exchange.model.times import SHANGHAI
from exchange.settings import Settings, read_settings
from exchange.store import open_store
from exchange.wiring import Hub, open_hub

PROVINCE, CITY, COUNTY = "320000000000", "320500000000", "320581000000"
DATASETS = {name: SchemaFolder().get(name) for name in SchemaFolder().names()}
FEEDS = ("case_basic", "case_process", "case_result", "licence")
PREFIXES = {"case_basic": "jbxx", "case_process": "gcxx", "case_result": "jgxx", "licence": "zzxx"}
Rows = Sequence[Mapping[str, str]]


class FixedClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, moment: datetime = datetime(2026, 1, 20, 9, tzinfo=SHANGHAI)) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def exchange_round(hub: Hub, nodes: Sequence[str] = ()) -> list[Failure]:
    """A round without the snapshots, which cost more time than all the rest of so small a site."""
    with pytest.MonkeyPatch.context() as patch:
        steps = [each for each in whole_round._steps_down() if each[0] != "publish"]
        patch.setattr(whole_round, "_steps_down", lambda: steps)
        return quiet_round(hub, nodes)


def quiet_round(hub: Hub, nodes: Sequence[str] = ()) -> list[Failure]:
    """One round of all nodes, or of some, up and down, as `hub run` does it."""
    failures: list[Failure] = []
    works = [hub.workplace(node.code) for node in hub.site.nodes if not nodes or node.code in nodes]
    for work in works:
        failures += run_node(work, lambda _: None)
        failures += acknowledge_children(work, hub.workplace)
    for work in reversed(works):
        failures += run_node_down(work, lambda _: None)
        failures += acknowledge_parent(work, hub.workplace)
    return failures


@dataclass
class TinySite:
    """The site under `root`: `drop` files into a source, then run a `round`."""

    root: Path
    sources: Mapping[str, str]
    """Source id → node."""
    clock: FixedClock = field(default_factory=FixedClock)

    @property
    def nodes(self) -> tuple[str, ...]:
        with self.hub() as hub:
            return tuple(node.code for node in hub.site.nodes)

    @property
    def settings(self) -> Settings:
        return read_settings(self.root, {})

    @contextmanager
    def hub(self) -> Iterator[Hub]:
        with open_hub(self.settings) as hub:
            yield hub

    @contextmanager
    def work(self, node: str) -> Iterator[Workplace]:
        """A node's workplace under the fixed clock."""
        with self.hub() as hub:
            yield replace(hub.workplace(node), clock=self.clock, ledger=NodeLedger(hub.engine, node, self.clock))

    def folder(self, source: str) -> Path:
        return self.root / "departments" / source

    def drop(self, source: str, dataset: str, rows: Rows, name: str = "1") -> Path:
        """Put rows into a source's folder as a CSV file of a dataset."""
        return self.drop_bytes(source, f"{PREFIXES[dataset]}_{name}.csv", as_csv(dataset, rows))

    def drop_bytes(self, source: str, name: str, content: bytes) -> Path:
        path = self.folder(source) / name
        path.write_bytes(content)
        return path

    def round(self, *nodes: str) -> list[Failure]:
        with self.hub() as hub:
            return quiet_round(hub, nodes)

    def exchange(self, *nodes: str) -> list[Failure]:
        """A round that publishes nothing."""
        with self.hub() as hub:
            return exchange_round(hub, nodes)

    def totals(self) -> dict[str, tuple[list[Total], list[Total]]]:
        """What each node holds and sends, recounted from the content; it must equal what it has kept count of."""
        out = {}
        for node in self.nodes:
            with open_store(self.settings.home.node(node), node, list(DATASETS.values()), read_only=True) as store:
                out[node] = store.recount(sent=False), store.recount(sent=True)
                assert out[node] == (store.totals(sent=False), store.totals(sent=True))
        return out

    def entries(self, node: str, kind: str | None = None) -> list[Mapping[str, Any]]:
        with self.work(node) as work:
            return list(work.ledger.entries(kind))

    def receipts(self, source: str) -> Path:
        return self.settings.home.node(self.sources[source]).receipts(source)

    def copy(self, target: Path) -> TinySite:
        shutil.copytree(self.root, target, symlinks=True)
        return TinySite(target, self.sources, self.clock)


def as_csv(dataset: str, rows: Rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, DATASETS[dataset].field_names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def make_site(
    root: Path,
    nodes: Sequence[str] = (CITY, COUNTY),
    sources: Mapping[str, str] | None = None,
    **settings: object,
) -> TinySite:
    """A site with these nodes and sources (id → node), each source with a feed for each of `FEEDS`."""
    sources = sources if sources is not None else {"cs-a": COUNTY, "sz-b": CITY}
    (root / "config" / "sources").mkdir(parents=True)
    site = {"title": "测试站点", "nodes": list(nodes), **settings}
    (root / "config" / "site.yaml").write_text(yaml.safe_dump(site, allow_unicode=True))
    for source, node in sources.items():
        write_contract(root, source, node)
        (root / "departments" / source).mkdir(parents=True)
    return TinySite(root, dict(sources))


def write_contract(root: Path, source: str, node: str, **connector: object) -> None:
    contract = {
        "id": source,
        "title": f"来源{source}",
        "node": node,
        "department": "公安",
        "connector": {
            "kind": "dropfolder",
            "path": f"departments/{source}",
            "ready": "quiet",
            "quiet_seconds": 0,
            **connector,
        },
        "feeds": [_feed(DATASETS[name]) for name in FEEDS],
    }
    path = root / "config" / "sources" / f"{source}.yaml"
    path.write_text(yaml.safe_dump(contract, allow_unicode=True, sort_keys=False))


def _feed(dataset: Dataset) -> dict[str, object]:
    return {
        "dataset": dataset.name,
        "files": f"{PREFIXES[dataset.name]}_*.csv",
        "format": {"kind": "csv"},
        "mapping": {name: name for name in dataset.field_names},
    }
