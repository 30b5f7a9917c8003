"""Packages between the levels: verified, in order, once; one bad channel stops no other."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.rows import basic, process
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.flows.push import push
from exchange.flows.receive import receive
from exchange.model.package import Channel, Manifest, Resource, Total
from exchange.packages import NodeKeys, package_name, seal_package, sha256_of, verified

WUJIANG = "320509000000"
CHANNEL = Channel(COUNTY, CITY)


@pytest.fixture
def family(grown: TinySite, tmp_path: Path) -> TinySite:
    return grown.copy(tmp_path / "site")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Two counties below a city; both have something to send."""
    site = make_site(
        tmp_path_factory.mktemp("grown") / "site", (CITY, COUNTY, WUJIANG), {"cs-a": COUNTY, "wj-d": WUJIANG}
    )
    site.drop("cs-a", "case_basic", [basic("P1")])
    site.drop("wj-d", "case_basic", [basic("W1")])
    site.exchange(COUNTY, WUJIANG)
    return site


def door(site: TinySite, channel: Channel = CHANNEL) -> Path:
    return site.settings.home.uplink / channel.name / "packages"


def records_at_city(site: TinySite) -> dict[str, int]:
    out: dict[str, int] = {}
    for total in site.totals()[CITY][0]:
        out[total.origin] = out.get(total.origin, 0) + total.records
    return out


def more(site: TinySite, *projects: str) -> None:
    """One more package of the county for each project."""
    for project in projects:
        site.drop("cs-a", "case_basic", [basic(project)], project)
        site.exchange(COUNTY)


def test_a_tampered_package_stops_its_channel_and_no_other(family: TinySite) -> None:
    (package,) = door(family).iterdir()
    good = package.read_bytes()
    package.write_bytes(good.replace(b"PAR1", b"PAR2"))
    assert family.exchange(CITY) == []
    assert records_at_city(family) == {WUJIANG: 1}
    (entry,) = family.entries(CITY, "package.refused")
    assert entry["subject"] == package.name
    assert "不符" in entry["reason_zh"] or "损坏" in entry["reason_zh"]
    # the child learns of it, and sends the package anew as it was sealed
    assert family.exchange() == []
    assert [each["state"] for each in family.entries(COUNTY, "package.returned")] == ["refused"]
    assert family.exchange() == []
    assert records_at_city(family) == {WUJIANG: 1, COUNTY: 1}


def test_the_refused_package_is_kept(family: TinySite) -> None:
    (package,) = door(family).iterdir()
    bad = package.read_bytes()[:-1]
    package.write_bytes(bad)
    family.exchange(CITY)
    (kept,) = family.settings.home.node(CITY).inbox(COUNTY).glob("refused-*.pkg")
    assert kept.read_bytes() == bad


def test_later_packages_wait_for_the_missing_one_and_go_in_when_it_comes(family: TinySite, tmp_path: Path) -> None:
    more(family, "P2", "P3")
    first = door(family) / package_name(CHANNEL, 1)
    shutil.move(first, tmp_path / "late")
    with family.work(CITY) as work:
        receive(work)
    assert records_at_city(family) == {WUJIANG: 1}
    (entry,) = family.entries(CITY, "package.missing")
    assert entry["subject"] == first.name
    assert entry["waiting"] == [package_name(CHANNEL, 2), package_name(CHANNEL, 3)]
    shutil.move(tmp_path / "late", first)
    with family.work(CITY) as work:
        received = receive(work)
    assert [done.number for done in received] == [1, 2, 3]
    assert records_at_city(family) == {WUJIANG: 1, COUNTY: 3}


def test_a_package_that_is_sent_again_gets_the_original_receipt_and_no_effect(family: TinySite) -> None:
    package = next(door(family).iterdir())
    content = package.read_bytes()
    family.exchange()
    answer = family.settings.home.node(CITY).inbox(COUNTY) / f"{package.name}.receipt.json"
    original, before = answer.read_bytes(), family.totals()
    package.write_bytes(content)
    family.clock.moment = family.clock.moment.replace(year=2027)
    with family.work(CITY) as work:
        assert receive(work) == []
        assert list(work.uplink.answers(CHANNEL)) == [(package.name, original)]
    assert family.totals() == before
    body = verified(original, NodeKeys(family.settings.home.secrets / "keys").public(CITY))
    assert body is not None
    assert (body["state"], body["records"], body["child"]) == ("applied", 1, COUNTY)


def test_a_package_that_was_not_answered_is_sent_again_as_it_was(family: TinySite) -> None:
    package = next(door(family).iterdir())
    content = package.read_bytes()
    package.unlink()
    with family.work(COUNTY) as work:
        assert push(work) == [package.name]
    assert package.read_bytes() == content


