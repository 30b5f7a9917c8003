"""What is lost or removed behind the hub's back is said, and costs no more than it must."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from support.rows import basic, process
from support.site import CITY, COUNTY, PROVINCE, TinySite, make_site

from exchange.cli.app import run_hub
from exchange.errors import ConfigError
from exchange.settings import find_connection


def test_a_store_that_is_gone_is_not_replaced_by_an_empty_one(site: TinySite) -> None:
    site.drop("cs-a", "case_basic", [basic("A1")])
    assert site.exchange() == []
    store = site.settings.home.node(COUNTY).store
    for path in store.parent.glob(f"{store.name}*"):
        path.unlink()
    failures = site.exchange(COUNTY)
    assert failures
    assert all("hub rebuild" in failure.reason.zh for failure in failures)
    assert not store.exists()
    assert run_hub(["rebuild", "--node", COUNTY, "--home", str(site.root)]) == 0
    assert site.exchange() == []
    assert sum(total.records for total in site.totals()[COUNTY][0]) == 1


def test_a_damaged_store_does_not_hold_up_the_other_nodes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    site = make_site(tmp_path / "site", (PROVINCE, CITY, COUNTY), {"cs-a": COUNTY, "sz-b": CITY})
    site.drop("cs-a", "case_basic", [basic("A1")])
    assert site.exchange() == []
    site.settings.home.node(COUNTY).store.write_bytes(b"garbage" * 1000)
    site.drop("sz-b", "case_basic", [basic("B1")])
    assert run_hub(["run", "--home", str(site.root), "--format", "json"]) == 1
    reports = {each["node"]: each for each in map(json.loads, capsys.readouterr().out.splitlines())}
    assert reports[CITY]["counts"]["accepted"] == 1


def test_parked_rows_of_a_source_without_a_contract_go_in(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY})
    site.drop("cs-a", "case_process", [process("A1", 1)])
    assert site.exchange() == []
    (site.root / "config" / "sources" / "cs-a.yaml").unlink()
    site.drop("cs-b", "case_basic", [basic("A1")])
    assert site.exchange() == []
    released = list(site.receipts("cs-a").glob("*.receipt-1.json"))
    assert [json.loads(path.read_bytes())["counts"]["accepted"] for path in released] == [1]


def test_no_other_user_can_read_what_the_hub_keeps(site: TinySite) -> None:
    site.drop("cs-a", "case_basic", [basic("A1"), {**basic("A2"), "applyer_name": ""}])
    assert site.round() == []
    kept = [path for name in ("nodes", "uplink", "secrets") for path in (site.root / name).rglob("*")]
    assert len(kept) > 30
    public = [path for path in kept if path.suffix == ".pub"]
    open_to_others = [path for path in kept if path not in public and path.stat().st_mode & stat.S_IRWXO]
    assert [path for path in open_to_others if not path.is_symlink()] == []


@pytest.mark.parametrize("content", ["a: {host: h, password: 's3cret", "- s3cret", "s3cret"])
def test_a_secrets_file_that_cannot_be_read_is_told_without_its_content(site: TinySite, content: str) -> None:
    secrets = site.settings.home.secrets
    secrets.mkdir(exist_ok=True)
    (secrets / "connections.yaml").write_text(content)
    with pytest.raises(ConfigError) as caught:
        find_connection(site.settings.home, "a")
    assert "connections.yaml" in str(caught.value)
    assert "s3cret" not in str(caught.value)
