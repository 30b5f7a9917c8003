"""XML: the records are the elements that the contract names, their cells the paths of what stands within them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from connectors.formats.scan import scan
from connectors.formats.table import listed
from connectors.formats.xml_records import XmlRecord, records
from exchange.model.findings import Finding, file_kinds, record_kinds
from exchange.model.format import Encoding, FormatSpec
from exchange.model.row import Row

_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_ENCODINGS: dict[str, Encoding] = {
    **dict.fromkeys(("utf-8", "utf8", "us-ascii", "ascii"), "utf-8"),
    **dict.fromkeys(("gb18030", "gbk", "gb2312", "gb_2312-80", "euc-cn", "cp936", "ms936"), "gb18030"),
}
"""The names that a declaration may give (IANA's, and those that programs in the field write), and what they mean."""
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\0", b"\0<")


def read(path: Path, spec: FormatSpec, expected: frozenset[str]) -> Iterator[Row | Finding]:
    """Every record, in memory that does not grow with the file.

    A cell's name is a path from the record: `SBLSH`, `基本信息/SXBM`, `@id`, `申请人/@类型`; `.` is the record's own
    text. Names go without their namespace's prefix. What is absent is empty, so a column counts as missing only when no
    record of the file has any of the expected ones. Broken XML refuses the file, and so does a DOCTYPE.
    """
    encoding = _encoding(path, spec.encoding)
    reading = encoding if isinstance(encoding, Finding) else scan(path, encoding, whole=True)
    if isinstance(reading, Finding):
        yield reading
        return
    with path.open(encoding=reading.codec, newline="") as stream:
        yield from _judged(records(stream, spec.record), expected)


def _encoding(path: Path, wanted: Encoding) -> Encoding | Finding:
    """The contract's encoding, else what the document declares, else UTF-8 (XML 1.0, 4.3.3)."""
    with path.open("rb") as stream:
        head = stream.read(1024)
    if head.startswith(_UTF16):
        return file_kinds.XML_ENCODING.at(encoding="UTF-16")
    declared = _DECLARED.match(head.removeprefix(codecs.BOM_UTF8))
    if wanted != "auto" or declared is None:
        return "utf-8" if wanted == "auto" else wanted
    name = declared[1].decode()
    return _ENCODINGS.get(name.lower()) or file_kinds.XML_ENCODING.at(encoding=name)


def _judged(found: Iterator[XmlRecord | Finding], expected: frozenset[str]) -> Iterator[Row | Finding]:
    seen = not expected
    present: list[str] = []
    number = 0
    for record in found:
        if isinstance(record, Finding):
            yield record
            return
        number += 1
        present = present or list(record.cells)
        seen = seen or not expected.isdisjoint(record.cells)
        yield _row(number, record, expected)
    if number and not seen:
        yield file_kinds.MISSING_COLUMNS.at(columns=listed(sorted(expected)), present=listed(present))


def _row(number: int, record: XmlRecord, expected: frozenset[str]) -> Row | Finding:
    """The record as a row; what stands in it several times is a list, unless the contract maps it."""
    if record.fault is not None:
        kind, limit = record.fault
        return kind.at(row=number, line=record.line, limit=limit)
    if repeated := [name for name in record.repeated if name in expected]:
        return record_kinds.REPEATED_KEYS.at(row=number, line=record.line, columns=listed(repeated))
    return Row(number, record.line, record.cells)
