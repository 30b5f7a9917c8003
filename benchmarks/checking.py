"""Checking beside the raw copy: what it costs over reading a file and writing it as Parquet."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import duckdb

from benchmarks.measured import Measured, in_turn, peak_mib
from benchmarks.rows import CODES, mapping, write_cases, write_delivery
from catalog.catalogue import Catalog
from catalog.loader import load_catalog
from catalog.rule_tables import rule_reference
from connectors.formats import FileReader
from exchange.model.format import Encoding, FormatSpec
from exchange.validation.file_check import by_contract, by_schema, check_file
from exchange.validation.reference import JsonschemaVerdicts


@cache
def catalogue() -> Catalog:
    """The catalogue, which a site reads once and not once a file."""
    return load_catalog()


SHARES = (0.0, 0.01, 0.1, 0.5)
ENCODINGS: tuple[Encoding, ...] = ("utf-8", "gb18030")
COPY = "DuckDB read_csv → Parquet"
Check = Callable[[Path, Path, Encoding], object]


def beside_the_copy(folder: Path, rows: int) -> Iterator[Measured]:
    """The schema's check, and the whole ingest without and with the rules beyond one field, at each share of bad rows.

    The raw copy is that of the same rows in UTF-8, since DuckDB reads nothing else.
    """
    for bad in SHARES:
        for name, write, check in _checks():
            plain = folder / "utf-8.csv"
            write(plain, rows, bad=bad)
            for encoding in ENCODINGS:
                path = folder / f"{encoding}.csv"
                write(path, rows, bad=bad, encoding=encoding)
                yield in_turn(
                    f"{name}, {encoding}, {bad:.0%} bad",
                    lambda path=path, check=check, encoding=encoding: _in_a_folder(folder, path, check, encoding),  # type: ignore[misc]
                    COPY,
                    lambda plain=plain: raw_copy(plain, folder),  # type: ignore[misc]
                )


def memory_beside_less(folder: Path, rows: int, less: int) -> Measured:
    """Peak memory of `hub check` on a file beside that on one of fewer rows."""
    peaks = []
    for count in (rows, less):
        path = folder / f"memory-{count}.csv"
        write_cases(path, count, bad=0.01)
        peaks.append(peak_mib([sys.executable, "-m", "exchange.cli", "check", str(path), "--dataset", "case_basic"]))
        path.unlink()
    return Measured(f"memory of hub check, {rows:,} rows", peaks[0], f"{less:,} rows", peaks[1], "MiB peak")


def schema_check(path: Path, target: Path, encoding: Encoding) -> None:
    """The file's own columns against the schema: verdicts, Parquet, rejected rows and their findings."""
    schema = catalogue().datasets.get("case_basic").schema
    judge = JsonschemaVerdicts(schema)
    check_file(
        FileReader(), path, _spec(encoding), lambda names: by_schema(schema, judge, names, text_cells=True), target
    )


def raw_copy(path: Path, folder: Path) -> None:
    """The floor: the same file read and written by DuckDB, in order."""
    with duckdb.connect(config={"threads": "2"}) as connection:
        connection.execute(
            f"COPY (FROM read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"')) "
            f"TO '{folder / 'raw.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _checks() -> Iterator[tuple[str, Callable[..., None], Check]]:
    yield "schema check", write_cases, schema_check
    yield "ingest", write_delivery, lambda path, target, encoding: _ingest(path, target, encoding, rules=False)
    yield "ingest and rules", write_delivery, lambda path, target, encoding: _ingest(path, target, encoding, rules=True)


def _ingest(path: Path, target: Path, encoding: Encoding, *, rules: bool) -> None:
    """The whole check by a contract: mapping, code maps, normalising, repairs, schema, Parquet, rejected rows."""
    catalog = catalogue()
    dataset = catalog.datasets.get("case_basic")
    judge = JsonschemaVerdicts(dataset.schema, {table.id: table.codes for table in catalog.code_tables.values()})
    check = by_contract(dataset, mapping(), CODES, judge, rule_reference(catalog) if rules else None)
    check_file(FileReader(), path, _spec(encoding), lambda _: check, target, expected=check.expected)


def _in_a_folder(folder: Path, path: Path, check: Check, encoding: Encoding) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as target:
        check(path, Path(target) / "checked", encoding)


def _spec(encoding: Encoding) -> FormatSpec:
    return FormatSpec(kind="csv", encoding=encoding)
