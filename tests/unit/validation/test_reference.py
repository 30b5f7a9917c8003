from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from exchange.errors import ConfigError
from exchange.model.findings import Finding, Severity
from exchange.validation.formats import format_checker
from exchange.validation.reference import JsonschemaVerdicts

SCHEMAS = sorted((Path(__file__).parents[3] / "schemas").glob("*/*.json"))
SCHEMA: dict[str, Any] = {
    "title": "试验",
    "type": "object",
    "properties": {
        "no": {"title": "编号", "type": "string", "minLength": 2, "maxLength": 5, "pattern": "^[A-Z]"},
        "name": {"title": "姓名", "type": "string", "maxLength": 3, "x-pii": "name"},
        "holder": {"title": "主体代码", "type": "string", "format": "uscc"},
        "id": {"title": "身份证号", "type": "string", "x-pii": "identity"},
        "day": {"title": "日期", "type": "string", "format": "date"},
        "count": {"title": "数量", "type": "integer", "minimum": 1},
        "outcome": {"title": "办理结果", "type": "string", "enum": ["0", "1"], "x-codes": "outcome"},
        "kind": {"title": "种类", "type": "string", "x-codes": "kind"},
        "certificate": {"title": "证照号", "type": "string"},
        "reason": {"title": "原因", "type": "string"},
    },
    "required": ["no"],
    "dependentRequired": {"kind": ["count"]},
    "additionalProperties": False,
    "allOf": [
        {
            "if": {"properties": {"outcome": {"const": "0"}}, "required": ["outcome"]},
            "then": {"required": ["certificate"]},
            "else": {"properties": {"certificate": False}},
        },
        {"if": {"required": ["id"]}, "then": {"properties": {"id": {"format": "citizen-id"}}}},
    ],
}
VERDICTS = JsonschemaVerdicts(SCHEMA, {"outcome": {"0", "1"}, "kind": {"A"}})


def places(findings: Sequence[Finding]) -> list[tuple[str | None, str]]:
    return [(finding.field, finding.code) for finding in findings]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"no": "AB"}, []),
        ({}, [("no", "E101")]),
        ({"no": "A"}, [("no", "E105")]),
        ({"no": "abcdef"}, [("no", "E104"), ("no", "E106")]),
        ({"no": 5}, [("no", "E102")]),
        ({"no": "AB", "count": "五"}, [("count", "E102")]),
        ({"no": "AB", "count": 0}, [("count", "E108")]),
        ({"no": "AB", "holder": "9135"}, [("holder", "E121")]),
        ({"no": "AB", "holder": "110108000000016"}, [("holder", "E130")]),
        ({"no": "AB", "day": "2019-02-30"}, [("day", "E128")]),
        ({"no": "AB", "id": "123"}, [("id", "E122")]),
        ({"no": "AB", "outcome": "7"}, [("outcome", "E107")]),
        ({"no": "AB", "outcome": "0"}, [("certificate", "E201")]),
        ({"no": "AB", "outcome": "1", "certificate": "x"}, [("certificate", "E202")]),
        ({"no": "AB", "kind": "A"}, [("count", "E201")]),
        ({"no": "AB", "别的": "x", "other": "y"}, [("别的", "E109"), ("other", "E109")]),
        ({"no": [], "name": "四个字了", "day": "x"}, [("no", "E102"), ("name", "E104"), ("day", "E128")]),
    ],
)
def test_each_rule_has_its_code_at_the_right_field(
    record: dict[str, Any], expected: list[tuple[str | None, str]]
) -> None:
    findings = VERDICTS.findings(record, row=3, line=7)
    assert places(findings) == expected
    assert all((each.row, each.line, each.severity) == (3, 7, Severity.REJECT) for each in findings)


def test_a_condition_is_said_in_words() -> None:
    (finding,) = VERDICTS.findings({"no": "AB", "outcome": "0"}, row=1, line=1)
    assert finding.message.zh == "当“办理结果”为“0”时，“证照号”必须填写。"
    assert finding.message.en == "certificate is required when outcome is “0”."
    (finding,) = VERDICTS.findings({"no": "AB", "certificate": "x"}, row=1, line=1)
    assert finding.message.zh == "当“办理结果”不为“0”时，“证照号”应当为空。"


