"""What a schema must hold beyond being one: its `x-` keywords name fields, datasets and codes that there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from catalog.mistakes import Mistakes
from catalog.models import CodeTable
from catalog.schemas import SchemaFolder
from exchange.errors import ConfigError
from exchange.model.dataset import Dataset
from exchange.model.served import LINEAGE, SHARED, is_taken
from exchange.text import Text

_NAME = re.compile("[a-z][a-z0-9_]*")


def check_schemas(datasets: SchemaFolder, code_tables: Mapping[str, CodeTable], mistakes: Mistakes) -> None:
    """Hold every dataset's keywords against its fields, the other datasets and the code tables."""
    try:
        names = datasets.names()
    except ConfigError as error:
        mistakes.add(mistakes.folder, 1, error.text)
        return
    titles = Counter(datasets.get(name).title for name in names)
    for name in names:
        for revision in datasets.revisions(name):
            path = datasets.file(name, revision)
            for word, text in _names(datasets.get(name, revision), titles):
                mistakes.add(path, _line(path, word), text)
            for word, text in _mistakes(datasets.get(name, revision), names, code_tables):
                mistakes.add(path, _line(path, word), text)


def _mistakes(
    dataset: Dataset, names: tuple[str, ...], code_tables: Mapping[str, CodeTable]
) -> Iterator[tuple[str, Text]]:
    yield from _unknown_fields(dataset)
    yield from _references(dataset, names)
    yield from _codes(dataset, code_tables)
    for title, times in Counter(field.title for field in dataset.fields).items():
        if times > 1:
            yield title, Text(f"中文列名“{title}”重复", f"two columns have the title {title}")


def _names(dataset: Dataset, titles: Mapping[str, int]) -> Iterator[tuple[str, Text]]:
    """Its name becomes a table, its title a view, its columns' titles the view's columns: none may be taken twice."""
    if _NAME.fullmatch(dataset.name) is None:
        yield (
            "title",
            Text(
                f"数据集名“{dataset.name}”只能用小写字母、数字和下划线，以字母开头",
                f"the dataset's name {dataset.name} may hold small letters, digits and underscores, a letter first",
            ),
        )
    if is_taken(dataset.name, dataset.title) or titles[dataset.title] > 1:
        yield "title", Text(f"名称“{dataset.title}”已被占用", f"the name {dataset.title} or {dataset.name} is taken")
    added = {each.title for each in (SHARED if dataset.identity else LINEAGE)}
    for field in dataset.fields:
        if field.title in added:
            yield field.title, Text(f"列名“{field.title}”是枢纽自己的列", f"the column {field.title} is the hub's own")


def _unknown_fields(dataset: Dataset) -> Iterator[tuple[str, Text]]:
    operation = (dataset.operation,) if dataset.operation else ()
    referring = chain.from_iterable(each.fields for each in dataset.references)
    ordered = chain.from_iterable(dataset.schema.get("x-order", ()))
    named = (*ordered, *dataset.key, *dataset.version, *dataset.provenance, *dataset.identity, *operation, *referring)
    for name in sorted(set(named) - set(dataset.field_names)):
        yield name, Text(f"没有字段“{name}”", f"there is no field {name}")
    if not dataset.key:
        yield "x-key", Text("缺少业务主键 x-key", "x-key is missing")


def _references(dataset: Dataset, names: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    for reference in dataset.references:
        if reference.dataset not in names:
            zh, en = f"没有数据集“{reference.dataset}”", f"there is no dataset {reference.dataset}"
            yield reference.dataset, Text(zh, en)
        if len(reference.fields) != len(reference.to):
            yield "x-references", Text("x-references 两边的字段数不同", "fields and to differ in number")


def _codes(dataset: Dataset, code_tables: Mapping[str, CodeTable]) -> Iterator[tuple[str, Text]]:
    for field in dataset.fields:
        if field.codes is None:
            continue
        if field.codes not in code_tables:
            yield field.codes, Text(f"没有代码表“{field.codes}”", f"there is no code table {field.codes}")
            continue
        allowed = dataset.schema["properties"][field.name].get("enum", ())
        for code in sorted(set(allowed) - set(code_tables[field.codes].codes)):
            zh = f"字段“{field.name}”的代码 {code} 不在代码表“{field.codes}”中"
            yield field.name, Text(zh, f"{field.name}: the code {code} is not in the table {field.codes}")


def _line(path: Path, word: str) -> int:
    """The first line of a schema that holds a word in quotes."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if f'"{word}"' in line), 1)
