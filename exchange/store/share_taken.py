"""A package of the parent, applied: its records into `shared`, its corrections into `hub.corrections`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

import duckdb

from exchange.model.correction import Correction, Standing
from exchange.model.dataset import Dataset
from exchange.model.merged import Received
from exchange.model.package import CORRECTIONS, Manifest
from exchange.model.record_sql import content_digest, ident, idents, literal
from exchange.store.clock import next_seq
from exchange.store.share_feed import linked
from exchange.store.sql import golden, shared

Connection = duckdb.DuckDBPyConnection
_COLUMNS = idents(each.name for each in fields(Correction))
_SAME = ("dataset", "claim", "field", "theirs", "ours")
"""What makes two corrections the same one, whoever decided it and why, so that it is told once."""


def take_package(
    connection: Connection, datasets: Iterable[Dataset], manifest: Manifest, sha256: str, files: Mapping[str, Path]
) -> Received:
    """Apply one package: each record takes the place of the one of its id; what is taken back stays as a tombstone.

    What is taken back keeps its id and claims, and nothing of what it said.
    """
    parent, seq = manifest.channel.parent, next_seq(connection)
    _find_said(connection, files.get(CORRECTIONS), manifest.number)
    for dataset in datasets:
        if dataset.name in files and dataset.identity:
            _take_records(connection, dataset, files[dataset.name], seq)
            _drop_corrections(connection, dataset)
    connection.execute("INSERT INTO hub.corrections SELECT * FROM said")
    records = sum(resource.records for resource in manifest.resources if resource.dataset != CORRECTIONS)
    connection.execute(
        "INSERT INTO hub.shares_in VALUES (?, ?, ?, ?, ?)", [parent, manifest.number, sha256, seq, records]
    )
    return Received(parent, manifest.number, sha256, seq, records, again=False)


def _take_records(connection: Connection, dataset: Dataset, file: Path, seq: int) -> None:
    """Own records that are linked to a shared one, as it was or as it is now, are noted: who goes down may change."""
    table = shared(dataset)
    _read(connection, dataset, file)
    was = f"(SELECT t.* FROM {table} t SEMI JOIN coming USING (_origin, _key))"
    mine = f"(SELECT * FROM {golden(dataset)})"
    links = f"SELECT own FROM ({linked(mine, was)}) UNION SELECT own FROM ({linked(mine, 'coming')})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE stirring AS {links}")
    connection.execute(
        "DELETE FROM hub.stirred WHERE dataset = ? AND key IN (SELECT own FROM stirring)", [dataset.name]
    )
    connection.execute("INSERT INTO hub.stirred SELECT ?, own, ? FROM stirring", [dataset.name, seq])
    connection.execute(
        f"UPDATE coming SET _claims = t._claims FROM {table} t WHERE coming._deleted "
        f"AND t._origin = coming._origin AND t._key = coming._key"
    )
    connection.execute(f"DELETE FROM {table} t USING coming c WHERE t._origin = c._origin AND t._key = c._key")
    connection.execute(
        f"INSERT INTO {table} BY NAME SELECT * REPLACE ({content_digest(dataset)} AS _digest, {seq:d}::BIGINT AS _seq) "
        f"FROM coming"
    )


def _read(connection: Connection, dataset: Dataset, file: Path) -> None:
    """Table `coming`, in the shape of the shared one: a column that only a later revision has is left out.

    It is made and filled by one statement: DuckDB 2.0 finds nothing by join or filter in a table that is made in a
    transaction and then filled by an INSERT of 122,880 rows or more, until that transaction ends.
    """
    rows = f"read_parquet({literal(str(file))})"
    there = {name for name, *_ in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()}
    own = [name for name in dataset.field_names if name in there]
    lineage = "_origin, _source, _key, _version, _deleted, _batch, _file, _row, _claims"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE coming AS SELECT * FROM (SELECT * FROM {shared(dataset)} LIMIT 0) "
        f"UNION ALL BY NAME SELECT {lineage}, 0::UBIGINT AS _digest, 0::BIGINT AS _seq"
        f"{''.join(f', {ident(name)}' for name in own)} FROM {rows}"
    )


def _find_said(connection: Connection, file: Path | None, number: int) -> None:
    """Table `said`: the package's corrections; one that is said already keeps the package since which it is."""
    if file is None:
        connection.execute("CREATE OR REPLACE TEMP TABLE said AS SELECT * FROM hub.corrections LIMIT 0")
        return
    same = " AND ".join(f"c.{name} IS NOT DISTINCT FROM f.{name}" for name in _SAME)
    of_file = ", ".join(f"f.{name}" for name in _COLUMNS.split(", "))
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE said AS SELECT {of_file}, coalesce(min(c.since), $number) AS since, "
        f"$number::BIGINT AS last FROM read_parquet({literal(str(file))}) f LEFT JOIN hub.corrections c ON {same} "
        f"GROUP BY {of_file}",
        {"number": number},
    )


def _drop_corrections(connection: Connection, dataset: Dataset) -> None:
    """Take away what was said of the records that come: the package says anew what holds."""
    connection.execute(
        "DELETE FROM hub.corrections c USING coming r WHERE c.dataset = ? AND c.origin = r._origin "
        "AND c.licence = printf('%016x', r._key)",
        [dataset.name],
    )


def standing(connection: Connection, dataset: str | None, licences: Sequence[str] | None, after: int) -> list[Standing]:
    """The corrections as they stand: of a dataset, of these shared records, said after a package."""
    rows = connection.execute(
        f"SELECT {_COLUMNS}, since, last FROM hub.corrections WHERE last > $after "
        f"AND ($dataset IS NULL OR dataset = $dataset) AND ($licences IS NULL OR list_contains($licences, licence)) "
        f"ORDER BY dataset, origin, licence, claim, field",
        {"dataset": dataset, "licences": None if licences is None else list(licences), "after": after},
    ).fetchall()
    return [Standing(Correction(*row[:-2]), row[-2], row[-1]) for row in rows]