def test_values_are_shown_short_and_never_those_of_personal_data() -> None:
    record = {"no": "甲" * 99, "name": "张三李四王五", "id": "32010219900101001", "count": "\x1b[31m五"}
    texts = " ".join(part for each in VERDICTS.findings(record, row=1, line=1) for part in (*each.message, *each.hint))
    assert "甲" * 40 + "…" in texts
    assert "甲" * 41 not in texts
    assert not any(secret in texts for secret in ("张三", "32010219900101001", "\x1b"))


def test_a_code_table_only_warns() -> None:
    record = {"no": "AB", "kind": "Z", "count": 1}
    assert VERDICTS.findings(record, row=1, line=2) == ()
    (warning,) = VERDICTS.warnings(record, row=1, line=2)
    assert (warning.code, warning.severity, warning.field) == ("W101", Severity.WARN, "kind")
    assert not VERDICTS.warnings({"no": "AB", "kind": "A"}, row=1, line=2)
    assert not JsonschemaVerdicts(SCHEMA).warnings(record, row=1, line=2)


@pytest.mark.parametrize(
    ("rule", "record", "expected"),
    [
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, [(None, "E203")]),
        ({"not": {"required": ["a"]}}, {"a": "x"}, [("a", "E202")]),
        ({"not": {"required": []}}, {}, [(None, "E203")]),
        ({"properties": {"a": {"items": {"type": "string"}}}}, {"a": [1]}, [("a", "E110")]),
        ({"properties": {"a": {"required": ["b"]}}}, {"a": {}}, [("a", "E110")]),
        ({"properties": {"a": {"multipleOf": 2}}}, {"a": 3}, [("a", "E110")]),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {"b": 1}, [(None, "E203")]),
        ({"minProperties": 1}, {}, [(None, "E203")]),
        ({"dependentSchemas": {"a": {"required": ["b"]}}}, {"a": 1}, [("b", "E101")]),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"required": ["a"]}}}, {}, [("a", "E101")]),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, [(None, "E203")]),
    ],
)
def test_rules_that_the_hub_itself_does_not_use_are_explained_too(
    rule: dict[str, Any], record: dict[str, Any], expected: list[tuple[str | None, str]]
) -> None:
    assert places(JsonschemaVerdicts(rule).findings(record, row=1, line=1)) == expected


@pytest.mark.parametrize(
    "schema", [{"type": "text"}, {"properties": {"a": {"pattern": "("}}}, {"properties": {"a": {"x-codes": "none"}}}]
)
def test_a_wrong_schema_is_a_mistake_of_configuration(schema: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        JsonschemaVerdicts(schema, {})


def test_nothing_is_fetched_from_the_network() -> None:
    with pytest.raises(ConfigError, match="example"):
        JsonschemaVerdicts({"$ref": "http://example.invalid/schema"}).findings({}, row=1, line=1)


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.parent.name)
def test_the_verdict_is_that_of_jsonschema_on_every_schema_of_the_hub(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    theirs = Draft202012Validator(schema, format_checker=format_checker())
    ours = JsonschemaVerdicts(schema)
    chance = random.Random(path.parent.name)
    verdicts = []
    for _ in range(300):
        record = {name: _value(keywords, chance) for name, keywords in schema["properties"].items()}
        for name in chance.sample(list(record), chance.choice([0, 0, 1, 5])):
            record.pop(name)
        verdicts.append(theirs.is_valid(record))
        assert (not ours.findings(record, row=1, line=1)) is verdicts[-1]
    assert set(verdicts) == {True, False}


def _value(keywords: dict[str, Any], chance: random.Random) -> object:
    """Mostly valid: the point is that both agree, on records of which some are accepted."""
    if chance.random() < 0.005:
        return chance.choice(["", "x" * 3000, 5, None, "9", "2024-02-30", [], "\n"])
    if "enum" in keywords:
        return chance.choice(keywords["enum"])
    if keywords.get("type") in {"integer", "number"}:
        return chance.randint(1, 9)
    standing_for = {
        "date": "2024-05-01",
        "date-time": "2024-05-01T10:00:00+08:00",
        "uscc": "113205000141492526",
        "citizen-id": "11010519491231002X",
        "task-code": "1132050001414925263320105028002",
    }
    return standing_for.get(keywords.get("format", ""), "1" * keywords.get("minLength", 1))
