"""`make bench`: a table on the screen, and the same as JSON in var/bench.json.

HUB_BENCH_ROWS is how many rows a file has that is checked beside the raw copy (200,000), HUB_BENCH_ONLY the beginning
of the names of the measurements to make: check, peers, memory, merge, resolve or claims. HUB_BENCH_CLAIMS is how many
claims the large store of licences has (50,000,000: it takes half an hour and 25 GB of disk to make it).
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.checking import beside_the_copy, memory_beside_less
from benchmarks.licence_store import batch_into_large_store
from benchmarks.measured import Measured
from benchmarks.merging import merge_beside_smaller_store
from benchmarks.resolving import resolve_beside_the_floor
from exchange.settings import read_language
from exchange.speech import Speech

RESULT = Path("var/bench.json")
ROWS = int(os.environ.get("HUB_BENCH_ROWS", "200000"))
CLAIMS = int(os.environ.get("HUB_BENCH_CLAIMS", "50000000"))
ONLY = os.environ.get("HUB_BENCH_ONLY", "")


def main() -> None:
    """Measure everything, and say it."""
    speech = Speech.of(read_language())
    waiting = speech.aside.status(speech.word("正在测量（约一小时）…", "Measuring (about an hour) …"))
    with tempfile.TemporaryDirectory() as name, waiting:
        measured = list(_all(Path(name)))
    word = speech.word
    columns = [
        *(word("测量", "measured"), "", word("对照", "beside"), "", word("单位", "unit")),
        *(word("比值", "ratio"), word("时钟比", "wall")),
    ]
    rows = [
        [
            *(each.name, f"{each.ours:.3g}", each.beside, f"{each.theirs:.3g}", each.unit),
            *(f"{each.ratio:.3g}", "" if each.wall is None else f"{each.wall:.3g}"),
        ]
        for each in measured
    ]
    speech.table(word("比值", "Ratios"), columns, rows)
    RESULT.parent.mkdir(exist_ok=True)
    content = [{**asdict(each), "ratio": each.ratio} for each in measured]
    RESULT.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _all(folder: Path) -> Iterator[Measured]:
    if "check".startswith(ONLY):
        yield from beside_the_copy(folder, ROWS)
    if "peers".startswith(ONLY):
        from benchmarks.peers import beside_peers  # noqa: PLC0415 - the others' libraries are only needed here

        yield from beside_peers(folder, 100_000)
    if "memory".startswith(ONLY):
        yield memory_beside_less(folder, 2 * ROWS, ROWS)
    if "merge".startswith(ONLY):
        yield merge_beside_smaller_store(folder, 100_000, 1_000_000)
    if "resolve".startswith(ONLY):
        yield from resolve_beside_the_floor(folder, 10_000_000)
    if "claims".startswith(ONLY):
        yield batch_into_large_store(folder, 2_000_000, CLAIMS)


if __name__ == "__main__":
    main()
