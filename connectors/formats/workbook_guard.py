"""What an Excel file is before a parser sees it: a real workbook, and of a size that memory can take."""

from __future__ import annotations

import errno
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from connectors.formats.limits import CHUNK, MIB
from exchange.model.findings import Finding, file_kinds

UNFOLDED_MIB = 1024
"""Most that all members of an .xlsx may unfold to, in MiB."""

RATIO = 200
"""Highest compression ratio; looked at only above `RATIO_FROM`, since small sheets of one value compress better."""

RATIO_FROM = 10 * MIB

MEMBERS = 10_000
"""Most members of an .xlsx."""

CELLS = 25_000_000
"""Largest rectangle that the cells of one sheet may span; the parser holds all of it (about 32 bytes a cell)."""

ROWS, COLUMNS = 1_048_576, 16_384
"""The last row and column of a sheet in Excel itself, which shows nothing of what a file may hold beyond."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""<(?:\w+:)?c\s(?:[^>]*?\s)?r=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"<", "网页或 XML 文本", "a web page or XML"),
    (b"%PDF", "PDF 文档", "a PDF"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
)


def guard(path: Path) -> Finding | None:
    """Why the file must not be opened as a workbook; None when it may."""
    with path.open("rb") as stream:
        head = stream.read(4096)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        return file_kinds.EMPTY_FILE.at()
    if head.startswith(_ZIP):
        return _zip_fault(path)
    if head.startswith(_OLE):
        return _ole_fault(path)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, zh, en in _FOREIGN:
        if text.startswith(magic):
            return file_kinds.NOT_EXCEL.at(found_zh=zh, found_en=en)
    if b"\0" in head:
        return file_kinds.NOT_EXCEL.at(found_zh="无法识别的二进制数据", found_en="binary data of an unknown kind")
    return file_kinds.NOT_EXCEL.at(found_zh="纯文本（例如 CSV）", found_en="plain text (CSV, for example)")


def _ole_fault(path: Path) -> Finding | None:
    """An encrypted .xlsx is a compound file with a stream of this name ([MS-OFFCRYPTO] 2.3.4)."""
    tail = b""
    mark = "EncryptedPackage".encode("utf-16-le")
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            if mark in tail + chunk:
                return file_kinds.ENCRYPTED_EXCEL.at()
            tail = chunk[-len(mark) :]
    return None


def _zip_fault(path: Path) -> Finding | None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            return _size_fault(members, path.stat().st_size) or _content_fault(archive, members)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError):
        return file_kinds.DAMAGED_EXCEL.at()
    except OSError as error:
        if error.errno != errno.EINVAL:  # a directory that points before the file's start; else it is our disk
            raise
        return file_kinds.DAMAGED_EXCEL.at()


def _size_fault(members: list[zipfile.ZipInfo], packed: int) -> Finding | None:
    """What the directory of the archive says of it, before anything is unfolded."""
    if len(members) > MEMBERS:
        return file_kinds.OVERSIZED_EXCEL.at(measured=len(members), limit=MEMBERS)
    unfolded = sum(member.file_size for member in members)
    if unfolded > UNFOLDED_MIB * MIB:
        return file_kinds.OVERSIZED_EXCEL.at(measured=f"{unfolded // MIB} MiB", limit=f"{UNFOLDED_MIB} MiB")
    if unfolded > RATIO_FROM and unfolded > RATIO * packed:
        return file_kinds.OVERSIZED_EXCEL.at(measured=f"{unfolded // packed} : 1", limit=f"{RATIO} : 1")
    return None


def _content_fault(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Finding | None:
    """What unfolding every member once shows.

    The directory may lie about sizes, which the checksums then tell, and two cells far apart make a sheet that no
    memory can hold.
    """
    names = {member.filename.lower().lstrip("/") for member in members}
    if any(member.flag_bits & 1 for member in members):
        return file_kinds.ENCRYPTED_EXCEL.at()
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        return file_kinds.DAMAGED_EXCEL.at()  # ISO/IEC 29500-2, annex B: no other method
    if not any(name.startswith("xl/workbook.") for name in names):
        return file_kinds.NOT_EXCEL.at(found_zh="其他压缩包或文档", found_en="another kind of archive or document")
    for member in members:
        extent = _Extent()
        for part in tags(archive, member):
            extent.add(part)
        if fault := extent.fault():
            return fault
    return None


def tags(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's content in parts that do not cut a tag in two."""
    kept = b""
    with archive.open(member) as stream:
        while chunk := stream.read(CHUNK):
            part = kept + chunk
            cut = part.rfind(b"<")
            kept = part[cut:] if cut >= 0 and b">" not in part[cut:] and len(part) - cut < CHUNK else b""
            yield part[: len(part) - len(kept)]
    yield kept


@dataclass(slots=True)
class _Extent:
    """The rectangle that the cells of a sheet span."""

    top: int = 1 << 31
    bottom: int = 0
    left: int = 1 << 31
    right: int = 0

    def add(self, part: bytes) -> None:
        """Take in the cells of a part of the sheet."""
        if not (places := _CELL.findall(part)):
            return
        rows = [int(row) for row in {row for _, row in places}]
        columns = [_column(letters) for letters in {letters for letters, _ in places}]
        self.top, self.bottom = min(self.top, *rows), max(self.bottom, *rows)
        self.left, self.right = min(self.left, *columns), max(self.right, *columns)

    def fault(self) -> Finding | None:
        """Why no one can hold or see such a sheet; None when it is sound."""
        measured = f"{self.rows:,} × {self.columns:,}"
        if self.bottom > ROWS or self.right > COLUMNS:
            measured = f"{self.bottom:,} × {self.right:,}"
            return file_kinds.OVERSIZED_EXCEL.at(measured=measured, limit=f"{ROWS:,} × {COLUMNS:,}")
        if self.rows * self.columns > CELLS:
            return file_kinds.OVERSIZED_EXCEL.at(measured=measured, limit=f"{CELLS:,}")
        return None

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return max(0, self.bottom - self.top + 1)

    @property
    def columns(self) -> int:
        """How many columns it has."""
        return max(0, self.right - self.left + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
