"""`make bench`: a table on the screen, and the same as JSON in var/bench.json."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.measures import (
    check_beside_copy,
    check_beside_jsonschema,
    memory_beside_half,
    merge_beside_smaller_store,
)
from exchange.settings import read_language
from exchange.speech import Speech

RESULT = Path("var/bench.json")


def main() -> None:
    """Measure everything, and say it."""
    speech = Speech.of(read_language())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with speech.aside.status(speech.word("正在测量（约两分钟）…", "Measuring (about two minutes) …")):
            measured = [
                check_beside_copy(folder, 50_000),
                check_beside_jsonschema(folder, 20_000),
                memory_beside_half(folder, 200_000),
                merge_beside_smaller_store(folder, 100_000, 1_000_000),
            ]
    word = speech.word
    columns = [word("测量", "measured"), "", word("对照", "beside"), "", word("单位", "unit"), word("比值", "ratio")]
    rows = [
        [each.name, f"{each.ours:.3g}", each.beside, f"{each.theirs:.3g}", each.unit, f"{each.ratio:.2f}"]
        for each in measured
    ]
    speech.table(word("比值", "Ratios"), columns, rows)
    RESULT.parent.mkdir(exist_ok=True)
    content = [{**asdict(each), "ratio": each.ratio} for each in measured]
    RESULT.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
