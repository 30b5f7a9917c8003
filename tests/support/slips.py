"""What a clerk does with an error slip: open it, change cells, save it, put it back into the drop folder."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from exchange.model.slip import ROWS_SHEET
from exchange.store import open_store
from support.site import COUNTY, DATASETS, TinySite

BAD = {"apply_date": "昨天"}
GOOD = {"apply_date": "2026-01-05 00:00:00"}


class KilledError(Exception):
    """Stands for the end of the process at one place."""


needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed (Debian: libreoffice-calc-nogui)"
)


def slips(site: TinySite, source: str = "cs-a") -> list[Path]:
    """The source's slips, oldest first."""
    return sorted(site.receipts(source).glob("*整改单.xlsx"), key=lambda path: path.stat().st_mtime_ns)


def edited(slip: Path, edit: Callable[[Worksheet], None]) -> bytes:
    """The slip with its sheet of rows changed and saved."""
    book, out = load_workbook(slip), BytesIO()
    edit(book[ROWS_SHEET])
    book.save(out)
    return out.getvalue()


def corrected(slip: Path, changes: Mapping[int, Mapping[str, object]]) -> bytes:
    """The slip with cells changed, given by the row's number in the original file and the column's name."""

    def edit(sheet: Worksheet) -> None:
        for number, cells in changes.items():
            for name, value in cells.items():
                sheet.cell(line_of(sheet, number), column_of(sheet, name)).value = value  # type: ignore[assignment]

    return edited(slip, edit)


def column_of(sheet: Worksheet, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1


def line_of(sheet: Worksheet, number: int) -> int:
    """The line of the row with this hidden row number."""
    at = column_of(sheet, "__行号")
    return next(cell.row for (cell,) in sheet.iter_rows(min_col=at, max_col=at) if cell.value == str(number))


def rows_of(slip: Path) -> list[dict[str, Any]]:
    """The slip's rows by column name."""
    header, *rows = load_workbook(slip)[ROWS_SHEET].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def saved_by_libreoffice(content: bytes, folder: Path, name: str = "slip.xlsx", ending: str = "xlsx") -> bytes:
    """The workbook as LibreOffice saves it."""
    folder.mkdir(parents=True, exist_ok=True)
    source, target = folder / name, folder / "saved"
    source.write_bytes(content)
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            str(target),
            str(source),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (target / source.with_suffix(f".{ending}").name).read_bytes()


def told(site: TinySite, pattern: str, source: str = "cs-a") -> dict[str, Any]:
    """The one receipt of this name."""
    (path,) = site.receipts(source).glob(pattern)
    body: dict[str, Any] = json.loads(path.read_bytes())
    return body


def held(site: TinySite) -> set[str]:
    with open_store(site.settings.home.node(COUNTY), COUNTY, list(DATASETS.values()), read_only=True) as store:
        rows = store._connection.execute("SELECT project_no FROM held.case_basic").fetchall()
    return {name for (name,) in rows}


def send_back(site: TinySite, content: bytes, name: str = "改好了.xlsx", source: str = "cs-a") -> None:
    site.drop_bytes(source, name, content)
    assert site.exchange() == []


def batch_of(site: TinySite, file: str) -> str:
    return next(entry["subject"] for entry in site.entries(COUNTY, "batch.recorded") if entry["file"] == file)


def codes(site: TinySite, file: str) -> list[list[object]]:
    findings = site.settings.home.node(COUNTY).batch(batch_of(site, file)).checked / "findings.parquet"
    return [[each["row"], each["code"]] for each in pq.read_table(findings).to_pylist() if each["code"][0] != "R"]
