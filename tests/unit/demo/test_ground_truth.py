"""The small models that make the ground truth, on cases worked out by hand."""

from __future__ import annotations

from catalog.schemas import SchemaFolder
from exchange.demo.cases import Record
from exchange.demo.deliveries import Delivery, Row
from exchange.demo.golden import golden_records
from exchange.demo.layout import BY_ID
from exchange.demo.reference import NodeModel

SYSTEM = BY_ID["db-mz"]
SCHEMAS = SchemaFolder()
DATASETS = {name: SCHEMAS.get(name) for name in SCHEMAS.names()}


def basic(number: str, time: str, operation: str = "I") -> Record:
    return {"project_no": number, "cd_time": time, "cd_operation": operation}


def file(dataset: str, *records: Record | None) -> Delivery:
    return Delivery(SYSTEM, dataset, "file", [Row({}, record) for record in records])


def outcome(*deliveries: Delivery) -> dict[str, tuple[int, ...]]:
    """Read, accepted, rejected, duplicate, parked of each dataset."""
    model = NodeModel(DATASETS)
    for delivery in deliveries:
        model.take(delivery)
    tallies = {dataset: tally.as_dict() for (_, dataset), tally in model.tallies.items()}
    return {dataset: tuple(tally.values())[2:] for dataset, tally in tallies.items()}


def test_within_one_file_the_newest_of_a_key_stays() -> None:
    rows = (basic("1", "2024-01-02"), basic("1", "2024-01-03"), None, basic("2", "2024-01-01"))
    assert outcome(file("case_basic", *rows)) == {"case_basic": (4, 2, 1, 1, 0)}


def test_what_is_not_newer_than_before_is_a_duplicate() -> None:
    first, newer, older = (file("case_basic", basic("1", f"2024-01-0{day}")) for day in (2, 3, 1))
    assert outcome(first, first) == {"case_basic": (2, 1, 0, 1, 0)}
    assert outcome(first, newer) == {"case_basic": (2, 2, 0, 0, 0)}
    assert outcome(first, older) == {"case_basic": (2, 1, 0, 1, 0)}


def test_a_result_waits_for_its_basics() -> None:
    result, basics = file("case_result", basic("1", "2024-01-02")), file("case_basic", basic("1", "2024-01-01"))
    assert outcome(result) == {"case_result": (1, 0, 0, 0, 1)}
    assert outcome(result, basics) == {"case_result": (1, 1, 0, 0, 0), "case_basic": (1, 1, 0, 0, 0)}
    assert outcome(result, file("case_basic", None))["case_result"] == (1, 0, 0, 0, 1)


def test_a_waiting_result_is_overtaken_by_a_newer_one() -> None:
    old, new = (file("case_result", basic("1", f"2024-01-0{day}")) for day in (2, 3))
    assert outcome(old, new) == {"case_result": (2, 0, 0, 1, 1)}
    assert outcome(old, new, file("case_basic", basic("1", "2024-01-01")))["case_result"] == (2, 1, 0, 1, 0)


def test_a_deletion_is_accepted_and_leaves_nothing_live() -> None:
    model = NodeModel(DATASETS)
    for each in (basic("1", "2024-01-01"), basic("2", "2024-01-01"), basic("1", "2024-01-02", "D")):
        model.take(file("case_basic", each))
    assert [record["project_no"] for _, _, record in model.live()] == ["2"]
    assert model.tallies[SYSTEM.id, "case_basic"].accepted == 3


def test_a_broken_file_costs_only_itself() -> None:
    broken = Delivery(SYSTEM, "case_basic", "broken", [], b"")
    model = NodeModel(DATASETS)
    model.take(broken)
    model.take(file("case_basic", basic("1", "2024-01-01")))
    assert list(model.tallies[SYSTEM.id, "case_basic"].as_dict().values()) == [2, 1, 1, 1, 0, 0, 0]


def claim(number: str, time: str, **others: str) -> Record:
    body = {"certificate_type_code": "T1", "issue_dept_code": "D1", "certificate_holder_code": "H1x"}
    return {**body, "certificate_number": number, "cd_time": time, **others}


def test_claims_that_are_only_written_otherwise_are_of_one_licence() -> None:
    numbers = (
        "苏(2024)第1-2号",
        "苏〔2024〕第1–2号",
        " 苏（２０２４）第 1—2\u200b号",
        "苏【2024】第1-2号",
        "苏[2024]第1-2号",
    )
    claims = [claim(number, f"2024-01-0{day}") for day, number in enumerate(numbers, 1)]
    (golden,) = golden_records({"top": claims}, {"top": ()})["top"]
    assert golden.claims == 5
    assert golden.record["certificate_number"] == numbers[-1]


def test_another_number_or_holder_is_another_licence() -> None:
    claims = [claim("1-2", "1"), claim("12", "2"), claim("1-2", "3", certificate_holder_code="H2")]
    assert [each.claims for each in golden_records({"top": claims}, {"top": ()})["top"]] == [1, 1, 1]


def test_trust_goes_before_time_and_the_next_claim_fills_the_gaps() -> None:
    old = claim("1", "2024-01-01", status="01", valid_to="2025-01-01", trust_level="A")
    new = claim("１", "2024-02-01", valid_to="2026-01-01", certificate_name="n", trust_level="B")
    above = claim("1", "2023-01-01")
    own = {"below": [old, new], "above": [above]}
    (golden,) = golden_records(own, {"below": (), "above": ("below",)})["above"]
    assert golden.claims == 3
    assert golden.record == {**new, **old}


def test_a_version_goes_before_trust_where_it_counts_and_what_has_ended_stays_ended() -> None:
    first = claim("1", "1", status="01", valid_to="2025", trust_level="A", certificate_source_id="a.b.001.X")
    renewed = claim("1", "2", change_type="02", valid_to="2030", trust_level="B", certificate_source_id="a.b.002.Y")
    ended = claim("1", "0", status="04", change_time="2020", certificate_source_id="a.b.001.X")
    (golden,) = golden_records({"top": [first, renewed, ended]}, {"top": ()})["top"]
    told = {name: golden.record[name] for name in ("valid_to", "certificate_source_id", "status", "change_time")}
    assert told == {
        "valid_to": "2030",
        "certificate_source_id": "a.b.002.Y",
        "status": "04",
        "change_time": "2020",
    }
    assert len(golden.history) == 3
