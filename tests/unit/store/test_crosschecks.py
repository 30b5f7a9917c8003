"""Cross-checks: by hand-made stores, and beside a reckoning in plain Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import CITIZEN, COMPANY, Row, basic, deleted, licence, result
from support.stores import StoreBox

from catalog.loader import load_catalog
from catalog.rule_tables import rule_reference
from exchange.model.crosscheck import CrossCount, CrossTerms

CATALOG = load_catalog()
DATASETS = [CATALOG.datasets.get(name) for name in ("case_basic", "case_result", "licence")]
BASICS, RESULTS, LICENCES = DATASETS
DAY = date(2026, 2, 10)
OTHER = "9132070070404786XB"
PERMIT = {"certificate_type": "食品经营许可证", "certificate_type_code": "FOOD"}


def terms(day: date = DAY, within: int = 10, registrations: Sequence[str] = ("营业执照",)) -> CrossTerms:
    return CrossTerms(day, within, tuple(registrations))


def store_of(root: Path, node: str = "320581000000", **tables: Sequence[Row]) -> StoreBox:
    box = StoreBox(root, node, DATASETS, reference=rule_reference(CATALOG))
    for dataset in DATASETS:
        if tables.get(dataset.name):
            box.merge(dataset, tables[dataset.name])
    return box


def counted(box: StoreBox, by: CrossTerms | None = None) -> dict[str, int]:
    with box.open() as store:
        return {each.code: each.findings for each in store.cross_check(by or terms())}


def findings(box: StoreBox) -> list[dict[str, Any]]:
    with box.open() as store:
        done = store._connection.execute("SELECT * FROM hub.cross_findings ORDER BY code, file, row, message_zh")
        names = [column[0] for column in done.description]
        return [dict(zip(names, row, strict=True)) for row in done.fetchall()]


def granted(project: str, number: str, day: str = "2026-01-05", **other: str) -> Row:
    words = {"result_type": "0", "result_cetr_no": number, "result_cetr_valid_to": "9999-12-31"}
    return result(project, **{**words, "result_date": f"{day}T10:00:00+08:00", **other})


def permit(number: str, **other: str) -> Row:
    return licence(number, **{**PERMIT, "issue_date": "2026-01-04", **other})


def registration(holder: str, status: str = "", **other: str) -> Row:
    filled = {"status": status} if status else {}
    return licence(f"照{holder}", certificate_holder_code=holder, issue_date="2020-01-01", **{**filled, **other})


REISSUED = registration(COMPANY, "01", certificate_number="新照", certificate_source_id="src-新照")


# W411


def test_a_result_whose_licence_does_not_come_in_time_is_told_with_its_place(tmp_path: Path) -> None:
    box = store_of(tmp_path, case_basic=[basic("P1")], case_result=[granted("P1", "苏〔2026〕第12号")])
    assert counted(box) == {"W411": 1}
    (found,) = findings(box)
    assert (found["origin"], found["source"], found["dataset"], found["field"]) == (
        *(box.node, "src", "case_result"),
        "result_cetr_no",
    )
    assert (found["case_no"], found["row"], found["file"], found["severity"]) == ("P1", 1, "2.csv", "warn")
    assert (found["batch"], found["as_of"]) == ("batch2", DAY)
    assert found["message_zh"] == (
        "办件结果称已颁发证照 苏(2********（2026-01-05 办结），规定 10 个工作日内报送，"
        "至 2026-02-10 仍没有收到这个号码的证照。"
    )
    assert "第12号" not in str(found)


@pytest.mark.parametrize("written", ["苏(2026)12", "苏［2026］第１２号", " 苏〔2026〕12号 "])
def test_the_licence_may_be_written_otherwise(tmp_path: Path, written: str) -> None:
    box = store_of(
        tmp_path,
        case_basic=[basic("P1", accept_date="2026-01-05T00:00:00+08:00")],
        case_result=[granted("P1", "苏〔2026〕第12号")],
        licence=[permit(written)],
    )
    assert counted(box) == {}
    box.merge(LICENCES, [deleted(permit(written), 9000)])
    assert counted(box) == {"W411": 1}


def test_several_numbers_in_one_result_are_looked_for_one_by_one(tmp_path: Path) -> None:
    rows = [granted("P1", "苏1、苏2，苏3;苏1"), granted("P2", "苏,4")]
    box = store_of(
        tmp_path, case_basic=[basic("P1"), basic("P2")], case_result=rows, licence=[permit("苏2"), permit("苏,4")]
    )
    assert counted(box) == {"W411": 2}
    assert {each["message_zh"][10:13] for each in findings(box)} == {" 苏1", " 苏3"}


@pytest.mark.parametrize(
    "row",
    [
        granted("P1", "苏1", result_type="4", result_explain="转报"),
        granted("P1", "无"),
        result("P1"),
        deleted(granted("P1", "苏1"), 5),
    ],
)
def test_a_result_that_tells_of_no_licence_waits_for_none(tmp_path: Path, row: Row) -> None:
    box = store_of(tmp_path, case_basic=[basic("P1")], case_result=[row])
    assert counted(box) == {}


def test_holidays_are_no_working_days_and_of_an_unknown_year_all_days_count(tmp_path: Path) -> None:
    """2026-02-10: ten working days later it is 03-02, over 春节 (02-15 to 02-23), two Saturdays being worked."""
    rows = [granted("P1", "苏1", "2026-02-10"), granted("P2", "苏2", "2019-05-01")]
    box = store_of(tmp_path, case_basic=[basic("P1"), basic("P2")], case_result=rows)
    assert worked(date(2026, 2, 10), date(2026, 3, 2)) == 10
    assert counted(box, terms(date(2026, 3, 2))) == {"W411": 1}
    assert counted(box, terms(date(2026, 3, 3))) == {"W411": 2}
    assert counted(box, terms(date(2019, 5, 11))) == {}
    assert counted(box, terms(date(2019, 5, 12))) == {"W411": 1}


def worked(first: date, last: date) -> int:
    """Working days after one day up to another, by the catalogue's own rows."""
    kinds = {}
    for each in CATALOG.holidays:
        for more in range((each.last - each.first).days + 1):
            kinds[each.first + timedelta(more)] = each.kind
    days = (first + timedelta(more) for more in range(1, (last - first).days + 1))
    return sum(kinds.get(day, "work" if day.weekday() < 5 else "off") == "work" for day in days)


