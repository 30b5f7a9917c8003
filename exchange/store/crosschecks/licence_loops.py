"""W405: licences that follow each other in a circle, by the identifiers that they name as the one before."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from exchange.licences.circles import in_circles
from exchange.model.crosscheck import CrossTerms
from exchange.model.dataset import Dataset
from exchange.model.findings.licence_kinds import LOOP
from exchange.store.crosschecks.cross_check import CrossCheck, told
from exchange.store.licences.links import links_sql
from exchange.store.sql import golden

CIRCLES = "cross_circles"
"""A relation of the keys of golden records that a circle goes through."""


def make_circles(connection: duckdb.DuckDBPyConnection, datasets: Mapping[str, Dataset]) -> None:
    """Make the relation; only licences that name another one are looked at."""
    if "licence" not in datasets:
        return
    rows = connection.execute(links_sql(datasets["licence"])).fetchnumpy()
    found = in_circles(np.asarray(rows["licence"], np.uint64), np.asarray(rows["previous"], np.uint64))
    connection.register("circles_now", pa.table({"_key": pa.array(found, pa.uint64())}))
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {CIRCLES} AS SELECT * FROM circles_now")
    connection.unregister("circles_now")


def _query(datasets: Mapping[str, Dataset], terms: CrossTerms) -> str:
    node, source, batch, file = (
        f"json_extract_string(_claims, '$[0].{name}')" for name in ("node", "source", "batch", "file")
    )
    records = (
        f"(SELECT coalesce({node}, _origin) AS origin, coalesce({source}, _source) AS source, _key AS key, "
        f"NULL::VARCHAR AS case_no, printf('%016x', _key) AS licence_id, {batch} AS batch, {file} AS file, "
        f"json_extract_string(_claims, '$[0].row')::BIGINT AS row FROM {golden(datasets['licence'])} "
        f"WHERE NOT _deleted AND _key IN (FROM {CIRCLES}))"
    )
    return f"SELECT {told(LOOP, 'licence', 'previous_source_id', terms, {})} FROM {records}"


CHECK = CrossCheck(frozenset({"licence"}), _query)
