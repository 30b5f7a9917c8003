"""What `jsonschema` found, as findings in the words of the people who must correct it.

The library's own messages quote the record and are never used: they would carry personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from jsonschema import ValidationError

from exchange.model.findings import row_kinds as kinds
from exchange.model.findings.finding import Finding, Kind
from exchange.text import Text
from exchange.validation.conditions import SOME_CONDITION, condition_of, filled_in, walked
from exchange.validation.formats import is_registration_no
from exchange.validation.hints import correction

_LONGEST_SHOWN = 40
_FORMATS: Mapping[str, Kind] = {
    "uscc": kinds.USCC,
    "citizen-id": kinds.CITIZEN_ID,
    "org-code": kinds.ORG_CODE,
    "registration-no": kinds.REGISTRATION_NO,
    "licence-id": kinds.LICENCE_ID,
    "division-code": kinds.DIVISION_CODE,
    "task-code": kinds.TASK_CODE,
    "date": kinds.DATE,
    "date-time": kinds.DATE_TIME,
}
_TYPES = {
    "string": ("文本", "text"),
    "integer": ("整数", "an integer"),
    "number": ("数字", "a number"),
    "boolean": (" true 或 false", "true or false"),
    "null": ("空值", "null"),
    "array": ("列表", "a list"),
    "object": ("对象", "an object"),
}
_BOUNDS = {
    "minimum": ("不小于", "at least"),
    "maximum": ("不大于", "at most"),
    "exclusiveMinimum": ("大于", "more than"),
    "exclusiveMaximum": ("小于", "less than"),
}


class Fault(NamedTuple):
    """One error of the library: keyword, its value, what it was held against, where both are, in which record.

    A record is flat, so that what stands at a path is the record or one of its values.
    """

    keyword: str | None
    asked: Any
    instance: Any
    schema: Any
    path: tuple[str | int, ...]
    rule: tuple[str | int, ...]
    record: Mapping[str, Any]

    def in_record(self, record: Mapping[str, Any]) -> Fault:
        """The same error in another record that fails at the same place."""
        if record is self.record or len(self.path) > 1:
            return self
        instance = record[str(self.path[0])] if self.path else record
        return self._replace(instance=instance, record=record)


_Explained = tuple[Kind, str | None, dict[str, object]]


class Explainer:
    """Turns the library's errors on one schema into findings."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        properties = schema.get("properties", {})
        declared = {name: each for name, each in properties.items() if isinstance(each, Mapping)}
        self._place = {name: place for place, name in enumerate(properties)}
        self._titles = {name: str(each.get("title", name)) for name, each in declared.items()}
        self._secret = {name for name, each in declared.items() if "x-pii" in each}
        self._explainers: Mapping[str | None, Callable[[Fault], Iterable[_Explained]]] = {
            "required": self._required,
            "dependentRequired": self._dependent_required,
            "additionalProperties": self._additional,
            "not": self._not,
            None: self._forbidden,
        }

    def explained(self, faults: Iterable[Fault], record: Mapping[str, Any], *, row: int, line: int) -> list[Finding]:
        """The findings of one record, each kind once a field, in the schema's order of fields.

        The faults were found in this record, or in one that fails at the same places.
        """
        explained = list(self._explained(faults, record))
        found = {(kind.code, field): (kind, fields) for kind, field, fields in explained}
        mistyped = {field for code, field in found if code == kinds.TYPE.code}
        located = [
            (kind, field, fields)
            for (_, field), (kind, fields) in found.items()
            if kind is kinds.TYPE or field not in mistyped
        ]
        located.sort(key=lambda each: (self._place.get(each[1] or "", len(self._place)), each[0].code))
        return [self.finding(kind, field, row, line, fields) for kind, field, fields in located]

    def finding(self, kind: Kind, field: str | None, row: int, line: int, fields: Mapping[str, object]) -> Finding:
        """A finding at a field, with the field's Chinese title for the templates; a `correction` joins its hint."""
        made = kind.at(row=row, line=line, field=field, title=self.title(field or ""), **fields)
        better = fields.get("correction")
        if not isinstance(better, Text):
            return made
        return replace(made, hint=Text(made.hint.zh + better.zh, f"{made.hint.en} {better.en}"))

    def title(self, field: str) -> str:
        """The field's Chinese name; its own name when it has none."""
        return self._titles.get(field, field)

    def quoted(self, field: str | None, value: object) -> dict[str, object]:
        """The value as the templates quote it: shortened, and not at all where it is personal data."""
        if field is None or field in self._secret or isinstance(value, (dict, list)):
            return {"shown": "", "value": ""}
        text = _printable(str(value)[: _LONGEST_SHOWN + 1])
        short = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        return {"shown": f"：“{short}”", "value": f": “{short}”"}

    def _explained(self, faults: Iterable[Fault], record: Mapping[str, Any]) -> Iterator[_Explained]:
        for each in faults:
            here = each.in_record(record)
            yield from self._explainers.get(here.keyword, self._value)(here)

    def _required(self, fault: Fault) -> Iterator[_Explained]:
        if fault.path:
            yield from self._value(fault)
            return
        when = condition_of(self._schema, fault.rule, self.title)
        for name in fault.asked:
            if name not in fault.instance:
                yield _needed(name, when.zh, when.en) if when else (kinds.REQUIRED, name, {})

    def _dependent_required(self, fault: Fault) -> Iterator[_Explained]:
        for name, needed in fault.asked.items():
            if name in fault.instance:
                when = filled_in(name, self.title)
                yield from (_needed(each, when.zh, when.en) for each in needed if each not in fault.instance)

    def _additional(self, fault: Fault) -> Iterator[_Explained]:
        if fault.path or fault.asked is not False or "patternProperties" in fault.schema:
            yield from self._value(fault)
            return
        known = fault.schema.get("properties", {})
        yield from ((kinds.UNKNOWN_COLUMN, _printable(name), {}) for name in fault.instance if name not in known)

    def _not(self, fault: Fault) -> Iterator[_Explained]:
        asked = fault.asked
        if fault.path or not isinstance(asked, dict) or set(asked) != {"required"} or not asked["required"]:
            yield from self._value(fault)
            return
        yield from (self._empty(name, fault) for name in asked["required"])

    def _forbidden(self, fault: Fault) -> Iterator[_Explained]:
        """`false` in place of a field's schema; the library says in which `properties`, but not at which field."""
        closed = None if fault.path or fault.rule[-1:] != ("properties",) else walked(self._schema, fault.rule)
        names = [name for name in fault.record if isinstance(closed, Mapping) and closed.get(name) is False]
        yield from (self._empty(name, fault) for name in names)
        if not names:
            yield kinds.RECORD_RULE, None, {"rule": "false"}

    def _empty(self, field: str, fault: Fault) -> _Explained:
        when = condition_of(self._schema, fault.rule, self.title) or SOME_CONDITION
        return kinds.FORBIDDEN_WHEN, field, {"when_zh": when.zh, "when_en": when.en}

    def _value(self, fault: Fault) -> Iterator[_Explained]:
        """An assertion on one value; on the whole record when there is no field."""
        field = _field(fault)
        if field is None:
            yield kinds.RECORD_RULE, None, {"rule": fault.keyword}
        elif len(fault.path) > 1:
            yield kinds.OTHER_RULE, field, {"rule": fault.keyword, **self.quoted(None, None)}
        else:
            kind, fields = _assertion(fault)
            yield kind, field, {**fields, **self.quoted(field, fault.instance)}


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text)