def test_a_node_without_news_seals_nothing(family: TinySite) -> None:
    family.exchange()
    family.exchange()
    assert len(family.entries(COUNTY, "package.sealed")) == 1
    assert list(door(family).iterdir()) == []


def test_a_receipt_that_the_parent_did_not_sign_settles_nothing(family: TinySite) -> None:
    name = package_name(CHANNEL, 1)
    answers = family.settings.home.uplink / CHANNEL.name / "receipts"
    answers.mkdir()
    (answers / f"{name}.json").write_text('{"package": "x", "state": "applied", "signature": "AAAA"}')
    family.exchange(COUNTY, CITY)
    family.exchange(CITY)
    assert [entry["subject"] for entry in family.entries(COUNTY, "receipt.unverified")] == []
    with family.work(COUNTY) as work:
        (answers / f"{name}.json").write_text('{"package": "x", "state": "applied", "signature": "AAAA"}')
        from exchange.flows.acknowledge import acknowledge  # noqa: PLC0415 - beside its use

        assert acknowledge(work) == []
    assert [entry["subject"] for entry in family.entries(COUNTY, "receipt.unverified")] == [name]


def forged(
    site: TinySite, tmp_path: Path, table: pa.Table, totals: tuple[Total, ...] = (), name: str = "case_basic"
) -> None:
    """Put a package at the city's door that the county has signed, whatever is in it."""
    content = tmp_path / "forged.parquet"
    pq.write_table(table, content)
    resource = Resource(name, 1, table.num_rows, sha256_of(content))
    key = NodeKeys(site.settings.home.secrets / "keys").private(COUNTY)
    target = door(site) / package_name(CHANNEL, 1)
    seal_package(Manifest(CHANNEL, 1, 0, 1, (resource,), totals), {name: content}, key, target)


def genuine(site: TinySite) -> pa.Table:
    """The county's own records, as its package holds them."""
    with zipfile.ZipFile(next(door(site).glob("*.pkg"))) as archive:
        return pq.read_table(io.BytesIO(archive.read("data/case_basic.parquet")))


@pytest.mark.parametrize("origin", [WUJIANG, CITY, "999999999999"])
def test_a_child_speaks_for_no_one_else(family: TinySite, tmp_path: Path, origin: str) -> None:
    table = genuine(family)
    foreign = table.set_column(0, "_origin", pa.array([origin])).cast(table.schema)
    forged(family, tmp_path, pa.concat_tables([table, foreign]))
    assert family.exchange(CITY) == []
    assert records_at_city(family) == {WUJIANG: 1}
    assert origin in family.entries(CITY, "package.refused")[0]["reason_zh"]


def test_nor_does_it_state_totals_for_another(family: TinySite, tmp_path: Path) -> None:
    forged(family, tmp_path, genuine(family), (Total(WUJIANG, "case_basic", 1, 1),))
    family.exchange(CITY)
    assert WUJIANG in family.entries(CITY, "package.refused")[0]["reason_zh"]


@pytest.mark.parametrize(
    "columns", [{"_origin": [COUNTY]}, {"project_no": ["P"]}, {"_origin": [COUNTY], "_key": ["text"]}]
)
def test_a_package_of_another_shape_stops_its_own_channel_only(
    family: TinySite, tmp_path: Path, columns: dict[str, list[str]]
) -> None:
    forged(family, tmp_path, pa.table(columns))
    assert family.exchange(CITY) == []
    assert records_at_city(family) == {WUJIANG: 1}
    assert family.entries(CITY, "package.refused")


def test_a_file_that_is_no_parquet_stops_its_own_channel_only(family: TinySite, tmp_path: Path) -> None:
    content = tmp_path / "junk.parquet"
    content.write_bytes(b"junk")
    key = NodeKeys(family.settings.home.secrets / "keys").private(COUNTY)
    manifest = Manifest(CHANNEL, 1, 0, 1, (Resource("case_basic", 1, 1, sha256_of(content)),), ())
    seal_package(manifest, {"case_basic": content}, key, door(family) / package_name(CHANNEL, 1))
    assert family.exchange(CITY) == []
    assert records_at_city(family) == {WUJIANG: 1}


def test_something_else_at_the_door_is_in_nobodys_way(family: TinySite) -> None:
    (door(family) / "readme.txt").write_text("?")
    assert family.exchange(CITY) == []
    assert records_at_city(family) == {WUJIANG: 1, COUNTY: 1}


def test_parked_rows_do_not_go_up(family: TinySite) -> None:
    family.drop("cs-a", "case_process", [process("P7", 1)])
    family.exchange()
    assert records_at_city(family) == {WUJIANG: 1, COUNTY: 1}
