"""A department that drops XML is served like any other: rows in, bad rows back, hostile files refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
import yaml
from support.rows import basic
from support.site import CITY, COUNTY, DATASETS, TinySite, make_site, write_contract

DECLARED = '<?xml version="1.0" encoding="GBK"?>\n'


def element(row: dict[str, str]) -> str:
    """A case whose GUID is an attribute and whose applicant is an element of its own."""
    plain = {name: value for name, value in row.items() if name not in {"row_guid", "applyer_name"}}
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in plain.items())
    return f'<办件 id="{row["row_guid"]}"><申请人><名称>{escape(row["applyer_name"])}</名称></申请人>{inner}</办件>\n'


def document(*elements: str) -> bytes:
    return f"{DECLARED}<交换><总数>{len(elements)}</总数><数据>{''.join(elements)}</数据></交换>".encode("gb18030")


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("xml") / "site", sources={"cs-x": COUNTY, "sz-b": CITY})
    write_contract(site.root, "cs-x", COUNTY)
    path = site.root / "config" / "sources" / "cs-x.yaml"
    contract = yaml.safe_load(path.read_text())
    paths = {name: name for name in DATASETS["case_basic"].field_names}
    paths |= {"row_guid": "@id", "applyer_name": "申请人/名称"}
    form = {"kind": "xml", "record": "数据/办件"}
    contract["feeds"] = [{"dataset": "case_basic", "files": "*.xml", "format": form, "mapping": paths}]
    path.write_text(yaml.safe_dump(contract, allow_unicode=True))
    good = [basic("X1", applyer_name="张𠀀"), basic("X2", row_guid="g2", project_name="<甲> & 乙")]
    twice = element(basic("X3")).replace("</申请人>", "</申请人><申请人><名称>李四</名称></申请人>")
    wrong = element(basic("X4", apply_date="昨天"))
    site.drop_bytes("cs-x", "a.xml", document(*map(element, good), twice, wrong))
    site.drop_bytes(
        "cs-x", "bomb.xml", document(element(basic("B1"))).replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
    )
    site.drop_bytes("cs-x", "cut.xml", document(element(basic("C1")))[:-20])
    site.drop_bytes("cs-x", "none.xml", document())
    assert site.round() == []
    return site


def receipt(site: TinySite, name: str) -> dict[str, Any]:
    (path,) = site.receipts("cs-x").glob(f"{name}.*.receipt.json")
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def test_good_records_went_up_and_bad_ones_back(delivered: TinySite) -> None:
    told = receipt(delivered, "a.xml")
    assert told["counts"] == {"read": 4, "accepted": 2, "rejected": 2, "duplicate": 0, "parked": 0, "repaired": 0}
    rejected = {each["code"]: each["count"] for each in told["findings"] if each["severity"] == "reject"}
    assert rejected == {"E056": 1, "E129": 1}
    assert {each.origin: each.records for each in delivered.totals()[CITY][0]} == {COUNTY: 2}


def test_an_empty_list_is_an_empty_delivery(delivered: TinySite) -> None:
    assert receipt(delivered, "none.xml")["counts"]["read"] == 0
    assert receipt(delivered, "none.xml")["state"] != "refused"


@pytest.mark.parametrize(("name", "code"), [("bomb.xml", "E021"), ("cut.xml", "E019")])
def test_a_hostile_document_is_refused(delivered: TinySite, name: str, code: str) -> None:
    told = receipt(delivered, name)
    assert (told["state"], told["reason"]["code"]) == ("refused", code)
    kept: list[Path] = list(delivered.folder("cs-x").glob(name))
    assert len(kept) == 1
