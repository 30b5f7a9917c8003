"""The second look: for rows that are not clean, the exact places of the schema at which each of them fails.

Rows that fail at the same places have the same errors, so `jsonschema` explains the first of them only; a row on which
SQL does not decide is the library's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from exchange.model.findings import Finding
from exchange.model.row import Row
from exchange.validation.explain import Fault
from exchange.validation.formats import format_checker
from exchange.validation.mapping import Prepared
from exchange.validation.reference import JsonschemaVerdicts
from exchange.validation.sql import SchemaSql, column, sites
from exchange.validation.sql.own import OwnFunctions


class ExactVerdicts:
    """The verdicts of one schema on prepared rows whose texts have these fields. It has a small database of its own."""

    def __init__(self, schema: Mapping[str, Any], fields: Sequence[str], judge: JsonschemaVerdicts) -> None:
        properties = schema.get("properties", {})
        columns = {each: column(each, f"t{place}", properties.get(each, True)) for place, each in enumerate(fields)}
        self.judge = judge
        self._fields = tuple(fields)
        self._sql = SchemaSql(schema, columns, format_checker())
        self._places = sites(self._sql)
        self._known: dict[bytes, tuple[Fault, ...]] = {}
        self._connection = duckdb.connect(config={"threads": "1"})
        self._sql.functions.register(OwnFunctions(self._connection))

    def findings(self, prepared: Sequence[Prepared], rows: Sequence[Row]) -> list[Sequence[Finding]]:
        """What breaks the schema in each row; nothing when `jsonschema` accepts it."""
        broken, undecided = self._broken(prepared)
        failing = np.asarray(broken.any(axis=1))
        signatures = np.packbits(broken, axis=1)
        out: list[Sequence[Finding]] = []
        for place, (each, row) in enumerate(zip(prepared, rows, strict=True)):
            if undecided[place]:
                out.append(self.judge.findings(each.record, row=row.number, line=row.line))
            elif failing[place]:
                out.append(self._explained(signatures[place].tobytes(), each.record, row))
            else:
                out.append(())
        return out

    def _explained(self, signature: bytes, record: Mapping[str, Any], row: Row) -> Sequence[Finding]:
        faults = self._known.get(signature)
        if faults is None:
            faults = self._known[signature] = self.judge.faults(record)
        return self.judge.explained(faults, record, row=row.number, line=row.line)

    def _broken(self, prepared: Sequence[Prepared]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Which place each row fails at, one row of flags a row; and which rows SQL leaves undecided."""
        flags = np.zeros((len(prepared), max(1, len(self._places))), np.bool_)
        undecided = np.zeros(len(prepared), np.bool_)
        texts = {
            f"t{place}": _column([each.texts.get(name) or None for each in prepared], undecided)
            for place, name in enumerate(self._fields)
        }
        if not self._places:
            return flags, undecided
        selected = ", ".join(f"{each.broken} AS s{place}" for place, each in enumerate(self._places))
        self._connection.register("looked_at", pa.table({**texts, "n": pa.array(range(len(prepared)))}))
        result: pa.Table = self._connection.sql(f"SELECT {selected} FROM looked_at ORDER BY n").to_arrow_table()
        self._connection.unregister("looked_at")
        for place, verdicts in enumerate(result.columns):
            undecided |= verdicts.is_null().to_numpy()
            flags[:, place] = verdicts.fill_null(False).to_numpy()
        return flags, undecided


def _column(texts: list[str | None], undecided: npt.NDArray[np.bool_]) -> pa.Array:
    """One field of all rows. Half a surrogate pair is nothing that Arrow can hold: such a row is left undecided."""
    try:
        return pa.array(texts, pa.string())
    except UnicodeEncodeError:
        for place, text in enumerate(texts):
            if text is not None and any("\ud800" <= each <= "\udfff" for each in text):
                texts[place], undecided[place] = None, True
        return pa.array(texts, pa.string())
