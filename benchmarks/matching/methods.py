"""The ways of matching that are measured on one set: the hub's, Splink's, and two exact keys."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.matching import exact_key
from benchmarks.matching.evaluate import Quality, evaluate
from benchmarks.matching.labelled_set import LabelledSet
from exchange.text import Text


class Method(NamedTuple):
    """A way of matching, as people read it, and what it reached."""

    name: Text
    quality: Quality


def by_hub(made: LabelledSet, hub: Path) -> Method:
    """`hub licences resolve` over the set, with the two tables that a catalogue would have."""
    answer = made.folder / "hub.parquet"
    tables = ("--lineage", str(made.lineage), "--registrations", str(made.registrations))
    command = [str(hub), "licences", "resolve", str(made.licences), "--out", str(answer), *tables]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return Method(Text("本系统", "the hub"), evaluate(made.labels, answer))


def by_others(made: LabelledSet) -> Iterator[Method]:
    """Splink at its thresholds, and the exact keys."""
    from benchmarks.matching.splink_model import THRESHOLDS, by_splink  # noqa: PLC0415 - only `make quality` installs it

    answers = [made.folder / f"splink-{threshold}.parquet" for threshold in THRESHOLDS]
    by_splink(made, answers)
    for threshold, answer in zip(THRESHOLDS, answers, strict=True):
        yield Method(Text(f"Splink 5（阈值 {threshold}）", f"Splink 5 at {threshold}"), evaluate(made.labels, answer))
    raw, trimmed = made.folder / "raw.parquet", made.folder / "trimmed.parquet"
    exact_key.by_raw_key(made.licences, raw)
    exact_key.by_trimmed_key(made.licences, trimmed)
    yield Method(Text("完全相同的键", "exact key"), evaluate(made.labels, raw))
    yield Method(Text("键去首尾空格并转大写", "exact key, trimmed, upper case"), evaluate(made.labels, trimmed))
