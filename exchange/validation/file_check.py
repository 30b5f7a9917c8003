"""The check of one file, whatever its format: fast where the file lets an engine read it, with care elsewhere."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from exchange.model.dataset import Dataset
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.reference import Reference
from exchange.model.row import Row
from exchange.ports import Reader
from exchange.validation.check import AsItIs, Preparation, check_rows
from exchange.validation.exact import ExactVerdicts
from exchange.validation.feed_sql import as_it_is, feed_sql
from exchange.validation.formats import format_checker
from exchange.validation.mapping import Origin, RowMapper
from exchange.validation.outcome_files import CheckSummary, write_outcome
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.rule_findings import add_rule_findings
from exchange.validation.straight_check import FeedCheck, LinesOf, check_straight

WORTH = 1 << 18
"""Bytes of a file below which the careful way is as fast: the engine needs a moment to be made ready."""

MakeCheck = Callable[[Sequence[str]], FeedCheck]
"""The check of a file with these columns."""


def by_contract(
    dataset: Dataset,
    mapping: Mapping[str, Origin],
    codes: Mapping[str, Mapping[str, str]],
    judge: JsonschemaVerdicts,
    reference: Reference | None = None,
) -> FeedCheck:
    """The check of one feed of a source; without reference values no rules beyond one field are run.

    ConfigError when the mapping names a field that the dataset does not have.
    """
    mapper = RowMapper(dataset, mapping, codes)
    return FeedCheck(
        sql=lambda columns: feed_sql(dataset, columns, mapping, codes, judge.code_tables, format_checker()),
        preparation=mapper,
        judge=judge,
        exact=partial(ExactVerdicts, dataset.schema, dataset.field_names, judge),
        fields=dataset.field_names,
        expected=mapper.columns,
        rules=None if reference is None else partial(_with_rules, dataset, reference),
    )


def _with_rules(
    dataset: Dataset, reference: Reference, folder: Path, summary: CheckSummary, lines_of: LinesOf
) -> CheckSummary:
    return add_rule_findings(folder, summary, dataset, reference, lines_of)


def by_schema(
    schema: Mapping[str, Any], judge: JsonschemaVerdicts, columns: Sequence[str], *, text_cells: bool
) -> FeedCheck:
    """The check of a file's own columns against a schema, nothing mapped or repaired; JSON's values are no text."""
    return FeedCheck(
        sql=lambda names: as_it_is(schema, names, format_checker()),
        preparation=AsItIs(schema, text_cells=text_cells),
        judge=judge,
        exact=partial(ExactVerdicts, schema, columns, judge),
        fields=columns if text_cells else (),
    )


def check_file(
    reader: Reader,
    path: Path,
    spec: FormatSpec,
    make: MakeCheck,
    folder: Path,
    *,
    expected: frozenset[str] = frozenset(),
) -> CheckSummary:
    """Check a file into the outcome files. The way is chosen by the file; what comes of it is the same."""
    if path.stat().st_size >= WORTH:
        summary = _fast(reader, path, spec, make, folder, expected)
        if summary is not None:
            return summary
    rows, columns = _peek(reader.rows(path, spec, expected))
    return check_carefully(rows, make(columns), folder)


def check_carefully(
    rows: Iterable[Row | Finding], check: FeedCheck, folder: Path, preparation: Preparation | None = None
) -> CheckSummary:
    """Check rows one by one into the outcome files; `preparation` stands in for the feed's own."""
    summary = write_outcome(check_rows(rows, preparation or check.preparation, check.judge), check.fields, folder)
    return check.rules(folder, summary, _no_lines) if check.rules else summary


def _no_lines(rows: Sequence[int]) -> list[int]:
    if rows:
        raise AssertionError("rows that are checked one by one have their lines")
    return []


def _fast(
    reader: Reader, path: Path, spec: FormatSpec, make: MakeCheck, folder: Path, expected: frozenset[str]
) -> CheckSummary | None:
    scratch = folder.with_name(f"{folder.name}.scratch")
    scratch.mkdir(parents=True, exist_ok=True)
    try:
        for not_utf8 in (False, True):
            file = reader.straight(path, spec, expected, scratch, not_utf8=not_utf8)
            summary = file and check_straight(file, make(file.columns), folder, reader.record_lines)
            if summary:
                return summary
            if file is None or file.path != path:
                return None
    finally:
        shutil.rmtree(scratch)
    return None


def _peek(rows: Iterator[Row | Finding]) -> tuple[Iterator[Row | Finding], list[str]]:
    """The rows again, and the columns of the first of them."""
    first = next(rows, None)
    if first is None:
        return rows, []
    return chain([first], rows), list(first.cells) if isinstance(first, Row) else []
