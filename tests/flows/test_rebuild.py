"""A store is made anew from what was kept, and the node goes on where it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from support.rows import basic, deleted, licence, process
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.errors import FatalError
from exchange.model.folders import NodeFolder
from exchange.wiring import rebuild_store


@pytest.fixture
def lived(old: TinySite, tmp_path: Path) -> TinySite:
    return old.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Two rounds of life: changes, a deletion, parked rows let in, a package each."""
    site = make_site(tmp_path_factory.mktemp("old") / "site")
    site.drop("cs-a", "case_process", [process("P1", 1), process("P2", 1), process("P9", 1)])
    site.drop("cs-a", "case_basic", [basic("P1"), basic("bad", applyer_page_code="1")])
    site.drop("cs-a", "licence", [licence("苏1号"), licence("苏2号")])
    site.drop("sz-b", "licence", [licence("苏1号", 5)])
    site.exchange()
    site.drop("cs-a", "case_basic", [basic("P2"), deleted(basic("P1"), 7)], "2")
    site.drop("cs-a", "licence", [deleted(licence("苏2号"), 8)], "2")
    site.exchange()
    site.exchange()
    return site


def nothing(_: NodeFolder) -> None:
    pass


def lose_checked(folder: NodeFolder) -> None:
    for path in folder.root.glob("batches/*/*/checked"):
        shutil.rmtree(path)


def lose_store(folder: NodeFolder) -> None:
    folder.store.unlink()


def spoil_store(folder: NodeFolder) -> None:
    folder.store.write_bytes(b"\0garbage" * 4096)
    folder.store.with_name("store.duckdb.wal").write_bytes(b"garbage")


@pytest.mark.parametrize("loss", [nothing, lose_checked, lose_store, spoil_store])
@pytest.mark.parametrize("node", [COUNTY, CITY])
def test_a_rebuilt_store_holds_the_same(lived: TinySite, node: str, loss: Callable[[NodeFolder], None]) -> None:
    before, entries = lived.totals(), [dict(entry) for entry in lived.entries(node)]
    receipts = {path: path.read_bytes() for path in lived.root.glob("nodes/*/receipts/**/*.json")}
    loss(lived.settings.home.node(node))
    with lived.hub() as hub:
        done = rebuild_store(hub, node)
    assert lived.totals() == before
    assert list(done.totals) == before[node][0]
    assert [dict(entry) for entry in lived.entries(node)] == entries
    assert {path: path.read_bytes() for path in lived.root.glob("nodes/*/receipts/**/*.json")} == receipts
    assert lived.exchange() == []
    assert lived.totals() == before


def test_parked_rows_and_outcomes_of_batches_are_rebuilt_too(lived: TinySite) -> None:
    def outcome() -> tuple[object, ...]:
        with lived.work(COUNTY) as work, work.open_store(COUNTY, read_only=True) as store:
            batches = [entry["subject"] for entry in work.ledger.entries("batch.merged")]
            return (
                store.parked(),
                [store.batch(each) for each in batches],
                store.releases(0),
                store.last_seq(),
                store.sealed(),
            )

    before = outcome()
    with lived.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert outcome() == before


def test_findings_between_the_records_of_a_case_are_rebuilt_too(site: TinySite) -> None:
    def findings() -> list[tuple[object, ...]]:
        with site.work(COUNTY) as work, work.open_store(COUNTY, read_only=True) as store:
            query = "SELECT * FROM hub.findings ORDER BY ALL"
            return store._connection.execute(query).fetchall()  # type: ignore[attr-defined]

    early = {"event_start_time": "2026-01-01T08:00:00+08:00"}
    site.drop("cs-a", "case_process", [process("P1", 1, **early), process("P2", 1, **early)])
    site.drop("cs-a", "case_basic", [basic("P1")])
    assert site.exchange() == []
    site.drop("cs-a", "case_basic", [basic("P2", 5)], "2")
    assert site.exchange() == []
    before = findings()
    assert {each[4] for each in before} == {"P1", "P2"}
    with site.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert findings() == before


def test_the_next_package_after_a_rebuild_goes_on_and_the_parent_takes_it(lived: TinySite) -> None:
    lose_store(lived.settings.home.node(COUNTY))
    with lived.hub() as hub:
        rebuild_store(hub, COUNTY)
    lived.drop("cs-a", "case_basic", [basic("P50")], "3")
    assert lived.exchange() == []
    assert [entry["subject"][-12:] for entry in lived.entries(COUNTY, "package.sealed")] == [
        f"{number:08d}.pkg" for number in (1, 2, 3)
    ]
    assert [entry["records"] for entry in lived.entries(CITY, "package.received")][-1] == 1
    balances = lived.entries(CITY, "balance")
    assert balances[-1]["equal"]
    assert balances[-1]["package"] == 3


def test_a_rebuilt_parent_takes_the_next_package(lived: TinySite) -> None:
    with lived.hub() as hub:
        rebuild_store(hub, CITY)
    lived.drop("cs-a", "case_basic", [basic("P50")], "3")
    assert lived.exchange() == []
    assert lived.entries(CITY, "balance")[-1]["equal"]


def test_a_rebuild_without_a_kept_package_says_so_and_leaves_the_old_store(lived: TinySite) -> None:
    before = lived.totals()
    next(lived.settings.home.node(CITY).inbox(COUNTY).glob("*0001.pkg")).unlink()
    with lived.hub() as hub, pytest.raises(FatalError, match="没有保存"):
        rebuild_store(hub, CITY)
    assert lived.totals() == before


def test_a_kept_package_that_was_changed_is_not_replayed(lived: TinySite) -> None:
    package = next(lived.settings.home.node(CITY).inbox(COUNTY).glob("*0002.pkg"))
    package.write_bytes(package.read_bytes() + b"\0")
    with lived.hub() as hub, pytest.raises(FatalError, match="内容已变"):
        rebuild_store(hub, CITY)
