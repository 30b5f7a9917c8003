"""The demo's truth against the hub's own reading: every row of every file must come out as the demo says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from demo_site import DemoSite

from catalog.models import Constant, Feed
from connectors.formats import read
from exchange.demo.deliveries import Delivery
from exchange.model.findings import Finding, Severity
from exchange.validation.check import Accepted, Rejected, check_rows
from exchange.validation.mapping import Origin, RowMapper
from exchange.validation.reference import JsonschemaVerdicts

Outcome = dict[str, str] | str | None
REFUSED = "refused"


def outcomes(demo: DemoSite, delivery: Delivery, path: Path) -> list[Outcome] | str:
    """What the hub makes of a file: a record, or the first reason against it, for each row."""
    feed, dataset = demo.feed(delivery), demo.catalog.datasets.get(delivery.dataset)
    mapper = RowMapper(dataset, {name: origin(feed, name) for name in feed.mapping}, feed.codes)
    rows = read(path, feed.format.spec(), mapper.columns)
    found: list[Outcome] = []
    for checked in check_rows(rows, mapper, JsonschemaVerdicts(dataset.schema)):
        if isinstance(checked, Accepted):
            found.append({name: value for name, value in checked.record.items() if value is not None})
        elif isinstance(checked, Rejected):
            found.append(next(each.code for each in checked.findings if each.severity is Severity.REJECT))
        elif isinstance(checked, Finding):
            return REFUSED
    return found


def origin(feed: Feed, name: str) -> Origin:
    value = feed.mapping[name]
    return ("constant", value.constant) if isinstance(value, Constant) else ("column", value)


def test_every_row_of_every_file_comes_out_as_the_truth_says(demo: DemoSite) -> None:
    reasons: Counter[str] = Counter()
    for delivery in demo.deliveries:
        found = outcomes(demo, delivery, demo.path(delivery))
        if delivery.refused:
            assert found == REFUSED, delivery.name
            continue
        assert isinstance(found, list), (delivery.system.id, delivery.name)
        assert len(found) == len(delivery.rows)
        for number, (outcome, row) in enumerate(zip(found, delivery.rows, strict=True), 1):
            if row.record is None:
                assert isinstance(outcome, str), (delivery.system.id, delivery.name, number, row.cells)
                reasons[outcome] += 1
            else:
                assert outcome == row.record, (delivery.system.id, delivery.name, number, row.cells)
    assert len(reasons) >= 10, reasons


def test_the_dirt_of_the_field_is_all_there(demo: DemoSite) -> None:
    texts = "\n".join(
        str(cell) for delivery in demo.deliveries for row in delivery.rows for cell in row.cells.values() if cell
    )
    for dirt in (
        "\u3000",
        "\u200b",
        "\ufeff",
        "\u00a0",
        "１",
        "无",
        "NULL",
        "—",
        "E+17",
        "年",
        "超" * 101,
        "〔",
        "（2",
    ):
        assert dirt in texts, dirt
    assert re.search("1[0-9]{10}(?:、|；|或)1[0-9]{10}", texts)
    assert any(ord(letter) > 0xFFFF for letter in texts)


def test_the_forms_of_files_are_all_there(demo: DemoSite) -> None:
    forms = {(each.system.form.kind, each.system.form.encoding, each.system.form.delimiter) for each in demo.deliveries}
    assert {("csv", "gb18030", ","), ("csv", "utf-8", ","), ("csv", "utf-8-sig", ",")} <= forms
    assert {kind for kind, _, _ in forms} == {"csv", "excel", "json"}
    assert {delimiter for _, _, delimiter in forms} >= {"\t", ";", "|"}
    assert sum(each.refused for each in demo.deliveries) >= 5


@pytest.mark.parametrize("dataset", ["case_process", "case_result"])
def test_some_systems_send_progress_or_results_before_the_basics(demo: DemoSite, dataset: str) -> None:
    order: dict[str, list[str]] = defaultdict(list)
    for delivery in demo.deliveries:
        order[delivery.system.id].append(delivery.dataset)
    before = [
        names
        for names in order.values()
        if dataset in names and "case_basic" in names and names.index(dataset) < names.index("case_basic")
    ]
    assert before