# W412


def test_a_licence_of_a_source_with_cases_needs_one_from_the_first_case_on(tmp_path: Path) -> None:
    rows = [
        permit("苏1", issue_date="2026-01-05"),
        permit("苏2", issue_date="2026-01-04"),
        permit("苏3", issue_date="2026-01-06"),
    ]
    box = store_of(
        tmp_path,
        case_basic=[basic("P1"), basic("P2", accept_date="2026-01-09T00:00:00+08:00")],
        case_result=[granted("P2", "苏３号", "2026-02-10", result_type="2", result_explain="作废")],
        licence=rows,
    )
    assert counted(box) == {"W412": 1}
    (found,) = findings(box)
    assert (found["row"], found["file"], found["field"]) == (1, "3.csv", "certificate_number")
    assert "2026-01-05 颁发，而本来源自 2026-01-05 起报送办件" in found["message_zh"]


def test_a_source_without_cases_owes_none(tmp_path: Path) -> None:
    box = store_of(tmp_path, case_basic=[basic("P1")])
    box.merge(LICENCES, [permit("苏1", issue_date="2026-01-06")], source="licences-only")
    assert counted(box) == {}


def test_a_child_s_licence_is_looked_at_where_its_source_is(tmp_path: Path) -> None:
    county = store_of(tmp_path / "a", case_basic=[basic("P1")], licence=[permit("苏1", issue_date="2026-01-06")])
    city = StoreBox(tmp_path / "b", "320500000000", DATASETS, reference=rule_reference(CATALOG))
    county.send_to(city, 1, 0)
    assert counted(county) == {"W412": 1}
    assert counted(city) == {}