def fault_of(error: ValidationError, record: Mapping[str, Any]) -> Fault:
    """An error that the library reports of a record."""
    keyword: Any = error.validator
    path, rule = tuple(error.absolute_path), tuple(error.absolute_schema_path)
    return Fault(keyword, error.validator_value, error.instance, error.schema, path, rule, record)


def _field(fault: Fault) -> str | None:
    return str(fault.path[0]) if fault.path else None


def _needed(field: str, when_zh: str, when_en: str) -> _Explained:
    return kinds.REQUIRED_WHEN, field, {"when_zh": when_zh, "when_en": when_en}


def _assertion(fault: Fault) -> tuple[Kind, dict[str, object]]:
    """The kind of one failed assertion on a value, and what its template needs."""
    keyword, limit = str(fault.keyword), fault.asked
    if keyword in _BOUNDS:
        zh, en = _BOUNDS[keyword]
        return kinds.OUT_OF_RANGE, {"bound_zh": zh, "bound_en": en, "limit": limit}
    if keyword in {"minLength", "maxLength"}:
        kind = kinds.TOO_SHORT if keyword == "minLength" else kinds.TOO_LONG
        return kind, {"limit": limit, "length": len(fault.instance)}
    if keyword in {"enum", "const"}:
        allowed = limit if keyword == "enum" else [limit]
        return kinds.NOT_ALLOWED, {"allowed": ", ".join(str(each) for each in allowed)}
    if keyword == "type":
        return kinds.TYPE, _type_words(limit)
    if keyword == "format":
        return _format_kind(limit, fault.instance), {"format": limit, "correction": correction(limit, fault.instance)}
    return (kinds.PATTERN, {}) if keyword == "pattern" else (kinds.OTHER_RULE, {"rule": keyword})


def _format_kind(name: str, value: str) -> Kind:
    if name == "uscc" and is_registration_no(value):
        return kinds.REGISTRATION_NO_AS_USCC
    return _FORMATS.get(name, kinds.FORMAT)


def _type_words(types: str | list[str]) -> dict[str, object]:
    words = [_TYPES.get(each, (each, each)) for each in ([types] if isinstance(types, str) else types)]
    return {"type_zh": "或".join(zh for zh, _ in words), "type_en": " or ".join(en for _, en in words)}
