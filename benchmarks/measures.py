"""The measurements. Each returns a name, the two sides and their ratio; both sides run in one process, in turn."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import duckdb
from jsonschema import Draft202012Validator

from benchmarks.rows import write_cases
from catalog.loader import load_catalog
from connectors.formats import read
from exchange.flows.check_file import by_name_or_title
from exchange.model.batch import Batch, Counts
from exchange.model.folders import NodeFolder
from exchange.model.format import FormatSpec
from exchange.store import open_store
from exchange.validation.check import check_rows
from exchange.validation.formats import format_checker
from exchange.validation.mapping import RowMapper
from exchange.validation.outcome_files import write_outcome
from exchange.validation.reference import JsonschemaVerdicts

REPEATS = 3
SPEC = FormatSpec(kind="csv", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Measured:
    """One ratio. `unit` is what both sides are counted in."""

    name: str
    ours: float
    beside: str
    theirs: float
    unit: str

    @property
    def ratio(self) -> float:
        """Ours by theirs."""
        return self.ours / self.theirs


def check_beside_copy(folder: Path, rows: int) -> Measured:
    """The whole check of a CSV file (read, map, normalise, schema, Parquet) beside a bare copy by DuckDB."""
    path = folder / "one-percent.csv"
    write_cases(path, rows, bad=0.01)
    ours, theirs = _in_turn(lambda: _check(path, folder), lambda: _raw_copy(path, folder))
    return Measured("check, 1 % bad", ours, "DuckDB read_csv → Parquet", theirs, "CPU s")


def check_beside_jsonschema(folder: Path, rows: int) -> Measured:
    """The same beside the `jsonschema` library alone over rows that are in memory already."""
    path = folder / "for-jsonschema.csv"
    write_cases(path, rows, bad=0.01)
    with path.open(encoding="utf-8", newline="") as file:
        records = [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]
    schema = load_catalog().datasets.get("case_basic").schema
    validator = Draft202012Validator(schema, format_checker=format_checker())
    ours, theirs = _in_turn(
        lambda: _check(path, folder), lambda: [list(validator.iter_errors(record)) for record in records]
    )
    return Measured("check, 1 % bad", ours, "jsonschema iter_errors alone", theirs, "CPU s")


def memory_beside_half(folder: Path, rows: int) -> Measured:
    """Peak memory of `hub check` on a file beside that on a file of half as many rows."""
    peaks = []
    for count in (rows, rows // 2):
        path = folder / f"memory-{count}.csv"
        write_cases(path, count, bad=0.01)
        peaks.append(_peak_mib([sys.executable, "-m", "exchange.cli", "check", str(path), "--dataset", "case_basic"]))
    return Measured(f"memory of hub check, {rows} rows", peaks[0], f"{rows // 2} rows", peaks[1], "MiB peak")


def merge_beside_smaller_store(folder: Path, small: int, large: int) -> Measured:
    """Merging one batch of 2,000 rows into a large store beside merging it into a small one."""
    times = {size: _merge_seconds(folder / f"store-{size}", size) for size in (small, large)}
    name = f"merge of 2,000 rows into {large}"
    return Measured(name, times[large], f"into {small}", times[small], "s")


def _in_turn(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    pairs = [(_cpu(ours), _cpu(theirs)) for _ in range(REPEATS)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def _cpu(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _check(path: Path, folder: Path) -> None:
    catalog = load_catalog()
    dataset = catalog.datasets.get("case_basic")
    mapper = RowMapper(dataset, by_name_or_title(dataset, None))
    judge = JsonschemaVerdicts(dataset.schema)
    with tempfile.TemporaryDirectory(dir=folder) as target:
        write_outcome(check_rows(read(path, SPEC), mapper, judge), dataset.field_names, Path(target))


def _raw_copy(path: Path, folder: Path) -> None:
    with duckdb.connect(config={"threads": "2"}) as connection:
        connection.execute(
            f"COPY (FROM read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\"', escape='\"')) "
            f"TO '{folder / 'raw.parquet'}' (FORMAT parquet, COMPRESSION zstd)"
        )


def _merge_seconds(folder: Path, size: int) -> float:
    """The median of three batches of 2,000 into a store that holds `size` records."""
    folder.mkdir()
    catalog = load_catalog()
    dataset = catalog.datasets.get("case_basic")
    batches = {}
    for name, first, rows in (("fill", 0, size), *((f"next-{n}", size + 2_000 * n, 2_000) for n in range(REPEATS))):
        batches[name] = folder / f"{name}.parquet"
        _accepted(batches[name], first, rows, dataset.field_names)
    seconds = []
    with open_store(NodeFolder(folder), "320100000000", [dataset]) as store:
        for name, path in batches.items():
            batch = Batch(name, "320100000000", "bench", dataset.name, path.name, 0, "")
            before = time.perf_counter()
            store.merge(batch, path, Counts())
            seconds.append(time.perf_counter() - before)
    return median(seconds[1:])


def _accepted(path: Path, first: int, rows: int, names: tuple[str, ...]) -> None:
    columns = ", ".join(
        f"'bench-' || (range + {first}) AS {name}" if name == "project_no" else f"'some text' AS {name}"
        for name in names
        if name != "cd_operation"
    )
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT {columns}, 'I' AS cd_operation, range AS _row, range AS _line FROM range({rows})) "
            f"TO '{path}'"
        )


def _peak_mib(command: list[str]) -> float:
    """The peak resident memory of one process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss / 1024
