"""Without arguments: what `make quality` does. With `--make DIR`: a labelled set alone."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.matching.labelled_set import make_set
from benchmarks.matching.methods import Method, by_hub, by_others
from benchmarks.matching.pages import write_pages
from exchange.settings import read_language
from exchange.speech import Speech

ROWS = 120_000
DEVELOPMENT, STATED = 1, 20260701
"""The seed to develop with, and the one whose figures the pages state."""


def main() -> None:
    """Make a set, or measure on two and write the pages."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--make", type=Path, metavar="DIR", help="make a set in this folder, and nothing else")
    parser.add_argument("--rows", type=int, default=ROWS, help="at least so many rows (120,000)")
    parser.add_argument("--seed", type=int, default=DEVELOPMENT, help="of the set that --make makes (1)")
    parser.add_argument("--hub", type=Path, default=Path(sys.executable).parent / "hub", help="the command to measure")
    asked = parser.parse_args()
    if asked.make:
        make_set(asked.make, asked.rows, asked.seed)
    else:
        measure(asked.rows, asked.hub)


def measure(rows: int, hub: Path) -> None:
    """Measure the hub on the set to develop with, and everything on the other, which goes into the pages."""
    speech = Speech.of(read_language())
    waiting = speech.aside.status(speech.word("正在测量（约五分钟）…", "Measuring (about five minutes) …"))
    with tempfile.TemporaryDirectory() as name, waiting:
        folder = Path(name)
        _tell(speech, DEVELOPMENT, [by_hub(make_set(folder / "development", rows, DEVELOPMENT), hub)])
        stated = make_set(folder / "stated", rows, STATED)
        methods = [by_hub(stated, hub), *by_others(stated)]
        _tell(speech, STATED, methods)
        write_pages(methods, STATED)


def _tell(speech: Speech, seed: int, methods: list[Method]) -> None:
    word = speech.word
    columns = [word("方法", "method"), word("查准率", "precision"), word("查全率", "recall"), word("待人工", "ask")]
    table = [
        [method.name.of(speech.language), f"{each.precision:.5f}", f"{each.recall:.4f}", f"{each.asked_share:.2%}"]
        for method in methods
        for each in (method.quality,)
    ]
    speech.table(word(f"证照匹配质量（种子 {seed}）", f"Quality of matching, seed {seed}"), columns, table)


if __name__ == "__main__":
    main()
