"""Each rule against a recomputation in plain Python, record by record, over random records full of mistakes."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from random import Random

import pytest
from rule_bench import Place, Record, basic, item, licence, places, run

from catalog.catalogue import Catalog, in_force
from catalog.loader import load_catalog
from exchange.model.findings import Kind, Severity, kind, rule_kinds
from exchange.validation.rules import BATCH_RULES
from exchange.validation.rules.cases import CASE_RULES

ROWS = 400
MAKERS: dict[str, Callable[[Random, Catalog], Record]] = {"case_basic": basic, "item": item, "licence": licence}
BOOK = str.maketrans("", "", "《》〈〉“”‘’\"'。. ")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def record_date(record: Record, *fields: str) -> date:
    return date.fromisoformat(next(record[name] for name in fields if name in record)[:10])


def same(one: str, other: str) -> bool:
    def plain(text: str) -> str:
        narrow = unicodedata.normalize("NFKC", text).upper().translate(BOOK)
        return narrow.replace("、", ",").replace(";", ",")

    return plain(one) == plain(other)


def dates(number: int, record: Record, *order: str) -> Iterator[Place]:
    for at, name in enumerate(order[1:], 1):
        before = [other for other in order[:at] if other in record]
        if name in record and before:
            one, other = record[name], record[before[-1]]
            short = min(len(one), len(other))
            if (one[:10] < other[:10]) if short == 10 else (one < other):
                yield number, name, "W202"


def items(number: int, record: Record, catalog: Catalog, *days: str) -> Iterator[Place]:
    code = record.get("catalog_code")
    if code is None or record["cd_operation"] == "D" or not any(name in record for name in days):
        return
    on = record_date(record, *days)
    inner = record.get("task_code", "")
    if len(inner) in (31, 33) and inner[19:31] != code:
        yield number, "task_code", "W303"
    versions = [each for each in catalog.items if each.catalog_code == code]
    entry = next((each for each in versions if in_force(each, on)), None)
    if entry is None:
        if len(code) == 12:
            yield number, "catalog_code", "W302" if versions else "W301"
        return
    compared = (("task_name", entry.name, "W304"), ("task_type", entry.type, "W305"), ("by_law", entry.by_law, "W306"))
    for field, wanted, finding in compared:
        if not entry.local_only and field in record and not same(record[field], wanted):
            yield number, field, finding


def basics(number: int, record: Record, catalog: Catalog) -> Iterator[Place]:
    yield from dates(number, record, "apply_date", "accept_date", "promise_date")
    yield from items(number, record, catalog, "accept_date")
    code = record.get("applyer_page_code", "")
    if record.get("applyer_page_type") == "111" and len(code) == 18:
        accepted = record.get("accept_date")
        if code[6:14] < "19000101" or (accepted and code[6:14] > accepted[:10].replace("-", "")):
            yield number, "applyer_page_code", "W207"
        if code[:6] in {"329999", "990101"}:
            yield number, "applyer_page_code", "W208"


def item_records(number: int, record: Record, catalog: Catalog) -> Iterator[Place]:
    yield from dates(number, record, "plan_effective_date", "plan_cancel_date")
    yield from items(number, record, catalog, "plan_effective_date", "cd_time")


def licences(number: int, record: Record, catalog: Catalog) -> Iterator[Place]:
    yield from dates(number, record, "issue_date", "valid_from", "valid_to")
    name = record.get("certificate_type")
    if name is not None and "issue_date" in record:
        leading = [each for each in catalog.items if each.certificate and same(each.certificate, name)]
        if not any(in_force(each, record_date(record, "issue_date")) for each in leading):
            yield number, "certificate_type", "W308" if leading else "W307"
    if "certificate_area_code" in record:
        on = record_date(record, "issue_date") if "issue_date" in record else None
        verdict = division(record["certificate_area_code"], on, catalog)
        if verdict:
            yield number, "certificate_area_code", verdict


def division(code: str, on: date | None, catalog: Catalog) -> str | None:
    if len(code) not in (6, 9, 12):
        return "W203"
    township, county = f"{code:0<12}"[:9] + "000", code[:6] + "000000"
    aliases = {alias.alias for alias in catalog.aliases}
    known = {each.code for each in catalog.divisions}

    def valid(wanted: str) -> bool:
        return any(each.code == wanted and (on is None or each.valid_on(on)) for each in catalog.divisions)

    if valid(township):
        return None
    if township in aliases or (township not in known and county in aliases and not valid(county)):
        return "W205"
    if township in known or (county in known and not valid(county)):
        return "W204"
    return "W206" if code[:2] == "44" else "W203"


def repeated(records: Sequence[Record], key: Sequence[str]) -> set[int]:
    """The rows with a key that stands in several; which of them counts is for another test."""
    rows: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for number, record in enumerate(records, 1):
        rows[tuple(record.get(name) for name in key)].append(number)
    return {number for same_key in rows.values() if len(same_key) > 1 for number in same_key}


BY_HAND = {"case_basic": basics, "item": item_records, "licence": licences}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", MAKERS)
def test_every_rule_finds_what_is_found_by_hand(catalog: Catalog, name: str, seed: int) -> None:
    rng = Random(f"{name}{seed}")
    records = [MAKERS[name](rng, catalog) for _ in range(ROWS)]
    found = places(run(catalog, catalog.datasets.get(name), records))
    wanted = {place for number, record in enumerate(records, 1) for place in BY_HAND[name](number, record, catalog)}
    assert sorted(place for place in found if place[2] != "W201") == sorted(wanted)
    assert {row for row, _, code in found if code == "W201"} <= repeated(records, catalog.datasets.get(name).key)
    assert len(found) == len(set(found))


def test_every_kind_is_declared_and_emitted(catalog: Catalog) -> None:
    """A rule emits no others than it declares, and a declared one that nothing brings about would be dead."""
    emitted = {
        code
        for name, make in MAKERS.items()
        for code in codes_of(catalog, name, [make(Random(f"{name}{at}"), catalog) for at in range(ROWS)])
    }
    emitted |= codes_of(catalog, "case_basic", [{"project_no": f"{at}23456789012345000"} for at in range(1, 9)])
    emitted |= codes_of(catalog, "case_basic", [{"project_no": "123456.0"}])
    declared = [each.code for rule in BATCH_RULES for each in rule.kinds]
    assert len(declared) == len(set(declared))
    assert emitted == set(declared)
    assert {kind(code).severity for code in declared} == {Severity.WARN}


def test_every_kind_of_the_registry_is_of_one_rule() -> None:
    of_cases = [each.code for rule in CASE_RULES for each in rule.kinds]
    of_batches = [each.code for rule in BATCH_RULES for each in rule.kinds]
    listed = [value.code for value in vars(rule_kinds).values() if isinstance(value, Kind)]
    assert sorted(of_cases + of_batches) == sorted(listed)


def codes_of(catalog: Catalog, name: str, records: Sequence[Record]) -> set[str]:
    return {code for _, _, code in places(run(catalog, catalog.datasets.get(name), records))}
