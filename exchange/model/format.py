"""How a source writes its files, as its contract declares it. Nothing is guessed but the encoding, and that safely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FormatKind = Literal["csv", "excel", "json", "xml"]
Encoding = Literal["auto", "utf-8", "gb18030"]

_STEP = r"[^\s/@:]+"
RECORD_PATH = rf"/?{_STEP}(/{_STEP})*"
"""What `FormatSpec.record` may be: names of elements without prefixes, the outermost first."""
CELL_PATH = rf"\.|({_STEP}/)*@?{_STEP}"
"""What names a cell of an XML record: elements from the record on, and at the end an attribute, if one is meant."""


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """One feed's file format.

    `encoding`: "auto" tries strict UTF-8 (with or without BOM) on the whole file first and GB18030 only when that
    fails, since UTF-8 bytes often decode as GB18030 without an error.
    `title_rows`: rows above the header to skip. `note_prefixes`: rows whose first filled cell starts with one of
    these are notes, not records (表格说明, 填表人 …). `sheet`: Excel sheet name; None is the first one.
    `record`: the XML element that is a record: its name, or the last steps of its path (`数据/办件`), or all of them
    with a `/` before; None means each child of the root element.
    """

    kind: FormatKind
    encoding: Encoding = "auto"
    delimiter: str = ","
    title_rows: int = 0
    note_prefixes: tuple[str, ...] = ()
    sheet: str | None = None
    record: str | None = None
