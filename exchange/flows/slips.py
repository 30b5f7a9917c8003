"""Corrected slips: a slip that comes back is known again, and its rows are put in the place of those it corrects."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from catalog.models import SourceContract
from exchange.flows.corrections import corrections, newest_attempts, rejected_rows, rows_read, settled_rows
from exchange.flows.workplace import Workplace
from exchange.model.batch import Batch
from exchange.model.findings import Finding, Kind
from exchange.model.findings.slip_kinds import ADDED_ROW, NOT_REJECTED, OTHER_SLIP, ROW_TWICE, SETTLED_BEFORE
from exchange.model.row import Cell, Row
from exchange.model.slip import PROVENANCE
from exchange.text import Text
from exchange.validation.check import Preparation
from exchange.validation.mapping import Prepared
from exchange.validation.outcome_files import own_row
from exchange.validation.slip_text import own_columns, returned, shown

NO_MARKS = Text(
    "这是一张整改单，但识别用的隐藏列（__来源、__批次、__行号）已被删除或清空，未读取。请重新打开原来的整改单，改好后直接放回。",
    "This is a correction slip whose hidden columns (source, batch, row) were deleted or cleared; it was not read. "
    "Open the original slip again, correct that and put it back.",
)
FOREIGN = Text(
    "这张整改单属于另一个来源，未读取。请核对是否放错了投放目录，并把它放到自己来源的投放目录。",
    "This correction slip belongs to another source; it was not read. See whether it was put into the wrong drop "
    "folder, and put it into that of its own source.",
)
UNKNOWN = Text(
    "台账中没有这张整改单所属的批次，未读取。请用本来源最近收到的整改单；如果隐藏列被改动过，请在原整改单上重新改。",
    "The ledger knows no batch of this correction slip; it was not read. Use the slip that this source was given; if "
    "its hidden columns were changed, correct the original slip instead.",
)
NO_FEED = Text(
    "来源约定中已没有这张整改单所属的数据集 {dataset}，未读取。请数据管理员核对来源约定。",
    "The source's contract has no dataset {dataset} any more, to which this slip belongs; it was not read. Ask the "
    "data administrator to look at the contract.",
)


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip that came back: the dataset of its rows, and the batch that they were rejected from."""

    dataset: str
    corrects: str


def recognise(work: Workplace, contract: SourceContract, file: Path) -> Slip | Text | None:
    """What slip a source's file is; why it cannot be taken; None when it is no slip at all."""
    mark = work.slips.look(file)
    if mark is None:
        return None
    if not mark.batch:
        return NO_MARKS
    if mark.source != contract.id:
        return FOREIGN
    recorded = next(work.ledger.entries("batch.recorded", mark.batch), None)
    if recorded is None or recorded["source"] != contract.id:
        return UNKNOWN
    dataset = recorded["dataset"]
    if dataset not in {feed.dataset for feed in contract.feeds}:
        return NO_FEED.fill(dataset=dataset)
    return Slip(dataset, recorded.get("corrects", mark.batch))


class SlipRows:
    """The rows of one corrected slip, each with the number and line of the row that it corrects.

    A row that is none of the rejected ones is numbered after all of them and rejected as it stands, with the reason.
    Rows come in the order of their numbers, whatever the order in the slip.
    """

    def __init__(self, work: Workplace, batch: Batch, file: Path, mapped: frozenset[str]) -> None:
        self._work = work
        self._batch = batch
        self._file = file
        sent = {row.number: row for row in rejected_rows(work, batch.corrects)}
        earlier = corrections(work, batch.corrects, before=batch.id)
        self._lines = {number: row.line for number, row in sent.items()}
        self._settled = settled_rows(work, batch.corrects, before=batch.id)
        again = newest_attempts(work, earlier, set(sent))
        self._sent = {number: [*again.get(number, ()), row.cells] for number, row in sent.items()}
        columns, _ = own_columns((own_row(row.cells) for row in sent.values()), ())
        self._expected = mapped & frozenset(columns)
        self._names = {shown(name).strip(): name for name in (*mapped, *columns)}
        self._reasons: dict[int, Finding] = {}

    def rows(self) -> Iterator[Row | Finding]:
        """Every row, and every finding that stands for one that cannot be read."""
        numbers = [number for _, number in self._marks]
        if all(number in self._lines for number in numbers) and numbers == sorted(set(numbers)):
            yield from self._placed()
        else:
            yield from sorted(self._placed(), key=_number)

    def wrap(self, preparation: Preparation) -> Preparation:
        """A preparation that adds to each row what is wrong with it as a row of the slip."""
        return _WithReasons(preparation, self._reasons)

    @cached_property
    def _marks(self) -> list[tuple[bool, int]]:
        """Of each row whether it names our source and batch, and its row number, 0 if none."""
        rows = self._work.slips.rows(self._file, frozenset())
        return [self._mark(row.cells) for row in rows if isinstance(row, Row)]

    def _mark(self, cells: Mapping[str, Cell]) -> tuple[bool, int]:
        source, batch, number = (str(cells.get(name) or "").strip() for name in PROVENANCE)
        ours = (source, batch) == (self._batch.source, self._batch.corrects)
        return ours, int(number) if number.isdecimal() else 0

    def _placed(self) -> Iterator[Row | Finding]:
        times = Counter(self._marks)
        beyond = rows_read(self._work, self._batch.corrects)
        for each in self._work.slips.rows(self._file, self._expected):
            if isinstance(each, Finding):
                if each.row is not None:
                    beyond += 1
                    each = replace(each, row=beyond)  # noqa: PLW2901 - the same finding at its place
                yield each
                continue
            mark = self._mark(each.cells)
            kind = self._kind(mark, times[mark])
            if kind is None or kind is SETTLED_BEFORE:
                number, line = mark[1], self._lines[mark[1]]
            else:
                beyond += 1
                number, line = beyond, each.line
            if kind is not None:
                self._reasons[number] = kind.at(row=number, line=line, at_line=each.line)
            yield Row(number, line, self._cells(each.cells, self._sent.get(number, ())))

    def _kind(self, mark: tuple[bool, int], times: int) -> Kind | None:
        ours, number = mark
        if not number:
            return ADDED_ROW
        if not ours:
            return OTHER_SLIP
        if times > 1:
            return ROW_TWICE
        if number not in self._lines:
            return NOT_REJECTED
        return SETTLED_BEFORE if number in self._settled else None

    def _cells(self, cells: Mapping[str, Cell], attempts: Sequence[str]) -> dict[str, Cell]:
        """The row as it now stands: what was not shown or not touched is as it was sent."""
        sent = [own_row(each) for each in attempts]
        now: dict[str, Cell] = dict(sent[0]) if sent else {}
        for title, text in cells.items():
            name = self._names.get(title, title)
            if name not in PROVENANCE and (text != "" or name in now):
                now[name] = returned(str(text), name, sent)
        return now


def _number(each: Row | Finding) -> int:
    """A finding about the whole file comes last, where it refuses the file as well as anywhere."""
    number = each.number if isinstance(each, Row) else each.row
    return number if number is not None else 1 << 62


@dataclass(frozen=True, slots=True)
class _WithReasons:
    preparation: Preparation
    reasons: Mapping[int, Finding]

    def prepare(self, row: Row) -> Prepared:
        """The row as a record, with the reason why it is none of the slip's rows."""
        done = self.preparation.prepare(row)
        reason = self.reasons.get(row.number)
        return done if reason is None else done._replace(findings=[reason, *done.findings])
