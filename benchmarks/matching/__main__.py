"""`python -m benchmarks.matching --make DIR --rows N --seed S` makes a labelled set."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.matching.labelled_set import make_set


def main() -> None:
    """Make a set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--make", type=Path, metavar="DIR")
    parser.add_argument("--rows", type=int, default=120_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    make_set(asked.make, asked.rows, asked.seed)


if __name__ == "__main__":
    main()
