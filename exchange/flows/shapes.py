"""The form that a package's files must have: what a sender has signed may still be made by a faulty program."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from exchange.flows.workplace import Workplace
from exchange.packages import Refused
from exchange.text import Text

LINEAGE = {
    "_origin": pa.string(),
    "_source": pa.string(),
    "_key": pa.uint64(),
    "_version": pa.string(),
    "_deleted": pa.bool_(),
    "_batch": pa.string(),
    "_file": pa.string(),
    "_row": pa.int64(),
    "_claims": pa.string(),
}
"""Where a travelling record comes from; its own fields stand beside these, as texts."""


def types_of(path: Path) -> dict[str, pa.DataType] | None:
    """The columns of a Parquet file and their types; None when it is no such file."""
    try:
        schema = parquet.read_schema(path)
    except (pa.ArrowException, OSError):
        return None
    return {field.name: field.type for field in schema}


def has_shape(work: Workplace, name: str, path: Path) -> bool:
    """Whether a file holds the lineage columns and the key of a dataset that is known here, and texts beside them."""
    types = types_of(path)
    if types is None or name not in work.datasets.names():
        return False
    lineage = all(types.get(column) == kind for column, kind in LINEAGE.items())
    key = all(column in types for column in work.datasets.get(name).key)
    return lineage and key and all(kind == pa.string() for column, kind in types.items() if column not in LINEAGE)


def unknown_shape(names: Iterable[str]) -> Refused:
    """The refusal of a package with files of an unknown form."""
    listed = ", ".join(sorted(names))
    return Refused(
        Text(
            f"数据包中 {listed} 的格式无法识别，请发送方核对程序版本。",
            f"The form of {listed} in the package is unknown here; the sender should check its program's version.",
        )
    )
