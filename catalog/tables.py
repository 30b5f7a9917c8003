"""The catalogue's tables: divisions, their aliases, code tables, items, holidays, former prefixes of citizen IDs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from catalog.csv_table import read_table
from catalog.entries import EntryT, entry
from catalog.mistakes import Mistakes
from catalog.models import CodeTable, Division, DivisionAlias, Holiday, IdPrefix, Item, Level
from catalog.yaml_lines import read_yaml
from exchange.text import Text

_DIVISION = ("code", "name", "level", "parent", "valid_from", "valid_to")
_ALIAS = ("alias", "code", "reason")
_ITEM = (
    *("catalog_code", "version", "name", "type", "department", "levels", "by_law"),
    *("promise_day", "local_only", "certificate", "valid_from", "valid_to"),
)
_HOLIDAY = ("first", "last", "kind", "name", "notice", "confirmed")
_ID_PREFIX = ("prefix", "name", "last_year")
_SEVERAL = "levels"
_LEVELS = get_args(Level)  # from the highest down

Numbered = list[tuple[int, EntryT]]


def read_divisions(folder: Path, mistakes: Mistakes) -> list[Division]:
    """`divisions.csv`: every parent is there, and of one code no two rows are valid on the same day."""
    path = folder / "divisions.csv"
    rows = read_entries(path, _DIVISION, Division, mistakes)
    levels = {division.code: _LEVELS.index(division.level) for _, division in rows}
    by_code: dict[str, Numbered[Division]] = defaultdict(list)
    for line, division in rows:
        by_code[division.code].append((line, division))
        if division.parent is None:
            continue
        if division.parent not in levels:
            zh, en = f"没有上级区划 {division.parent}", f"there is no parent division {division.parent}"
            mistakes.add(path, line, Text(zh, en))
        elif levels[division.parent] >= levels[division.code]:
            zh = f"上级区划 {division.parent} 的级别不高于 {division.code}"
            mistakes.add(path, line, Text(zh, f"the parent {division.parent} is not of a higher level"))
    for code, versions in by_code.items():
        _check_overlaps(path, code, versions, mistakes)
    return [division for _, division in rows]


def read_aliases(folder: Path, divisions: Sequence[Division], mistakes: Mistakes) -> list[DivisionAlias]:
    """`division_aliases.csv`: each names a division there is, and is itself no division that still exists."""
    path = folder / "division_aliases.csv"
    codes = {division.code for division in divisions}
    present = {division.code for division in divisions if division.valid_to is None}
    rows = read_entries(path, _ALIAS, DivisionAlias, mistakes)
    seen: set[str] = set()
    for line, alias in rows:
        if alias.code not in codes:
            mistakes.add(path, line, Text(f"没有区划 {alias.code}", f"there is no division {alias.code}"))
        if alias.alias in present:
            zh, en = f"{alias.alias} 是现行区划，不能作别名", f"{alias.alias} is a division itself, not an alias"
            mistakes.add(path, line, Text(zh, en))
        if alias.alias in seen:
            mistakes.add(path, line, Text(f"别名 {alias.alias} 重复", f"the alias {alias.alias} stands here twice"))
        seen.add(alias.alias)
    return [alias for _, alias in rows]


def read_items(path: Path, mistakes: Mistakes) -> list[Item]:
    """`items.csv`: of one item no two versions have one number or are in force on the same day."""
    rows = read_entries(path, _ITEM, Item, mistakes)
    by_code: dict[str, Numbered[Item]] = defaultdict(list)
    for line, item in rows:
        if any(other.version == item.version for _, other in by_code[item.catalog_code]):
            zh = f"事项 {item.catalog_code} 的版本 {item.version} 重复"
            mistakes.add(path, line, Text(zh, f"version {item.version} of {item.catalog_code} stands here twice"))
        by_code[item.catalog_code].append((line, item))
    for code, versions in by_code.items():
        _check_overlaps(path, code, versions, mistakes)
    return [item for _, item in rows]


def read_holidays(folder: Path, mistakes: Mistakes) -> list[Holiday]:
    """`holidays.csv`: spans that do not overlap, and no year missing among them."""
    path = folder / "holidays.csv"
    rows = read_entries(path, _HOLIDAY, Holiday, mistakes)
    ordered = sorted(rows, key=lambda each: each[1].first)
    for line, holiday in ordered:
        if holiday.last < holiday.first:
            zh, en = f"{holiday.first} 起的假期止早于起", f"the span from {holiday.first} ends before it begins"
            mistakes.add(path, line, Text(zh, en))
    for (_, earlier), (line, later) in pairwise(ordered):
        if later.first <= earlier.last:
            zh, en = f"{later.first} 起的假期与另一段重叠", f"the span from {later.first} overlaps another"
            mistakes.add(path, line, Text(zh, en))
        if later.first.year > earlier.last.year + 1:
            zh = f"{earlier.last.year} 年与 {later.first.year} 年之间缺少年份，无法计算工作日"
            en = f"between {earlier.last.year} and {later.first.year} a year is missing: no working day can be counted"
            mistakes.add(path, line, Text(zh, en))
    return [holiday for _, holiday in rows]


def read_id_prefixes(folder: Path, mistakes: Mistakes) -> list[IdPrefix]:
    """`id_prefixes.csv`: no prefix stands there twice."""
    path = folder / "id_prefixes.csv"
    rows = read_entries(path, _ID_PREFIX, IdPrefix, mistakes)
    seen: set[str] = set()
    for line, each in rows:
        if each.prefix in seen:
            zh, en = f"证件号码前六位 {each.prefix} 重复", f"the prefix {each.prefix} stands here twice"
            mistakes.add(path, line, Text(zh, en))
        seen.add(each.prefix)
    return [each for _, each in rows]


def read_code_tables(folder: Path, mistakes: Mistakes) -> list[CodeTable]:
    """`code_tables.yaml`: a list of tables, no two of one id."""
    path = folder / "code_tables.yaml"
    content = read_yaml(path, mistakes)
    if content is None:
        return []
    if not isinstance(content.data, list):
        mistakes.add(path, 1, Text("应为代码表的列表", "must be a list of code tables"))
        return []
    tables: dict[str, CodeTable] = {}
    for index, data in enumerate(content.data):
        table = entry(CodeTable, data, path, lambda loc, at=index: content.line((at, *loc)), mistakes)  # type: ignore[misc]
        if table is not None and table.id in tables:
            zh, en = f"代码表 {table.id} 重复", f"the code table {table.id} stands here twice"
            mistakes.add(path, content.line((index, "id")), Text(zh, en))
        if table is not None:
            tables[table.id] = table
    return list(tables.values())


def read_entries(path: Path, columns: tuple[str, ...], model: type[EntryT], mistakes: Mistakes) -> Numbered[EntryT]:
    """The entries of a CSV table with their lines; a row that is none is a mistake."""
    found: Numbered[EntryT] = []
    for line, row in read_table(path, columns, mistakes):
        data: dict[str, Any] = dict(row)
        if _SEVERAL in data:
            data[_SEVERAL] = data[_SEVERAL].split()
        made = entry(model, data, path, lambda _, at=line: at, mistakes)  # type: ignore[misc]
        if made is not None:
            found.append((line, made))
    return found


def _check_overlaps(path: Path, code: str, versions: Sequence[tuple[int, Division | Item]], mistakes: Mistakes) -> None:
    ordered = sorted(versions, key=lambda each: each[1].valid_from or date.min)
    for line, version in ordered:
        if version.valid_to is not None and version.valid_to <= (version.valid_from or date.min):
            mistakes.add(path, line, Text(f"{code} 的有效期止早于有效期起", f"{code} ends before it begins"))
    for (_, earlier), (line, later) in pairwise(ordered):
        if (earlier.valid_to or date.max) > (later.valid_from or date.min):
            zh = f"{code} 的有效期与另一版本重叠"
            mistakes.add(path, line, Text(zh, f"{code} is valid on the same days as another version of it"))
