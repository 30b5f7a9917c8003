"""Cells of an .xlsx sheet that show an error (#N/A, #REF! …): the parser gives them as empty, which would lose them."""

from __future__ import annotations

import posixpath
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

from connectors.formats.workbook_guard import tags

WORKBOOK = "xl/workbook.xml"
"""The member that lists a workbook's sheets."""
_RELATIONS = "xl/_rels/workbook.xml.rels"
_ERROR = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\bt=["']e["'][^>]*>""")
_PLACE = re.compile(rb"""\br=["']([A-Za-z]{1,3}([0-9]{1,7}))["']""")


def error_cells(path: Path, sheet: str) -> dict[int, list[str]]:
    """By row, the places ("C5") of the cells of type `e` (ISO/IEC 29500-1, 18.18.11); none for an .xls.

    ET.ParseError when the workbook's own list of sheets is no XML.
    """
    found: dict[int, list[str]] = {}
    if not zipfile.is_zipfile(path):
        return found
    with zipfile.ZipFile(path) as archive:
        member = _member(archive, sheet)
        for part in tags(archive, archive.getinfo(member)) if member else ():
            for cell in _ERROR.findall(part):
                if place := _PLACE.search(cell):
                    found.setdefault(int(place[2]), []).append(place[1].decode())
    return found


def sheets_of(archive: zipfile.ZipFile) -> dict[str, str]:
    """The sheets of a workbook by name, each with the id of its relationship; none when the archive is no workbook.

    ET.ParseError when the workbook's own list of sheets is no XML.
    """
    if WORKBOOK not in archive.namelist():
        return {}
    found = {}
    for each in _elements(archive, WORKBOOK, "sheet"):
        ids = [value for key, value in each.items() if key.endswith("}id")]
        if ids:
            found[each.get("name", "")] = ids[0]
    return found


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The member that holds a sheet, as the workbook's relationships tell it."""
    names = set(archive.namelist())
    wanted = sheets_of(archive).get(sheet)
    if wanted is None or _RELATIONS not in names:
        return None
    for each in _elements(archive, _RELATIONS, "Relationship"):
        if each.get("Id") == wanted:
            member = posixpath.normpath(posixpath.join("/xl", each.get("Target", ""))).lstrip("/")
            return member if member in names else None
    return None


def _elements(archive: zipfile.ZipFile, member: str, name: str) -> list[ET.Element]:
    # expat stops entity bombs itself and loads nothing from elsewhere; the guard has capped the size
    tree = ET.fromstring(archive.read(member))  # noqa: S314
    return [each for each in tree.iter() if each.tag.rpartition("}")[2] == name]
