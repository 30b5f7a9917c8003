"""W207, W208: a citizen ID with the right check digit whose birth date or division cannot be (GB 11643-1999)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import BIRTH_DATE, ID_DIVISION
from exchange.model.record_sql import ident, literal
from exchange.validation.rules.rule import Rule, found, record_moment

_FORMAT = "citizen-id"
_EARLIEST = 1900


def citizen_ids(dataset: Dataset) -> dict[str, str]:
    """The fields that hold citizen IDs, and the SQL condition under which they do, as the schema says it.

    A field is one by its own `format`, or by that of a `then` whose `if` asks for one value of another field.
    """
    properties: Mapping[str, Any] = dataset.schema["properties"]
    fields = {name: "true" for name, keywords in properties.items() if keywords.get("format") == _FORMAT}
    for rule in dataset.schema.get("allOf", ()):
        then = rule.get("then", {}).get("properties", {})
        for name in then:
            if isinstance(then[name], Mapping) and then[name].get("format") == _FORMAT and name in properties:
                fields[name] = _condition(rule.get("if", {}).get("properties", {}))
    return fields


def _condition(asked: Mapping[str, Any]) -> str:
    parts = [f"{ident(name)} = {literal(str(each['const']))}" for name, each in asked.items() if "const" in each]
    return " AND ".join(parts) or "true"


def _queries(dataset: Dataset) -> Iterator[str]:
    moment = record_moment(dataset)
    for field, condition in citizen_ids(dataset).items():
        yield _query(ident(field), field, condition, moment or "NULL")


def _query(column: str, field: str, condition: str, moment: str) -> str:
    """Most numbers pass as one integer: the first ten places, which are the division and the year of birth."""
    places = f"try_cast(left({column}, 10) AS BIGINT)"
    birth = "substr(number, 7, 8)"
    return (
        f"WITH suspect AS MATERIALIZED (SELECT number, _row, place, replace(left(moment, 10), '-', '') AS day FROM ("
        f"SELECT _row, {column} AS number, {places} AS place, {moment} AS moment FROM records "
        f"WHERE {condition} AND strlen({column}) = 18) WHERE place % 10000 < {_EARLIEST} "
        f"OR place % 10000 >= (SELECT coalesce(try_cast(left(min({moment}), 4) AS INTEGER), 0) FROM records) "
        f"OR NOT ({_KNOWN})) "
        f"SELECT {found(BIRTH_DATE, field)} FROM suspect WHERE {birth} < '{_EARLIEST}' OR {birth} > day "
        f"UNION ALL SELECT {found(ID_DIVISION, field)} FROM suspect WHERE NOT ({_KNOWN})"
    )


_KNOWN = (
    "CASE WHEN place // 100000000 = (SELECT prefix FROM rule_province) THEN place // 10000 "
    "ELSE place // 100000000 END IN (SELECT prefix FROM rule_id_prefixes)"
)
"""Of another province only the first two places are looked at: its former divisions are in no table of ours."""

RULE = Rule((BIRTH_DATE, ID_DIVISION), _queries)
