"""Writes deliveries as files, in the form of their system."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from exchange.demo.columns import column, fields
from exchange.demo.deliveries import Delivery, Row
from exchange.demo.layout import Form
from exchange.demo.writing import Cell
from exchange.model.dataset import Dataset

NOTE_PREFIXES = ("填表说明", "填表人")
_NOTE = "填表说明：日期请按“年-月-日”填写，证件号码列请设为文本格式。"
_FOOT = "填表人：李四　　　　审核人：张三"


def write(delivery: Delivery, dataset: Dataset, path: Path) -> None:
    """Write one file; a broken one as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if delivery.content is not None:
        path.write_bytes(delivery.content)
    elif delivery.system.form.kind == "csv":
        _write_csv(delivery, dataset, path)
    elif delivery.system.form.kind == "excel":
        _write_excel(delivery, dataset, path)
    else:
        _write_json(delivery, dataset, path)


def header(delivery: Delivery, dataset: Dataset) -> list[str]:
    """The file's own column names."""
    return [column(delivery.system, name, dataset) for name in fields(delivery.system, dataset.name)]


def _lines(delivery: Delivery) -> Iterator[list[Cell]]:
    names = fields(delivery.system, delivery.dataset)
    for row in delivery.rows:
        cells = [row.cells[name] for name in names]
        yield cells[:-2] if row.torn else cells


def _titles(delivery: Delivery, dataset: Dataset, form: Form) -> Sequence[list[str]]:
    first = [f"{delivery.system.body}{dataset.title}报送表"]
    return ([first, ["报送单位：", delivery.system.body, "单位：条"]])[: form.titles]


def _write_csv(delivery: Delivery, dataset: Dataset, path: Path) -> None:
    form = delivery.system.form
    with path.open("w", encoding=form.encoding, newline="") as file:
        writer = csv.writer(file, delimiter=form.delimiter, lineterminator=form.line_end)
        writer.writerows(_titles(delivery, dataset, form))
        writer.writerow(header(delivery, dataset))
        writer.writerows(_lines(delivery))


def _write_excel(delivery: Delivery, dataset: Dataset, path: Path) -> None:
    form = delivery.system.form
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数据")
    for title in _titles(delivery, dataset, form):
        sheet.append(title)
    sheet.append(header(delivery, dataset))
    sheet.append([_NOTE])
    for line in _lines(delivery):
        sheet.append(line)
    sheet.append([])
    sheet.append([_FOOT])
    book.save(path)


def _write_json(delivery: Delivery, dataset: Dataset, path: Path) -> None:
    columns = dict(zip(fields(delivery.system, dataset.name), header(delivery, dataset), strict=True))
    objects = (_object(row, columns) for row in delivery.rows)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        if delivery.system.form.array:
            file.write("[\n" + ",\n".join(objects) + "\n]\n")
        else:
            file.writelines(line + "\n" for line in objects)


def _object(row: Row, columns: Mapping[str, str]) -> str:
    cells = {column: row.cells[name] for name, column in columns.items()}
    text = json.dumps(cells, ensure_ascii=False, default=date.isoformat)
    return text[: len(text) // 2] if row.torn else text
