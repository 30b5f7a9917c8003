"""The rows that are measured: cases of the demo, a share of them spoiled, as a schema or a department writes them."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from catalog.loader import load_catalog
from exchange.demo.cases import make_cases
from exchange.demo.layout import SYSTEMS
from exchange.validation.mapping import Origin

DISTINCT = 5_000
ENVELOPE = {"cd_operation": "I", "cd_time": "2026-01-05T08:00:00+08:00", "cd_batch": "bench", "data_source": "001"}
DIRTY = 0.02
"""The share of a department's rows in which something can be repaired."""
CODES = {
    "apply_type": {"窗口": "0", "网上": "1"},
    "applyer_type": {"自然人": "1", "企业": "2", "机关": "6"},
    "cd_operation": {"新增": "I", "变更": "U", "删除": "D"},
}
_TIMES = ("apply_date", "accept_date", "cd_time")
_SPOIL: tuple[Callable[[dict[str, str]], object], ...] = (
    lambda record: record.update(applyer_page_code="320102199001010000"),
    lambda record: record.update(accept_date="2024-02-30 10:00:00"),
    lambda record: record.update(project_type="7"),
    lambda record: record.update(contact_mobile="13800138000;13900139000"),
    lambda record: record.pop("org_name"),
)
_DIRTY: tuple[Callable[[dict[str, str]], object], ...] = (
    lambda record: record.update(apply_date=record["apply_date"].replace("-", "/")),
    lambda record: record.update(applyer_name=f" {record['applyer_name']}\u3000"),
    lambda record: record.update(zip_code="无"),
)


def field_names() -> tuple[str, ...]:
    """The fields of `case_basic`."""
    return load_catalog().datasets.get("case_basic").field_names


def mapping() -> dict[str, Origin]:
    """A department's columns: the Chinese titles of the fields."""
    return {field.name: ("column", field.title) for field in load_catalog().datasets.get("case_basic").fields}


def records(rows: int, bad: float) -> Iterator[dict[str, str]]:
    """So many records in standard form, of which a share is spoiled in one of five ways."""
    made = [case.basic for case in make_cases(SYSTEMS[0], DISTINCT, load_catalog(), random.Random(1))]  # noqa: S311
    chance = random.Random(2)  # noqa: S311 - data, not keys
    for number in range(rows):
        record = {**made[number % DISTINCT], **ENVELOPE, "project_no": f"bench-{number}", "row_guid": f"{number}"}
        if chance.random() < bad:
            chance.choice(_SPOIL)(record)
        yield record


def write_cases(path: Path, rows: int, *, bad: float, encoding: str = "utf-8") -> None:
    """The records under the fields' own names."""
    _write(path, {name: name for name in field_names()}, records(rows, bad), encoding)


def write_delivery(path: Path, rows: int, *, bad: float, encoding: str = "utf-8") -> None:
    """The records as a department has them: its columns, its codes, wall-clock times, and here and there some dirt."""
    titles = {name: value for name, (_, value) in mapping().items()}
    _write(path, titles, map(_as_a_department, records(rows, bad), _chances()), encoding)


def _chances() -> Iterator[random.Random]:
    chance = random.Random(3)  # noqa: S311 - data, not keys
    while True:
        yield chance


def _as_a_department(record: dict[str, str], chance: random.Random) -> dict[str, str]:
    for field, codes in CODES.items():
        theirs = {ours: code for code, ours in codes.items()}
        record[field] = theirs.get(record[field], record[field])
    for field in _TIMES:
        record[field] = record[field].replace("T", " ").removesuffix("+08:00")
    if chance.random() < DIRTY:
        chance.choice(_DIRTY)(record)
    return record


def _write(path: Path, columns: Mapping[str, str], rows: Iterator[dict[str, str]], encoding: str) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.values())
        writer.writerows([row.get(name, "") for name in columns] for row in rows)
