"""The end is the same for every order: of rows in files, of files in rounds, of rounds between nodes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from support.reference import claims, identity, settled, sums
from support.rows import Row, basic, deleted, licence, process, result
from support.site import CITY, COUNTY, DATASETS, PROVINCE, TinySite, make_site

from exchange.demo.golden import golden_records as golden_licences
from exchange.model.package import Total

NANJING = "320100000000"
SOURCES = {"cs-a": COUNTY, "sz-b": CITY, "nj-c": NANJING}
RECORDS: list[tuple[str, str, Row]] = [
    *(("cs-a", "case_basic", basic(f"P{at}", at)) for at in range(4)),
    ("cs-a", "case_basic", basic("P1", 20, task_name="改")),
    ("cs-a", "case_basic", deleted(basic("P2"), 30)),
    ("cs-a", "case_basic", deleted(basic("P3"), 30)),
    ("cs-a", "case_basic", basic("P3", 31)),
    *(("cs-a", "case_process", process(f"P{at}", step, at + step)) for at in range(5) for step in (1, 2)),
    ("cs-a", "case_process", process("P1", 1, 40, handle_explain="改")),
    ("cs-a", "case_process", deleted(process("P0", 2), 41)),
    *(("cs-a", "case_result", result(f"P{at}", at)) for at in range(3)),
    ("cs-a", "licence", licence("苏〔2026〕1号", 1)),
    ("cs-a", "licence", licence("苏2号", 2)),
    ("cs-a", "licence", deleted(licence("苏2号"), 9)),
    ("sz-b", "licence", licence("苏(2026)1号", 5, certificate_name="新照", valid_to="2030-01-01")),
    ("nj-c", "licence", licence("苏[2026]1号", 3, change_reason="旧")),
    ("nj-c", "licence", licence("苏2号", 3)),
    ("sz-b", "case_result", result("Q1", 1)),
    ("sz-b", "case_basic", basic("Q1", 2)),
    ("nj-c", "case_process", process("N1", 1, 1)),
]


def deliver(site: TinySite, seed: int) -> None:
    """The same records, cut into files and dropped in another order, over up to three rounds of some of the nodes."""
    chance = random.Random(seed)
    records = RECORDS.copy()
    chance.shuffle(records)
    rounds = chance.randint(1, 3)
    for number in range(rounds):
        part = records[number::rounds]
        files: dict[tuple[str, str, int], list[Row]] = {}
        for source, dataset, row in part:
            files.setdefault((source, dataset, chance.randint(1, 2)), []).append(row)
        for (source, dataset, file), rows in files.items():
            site.drop(source, dataset, rows, f"{number}-{file}")
        if number == rounds - 1:
            assert site.exchange() == []
        else:
            site.exchange(*chance.sample([COUNTY, CITY, NANJING, PROVINCE], 3))


def licences(site: TinySite, node: str) -> dict[tuple[str, ...], Mapping[str, str]]:
    dataset = DATASETS["licence"]
    with closing(duckdb.connect(str(site.settings.home.node(node).store), read_only=True)) as store:
        result = store.execute("SELECT * FROM golden.licence WHERE NOT _deleted")
        names = [column[0] for column in result.description]
        rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return {
        identity(dataset, row): {name: row[name] for name in dataset.content if row[name] is not None} for row in rows
    }


def state(site: TinySite) -> tuple[dict[str, tuple[list[Total], list[Total]]], dict[str, object]]:
    return site.totals(), {node: licences(site, node) for node in site.nodes}


def test_every_order_ends_in_the_same_state_and_it_is_the_reckoned_one(tmp_path: Path) -> None:
    ends = []
    for seed in range(3):
        site = make_site(tmp_path / str(seed), (PROVINCE, CITY, NANJING, COUNTY), SOURCES)
        deliver(site, seed)
        ends.append(state(site))
    assert all(end == ends[0] for end in ends[1:])
    totals, golden_records = ends[0]
    sent = [
        claim for source, dataset, row in RECORDS for claim in claims(SOURCES[source], source, DATASETS[dataset], [row])
    ]
    inside = settled(sent)
    for node in (COUNTY, NANJING):
        assert {(t.origin, t.dataset): (t.records, t.digest) for t in totals[node][0]} == sums(
            claim for claim in inside if claim.node == node
        )
    own: dict[str, list[dict[str, str]]] = {node: [] for node in (COUNTY, CITY, NANJING, PROVINCE)}
    for claim in inside:
        if claim.dataset.name == "licence" and not claim.deleted:
            own[claim.node].append({name: value for name, value in claim.record.items() if value})
    below = {COUNTY: (), CITY: (COUNTY,), NANJING: (), PROVINCE: (CITY, NANJING)}
    expected = {each.identity: each.record for each in golden_licences(own, below)[PROVINCE]}
    at_the_top = golden_records[PROVINCE]
    assert isinstance(at_the_top, dict)
    content = DATASETS["licence"].content
    assert {tuple(part.replace("号", "") for part in key): record for key, record in at_the_top.items()} == {
        key: {name: value for name, value in record.items() if name in content} for key, record in expected.items()
    }


@pytest.mark.parametrize("late", ["case_basic", "case_process", "case_result"])
def test_whichever_dataset_comes_last_the_end_is_the_same(site: TinySite, tmp_path: Path, late: str) -> None:
    rows = {"case_basic": [basic("P1")], "case_process": [process("P1", 1)], "case_result": [result("P1")]}
    whole = site.copy(tmp_path / "whole")
    for dataset, records in rows.items():
        whole.drop("cs-a", dataset, records)
        if dataset != late:
            site.drop("cs-a", dataset, records)
    whole.exchange()
    site.exchange()
    site.drop("cs-a", late, rows[late])
    site.exchange()
    assert site.totals() == whole.totals()
