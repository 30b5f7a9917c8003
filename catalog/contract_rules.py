"""What a source contract must hold beyond its form: it names datasets, fields and codes that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from catalog.catalogue import Catalog
from catalog.models import Constant, Feed, SourceContract
from catalog.schemas import required_fields
from catalog.yaml_lines import Place
from exchange.errors import ConfigError
from exchange.model.dataset import Dataset
from exchange.model.format import CELL_PATH, RECORD_PATH
from exchange.text import Text

Wrong = tuple[Place, Text]


def check_contract(contract: SourceContract, catalog: Catalog) -> Iterator[Wrong]:
    """Each mistake with its place in the contract's file."""
    kind = contract.connector.get("kind")
    if not isinstance(kind, str):
        zh, en = "connector 缺少 kind（例如 dropfolder）", "connector needs a kind (dropfolder, for example)"
        yield ("connector",), Text(zh, en)
    datasets: set[str] = set()
    patterns: set[str] = set()
    for index, feed in enumerate(contract.feeds):
        place: Place = ("feeds", index)
        if feed.dataset in datasets:
            zh = f"一个来源的数据集 {feed.dataset} 只能有一种文件，请改为两个来源"
            yield (*place, "dataset"), Text(zh, f"a source has one feed of {feed.dataset}, make it two sources")
        if feed.files in patterns:
            zh = f"文件名模式“{feed.files}”重复，无法分辨是哪种数据"
            yield (*place, "files"), Text(zh, f"another feed has the pattern {feed.files}, files cannot be told apart")
        datasets.add(feed.dataset)
        patterns.add(feed.files)
        for inner, text in _check_feed(feed, catalog):
            yield (*place, *inner), text


def _check_feed(feed: Feed, catalog: Catalog) -> Iterator[Wrong]:
    yield from _check_paths(feed)
    revisions = catalog.datasets.revisions(feed.dataset)
    if not revisions:
        yield ("dataset",), Text(f"没有数据集“{feed.dataset}”", f"there is no dataset {feed.dataset}")
        return
    try:
        dataset = catalog.datasets.get(feed.dataset, feed.revision)
    except ConfigError as error:
        yield ("revision",), error.text
        return
    yield from _check_mapping(feed, dataset, catalog)
    yield from _check_codes(feed, dataset, catalog)


def _check_paths(feed: Feed) -> Iterator[Wrong]:
    """XML is read by paths, and nothing else is."""
    record = feed.format.record
    if feed.format.kind != "xml":
        if record is not None:
            yield ("format", "record"), Text("只有 kind 为 xml 时才能写 record", "record is a setting of kind xml only")
        return
    if record is not None and not re.fullmatch(RECORD_PATH, record):
        zh = f"“{record}”不是元素名或路径（如 办件 或 /数据/办件，不带前缀）"
        yield ("format", "record"), Text(zh, f"{record} is no element or path (row, /data/row; without prefixes)")
    for name, column in feed.mapping.items():
        if isinstance(column, str) and not re.fullmatch(CELL_PATH, column):
            zh = f"“{column}”不是 XML 路径（如 SBLSH、基本信息/SXBM、@id，不带前缀）"
            yield ("mapping", name), Text(zh, f"{column} is no path (SBLSH, base/SXBM, @id; without prefixes)")


def _check_mapping(feed: Feed, dataset: Dataset, catalog: Catalog) -> Iterator[Wrong]:
    for name, column in feed.mapping.items():
        if name not in dataset.field_names:
            yield ("mapping", name), _no_field(name, dataset)
        elif isinstance(column, Constant) and not _is_code(column.constant, name, dataset, catalog):
            yield ("mapping", name), _no_code(column.constant, name, dataset)
    for name in sorted(required_fields(dataset) - set(feed.mapping)):
        title = dataset.field(name).title
        zh = f"缺少必填字段 {name}（{title}）的对应列"
        yield ("mapping",), Text(zh, f"the required field {name} is mapped from nothing")


def _check_codes(feed: Feed, dataset: Dataset, catalog: Catalog) -> Iterator[Wrong]:
    for name, codes in feed.codes.items():
        if name not in dataset.field_names:
            yield ("codes", name), _no_field(name, dataset)
            continue
        if name not in feed.mapping:
            zh, en = f"字段 {name} 有代码对照但没有对应列", f"{name} has codes but is mapped from nothing"
            yield ("codes", name), Text(zh, en)
        for theirs, ours in codes.items():
            if not _is_code(ours, name, dataset, catalog):
                yield ("codes", name, theirs), _no_code(ours, name, dataset)


def _is_code(value: str, name: str, dataset: Dataset, catalog: Catalog) -> bool:
    """Whether a field may hold a value, as far as codes say."""
    allowed = dataset.schema["properties"][name].get("enum")
    if allowed is not None:
        return value in allowed
    table = dataset.field(name).codes
    return table is None or value in catalog.code_table(table).codes


def _no_field(name: str, dataset: Dataset) -> Text:
    return Text(f"数据集 {dataset.name} 没有字段“{name}”", f"the dataset {dataset.name} has no field {name}")


def _no_code(code: str, name: str, dataset: Dataset) -> Text:
    title = dataset.field(name).title
    return Text(f"“{code}”不是字段 {name}（{title}）的代码", f"{code} is no code of the field {name}")
