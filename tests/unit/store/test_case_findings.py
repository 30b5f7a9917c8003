"""Findings between the records of a case: those of a recomputation by hand, in every order of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cases_by_hand import Found, by_hand
from support.rows import Row, basic, process, result
from support.stores import StoreBox

from catalog.catalogue import Catalog
from catalog.loader import load_catalog
from catalog.rule_tables import rule_reference
from exchange.validation.rules.cases import CASE_RULES

Batch = tuple[str, list[Row]]
CODES = ("000711006000", "000109003000", "000111001000", "000109009999")
CASES = 40
BACKWARDS = [process("P1", 1), process("P1", 2, event_start_time="2026-01-04T00:00:00+08:00")]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def moment(rng: Random, start: datetime, hours: int) -> str:
    return (start + timedelta(minutes=rng.randrange(-1440, hours * 60))).isoformat(timespec="seconds")


def special(project: str, began: str, ended: str | None, minute: int = 0) -> Row:
    end = {} if ended is None else {"end_time": ended}
    return {**result(project, minute), "special_time": began, **end}


def case(rng: Random, project: str) -> dict[str, list[Row]]:
    """The records of one case; about everything may be missing, late or early."""
    start = datetime.fromisoformat("2024-01-02T10:00:00+08:00") + timedelta(days=rng.randrange(720))
    promised = rng.choice(({}, {"promise_date": (start + timedelta(days=rng.randrange(20))).date().isoformat()}))
    accepted = start.isoformat(timespec="seconds")
    records: dict[str, list[Row]] = {
        "case_basic": [basic(project, accept_date=accepted, catalog_code=rng.choice(CODES), **promised)],
        "case_process": [],
        "case_special": [],
        "case_result": [],
    }
    for step in range(1, rng.randrange(1, 5)):
        begin = moment(rng, start, 400)
        end = rng.choice(({}, {"event_end_time": moment(rng, datetime.fromisoformat(begin), 300)}))
        records["case_process"].append(process(project, step, event_start_time=begin, **end))
    for _ in range(rng.choice((0, 0, 1, 2))):
        begin = moment(rng, start, 300)
        end_time = rng.choice((None, moment(rng, datetime.fromisoformat(begin), 300)))
        records["case_special"].append(special(project, begin, end_time))
    if rng.random() < 0.8:
        records["case_result"].append(result(project, result_date=moment(rng, start, 700)))
    return records


def batches(rng: Random) -> tuple[list[Batch], dict[str, list[Row]]]:
    """Batches that bring all records, some also in an older state, some taken back; and what is left in the end."""
    sent: list[Batch] = []
    final: dict[str, list[Row]] = {}
    for name, rows in merged(case(rng, f"P{number}") for number in range(CASES)).items():
        older = [{**row, "cd_time": "2023-01-01T00:00:00+08:00", **stale(name, rng)} for row in rows]
        taken_back = rng.sample(rows, len(rows) // 10)
        gone = [{**row, "cd_operation": "D", "cd_time": "2030-01-01T00:00:00+08:00"} for row in taken_back]
        final[name] = [row for row in rows if row not in taken_back]
        sent += [(name, rows), (name, rng.sample(older, len(older) // 2)), (name, gone)]
    return sent, final


def stale(name: str, rng: Random) -> Row:
    field = {"case_basic": "accept_date", "case_process": "event_start_time", "case_result": "result_date"}.get(name)
    return {field: f"2024-0{rng.randrange(1, 10)}-15T09:00:00+08:00"} if field else {}


def merged(cases: Iterable[dict[str, list[Row]]]) -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = {}
    for each in cases:
        for name, rows in each.items():
            out.setdefault(name, []).extend(rows)
    return out


def findings(box: StoreBox) -> list[Found]:
    with box.open() as store:
        rows = store._connection.execute(
            "SELECT f.dataset, f.case_no, f.code, coalesce(p.step_no, '') FROM hub.findings f "
            "LEFT JOIN held.case_process p ON f.dataset = 'case_process' AND p._key = f.key ORDER BY ALL"
        ).fetchall()
    return [(dataset, project, code, step) for dataset, project, code, step in rows]


def box_of(root: Path, catalog: Catalog) -> StoreBox:
    names = ("case_basic", "case_process", "case_special", "case_result")
    return StoreBox(root, datasets=[catalog.datasets.get(name) for name in names], reference=rule_reference(catalog))


def merge_all(box: StoreBox, catalog: Catalog, sent: Iterable[Batch]) -> None:
    with box.open() as store:
        for name, rows in sent:
            store.merge(*box.accepted(catalog.datasets.get(name), rows))


@pytest.mark.parametrize("seed", range(2))
def test_the_findings_are_those_of_the_records_in_every_order_of_arrival(
    tmp_path: Path, catalog: Catalog, seed: int
) -> None:
    rng = Random(seed)
    sent, final = batches(rng)
    wanted = by_hand(final, catalog)
    assert {code for _, _, code, _ in wanted} == {kind.code for rule in CASE_RULES for kind in rule.kinds}
    for order in range(2):
        rng.shuffle(sent)
        box = box_of(tmp_path / str(order), catalog)
        merge_all(box, catalog, sent)
        assert findings(box) == sorted(wanted)


def test_a_batch_is_told_of_the_findings_that_its_rows_had_when_they_came_in(tmp_path: Path, catalog: Catalog) -> None:
    box = box_of(tmp_path, catalog)
    early = result("P1", result_date="2026-01-01T00:00:00+08:00")
    waiting = box.merge(catalog.datasets.get("case_result"), [early])
    basics = box.merge(catalog.datasets.get("case_basic"), [basic("P1")])
    steps = box.merge(catalog.datasets.get("case_process"), BACKWARDS)
    with box.open() as store:
        (release,) = store.releases(0)
        assert store.findings(waiting.batch, waiting.seq) == {}
        assert store.findings(waiting.batch, release.seq) == {"W221": 1}
        assert store.findings(basics.batch, basics.seq) == {}
        assert store.findings(steps.batch, steps.seq) == {"W221": 1, "W222": 1}
    assert ("case_result", "P1", "W223", "") in findings(box)


def test_a_parent_finds_in_what_it_receives_what_the_child_found(tmp_path: Path, catalog: Catalog) -> None:
    sent, _ = batches(Random(7))
    child, parent = box_of(tmp_path / "child", catalog), box_of(tmp_path / "parent", catalog)
    parent.node = "320500000000"
    merge_all(child, catalog, sent)
    child.send_to(parent, 1, 0)
    assert findings(parent) == findings(child) != []


def test_a_second_time_changes_nothing(tmp_path: Path, catalog: Catalog) -> None:
    box = box_of(tmp_path, catalog)
    of = catalog.datasets.get("case_process")
    box.merge(catalog.datasets.get("case_basic"), [basic("P1")])
    for _ in range(2):
        box.merge(of, BACKWARDS)
        assert findings(box) == [("case_process", "P1", "W221", "2"), ("case_process", "P1", "W222", "2")]