def test_a_licence_that_the_parent_has_from_elsewhere_has_come_there(tmp_path: Path) -> None:
    county = store_of(tmp_path / "a", case_basic=[basic("P1")], case_result=[granted("P1", "苏1")])
    city = StoreBox(tmp_path / "b", "320500000000", DATASETS, reference=rule_reference(CATALOG))
    county.send_to(city, 1, 0)
    with city.open() as store:
        assert store.cross_check(terms()) == [CrossCount(county.node, "src", "W411", 1)]
    city.merge(LICENCES, [permit("苏1")], source="city-platform")
    assert counted(city) == {}
    assert counted(county) == {"W411": 1}


# W413


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([registration(COMPANY, "04"), permit("苏1")], 1),
        ([registration(COMPANY, "07"), permit("苏1", status="01", valid_to=DAY.isoformat())], 1),
        ([registration(COMPANY, "03"), permit("苏1", certificate_holder_code=COMPANY[8:16] + "-" + COMPANY[16])], 1),
        ([registration(COMPANY, "04"), permit("苏1", valid_to="2026-02-09")], 0),
        ([registration(COMPANY, "04"), permit("苏1", status="04")], 0),
        ([registration(COMPANY, "04"), permit("苏1", certificate_holder_code=OTHER)], 0),
        ([registration(COMPANY, "02"), permit("苏1")], 0),
        ([registration(COMPANY), permit("苏1")], 0),
        ([registration(COMPANY, "04"), REISSUED, permit("苏1")], 0),
        ([registration(COMPANY, "04", certificate_type="民办非企业单位登记证书"), permit("苏1")], 0),
        ([registration(COMPANY, "04"), deleted(permit("苏1"), 5)], 0),
    ],
)
def test_a_valid_licence_of_a_holder_that_is_no_more(tmp_path: Path, rows: list[Row], found: int) -> None:
    box = store_of(tmp_path, licence=rows)
    assert counted(box) == ({"W413": found} if found else {})


def test_what_ends_a_holder_can_be_set_and_is_told(tmp_path: Path) -> None:
    box = store_of(
        tmp_path,
        licence=[registration(COMPANY, "07", certificate_type="民办非企业单位登记证书"), permit("苏〔2026〕1号")],
    )
    assert counted(box, terms(registrations=["营业执照", "民办非企业单位 登记证书"])) == {"W413": 1}
    (found,) = findings(box)
    assert found["message_zh"] == (
        "证照 苏〔2******（食品经营许可证）仍为有效，而持证主体的民办非企业单位登记证书已吊销。"
    )
    assert "is revoked" in found["message_en"]
    assert (found["file"], found["row"], found["source"]) == ("1.csv", 2, "src")
    keys = {row["certificate_type"]: row["_key"] for row in box.held(LICENCES, "golden")}
    assert found["licence_id"] == f"{keys['食品经营许可证']:016x}"
    assert counted(box, terms(registrations=[])) == {}


def test_nothing_of_a_person_is_told(tmp_path: Path) -> None:
    """A personal licence bears the citizen ID as its number."""
    person = {"certificate_holder": "张某某", "certificate_holder_code": CITIZEN, "certificate_holder_type": "111"}
    rows = [
        permit(CITIZEN, issue_date="2026-01-06", **person),
        registration(CITIZEN, "04", certificate_holder="张某某", certificate_holder_type="111"),
    ]
    box = store_of(tmp_path, case_basic=[basic("P1")], case_result=[granted("P1", "34052419800101001X")], licence=rows)
    assert counted(box) == {"W411": 1, "W412": 1, "W413": 1}
    told = str(findings(box))
    assert "张某某" not in told
    assert CITIZEN[3:] not in told
    assert "052419800101001X" not in told


def test_the_findings_of_before_are_replaced(tmp_path: Path) -> None:
    box = store_of(tmp_path, case_basic=[basic("P1")], case_result=[granted("P1", "苏1")])
    assert counted(box) == counted(box) == {"W411": 1}
    box.merge(LICENCES, [permit("苏1")])
    assert counted(box) == {}
    assert findings(box) == []


# beside plain Python

FORMS = ("苏〔2026〕第{}号", "苏(2026){}", "苏［2026］ {}号")
HOLDERS = ((COMPANY, COMPANY[8:17], f"{COMPANY[8:16]}-{COMPANY[16]}"), (OTHER, OTHER[8:17]))


@dataclass(frozen=True)
class Told:
    """A result: which numbers it names, and when it was settled."""

    numbers: tuple[int, ...]
    day: date
    granted: bool


