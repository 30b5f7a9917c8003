"""Merging a small batch into a large store beside a small one: the cost should follow the batch."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.measured import REPEATS, Measured
from catalog.loader import load_catalog
from exchange.model.batch import Batch, Counts
from exchange.model.folders import NodeFolder
from exchange.store import open_store


def merge_beside_smaller_store(folder: Path, small: int, large: int) -> Measured:
    """Merging one batch of 2,000 rows into a large store beside merging it into a small one."""
    times = {size: _merge_seconds(folder / f"store-{size}", size) for size in (small, large)}
    name = f"merge of 2,000 rows into {large}"
    return Measured(name, times[large], f"into {small}", times[small], "s")


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
