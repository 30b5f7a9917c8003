from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import stdnum.cn.uscc
from demo_site import DemoSite
from stdnum.iso7064 import mod_11_2, mod_37_36

from exchange.demo import make_demo
from exchange.demo.chance import chance
from exchange.demo.identifiers import citizen_id, company_code, licence_id, spoil_check
from exchange.demo.layout import SYSTEMS
from exchange.model.folders import Home
from exchange.settings import read_connections

OUTCOMES = ("accepted", "rejected", "duplicate", "parked")


def contents(folder: Path) -> dict[str, str]:
    parts = [folder / part for part in ("config", "departments", "systems", "truth")]
    files = [path for part in parts for path in part.rglob("*") if path.is_file() and path.suffix != ".xlsx"]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_site_is_the_one_that_was_asked_for(demo: DemoSite) -> None:
    assert [
        len([node for node in demo.site.nodes if node.level == level])
        for level in ("province", "city", "county", "township")
    ] == [1, 2, 3, 5]
    sources = [source for node in demo.site.nodes for source in node.sources]
    assert len(sources) >= 16
    assert {source.department for source in sources} == {"公安", "民政", "人社", "市场监管", "税务", "自然资源"}
    assert sum(source.connector["kind"] == "sftp" for source in sources) == 2
    assert all(node.sources for node in demo.site.nodes)
    assert demo.site.simulated


def test_the_same_seed_makes_the_same_site(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make_demo(tmp_path / name, cases=60, seed=seed)
    first, second, third = (contents(tmp_path / name) for name in "abc")
    assert first == second
    assert {path for path in first if first[path] != third.get(path)} >= {"truth/counts.json"}


def test_a_demo_made_anew_leaves_no_old_files_and_keeps_its_secrets(tiny: Path) -> None:
    secrets = (tiny / "secrets" / "connections.yaml").read_bytes()
    stray = tiny / "departments" / "js-ga" / "stray.csv"
    stray.touch()
    make_demo(tiny, cases=60, seed=3)
    assert not stray.exists()
    assert (tiny / "secrets" / "connections.yaml").read_bytes() == secrets


def test_every_row_has_one_outcome(demo: DemoSite) -> None:
    counts = json.loads((demo.folder / "truth" / "counts.json").read_text(encoding="utf-8"))
    tallies = [tally for sources in counts.values() for datasets in sources.values() for tally in datasets.values()]
    for tally in tallies:
        assert tally["read"] == sum(tally[outcome] for outcome in OUTCOMES)
    for outcome in OUTCOMES:
        assert sum(tally[outcome] for tally in tallies) > 0, outcome
    assert sum(tally["files"] for tally in tallies) == len(demo.deliveries)


def test_the_live_records_are_those_that_were_let_in(demo: DemoSite) -> None:
    table = pq.read_table(demo.folder / "truth" / "records" / "case_basic.parquet").to_pydict()
    places = list(zip(table["origin"], table["source"], table["project_no"], strict=True))
    assert len(set(places)) == len(places)
    sent = {
        (delivery.system.node, delivery.system.id, row.record["project_no"])
        for delivery in demo.deliveries
        for row in delivery.rows
        if row.record is not None and delivery.dataset == "case_basic"
    }
    deleted = {
        (delivery.system.node, delivery.system.id, row.record["project_no"])
        for delivery in demo.deliveries
        for row in delivery.rows
        if row.record is not None and row.record["cd_operation"] == "D" and delivery.dataset == "case_basic"
    }
    assert deleted
    assert set(places) == sent - deleted


def test_licences_that_two_systems_report_become_one(demo: DemoSite) -> None:
    sums = json.loads((demo.folder / "truth" / "licences.json").read_text(encoding="utf-8"))
    top = sums[demo.site.top.code]
    assert 0 < top["golden"] < top["claimed"]
    table = pq.read_table(demo.folder / "truth" / "licences.parquet").to_pylist()
    mine = [row for row in table if row["node"] == demo.site.top.code]
    assert (len(mine), sum(row["claims"] for row in mine)) == (top["golden"], top["claimed"])
    assert len({row["identity"] for row in mine}) == len(mine)
    assert {row["claims"] for row in mine} == {1, 2}


def test_the_identifiers_have_right_checks() -> None:
    rng = chance(1, "test")
    for _ in range(200):
        company, person = company_code(rng, "320500"), citizen_id(rng, "320684")
        assert stdnum.cn.uscc.is_valid(company)
        assert mod_11_2.is_valid(person)
        assert not stdnum.cn.uscc.is_valid(spoil_check(company))
        assert not mod_11_2.is_valid(spoil_check(person))
    known = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
    _, kind, issuer, serial, _, check = known.removeprefix("1.2.156.3005.").split(".")
    assert licence_id(kind, issuer, serial) == known
    assert mod_37_36.is_valid(f"{kind}{issuer}{serial}001{check}")
    assert len({system.code for system in SYSTEMS}) == len(SYSTEMS)


@pytest.mark.parametrize("name", ["connections.yaml", "sftp_host_key", "nj-rs_key"])
def test_secrets_are_for_the_owner_alone(tiny: Path, name: str) -> None:
    assert stat.S_IMODE((tiny / "secrets" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tiny / "secrets").stat().st_mode) == 0o700


def test_the_hub_can_read_the_connections(tiny: Path) -> None:
    connections = read_connections(Home(tiny))
    assert set(connections) == {"sz-scjg", "nj-rs"}
    assert connections["sz-scjg"].password
    key = connections["nj-rs"].key_file
    assert key is not None
    assert key.is_file()
    hosts = {connection.host_key for connection in connections.values()}
    assert len(hosts) == 1
    assert str(hosts.pop()).startswith("ssh-ed25519 ")
