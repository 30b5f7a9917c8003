"""Facts about cells that arithmetic on whole columns tells better than SQL: one function call for a block of rows.

A connection's threads take turns in Python, so that one call for all columns is worth far more than one for each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from duckdb import DuckDBPyConnection
from duckdb.func import PythonUDFType

from exchange.validation.formats.arrays import OnArray
from exchange.validation.sql.logic import Sql

FACTS = "_facts"
_MOST = 62
"""So many facts fit into one BIGINT beside the joint one."""


class Facts:
    """The facts that one statement asks for. Those of one row are the bits of one number, the column FACTS.

    Bit 0 is the joint fact: that everything that was given to `require` holds.
    """

    def __init__(self) -> None:
        self._cells: dict[Sql, str] = {}
        self._required: list[tuple[str, OnArray]] = []
        self._asked: dict[tuple[str, str], tuple[int, OnArray]] = {}

    def require(self, cell: Sql, judge: OnArray) -> None:
        """A fact that must hold; `judge` says true of null."""
        self._required.append((self._argument(cell), judge))

    def ask(self, cell: Sql, subject: str, judge: OnArray) -> Sql | None:
        """A fact that a condition asks for, by its subject; None when there is no room for one more."""
        argument = self._argument(cell)
        if (argument, subject) not in self._asked and len(self._asked) == _MOST:
            return None
        bit, _ = self._asked.setdefault((argument, subject), (1 << (len(self._asked) + 1), judge))
        return f"({FACTS} & {bit} <> 0)"

    @property
    def hold(self) -> Sql:
        """Whether the joint fact is true."""
        return f"({FACTS} & 1 <> 0)" if self._required else "true"

    @property
    def column(self) -> Sql:
        """The number, to be selected as FACTS over the cells."""
        if not self._cells:
            return "CAST(1 AS BIGINT)"
        arguments = ", ".join(f"'{argument}': {cell}" for cell, argument in self._cells.items())
        return f"facts({{{arguments}}})"

    def register(self, connection: DuckDBPyConnection) -> None:
        """Make the function known to a connection."""
        if self._cells:
            members = ", ".join(f"{argument} VARCHAR" for argument in self._cells.values())
            connection.create_function("facts", self._tell, [f"STRUCT({members})"], "BIGINT", type=PythonUDFType.ARROW)

    def _argument(self, cell: Sql) -> str:
        return self._cells.setdefault(cell, f"a{len(self._cells)}")

    def _tell(self, rows: pa.Array | pa.ChunkedArray) -> pa.Array:
        if isinstance(rows, pa.ChunkedArray):
            rows = rows.combine_chunks()
        cells = dict(zip(self._cells.values(), rows.flatten(), strict=True))
        joint = _all([_flags(judge(cells[argument])) for argument, judge in self._required], len(rows))
        number = joint.astype(np.int64)
        for (argument, _), (bit, judge) in self._asked.items():
            number |= np.where(_flags(judge(cells[argument])), bit, 0)
        return pa.array(number)


def _flags(verdicts: pa.Array) -> npt.NDArray[np.bool_]:
    known = verdicts.fill_null(False) if verdicts.null_count else verdicts
    return np.asarray(known.to_numpy(zero_copy_only=False), np.bool_)


def _all(verdicts: Sequence[npt.NDArray[np.bool_]], count: int) -> npt.NDArray[np.bool_]:
    joint = np.ones(count, np.bool_)
    for each in verdicts:
        joint &= each
    return joint
