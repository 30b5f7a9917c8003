"""The verdicts of the SQL on rows of text cells, beside those of the `jsonschema` library on the records they make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa
from jsonschema import Draft202012Validator

from exchange.validation.coerce import reader
from exchange.validation.formats import format_checker
from exchange.validation.sql import SchemaSql, column, sites
from exchange.validation.sql.own import OwnFunctions

CHECKER = format_checker()
Errors = frozenset[tuple[tuple[str | int, ...], tuple[str | int, ...]]]


@dataclass
class Compared:
    """What a comparison came to; a difference is a row and the two sides."""

    rows: int = 0
    accepted: int = 0
    undecided: int = 0
    differences: list[tuple[Mapping[str, str], object, object]] = field(default_factory=list)


def compare(schema: Mapping[str, Any], rows: Sequence[Mapping[str, str]], names: Sequence[str]) -> Compared:
    """Hold rows against a schema both ways: the verdict, and the places of the errors in record and schema."""
    validator = Draft202012Validator(schema, format_checker=CHECKER)
    readers = {name: reader(schema.get("properties", {}).get(name, True)) for name in names}
    done = Compared()
    for row, (accepted, broken) in zip(rows, _by_sql(schema, rows, names), strict=True):
        record = {name: readers[name](cell) for name, cell in row.items() if cell}
        errors = list(validator.iter_errors(record))
        places = frozenset((tuple(each.absolute_path), tuple(each.absolute_schema_path)) for each in errors)
        done.rows += 1
        done.accepted += not errors
        done.undecided += accepted is None or broken is None
        if (accepted is not None and accepted == bool(errors)) or (broken is not None and broken != places):
            done.differences.append((row, (accepted, broken), places))
    return done


def _by_sql(
    schema: Mapping[str, Any], rows: Sequence[Mapping[str, str]], names: Sequence[str]
) -> Iterator[tuple[bool | None, Errors | None]]:
    properties = schema.get("properties", {})
    columns = {name: column(name, f"c{place}", properties.get(name, True)) for place, name in enumerate(names)}
    compiled = SchemaSql(schema, columns, CHECKER)
    accepts, places = compiled.accepts(), sites(compiled)
    # nothing between the columns and the conditions: a projection in one piece, as the engine makes it
    selected = ", ".join([accepts, *(each.broken for each in places)])
    cells = {
        f"c{place}": pa.array([row.get(name) or None for row in rows], pa.string()) for place, name in enumerate(names)
    }
    with duckdb.connect(config={"threads": "1"}) as connection:
        compiled.functions.register(OwnFunctions(connection))
        connection.register("cells", pa.table({**cells, "row": pa.array(range(len(rows)))}))
        for verdict, *bits in connection.execute(f"SELECT {selected} FROM cells ORDER BY row").fetchall():
            if any(bit is None for bit in bits):
                yield verdict, None
            else:
                yield verdict, frozenset((each.path, each.rule) for each, bit in zip(places, bits, strict=True) if bit)
