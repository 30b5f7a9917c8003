"""Check one file beside any site: the same steps as a batch's check, and nothing is delivered."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pyarrow import parquet

from exchange.model.batch import Counts
from exchange.model.dataset import Dataset
from exchange.model.format import FormatSpec
from exchange.model.reference import Reference
from exchange.ports import Reader
from exchange.validation.duplicates import count_superseded
from exchange.validation.file_check import by_contract, by_schema, check_file
from exchange.validation.mapping import Origin
from exchange.validation.outcome_files import ACCEPTED, CheckSummary
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.straight_check import FeedCheck


@dataclass(frozen=True, slots=True)
class FileCheck:
    """A file's check: of which dataset, where its outcome lies within `with`, its counts, the fields' own columns."""

    title: str
    folder: Path
    summary: CheckSummary
    counts: Counts
    columns: Mapping[str, str]

    def findings(self) -> Iterator[Mapping[str, Any]]:
        """Every finding, in the order of the rows."""
        for batch in parquet.ParquetFile(self.folder / "findings.parquet").iter_batches(10_000):
            yield from batch.to_pylist()


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file, how it is written, and what a contract says of its columns and codes; without one, they say it."""

    path: Path
    spec: FormatSpec
    mapping: Mapping[str, Origin] | None = None
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@contextmanager
def check_delivery(
    reader: Reader, delivery: Delivery, dataset: Dataset, judge: JsonschemaVerdicts, reference: Reference
) -> Iterator[FileCheck]:
    """Check a file as a delivery of a dataset; without a mapping its columns bear the fields' names or titles."""
    chosen: dict[str, Origin] = dict(delivery.mapping or {})

    def make(columns: Sequence[str]) -> FeedCheck:
        if delivery.mapping is None:
            chosen.update(by_name_or_title(dataset, columns))
        return by_contract(dataset, chosen, delivery.codes, judge, reference)

    expected = frozenset(value for origin, value in chosen.values() if origin == "column")
    with tempfile.TemporaryDirectory(prefix="hub-check-") as home:
        folder = Path(home) / "checked"
        summary = check_file(reader, delivery.path, delivery.spec, make, folder, expected=expected)
        duplicate = count_superseded(folder / ACCEPTED, dataset.key) if summary.refused is None else 0
        columns = {name: value for name, (origin, value) in chosen.items() if origin == "column"}
        yield FileCheck(dataset.title, folder, summary, _counts(summary, duplicate), columns)


@contextmanager
def check_as_it_is(reader: Reader, path: Path, spec: FormatSpec, schema: Mapping[str, Any]) -> Iterator[FileCheck]:
    """Check a file's own columns against a schema, nothing mapped or repaired."""
    judge = JsonschemaVerdicts(schema)
    text_cells = spec.kind != "json"
    with tempfile.TemporaryDirectory(prefix="hub-check-") as name:
        folder = Path(name) / "checked"
        make = partial(by_schema, schema, judge, text_cells=text_cells)
        summary = check_file(reader, path, spec, make, folder)
        yield FileCheck(schema.get("title", ""), folder, summary, _counts(summary, 0), {})


def by_name_or_title(dataset: Dataset, columns: Collection[str]) -> dict[str, Origin]:
    """Each field from the column that bears its name, or else its Chinese title."""
    return {
        each.name: ("column", each.title if each.title in columns and each.name not in columns else each.name)
        for each in dataset.fields
    }


def _counts(summary: CheckSummary, duplicate: int) -> Counts:
    accepted = summary.accepted - duplicate
    return Counts(summary.read, accepted, summary.rejected, duplicate, 0, summary.repaired)
