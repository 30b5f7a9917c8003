"""Other validators on the same rows. They get records that are in memory already, where ours reads the file as well.

What each leaves out is said in its name: only `jsonschema` and `jsonschema-rs` know the whole of the schema.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import fastjsonschema
import frictionless
import jsonschema_rs
import pandera.polars as pandera
import polars as pl
from jsonschema import Draft202012Validator

from benchmarks.checking import schema_check
from benchmarks.measured import Measured, in_turn
from benchmarks.rows import write_cases
from catalog.loader import load_catalog
from exchange.validation.formats import FORMATS, format_checker

Records = Sequence[Mapping[str, str]]


def beside_peers(folder: Path, rows: int) -> Iterator[Measured]:
    """The schema's check of a file with 1 % bad rows beside each of them."""
    path = folder / "peers.csv"
    write_cases(path, rows, bad=0.01)
    schema: Mapping[str, Any] = load_catalog().datasets.get("case_basic").schema
    with path.open(encoding="utf-8", newline="") as file:
        records = [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]

    def ours() -> None:
        with tempfile.TemporaryDirectory(dir=folder) as target:
            schema_check(path, Path(target) / "checked", "utf-8")

    for name, theirs in _peers(schema, records, path):
        yield in_turn("schema check, 1 % bad", ours, name, theirs)


def _peers(schema: Mapping[str, Any], records: Records, path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    reference = Draft202012Validator(schema, format_checker=format_checker())
    yield "jsonschema iter_errors", lambda: [list(reference.iter_errors(each)) for each in records]
    in_rust = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, formats=dict(FORMATS))
    yield "jsonschema-rs iter_errors", lambda: [list(in_rust.iter_errors(each)) for each in records]
    draft_7 = {**schema, "$schema": "http://json-schema.org/draft-07/schema#"}
    compiled = fastjsonschema.compile(draft_7, formats=dict(FORMATS))
    yield "fastjsonschema, first error (draft 7)", lambda: [_first_error(compiled, each) for each in records]
    frame = pl.read_csv(path, infer_schema=False)
    columns = pandera.DataFrameSchema(_pandera_columns(schema))
    yield "pandera on polars (no conditions, no check digits)", lambda: _all_errors(columns, frame)
    yield "frictionless (no conditions, no check digits)", lambda: _frictionless(schema, path)


def _first_error(compiled: Callable[..., object], record: Mapping[str, str]) -> object:
    try:
        return compiled(dict(record))
    except fastjsonschema.JsonSchemaException as error:
        return error


def _pandera_columns(schema: Mapping[str, Any]) -> dict[str, pandera.Column]:
    return {
        name: pandera.Column(str, _pandera_checks(keywords), nullable=name not in schema["required"])
        for name, keywords in schema["properties"].items()
    }


def _pandera_checks(keywords: Mapping[str, Any]) -> list[pandera.Check]:
    checks = []
    if "enum" in keywords:
        checks.append(pandera.Check.isin(keywords["enum"]))
    if "maxLength" in keywords:
        checks.append(pandera.Check.str_length(max_value=keywords["maxLength"]))
    if keywords.get("format") == "date":
        checks.append(pandera.Check.str_matches(r"^\d{4}-\d{2}-\d{2}$"))
    if keywords.get("format") == "date-time":
        checks.append(pandera.Check.str_matches(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$"))
    return checks


def _all_errors(columns: pandera.DataFrameSchema, frame: pl.DataFrame) -> object:
    try:
        return columns.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        return errors


def _frictionless(schema: Mapping[str, Any], path: Path) -> object:
    fields = [
        {"name": name, "type": "string", "constraints": _constraints(name, keywords, schema)}
        for name, keywords in schema["properties"].items()
    ]
    described = frictionless.Schema.from_descriptor({"fields": fields})
    with frictionless.system.use_context(trusted=True):
        return frictionless.Resource(path=str(path), schema=described).validate(limit_errors=10**9)


def _constraints(name: str, keywords: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: keywords[key] for key in ("enum", "maxLength", "pattern") if key in keywords}
    return {**known, "required": name in schema["required"]}
