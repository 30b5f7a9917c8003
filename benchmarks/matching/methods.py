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
    tables = ("--issuers", str(made.lineage), "--registrations", str(made.registrations))
    command = [str(hub), "licences", "resolve", str(made.licences), "--out", str(answer), *tables]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command
    return Method(Text("本系统", "the hub"), evaluate(made.labels, answer))


def by_others(made: LabelledSet) -> Iterator[Method]:
    """Splink with two sets of candidates, and the exact keys."""
    from benchmarks.matching import splink_model as model  # noqa: PLC0415 - only `make quality` installs what it needs

    answer = made.folder / "answer.parquet"
    model.by_splink(made, answer, model.EQUAL_NUMBERS)
    yield Method(Text("Splink 5（号码相同）", "Splink 5, equal numbers"), evaluate(made.labels, answer))
    model.by_splink(made, answer, model.NEAR_NUMBERS)
    yield Method(Text("Splink 5（号码可不同）", "Splink 5, any number"), evaluate(made.labels, answer))
    exact_key.by_raw_key(made.licences, answer)
    yield Method(Text("键完全相同", "exact key"), evaluate(made.labels, answer))
    exact_key.by_trimmed_key(made.licences, answer)
    yield Method(Text("键去首尾空格并转大写", "exact key, trimmed, upper case"), evaluate(made.labels, answer))