@dataclass(frozen=True)
class Held:
    """A licence by one of two sources; `kind` 0 is a registration."""

    number: int
    kind: int
    holder: int
    form: int
    source: str
    day: date
    status: str
    until: date | None


DAYS = st.dates(date(2025, 12, 15), date(2026, 3, 10))
TOLD = st.builds(Told, st.lists(st.integers(1, 6), max_size=3).map(tuple), DAYS, st.booleans())
HELD = st.builds(
    *(
        Held,
        st.integers(1, 6),
        st.integers(0, 2),
        st.integers(0, 1),
        st.integers(0, 2),
        st.sampled_from(["one", "two"]),
        DAYS,
    ),
    *(st.sampled_from(["", "01", "02", "03", "04", "07"]), st.none() | DAYS),
)


def as_row(held: Held) -> Row:
    forms = HOLDERS[held.holder]
    row = licence(
        FORMS[held.form].format(held.number),
        certificate_type=("营业执照", "食品经营许可证", "卫生许可证")[held.kind],
        certificate_type_code=f"K{held.kind}",
        certificate_holder_code=forms[held.form % len(forms)],
        issue_date=held.day.isoformat(),
    )
    filled = {"status": held.status, "valid_to": held.until.isoformat() if held.until else ""}
    return {**row, **{name: value for name, value in filled.items() if value}}


def by_hand(results: Sequence[Told], licences: Sequence[Held], first: date, day: date, within: int) -> Counter[str]:
    """How many findings of each code; `first` is the first case of source one, the only one with cases."""
    there = {each.number for each in licences}
    named = {number for each in results for number in each.numbers}
    found: Counter[str] = Counter()
    for each in results:
        if each.granted and used(each.day, day) > within:
            found["W411"] += len(set(each.numbers) - there)
    for each in licences:
        found["W412"] += each.source == "one" and each.day >= first and each.number not in named
    gone = set()
    for holder in (0, 1):
        states = [each.status for each in licences if each.kind == 0 and each.holder == holder]
        if states and set(states) <= {"03", "04", "07"}:
            gone.add(holder)
    for each in licences:
        valid = each.status in {"", "01"} and (each.until is None or each.until >= day)
        found["W413"] += each.kind != 0 and valid and each.holder in gone
    return +found


def used(first: date, last: date) -> int:
    """The catalogue knows the holidays from 2024 to 2026."""
    return worked(first, last) if 2024 <= first.year <= last.year <= 2026 else (last - first).days


@given(
    st.lists(TOLD, max_size=6),
    st.lists(HELD, max_size=7, unique_by=lambda each: (each.kind, each.number)),
    DAYS,
    DAYS,
    st.sampled_from([0, 3, 10]),
)
@settings(max_examples=12)
def test_the_findings_are_those_of_plain_python(
    results: list[Told], licences: list[Held], first: date, day: date, within: int
) -> None:
    cases = [basic("P0", accept_date=f"{first}T10:00:00+08:00")] if licences or results else []
    later = f"{first + timedelta(5)}T10:00:00+08:00"
    cases += [basic(f"P{at}", accept_date=later) for at, _ in enumerate(results, 1)]
    told = [
        granted(f"P{at}", "、".join(FORMS[at % 3].format(number) for number in each.numbers), each.day.isoformat())
        for at, each in enumerate(results, 1)
    ]
    told = [{**row, **({} if each.granted else {"result_type": "6"})} for row, each in zip(told, results, strict=True)]
    batches = [("one", BASICS, cases), ("one", RESULTS, told)]
    batches += [
        (source, LICENCES, [as_row(each) for each in licences if each.source == source]) for source in ("one", "two")
    ]
    with TemporaryDirectory() as folder:
        box = store_of(Path(folder))
        with box.open() as store:
            for source, dataset, rows in batches:
                batch, path, rows_in = box.accepted(dataset, rows)
                store.merge(replace(batch, source=source), path, rows_in)
            counts = store.cross_check(terms(day, within))
    found: Counter[str] = Counter()
    for each in counts:
        found[each.code] += each.findings
    assert found == by_hand(results, licences, first, day, within)
