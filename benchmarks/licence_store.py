"""A batch of 50,000 licence claims into a small store and a large one: the cost should follow the batch.

The store is made as it is after compaction, of claims that each speak of a licence of their own: 50,000 of each issuing
body, of three kinds of forty. The batch comes from one body: half are its licences again, newer, half are new ones.
"""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.measured import REPEATS, Measured
from catalog.loader import load_catalog
from exchange.licences.chain import events_sql
from exchange.licences.keys import cluster_sql, keys_sql, normal_sql
from exchange.model.batch import Batch, Counts
from exchange.model.dataset import Dataset
from exchange.model.folders import NodeFolder
from exchange.model.record_sql import content_digest, ident
from exchange.store import open_store
from exchange.store.compaction import compact
from exchange.store.licences.tables import register_lookups
from exchange.store.sql import key_hash

NODE = "320100000000"
OF_EACH = 50_000
KINDS = 40
CHUNK = 2_000_000
BATCH = 50_000
_RECORDS = """
SELECT '1.2.156.3005.2.11100000000013338W0' || lpad(kind::VARCHAR, 2, '0') || '.' || issuer_code || '.' || number
    || '.001.U' AS certificate_source_id,
  '类型' || kind AS certificate_type, '11100000000013338W0' || lpad(kind::VARCHAR, 2, '0') AS certificate_type_code,
  '证照' AS certificate_name, number AS certificate_number, '机构' || issuer AS issue_dept,
  issuer_code AS issue_dept_code,
  (DATE '2010-01-01' + (serial % 5000)::INTEGER)::VARCHAR AS issue_date, '320100000000' AS certificate_area_code,
  '企业' || holder AS certificate_holder, '913201' || lpad(holder::VARCHAR, 12, '0') AS certificate_holder_code,
  '001' AS certificate_holder_type, '2030-01-01' AS valid_to, '01' AS status, '01' AS change_type, 'A' AS trust_level,
  'g' AS row_guid, 'I' AS cd_operation, '{time}' AS cd_time, 'b' AS cd_batch, '1' AS data_source
FROM (SELECT *, 'JY' || lpad(issuer::VARCHAR, 6, '0') || lpad(serial::VARCHAR, 7, '0') AS number,
  '113201' || lpad(issuer::VARCHAR, 12, '0') AS issuer_code, hash(issuer, serial) % {holders} AS holder,
  ((issuer + serial % 3) % {kinds}) AS kind FROM ({issued}))
"""


def batch_into_large_store(folder: Path, small: int, large: int) -> Measured:
    """Merging 50,000 claims into a store of many beside merging them into one of few."""
    times = {size: _merge_seconds(folder / f"claims-{size}", size) for size in (small, large)}
    return Measured(f"{BATCH} claims into {large}", times[large], f"into {small}", times[small], "s")


def _merge_seconds(folder: Path, size: int) -> float:
    folder.mkdir()
    dataset = load_catalog().datasets.get("licence")
    _fill(folder, dataset, size)
    seconds = []
    with open_store(NodeFolder(folder), NODE, [dataset]) as store:
        for turn in range(REPEATS + 1):
            path = folder / f"next-{turn}.parquet"
            _write_batch(path, dataset, issuer=turn, time=f"2026-01-0{turn + 1}T00:00:00+08:00")
            batch = Batch(f"next-{turn}", NODE, f"source-{turn}", dataset.name, path.name, 0, "")
            before = time.perf_counter()
            store.merge(batch, path, Counts(read=BATCH))
            seconds.append(time.perf_counter() - before)
    return median(seconds[1:])


def _fill(folder: Path, dataset: Dataset, size: int) -> None:
    with open_store(NodeFolder(folder), NODE, [dataset]):
        pass
    with duckdb.connect(str(NodeFolder(folder).store), config={"threads": "2", "memory_limit": "3GB"}) as connection:
        register_lookups(connection, None)
        for first in range(0, size, CHUNK):
            numbers = f"range({first}, {min(first + CHUNK, size)})"
            issued = f"SELECT range // {OF_EACH} AS issuer, range % {OF_EACH} AS serial FROM {numbers}"
            _fill_part(connection, dataset, _records(issued, size, "2024-01-01T00:00:00+08:00"))
        compact(connection, 0)


def _records(issued: str, size: int, time: str) -> str:
    return _RECORDS.format(issued=issued, time=time, kinds=KINDS, holders=size * 2 // 3)


def _fill_part(connection: duckdb.DuckDBPyConnection, dataset: Dataset, records: str) -> None:
    names = dataset.field_names
    there = {row[0] for row in connection.execute(f"DESCRIBE {records}").fetchall()}
    missing = "".join(f", NULL::VARCHAR AS {ident(name)}" for name in names if name not in there)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE part AS SELECT *{missing} FROM ({records})")
    source = "'source-' || ltrim(substr(issue_dept_code, 7), '0')"
    lineage = f"'{NODE}' AS _origin, {source} AS _source, {key_hash(dataset)} AS _key"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE claims AS SELECT {lineage}, cd_time AS _version, "
        f"{content_digest(dataset)} AS _digest, false AS _deleted, 1::BIGINT AS _seq, 'b' AS _batch, 'f' AS _file, "
        f"1::BIGINT AS _row, * FROM part"
    )
    keys = f"SELECT _key, core, {keys_sql('_key')}, {cluster_sql()} AS cluster FROM ({normal_sql('claims', '_key')})"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE keys AS {keys}")
    connection.execute(
        "INSERT INTO held.licence BY NAME SELECT c.*, k.cluster AS _cluster FROM claims c JOIN keys k USING (_key) "
        "ORDER BY k.cluster"
    )
    connection.execute(
        "INSERT INTO keyed.licence BY NAME SELECT c._origin, c._source, k.*, form AS component, form AS licence, "
        "'exact' AS rule, 1.0 AS score FROM claims c JOIN keys k USING (_key) ORDER BY k.cluster"
    )
    placed = "(SELECT c.*, k.cluster AS _cluster FROM claims c JOIN keys k USING (_key))"
    told = events_sql(placed, "_origin, _source, _key, _cluster")
    connection.execute(f"INSERT INTO events.licence BY NAME {told}")
    connection.execute(
        f"INSERT INTO golden.licence BY NAME SELECT c.* REPLACE ('{NODE}' AS _source, k.form AS _key), "
        f"k.cluster AS _cluster, '[]' AS _claims FROM claims c JOIN keys k USING (_key) ORDER BY k.cluster"
    )


def _write_batch(path: Path, dataset: Dataset, issuer: int, time: str) -> None:
    first = OF_EACH - BATCH // 2
    issued = f"SELECT {issuer} AS issuer, range AS serial FROM range({first}, {first + BATCH})"
    with duckdb.connect() as connection:
        records = _records(issued, 1_000_000, time)
        there = {row[0] for row in connection.execute(f"DESCRIBE {records}").fetchall()}
        missing = "".join(f", NULL::VARCHAR AS {ident(name)}" for name in dataset.field_names if name not in there)
        numbered = f"SELECT *{missing}, row_number() OVER () AS _row, row_number() OVER () AS _line FROM ({records})"
        connection.execute(f"COPY ({numbered}) TO '{path}'")
