"""What the guides tell is done as they tell it: their site is set up from their own blocks, and run."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest
from doc_pages import GUIDES, ROOT, Page
from pyarrow import parquet
from support.rows import basic, licence
from support.site import CITY, COUNTY, TinySite
from support.slips import corrected, slips, told

from exchange.cli.app import run_hub

SOURCE, DATASET = GUIDES["add-a-source"], GUIDES["add-a-dataset"]
RESULTS = "departments/meili-mz/办结_20260106.csv"
FEES = "departments/meili-jf/缴费_20260106.csv"


@dataclass(frozen=True)
class Guided:
    """The guides' site."""

    home: Path

    def check(self, file: str, dataset: str, source: str) -> int:
        home = str(self.home)
        return run_hub(["check", str(self.home / file), "--dataset", dataset, "--source", source, "--home", home])

    def receipts(self, source: str) -> list[Path]:
        return sorted((self.home / "nodes" / "320581101000" / "receipts" / source).glob("*.receipt.json"))


def put(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LANG", "en")


@pytest.fixture(scope="module")
def guided(tmp_path_factory: pytest.TempPathFactory) -> Guided:
    """The site of both guides, after one round."""
    home = tmp_path_factory.mktemp("guided")
    site, contract = SOURCE.blocks("yaml")[:2]
    put(home / "config/site.yaml", site)
    put(home / "config/sources/meili-mz.yaml", contract)
    put(home / RESULTS, SOURCE.blocks("text")[0])
    (schema,), fees = DATASET.blocks("json"), DATASET.blocks("yaml")[0]
    put(home / "config/schemas/fee_payment/1.json", schema)
    put(home / "config/sources/meili-jf.yaml", fees)
    put(home / FEES, DATASET.blocks("text")[0])
    assert run_hub(["run", "--home", str(home)]) == 0
    return Guided(home)


def test_the_example_of_a_source_comes_out_as_the_guide_says(
    guided: Guided, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guided.check(RESULTS, "case_result", "meili-mz") == 1
    shown = capsys.readouterr().out
    first_line, *table = SOURCE.blocks("text")[1].strip().splitlines()
    assert first_line in shown
    for code in ("E107", "R104"):
        meaning = next(line for line in table if f" {code}  " in line and "result_" in line)
        assert meaning.split(code)[1].strip() in shown


def test_the_receipt_is_the_one_in_the_guide(guided: Guided) -> None:
    (receipt,) = guided.receipts("meili-mz")
    told = receipt.with_suffix(".txt").read_text(encoding="utf-8-sig")
    for line in SOURCE.blocks("text")[2].strip().splitlines():
        assert line in told


def test_the_example_of_a_dataset_comes_out_as_the_guide_says(
    guided: Guided, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guided.check(FEES, "fee_payment", "meili-jf") == 1
    shown = capsys.readouterr().out
    assert {"R107", "E102", "W101"} <= {word for line in shown.splitlines() for word in line.split()}
    sql = "SELECT count(*) AS n FROM data_dictionary WHERE table_name = 'fee_payment' AND view_name = '办件缴费'"
    assert run_hub(["query", sql, "--home", str(guided.home), "--format", "json"]) == 0
    assert int(json.loads(capsys.readouterr().out)["n"]) == 14


def test_the_script_that_verifies_a_receipt_does(guided: Guided, tmp_path: Path) -> None:
    (receipt,) = guided.receipts("meili-mz")
    script = tmp_path / "verify_receipt.py"
    put(script, Page(ROOT / "docs" / "receipts.md").blocks("python")[0])
    key = guided.home / "secrets" / "keys" / "320581101000.pub"
    assert verdict(script, receipt, key) == (0, "valid\n")
    changed = tmp_path / "changed.json"
    put(changed, receipt.read_text(encoding="utf-8").replace('"rejected": 1', '"rejected": 0'))
    assert verdict(script, changed, key)[0] == 1


def verdict(script: Path, receipt: Path, key: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, script, receipt, key], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_every_field_of_a_receipt_is_explained(guided: Guided) -> None:
    (receipt,) = guided.receipts("meili-mz")
    assert set(json.loads(receipt.read_bytes())) <= Page(ROOT / "docs" / "receipts.md").codes


def test_every_field_of_a_closing_receipt_is_explained(site: TinySite) -> None:
    site.drop("cs-a", "case_basic", [basic("P1", apply_date="昨天")])
    assert site.exchange() == []
    site.drop_bytes("cs-a", "改.xlsx", corrected(slips(site)[0], {1: {"apply_date": "2026-01-05"}}))
    assert site.exchange() == []
    receipt, closing = told(site, "改.xlsx.*.receipt.json"), told(site, "*.closing-1.json")
    fields = {*receipt, *closing, *receipt["corrects"], *closing["settlement"], closing["state"]}
    assert fields <= Page(ROOT / "docs" / "receipts.md").codes


def test_every_property_and_column_of_a_package_is_explained(site: TinySite) -> None:
    site.drop("cs-a", "case_basic", [basic("P1")])
    assert site.round() == []
    (package,) = site.root.glob(f"nodes/{COUNTY}/packages/out/*.pkg")
    with zipfile.ZipFile(package) as archive:
        described = json.loads(archive.read("datapackage.json"))
        table = parquet.read_schema(pa.BufferReader(archive.read("data/case_basic.parquet")))
    explained = Page(ROOT / "docs" / "package-format.md").codes
    assert set(described) | set(described["resources"][0]) | set(described["totals"][0]) <= explained
    assert {name for name in table.names if name.startswith("_")} <= explained


def test_every_field_of_a_notice_of_corrections_and_of_a_package_down_is_explained(site: TinySite) -> None:
    site.drop("cs-a", "licence", [licence("X", 1)])
    site.drop("sz-b", "licence", [licence("X", 5, certificate_name="新名称")])
    assert site.exchange() == []
    notice = told(site, "上级更正-*.notice.json")
    assert {*notice, *notice["corrections"][0], notice["state"]} <= Page(ROOT / "docs" / "receipts.md").codes
    (package,) = site.root.glob(f"nodes/{CITY}/packages/out/*.pkg")
    with zipfile.ZipFile(package) as archive:
        described = json.loads(archive.read("datapackage.json"))
        table = parquet.read_schema(pa.BufferReader(archive.read("data/licence_correction.parquet")))
    assert {*described, *described["channel"], *table.names} <= Page(ROOT / "docs" / "package-format.md").codes
