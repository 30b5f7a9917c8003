"""The outcome of a check as files: what was accepted, what was rejected, and every finding."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from exchange.files import move
from exchange.model.findings import Finding, Severity
from exchange.model.row import Cell
from exchange.validation.check import Accepted, Checked, Rejected

ACCEPTED, REJECTED, FINDINGS = "accepted.parquet", "rejected.parquet", "findings.parquet"
CLEAN_ROWS = "clean.parquet"
"""Every row of a file that was checked fast, in order; those with `_clean` are accepted beside the ones in ACCEPTED."""
ROWS_A_GROUP = 10_000
"""Rows that are held in memory before they are written as one row group."""

_REJECTED_SCHEMA = pa.schema([("_row", pa.int64()), ("_line", pa.int64()), ("cells", pa.string())])
_FINDINGS_SCHEMA = pa.schema(
    [("row", pa.int64()), ("line", pa.int64())]
    + [(name, pa.string()) for name in ("field", "code", "severity", "message_zh", "message_en", "hint_zh", "hint_en")]
)


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What the check came to: read = accepted + rejected.

    `repaired` counts the accepted rows in which something was repaired; `by_code` counts findings. When the file was
    `refused` as a whole, for the reason given, no row of it counts.
    """

    read: int = 0
    accepted: int = 0
    rejected: int = 0
    repaired: int = 0
    refused: Finding | None = None
    by_code: Mapping[str, int] = field(default_factory=dict)

    def beside(self, clean: int) -> CheckSummary:
        """The same with so many accepted rows more."""
        return replace(self, read=self.read + clean, accepted=self.accepted + clean)


def write_outcome(checked: Iterable[Checked], fields: Sequence[str], folder: Path) -> CheckSummary:
    """Write `accepted`, `rejected` and `findings.parquet` into a folder, and count.

    accepted: the dataset's `fields` as text, `_row` and `_line`. rejected: `_row`, `_line`, and the department's own
    row as JSON in `cells`. findings: one row a finding. Each file appears whole and durable, or not at all.

    A finding of severity reject about the whole file, wherever it comes, refuses the whole batch: all three files are
    there, and nothing is in them but that finding.
    """
    folder.mkdir(parents=True, exist_ok=True)
    refused, summary = _write(checked, fields, folder)
    if refused is None:
        return summary
    _write([], fields, folder, about_file=[refused])
    return CheckSummary(refused=refused, by_code={refused.code: 1})


def _write(
    checked: Iterable[Checked], fields: Sequence[str], folder: Path, about_file: Sequence[Finding] = ()
) -> tuple[Finding | None, CheckSummary]:
    with ExitStack() as stack:
        outcome = _Outcome(fields, folder, stack)
        outcome.findings.extend(about_file)
        for each in checked:
            if isinstance(each, Finding) and each.severity is Severity.REJECT:
                outcome.drop()
                return each, CheckSummary()
            outcome.add(each)
        outcome.publish()
        return None, outcome.summary()


class _Outcome:
    """The three files while they are written, and the counts."""

    def __init__(self, fields: Sequence[str], folder: Path, stack: ExitStack) -> None:
        names = [(name, pa.string()) for name in fields]
        accepted = pa.schema([*names, ("_row", pa.int64()), ("_line", pa.int64())])
        self._accepted = stack.enter_context(_Table(folder / ACCEPTED, accepted))
        self._rejected = stack.enter_context(_Table(folder / REJECTED, _REJECTED_SCHEMA))
        self._found = stack.enter_context(_Table(folder / FINDINGS, _FINDINGS_SCHEMA))
        self.findings = _Findings(self._found)
        self._fields = tuple(fields)
        self._repaired = 0

    def add(self, each: Checked) -> None:
        """Write one outcome."""
        if isinstance(each, Finding):
            self.findings.extend([each])
            return
        if isinstance(each, Accepted):
            self._accepted.add((*map(each.record.get, self._fields), each.number, each.line))
            self._repaired += any(finding.severity is Severity.REPAIRED for finding in each.findings)
        else:
            self._rejected.add((each.number, each.line, _own_row(each)))
        if each.findings:
            self.findings.extend(each.findings)

    def publish(self) -> None:
        """Everything is written: give the files their names."""
        for table in (self._accepted, self._rejected, self._found):
            table.publish()

    def drop(self) -> None:
        """Leave nothing behind."""
        for table in (self._accepted, self._rejected, self._found):
            table.drop()

    def summary(self) -> CheckSummary:
        """The counts."""
        accepted, rejected = self._accepted.rows, self._rejected.rows
        by_code = dict(sorted(self.findings.by_code.items()))
        return CheckSummary(accepted + rejected, accepted, rejected, self._repaired, None, by_code)


class _Findings:
    """Findings on their way to their file."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self.by_code: Counter[str] = Counter()

    def extend(self, findings: Iterable[Finding]) -> None:
        """Write and count them."""
        for each in findings:
            self.by_code[each.code] += 1
            self._table.add(
                (each.row, each.line, each.field, each.code, each.severity.value, *each.message, *each.hint)
            )


class _Table:
    """One Parquet file that is written by row groups under a passing name."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._path, self._part = path, path.with_name(f"{path.name}.part")
        self._schema = schema
        self._rows: list[tuple[Any, ...]] = []
        self._writer = pq.ParquetWriter(self._part, schema, compression="zstd", compression_level=3)
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._writer.close()

    def add(self, row: tuple[Any, ...]) -> None:
        """One row, in the schema's order."""
        self._rows.append(row)
        self.rows += 1
        if len(self._rows) == ROWS_A_GROUP:
            self._flush()

    def publish(self) -> None:
        """Write the rest, make it durable and give it its name."""
        self._flush()
        self._writer.close()
        move(self._part, self._path)

    def drop(self) -> None:
        """Remove what was written so far."""
        self._writer.close()
        self._part.unlink()

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = [
            pa.array(values, each.type)
            for values, each in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema), row_group_size=ROWS_A_GROUP)
        self._rows.clear()


def _own_row(rejected: Rejected) -> str:
    """The cells as JSON; escaped where they hold half a surrogate pair, which UTF-8 cannot say."""
    text = json.dumps(rejected.cells, ensure_ascii=False)
    return text if _encodable(text) else json.dumps(rejected.cells)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def own_row(cells: str) -> dict[str, Cell]:
    """The department's row as `rejected.parquet` keeps it."""
    row: dict[str, Cell] = json.loads(cells)
    return row
