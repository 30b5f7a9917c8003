"""Check one file beside any site: the same steps as a batch's check, and nothing is delivered."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pyarrow import parquet

from exchange.model.batch import Counts
from exchange.model.dataset import Dataset
from exchange.model.format import FormatSpec
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


@contextmanager
def check_delivery(
    reader: Reader,
    path: Path,
    spec: FormatSpec,
    dataset: Dataset,
    mapping: Mapping[str, Origin] | None,
    codes: Mapping[str, Mapping[str, str]],
    judge: JsonschemaVerdicts,
) -> Iterator[FileCheck]:
    """Check a file as a delivery of a dataset; without a mapping its columns bear the fields' names or titles."""
    chosen: dict[str, Origin] = dict(mapping or {})

    def make(columns: Sequence[str]) -> FeedCheck:
        if mapping is None:
            chosen.update(by_name_or_title(dataset, columns))
        return by_contract(dataset, chosen, codes, judge)

    expected = frozenset(value for origin, value in chosen.values() if origin == "column")
    with tempfile.TemporaryDirectory(prefix="hub-check-") as name:
        folder = Path(name) / "checked"
        summary = check_file(reader, path, spec, make, folder, expected=expected)
        duplicate = count_superseded(folder / ACCEPTED, dataset.key) if summary.refused is None else 0
        columns = {field: value for field, (origin, value) in chosen.items() if origin == "column"}
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
        field.name: ("column", field.title if field.title in columns and field.name not in columns else field.name)
        for field in dataset.fields
    }


def _counts(summary: CheckSummary, duplicate: int) -> Counts:
    accepted = summary.accepted - duplicate
    return Counts(summary.read, accepted, summary.rejected, duplicate, 0, summary.repaired)
