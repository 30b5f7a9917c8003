"""A city, two counties and a township, for the tests of what comes down again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from exchange.flows.fetch_back import fetch_back
from exchange.flows.share_back import share_back
from exchange.model.package import Channel
from support.rows import Row, licence
from support.site import CITY, COUNTY, TinySite, make_site

TOWN, KUNSHAN = "320581101000", "320583000000"
NODES = (CITY, COUNTY, KUNSHAN, TOWN)
DOWN = Channel(COUNTY, CITY, down=True)
SENT: Mapping[str, list[Row]] = {
    "cs-a": [
        licence("BOTH", 1, certificate_area_code="320581", certificate_holder="欧阳旧名"),
        licence("MINE", 1, certificate_area_code="320581"),
    ],
    "tw-c": [licence("TOWN", 1, certificate_area_code="320581101000", certificate_name="=1+1")],
    "ks-b": [
        licence("BOTH", 5, certificate_area_code="320581", certificate_holder="欧阳新名"),
        licence("TOWN", 5, certificate_area_code="320581101000", certificate_name="新名称"),
        licence("FOR-COUNTY", 5, certificate_area_code="320581000000"),
        licence("OTHER", 5, certificate_area_code="320583"),
    ],
    "sz-d": [licence("OF-CITY", 5, certificate_area_code="320500")],
}
CONCERNS = {
    COUNTY: {"BOTH", "MINE", "TOWN", "FOR-COUNTY"},
    TOWN: {"TOWN"},
    KUNSHAN: {"BOTH", "TOWN", "FOR-COUNTY", "OTHER"},
}


def make_family(root: Path) -> TinySite:
    """A township below a county, another county, and their city; each has received, and the city has not shared yet."""
    site = make_site(root, NODES, {"cs-a": COUNTY, "tw-c": TOWN, "ks-b": KUNSHAN, "sz-d": CITY})
    for source, rows in SENT.items():
        site.drop(source, "licence", rows)
    site.exchange(TOWN, COUNTY, KUNSHAN)
    return site


def ask(site: TinySite, node: str, sql: str) -> list[tuple[Any, ...]]:
    with site.work(node) as work, work.open_store(node, read_only=True) as store:
        return list(store._connection.execute(sql).fetchall())  # type: ignore[attr-defined] # the store's own


def shared(site: TinySite, node: str) -> dict[str, tuple[str, str]]:
    """The live shared records: number → holder and name."""
    sql = "SELECT certificate_number, certificate_holder, certificate_name FROM shared.licence WHERE NOT _deleted"
    rows = ask(site, node, sql)
    assert len({row[0] for row in rows}) == len(rows)
    return {number: (holder, name) for number, holder, name in rows}


def newest() -> dict[str, tuple[str, str]]:
    """What the top knows, reckoned in plain Python: of each licence the row that was changed last."""
    rows = sorted((row for sent in SENT.values() for row in sent), key=lambda row: row["cd_time"])
    return {row["certificate_number"]: (row["certificate_holder"], row["certificate_name"]) for row in rows}


def told_to(site: TinySite, source: str) -> list[Path]:
    return sorted(site.receipts(source).glob("上级更正-*.notice.json"))


def sheet(notice: Path) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(notice.with_name(json.loads(notice.read_bytes())["list"]).read_bytes()))
    return list(book["上级更正"].values)[1:]


def door(site: TinySite, channel: Channel = DOWN) -> Path:
    return site.settings.home.uplink / channel.name / "packages"


def share(site: TinySite, node: str = CITY) -> list[str]:
    with site.work(node) as work:
        return share_back(work)


def fetch(site: TinySite, node: str = COUNTY) -> list[int]:
    with site.work(node) as work:
        return [each.number for each in fetch_back(work)]


def state(site: TinySite, node: str) -> list[list[tuple[Any, ...]]]:
    tables = ("shared.licence", "hub.corrections", "hub.shared_with", "hub.shares_in", "hub.shares_out", "hub.stirred")
    return [ask(site, node, f"SELECT * FROM {table} ORDER BY ALL") for table in tables]
