"""Check one file beside any site: the same steps as a batch's check, and nothing is delivered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pyarrow import parquet

from exchange.model.batch import Counts
from exchange.model.dataset import Dataset
from exchange.model.findings import Finding
from exchange.model.row import Row
from exchange.validation.check import AsItIs, Checked, check_rows
from exchange.validation.duplicates import count_superseded
from exchange.validation.mapping import Origin, RowMapper
from exchange.validation.outcome_files import CheckSummary, write_outcome
from exchange.validation.reference import JsonschemaVerdicts

Rows = Iterator[Row | Finding]


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
def check_file(
    rows: Rows,
    dataset: Dataset,
    mapping: Mapping[str, Origin] | None,
    codes: Mapping[str, Mapping[str, str]],
    judge: JsonschemaVerdicts,
) -> Iterator[FileCheck]:
    """Check a file as a delivery of a dataset; without a mapping its columns bear the fields' names or titles."""
    rows, first = _peek(rows)
    chosen = mapping if mapping is not None else by_name_or_title(dataset, first)
    mapper = RowMapper(dataset, chosen, codes)
    columns = {field: value for field, (origin, value) in chosen.items() if origin == "column"}
    with _outcome(check_rows(rows, mapper, judge), dataset.field_names) as (folder, summary):
        duplicate = count_superseded(folder / "accepted.parquet", dataset.key) if summary.refused is None else 0
        yield FileCheck(dataset.title, folder, summary, _counts(summary, duplicate), columns)


@contextmanager
def check_as_it_is(rows: Rows, schema: Mapping[str, Any], *, text_cells: bool) -> Iterator[FileCheck]:
    """Check a file's own columns against a schema, nothing mapped or repaired."""
    judge = JsonschemaVerdicts(schema)
    checked = check_rows(rows, AsItIs(schema, text_cells=text_cells), judge)
    with _outcome(checked, ()) as (folder, summary):
        yield FileCheck(schema.get("title", ""), folder, summary, _counts(summary, 0), {})


def by_name_or_title(dataset: Dataset, first: Row | Finding | None) -> dict[str, Origin]:
    """Each field from the column that bears its name, or else its Chinese title."""
    there = set(first.cells) if isinstance(first, Row) else set()
    return {
        field.name: ("column", field.title if field.title in there and field.name not in there else field.name)
        for field in dataset.fields
    }


def _peek(rows: Rows) -> tuple[Rows, Row | Finding | None]:
    first = next(rows, None)
    return (rows, None) if first is None else (chain([first], rows), first)


@contextmanager
def _outcome(checked: Iterable[Checked], fields: tuple[str, ...]) -> Iterator[tuple[Path, CheckSummary]]:
    with tempfile.TemporaryDirectory(prefix="hub-check-") as name:
        folder = Path(name)
        yield folder, write_outcome(checked, fields, folder)


def _counts(summary: CheckSummary, duplicate: int) -> Counts:
    accepted = summary.accepted - duplicate
    return Counts(summary.read, accepted, summary.rejected, duplicate, 0, summary.repaired)
