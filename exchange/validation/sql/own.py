"""Our functions within SQL. What breaks in one is kept: DuckDB's own error does not tell it from a bad file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyarrow as pa
from duckdb import DuckDBPyConnection
from duckdb.func import PythonUDFType

from exchange.validation.formats.arrays import OnArray


class OwnFunctions:
    """The functions that are made known to one connection, and the first error that one of them raised."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._broken: list[Exception] = []

    def add(self, name: str, function: OnArray, argument: str, result: str = "BOOLEAN") -> None:
        """Make a function of one argument known."""
        kept = _keeping(function, self._broken)
        self._connection.create_function(name, kept, [argument], result, type=PythonUDFType.ARROW)

    def raise_if_broken(self) -> None:
        """Raise what a function raised."""
        if self._broken:
            raise self._broken[0]


def _keeping(function: OnArray, broken: list[Exception]) -> Callable[[pa.Array | pa.ChunkedArray], pa.Array]:
    """The function, whose errors are kept. It must not know the connection, or neither would ever be freed."""

    def call(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
        try:  # DuckDB hands over arrays in chunks, of which there is one
            return function(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)
        except Exception as error:
            broken.append(error)
            raise

    return call


def names_and_types(arguments: Sequence[str]) -> str:
    """The type of a record of texts."""
    return f"STRUCT({', '.join(f'{each} VARCHAR' for each in arguments)})"
