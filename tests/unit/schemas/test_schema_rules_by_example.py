"""Every rule of the packaged schemas, held against the jsonschema library: what it accepts and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from schema_examples import CITIZEN, ENVELOPE, EXAMPLES, USCC, example

from catalog.schemas import PACKAGED, SchemaFolder
from exchange.validation.formats import FORMATS, format_checker

DATASETS = SchemaFolder()
FILES = sorted(PACKAGED.glob("*/*.json"))


def refused(dataset: str, record: Mapping[str, Any]) -> set[str]:
    """The fields, or for rules over whole records the keywords, that the library complains of."""
    validator = Draft202012Validator(DATASETS.get(dataset).schema, format_checker=format_checker())
    return {str(error.path[0]) if error.path else str(error.validator) for error in validator.iter_errors(record)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_schema_is_one_of_draft_2020_12_and_asserts_only_formats_that_are_checked(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    formats = {keywords["format"] for keywords in schema["properties"].values() if "format" in keywords}
    assert formats <= {*FORMATS, "date", "date-time"}
    assert schema["$id"] == f"urn:exchange-hub:schema:{path.parent.name}:{path.stem}"


@pytest.mark.parametrize("name", DATASETS.names())
def test_every_column_has_a_chinese_title_of_its_own_and_an_english_meaning(name: str) -> None:
    dataset = DATASETS.get(name)
    titles = [field.title for field in dataset.fields]
    assert len(set(titles)) == len(titles)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in title) for title in [dataset.title, *titles])
    assert all(
        field.description.isascii() or "长期" in field.description or "号" in field.description
        for field in dataset.fields
    )
    assert {field.name for field in dataset.fields if not field.description} == set()


def test_the_datasets_come_after_those_that_they_need() -> None:
    names = DATASETS.names()
    assert set(names) == set(EXAMPLES)
    for name in ("case_process", "case_special", "case_material", "case_result"):
        assert names.index(name) > names.index("case_basic")


@pytest.mark.parametrize("name", DATASETS.names())
def test_the_good_record_is_accepted(name: str) -> None:
    assert refused(name, example(name)) == set()


@pytest.mark.parametrize("name", DATASETS.names())
def test_each_field_of_the_good_record_is_missed_when_it_is_required(name: str) -> None:
    optional = {
        "case_basic": {"task_version", "promise_date"},
        "licence": {"certificate_holder_type", "valid_to", "status"},
    }
    found = {field for field in example(name) if not refused(name, example(name, field))}
    assert found == optional.get(name, set())


@pytest.mark.parametrize("name", DATASETS.names())
def test_a_deletion_needs_its_key_and_envelope_only(name: str) -> None:
    key = {field: EXAMPLES[name][field] for field in DATASETS.get(name).key}
    deletion = {**ENVELOPE, **key, "cd_operation": "D"}
    assert refused(name, deletion) == set()
    assert refused(name, {**deletion, "cd_operation": "U"}) >= {"required"}
    for field in deletion:
        assert refused(name, {each: value for each, value in deletion.items() if each != field}) >= {"required"}


@pytest.mark.parametrize("name", DATASETS.names())
def test_an_unknown_column_is_refused(name: str) -> None:
    assert refused(name, example(name, surprise="1")) == {"additionalProperties"}


@pytest.mark.parametrize("name", DATASETS.names())
def test_each_length_is_the_one_of_the_standard_to_the_character(name: str) -> None:
    limits = {
        field: keywords["maxLength"]
        for field, keywords in DATASETS.get(name).schema["properties"].items()
        if "maxLength" in keywords and not keywords.keys() & {"format", "pattern"}
    }
    assert limits
    free = {field: limit for field, limit in limits.items() if field not in ("applyer_page_code", "XK_XDR_TYPE")}
    for field, limit in free.items():
        if field.startswith("XK_XDR_Z"):  # an organisation has none
            continue
        assert field not in refused(name, example(name, **{field: "长" * limit})), field
        assert refused(name, example(name, **{field: "长" * (limit + 1)})) == {field}


REFUSED = [
    ("case_basic", {"project_type": "3"}, {"project_type"}),
    ("case_basic", {"task_version": 0}, {"task_version"}),
    ("case_basic", {"task_version": "2"}, {"task_version"}),
    ("case_basic", {"task_code": "320105"}, {"task_code"}),
    ("case_basic", {"apply_date": "2024-05-01T12:00:00"}, {"apply_date"}),
    ("case_basic", {"apply_date": "2024-05-01"}, {"apply_date"}),
    ("case_basic", {"promise_date": "2024-02-30"}, {"promise_date"}),
    ("case_basic", {"applyer_name": ""}, {"applyer_name"}),
    ("case_basic", {"applyer_page_code": "110105194912310021"}, {"applyer_page_code"}),
    ("case_basic", {"applyer_page_code": "1.10105E+17"}, {"applyer_page_code"}),
    ("case_basic", {"applyer_page_type": "001", "applyer_page_code": USCC}, {"applyer_page_type"}),
    ("case_basic", {"applyer_type": "2"}, {"applyer_page_type"}),
    ("case_basic", {"applyer_type": "2", "applyer_page_type": "001"}, {"applyer_page_code"}),
    ("case_basic", {"contact_type": "111", "contact_code": "1"}, {"contact_code"}),
    ("case_process", {"step_no": 0}, {"step_no"}),
    ("case_process", {"event_name": "8"}, {"event_name"}),
    ("case_special", {"special_type": "A"}, {"special_type"}),
    ("case_result", {"result_type": "1"}, {"required"}),
    ("case_result", {"result_type": "5"}, {"required"}),
    ("case_result", {"result_type": "7"}, {"result_type"}),
    ("case_result", {"result_cetr_valid_to": "长期"}, {"result_cetr_valid_to"}),
    ("licence", {"certificate_holder_code": USCC[:-1] + "4"}, {"certificate_holder_code"}),
    ("licence", {"certificate_holder_type": "111"}, {"certificate_holder_code"}),
    ("licence", {"status": "99"}, {"required"}),
    ("licence", {"change_type": "02"}, {"required"}),
    ("licence", {"trust_level": "E"}, {"trust_level"}),
    ("approval", {"XK_XDR_SHXYM": "91350100M000100Y44"}, {"XK_XDR_SHXYM"}),
    ("approval", {"XK_XDR_ZJLX": "414", "XK_XDR_ZJHM": "E1"}, {"XK_XDR_ZJLX", "XK_XDR_ZJHM"}),
    ("approval", {"XK_XDR_TYPE": "1"}, {"XK_XDR_SHXYM", "required"}),
    ("item", {"task_type": "x1"}, {"task_type"}),
    ("item", {"promise_day": -1}, {"promise_day"}),
]


@pytest.mark.parametrize(("dataset", "changed", "fields"), REFUSED)
def test_what_breaks_a_rule_is_refused_there(dataset: str, changed: dict[str, Any], fields: set[str]) -> None:
    assert refused(dataset, example(dataset, **changed)) == fields


ACCEPTED = [
    ("case_basic", {"applyer_type": "2", "applyer_page_type": "001", "applyer_page_code": USCC}),
    ("case_basic", {"applyer_type": "6", "applyer_page_type": "099", "applyer_page_code": "D2143569-X"}),
    ("case_basic", {"applyer_type": "9", "applyer_page_type": "001", "applyer_page_code": USCC}),
    ("case_basic", {"applyer_page_type": "414", "applyer_page_code": "E12345678"}),
    ("case_basic", {"catalog_code": "0100123001", "task_code": "0100123001ABCDEF"}),
    ("case_result", {"result_type": "6"}),
    ("case_result", {"result_type": "1", "result_explain": "不符合条件"}),
    ("licence", {"certificate_holder_type": "111", "certificate_holder_code": CITIZEN}),
    ("licence", {"certificate_holder_type": "111", "certificate_holder_code": f"{CITIZEN},440524188001010014"}),
    ("licence", {"status": "99", "change_reason": "系统迁移"}),
    ("licence", {"change_type": "02", "previous_source_id": "1"}),
    ("item", {"task_type": "21"}),
]


@pytest.mark.parametrize(("dataset", "changed"), ACCEPTED)
def test_what_keeps_the_rules_is_accepted(dataset: str, changed: dict[str, Any]) -> None:
    assert refused(dataset, example(dataset, **changed)) == set()


def test_an_outcome_other_than_granted_needs_no_certificate() -> None:
    without = ("result_cetr_no", "result_cetr_valid_to")
    assert refused("case_result", example("case_result", *without)) == {"required"}
    assert refused("case_result", example("case_result", *without, result_type="4", result_explain="转省厅")) == set()
    assert refused("case_result", example("case_result", *without, result_type="6")) == set()


def test_a_person_s_approval_has_an_identity_document_only() -> None:
    person = {"XK_XDR_TYPE": "1", "XK_XDR_ZJLX": "111", "XK_XDR_ZJHM": CITIZEN}
    assert refused("approval", example("approval", "XK_XDR_SHXYM", **person)) == set()
    assert refused("approval", example("approval", **person)) == {"XK_XDR_SHXYM"}
    assert refused("approval", example("approval", "XK_XDR_SHXYM", "XK_XDR_ZJHM", **person)) == {"required"}
    assert refused("approval", example("approval", "XK_XDR_SHXYM", **{**person, "XK_XDR_ZJHM": "1"})) == {"XK_XDR_ZJHM"}
    organisation = example("approval", "XK_XDR_SHXYM")
    assert refused("approval", organisation) == {"required"}
