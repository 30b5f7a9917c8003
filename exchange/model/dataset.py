"""A dataset: a kind of record, as its JSON Schema describes it. The `x-` keywords carry what the engine needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

FieldType = Literal["string", "integer", "number", "boolean"]
Pii = Literal["identity", "name", "phone", "address"]
_DIVISIONS = ("certificate_area_code",)
"""Fields of the hub's own datasets that hold a division code without saying so by `format`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `title` is its Chinese name, `codes` the code table its values come from."""

    name: str
    title: str
    description: str
    type: FieldType
    format: str | None
    codes: str | None
    pii: Pii | None


@dataclass(frozen=True, slots=True)
class Reference:
    """The record that a record of this dataset needs: `fields` here equal `to` there, within one origin."""

    fields: tuple[str, ...]
    dataset: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One version of one dataset.

    `key` is the business key; of two records with one key the one with the greater `version` fields is newer.
    `provenance` fields say how a record travelled, not what it says: they are kept but do not make two records
    differ. `identity` fields, after normalising, say which real thing a record speaks of; when there are any, the
    claims of one thing become one golden record. `operation` is the field in which "D" marks a deletion.
    """

    name: str
    revision: int
    title: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    version: tuple[str, ...]
    references: tuple[Reference, ...]
    provenance: tuple[str, ...]
    identity: tuple[str, ...]
    operation: str | None
    schema: Mapping[str, Any]

    @property
    def field_names(self) -> tuple[str, ...]:
        """The columns, in the schema's order."""
        return tuple(field.name for field in self.fields)

    @property
    def content(self) -> tuple[str, ...]:
        """The columns that make the record's content digest: all but the provenance, by name."""
        return tuple(sorted(set(self.field_names) - set(self.provenance)))

    @property
    def areas(self) -> tuple[str, ...]:
        """The columns that hold a division code, in which case the record concerns that division."""
        return tuple(field.name for field in self.fields if field.format == "division-code" or field.name in _DIVISIONS)

    def field(self, name: str) -> Field:
        """The column with this name; KeyError when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def dataset_of(name: str, revision: int, schema: Mapping[str, Any]) -> Dataset:
    """The dataset that a JSON Schema file describes. Keywords are explained in `docs/guides/add-a-dataset.md`."""
    return Dataset(
        name=name,
        revision=revision,
        title=schema["title"],
        fields=tuple(_field(column, keywords) for column, keywords in schema["properties"].items()),
        key=tuple(schema.get("x-key", ())),
        version=tuple(schema.get("x-version", ())),
        references=tuple(
            Reference(tuple(each["fields"]), each["dataset"], tuple(each["to"]))
            for each in schema.get("x-references", ())
        ),
        provenance=tuple(schema.get("x-provenance", ())),
        identity=tuple(schema.get("x-identity", ())),
        operation=schema.get("x-operation"),
        schema=schema,
    )


def _field(name: str, keywords: Mapping[str, Any]) -> Field:
    return Field(
        name=name,
        title=keywords.get("title", name),
        description=keywords.get("description", ""),
        type=keywords.get("type", "string"),
        format=keywords.get("format"),
        codes=keywords.get("x-codes"),
        pii=keywords.get("x-pii"),
    )
