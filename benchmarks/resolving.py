"""Resolving licences from scratch, beside the floor: the newest row of each exact key, by `QUALIFY row_number()`.

The file has a licence in 1.7 of its rows on average, a third of the numbers with brackets and Chinese characters, and
one holder in six with several licences of a kind. Both sides read and write Parquet, with two threads.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.measured import Measured, in_turn, peak_mib

KEY = "certificate_type_code, issue_dept_code, certificate_number, certificate_holder_code"
_ROWS = """
SELECT 'g' || r AS row_guid,
  '1.2.156.3005.2.11100000000013338W0' || lpad((h1 % 40)::VARCHAR, 2, '0')
    || '.113205' || lpad((h2 % 3000)::VARCHAR, 12, '0')
    || '.' || lpad(licence::VARCHAR, 10, '0') || '.001.U' AS certificate_source_id,
  '证照类型' || (h1 % 40) AS certificate_type,
  '11100000000013338W0' || lpad((h1 % 40)::VARCHAR, 2, '0') AS certificate_type_code,
  '证照' AS certificate_name, '某市市场监督管理局' || (h2 % 3000) AS issue_dept,
  '113205' || lpad((h2 % 3000)::VARCHAR, 12, '0') AS issue_dept_code,
  CASE WHEN h1 % 3 = 0 THEN '苏(' || (2000 + h3 % 25) || ')某市不动产权第' || lpad(licence::VARCHAR, 8, '0') || '号'
    ELSE 'JY1320' || lpad(licence::VARCHAR, 10, '0') END AS certificate_number,
  (DATE '2010-01-01' + (h3 % 5000)::INTEGER)::VARCHAR AS issue_date, '320500000000' AS certificate_area_code,
  '江苏某某科技发展有限公司' || (h3 % {holders}) AS certificate_holder,
  '913205' || lpad((h3 % {holders})::VARCHAR, 12, '0') AS certificate_holder_code, '001' AS certificate_holder_type,
  (DATE '2010-01-01' + (h3 % 5000)::INTEGER)::VARCHAR AS valid_from, '9999-12-31' AS valid_to, '01' AS status,
  '01' AS change_type, 'A' AS trust_level, 'I' AS cd_operation, '2024-01-01T00:00:00+08:00' AS cd_time
FROM (SELECT r, licence, hash(licence, 1) AS h1, hash(licence, 2) AS h2, hash(licence, 3) AS h3
  FROM (SELECT range AS r, (hash(range) % {licences})::BIGINT AS licence FROM range({rows})))
"""


def resolve_beside_the_floor(folder: Path, rows: int) -> Iterator[Measured]:
    """Rows a second of the whole resolution beside those of the floor, and the memory that it takes."""
    file, out = folder / "licences.parquet", folder / "resolved.parquet"
    _make(file, rows)
    hub = [str(Path(sys.executable).with_name("hub")), "licences", "resolve", str(file), "--out", str(out)]
    for columns, name in (("*", "all columns of the newest rows"), ("row_guid", "row_guid of the newest rows")):
        floor = [sys.executable, "-m", "benchmarks.resolving", str(file), str(folder / "floor.parquet"), columns]
        yield in_turn(f"resolve {rows} rows", lambda: _run(hub), f"QUALIFY: {name}", lambda: _run(floor))  # noqa: B023
    yield Measured("memory of resolve", peak_mib(hub), "allowed", 6 * 1024, "MiB")


def _make(file: Path, rows: int) -> None:
    with duckdb.connect(config={"threads": "2"}) as connection:
        made = _ROWS.format(rows=rows, licences=rows * 85 // 100, holders=rows * 6 // 10)
        connection.execute(f"COPY ({made}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def floor(file: str, out: str, columns: str) -> None:
    """What there is no doing without: the newest row of each exact key."""
    with duckdb.connect(config={"threads": "2", "memory_limit": "3GB"}) as connection:
        newest = f"QUALIFY row_number() OVER (PARTITION BY {KEY} ORDER BY cd_time DESC) = 1"
        connection.execute(f"COPY (SELECT {columns} FROM read_parquet('{file}') {newest}) TO '{out}' (FORMAT parquet)")


if __name__ == "__main__":
    floor(*sys.argv[1:])
