"""Facts about cells that arithmetic on whole columns tells better than SQL: one function call for a block of rows.

A connection's threads take turns in Python, so that one call for all columns is worth far more than one for each.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from exchange.validation.formats.arrays import OnArray
from exchange.validation.sql.logic import Sql, text
from exchange.validation.sql.own import OwnFunctions, names_and_types

FACTS = "_facts"
SEPARATOR = "\x01"
"""Stands between cells that are looked at together."""
_MOST = 62
"""So many facts fit into one BIGINT beside the joint one."""


class JoinedCells(Protocol):
    """Looks at several cells of a row together; one that is equal to another looks at the same things."""

    def __hash__(self) -> int:
        """By what it looks at."""

    def rows(self, joined: pa.Array, width: int) -> npt.NDArray[np.bool_]:
        """The verdicts on rows of so many cells, joined by SEPARATOR."""


class Facts:
    """The facts that one statement asks for. Those of one row are the bits of one number, the column FACTS.

    Bit 0 is the joint fact: that everything that was given to `require` holds.
    """

    def __init__(self) -> None:
        self._cells: dict[Sql, str] = {}
        self._required: list[tuple[str, OnArray]] = []
        self._joined: dict[JoinedCells, list[Sql]] = {}
        self._asked: dict[tuple[str, str], tuple[int, OnArray]] = {}

    def require(self, cell: Sql, judge: OnArray) -> None:
        """A fact that must hold; `judge` says true of null."""
        self._required.append((self._argument(cell), judge))

    def require_of_cells(self, cell: Sql, judge: JoinedCells) -> None:
        """The same of many cells that one judge looks at together; nothing is said of null."""
        self._joined.setdefault(judge, []).append(cell)

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
        return f"({FACTS} & 1 <> 0)" if self._required or self._joined else "true"

    @property
    def column(self) -> Sql:
        """The number, to be selected as FACTS over the cells."""
        arguments = self._arguments()
        if not arguments:
            return "CAST(1 AS BIGINT)"
        given = ", ".join(f"'{argument}': {cell}" for argument, cell in arguments.items())
        return f"facts({{{given}}})"

    def register(self, own: OwnFunctions) -> None:
        """Make the function known to a connection."""
        arguments = self._arguments()
        if arguments:
            own.add("facts", self._tell, names_and_types(list(arguments)), "BIGINT")

    def _arguments(self) -> dict[str, Sql]:
        """What the function is given: cells one by one, and those that are looked at together as one text."""
        separator = f", {text(SEPARATOR)}, "
        joined = {f"j{place}": f"concat({separator.join(cells)})" for place, cells in enumerate(self._joined.values())}
        return {**{argument: cell for cell, argument in self._cells.items()}, **joined}

    def _argument(self, cell: Sql) -> str:
        return self._cells.setdefault(cell, f"a{len(self._cells)}")

    def _tell(self, rows: pa.Array) -> pa.Array:
        cells = dict(zip(self._arguments(), rows.flatten(), strict=True))
        joint = np.ones(len(rows), np.bool_)
        for argument, judge in self._required:
            joint &= _flags(judge(cells[argument]))
        for place, (together, members) in enumerate(self._joined.items()):
            joint &= together.rows(cells[f"j{place}"], len(members))
        number = joint.astype(np.int64)
        for (argument, _), (bit, judge) in self._asked.items():
            number |= np.where(_flags(judge(cells[argument])), bit, 0)
        return pa.array(number)


def _flags(verdicts: pa.Array) -> npt.NDArray[np.bool_]:
    known = verdicts.fill_null(False) if verdicts.null_count else verdicts
    return np.asarray(known.to_numpy(zero_copy_only=False), np.bool_)
