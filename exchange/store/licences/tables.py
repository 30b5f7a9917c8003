"""The two small relations that every comparison of licences looks things up in."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from exchange.licences.holder import ALIASES
from exchange.licences.issuer import LINEAGE
from exchange.model.reference import Reference


def register_lookups(connection: duckdb.DuckDBPyConnection, reference: Reference | None) -> None:
    """Make the lineage of issuers and the aliases of holders known to a connection; empty without reference values."""
    lineage = dict(reference.issuers) if reference else {}
    aliases = dict(reference.holders) if reference else {}
    _make(connection, LINEAGE, "root", lineage)
    _make(connection, ALIASES, "holder", aliases)


def _make(connection: duckdb.DuckDBPyConnection, name: str, column: str, found: Mapping[str, str]) -> None:
    table = pa.table({"code": pa.array(list(found), pa.string()), column: pa.array(list(found.values()), pa.string())})
    connection.register("lookup", table)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM lookup")
    connection.unregister("lookup")
