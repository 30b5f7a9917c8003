"""A source's row made a record of the dataset: its columns, its codes, its way of writing, all by the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from exchange.errors import ConfigError
from exchange.model.dataset import Dataset, Field
from exchange.model.findings import Finding, Kind, Severity
from exchange.model.findings.row_kinds import NESTED
from exchange.model.row import Cell, Row
from exchange.text import Text
from exchange.validation.coerce import Reader, reader, text_of
from exchange.validation.normalise import Cleaned, normaliser

Origin = tuple[Literal["column", "constant"], str]
"""Where a field's value comes from: a column of the source, or the contract itself."""

_REMEMBERED = 8192


class Prepared(NamedTuple):
    """One row on its way to the schema.

    `texts` has every field of the dataset in standard form (None: empty), `record` the same as JSON values without
    the empty ones, `findings` what was repaired and what is wrong already.
    """

    texts: dict[str, str | None]
    record: dict[str, Any]
    findings: list[Finding]


class _Step(NamedTuple):
    """How one field is filled."""

    field: str
    column: str
    clean: Callable[[str], Cleaned]
    read: Reader


class RowMapper:
    """Maps, normalises and reads the rows of one feed.

    `mapping` says for each field where its value comes from; a field that it does not name is empty. `codes` gives
    for a field the source's codes and ours; a code that is not in it stays as it is, for the schema to judge.
    ConfigError when either names a field that the dataset does not have.
    """

    def __init__(
        self, dataset: Dataset, mapping: Mapping[str, Origin], codes: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        codes = codes or {}
        _must_be_fields(dataset, [*mapping, *codes])
        self.fields = dataset.field_names
        self.columns = frozenset(value for origin, value in mapping.values() if origin == "column")
        self._titles = {field.name: field.title for field in dataset.fields}
        self._empty: dict[str, str | None] = dict.fromkeys(self.fields)
        self._constants = {field: value for field, (origin, value) in mapping.items() if origin == "constant"}
        properties = dataset.schema["properties"]
        self._readers = {field: reader(properties[field]) for field in self.fields}
        self._steps = [
            _Step(field.name, mapping[field.name][1], _cleaner(dataset, field, codes), self._readers[field.name])
            for field in dataset.fields
            if mapping.get(field.name, ("constant", ""))[0] == "column"
        ]
        self._texts: dict[tuple[str, str], tuple[Text, Text]] = {}

    def prepare(self, row: Row) -> Prepared:
        """The row as a record; a cell that nothing can be made of is a finding of severity reject."""
        texts = {**self._empty, **self._constants}
        record = {field: self._readers[field](value) for field, value in self._constants.items() if value}
        findings: list[Finding] = []
        cells = row.cells
        for field, column, clean, read in self._steps:
            cell = cells.get(column)
            if cell is None or cell == "":
                continue
            if type(cell) is not str:
                plain = _plain(cell)
                if plain is None:
                    findings.append(self._finding(NESTED, field, row))
                    continue
                cell = plain
            text, kinds = clean(cell)
            if text is not None:
                texts[field] = text
                record[field] = read(text)
            if kinds:
                findings.extend(self._finding(kind, field, row) for kind in kinds)
        return Prepared(texts, record, findings)

    def _finding(self, kind: Kind, field: str, row: Row) -> Finding:
        """The finding of a kind at a field; its texts are the same in every row, so they are filled in once."""
        known = self._texts.get((kind.code, field))
        if known is None:
            sample = kind.at(field=field, title=self._titles[field], shown="", value="")
            known = self._texts[kind.code, field] = (sample.message, sample.hint)
        return Finding(kind.code, kind.severity, *known, row=row.number, line=row.line, field=field)


def rejects(findings: list[Finding]) -> frozenset[str | None]:
    """The fields in which something is wrong."""
    return frozenset(finding.field for finding in findings if finding.severity is Severity.REJECT)


def _plain(cell: Cell) -> str | None:
    """A JSON value as text; None when it is no plain value."""
    try:
        return text_of(cell)
    except ValueError:
        return None


def _cleaner(dataset: Dataset, field: Field, codes: Mapping[str, Mapping[str, str]]) -> Callable[[str], Cleaned]:
    names = {*dataset.key, *(name for reference in dataset.references for name in reference.fields)}
    clean = normaliser(field, key=field.name in names)
    ours = codes.get(field.name)
    return _remembering(clean if ours is None else _translating(clean, ours))


def _translating(clean: Callable[[str], Cleaned], ours: Mapping[str, str]) -> Callable[[str], Cleaned]:
    """The source's code as it stands first: what is a placeholder elsewhere may be one of its codes."""

    def translate(cell: str) -> Cleaned:
        if cell in ours:
            return ours[cell] or None, ()
        text, kinds = clean(cell)
        return (text, kinds) if text is None else (ours.get(text, text) or None, kinds)

    return translate


def _remembering(clean: Callable[[str], Cleaned]) -> Callable[[str], Cleaned]:
    """Most columns repeat a few values: the last few thousand different ones are remembered."""
    known: dict[str, Cleaned] = {}

    def look_up(cell: str) -> Cleaned:
        cleaned = known.get(cell)
        if cleaned is None:
            if len(known) >= _REMEMBERED:
                known.clear()
            cleaned = known[cell] = clean(cell)
        return cleaned

    return look_up


def _must_be_fields(dataset: Dataset, named: list[str]) -> None:
    unknown = sorted(set(named) - set(dataset.field_names))
    if unknown:
        raise ConfigError(
            Text(
                f"来源约定提到了数据集 {dataset.name} 中没有的字段：{'、'.join(unknown)}。请改正约定。",
                f"The contract names fields that {dataset.name} does not have: {', '.join(unknown)}. Correct it.",
            )
        )
