"""How far a matcher's answer agrees with the truth, counted in pairs of rows without ever listing the pairs.

A group of n rows holds n·(n-1)/2 pairs. Rows that a matcher asks about count as not joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

_TABLE = """
CREATE TABLE labelled AS
SELECT l.truth, l.kind, coalesce(a.licence_id, 'alone ' || l.row_guid) AS found, a.ask_group
FROM read_parquet(?) l LEFT JOIN read_parquet(?) a USING (row_guid)
"""
_KINDS = """
WITH true_pairs AS (
  SELECT kind, sum(n * (n - 1) // 2)::BIGINT AS pairs
  FROM (SELECT kind, truth, count(*) AS n FROM labelled GROUP BY ALL) GROUP BY kind
), right_pairs AS (
  SELECT kind, sum(n * (n - 1) // 2)::BIGINT AS pairs
  FROM (SELECT kind, truth, found, count(*) AS n FROM labelled GROUP BY ALL) GROUP BY kind
), joined AS (
  SELECT found, count(*) AS n FROM labelled GROUP BY found
), touching AS (
  SELECT kind, sum(n * (n - 1) // 2 - (n - own) * (n - own - 1) // 2)::BIGINT AS pairs
  FROM (SELECT found, kind, count(*) AS own FROM labelled GROUP BY ALL) JOIN joined USING (found) GROUP BY kind
), counted AS (
  SELECT kind, count(*) AS rows, count(DISTINCT truth) AS licences, count(ask_group) AS asked
  FROM labelled GROUP BY kind
)
SELECT kind, rows, licences, t.pairs, t.pairs - r.pairs AS missed, o.pairs - r.pairs AS wrong, asked
FROM counted JOIN true_pairs t USING (kind) JOIN right_pairs r USING (kind) JOIN touching o USING (kind)
ORDER BY kind
"""
_JOINED = """
SELECT coalesce(sum(n * (n - 1) // 2)::BIGINT, 0) FROM (SELECT count(*) AS n FROM labelled GROUP BY found)
"""


@dataclass(frozen=True, slots=True)
class KindQuality:
    """What came of one kind of case.

    `pairs` are the true ones and `missed` those of them that were not joined. `wrong` are joined pairs of two licences
    of which at least one is of this kind, so that a pair across two kinds is in both. `asked` are rows.
    """

    kind: str
    rows: int
    licences: int
    pairs: int
    missed: int
    wrong: int
    asked: int


@dataclass(frozen=True, slots=True)
class Quality:
    """The whole of a set; `joined` are all pairs that were joined, and `right` those of them that are true."""

    rows: int
    pairs: int
    joined: int
    right: int
    asked: int
    kinds: tuple[KindQuality, ...]

    @property
    def precision(self) -> float:
        """The share of joined pairs that are true; 1 if none were joined."""
        return self.right / self.joined if self.joined else 1.0

    @property
    def recall(self) -> float:
        """The share of true pairs that were joined; 1 if there are none."""
        return self.right / self.pairs if self.pairs else 1.0

    @property
    def asked_share(self) -> float:
        """The share of rows about which the matcher asks."""
        return self.asked / self.rows if self.rows else 0.0


def evaluate(labels: Path, answer: Path) -> Quality:
    """The quality of an answer (row_guid, licence_id, ask_group); ValueError if its rows are not those of the labels.

    A row without licence_id is taken as a licence of its own.
    """
    with duckdb.connect() as connection:
        _same_rows(connection, labels, answer)
        connection.execute(_TABLE, [str(labels), str(answer)])
        kinds = tuple(KindQuality(*row) for row in connection.execute(_KINDS).fetchall())
        joined = connection.execute(_JOINED).fetchone()
    pairs = sum(kind.pairs for kind in kinds)
    right = pairs - sum(kind.missed for kind in kinds)
    rows, asked = sum(kind.rows for kind in kinds), sum(kind.asked for kind in kinds)
    return Quality(rows, pairs, int(joined[0]) if joined else 0, right, asked, kinds)


def _same_rows(connection: duckdb.DuckDBPyConnection, labels: Path, answer: Path) -> None:
    """Each row is answered exactly once, and no other row is."""
    different = connection.execute(
        "SELECT count(*) FROM (SELECT row_guid, count(*) AS n FROM read_parquet(?) GROUP BY ALL) l "
        "FULL JOIN (SELECT row_guid, count(*) AS n FROM read_parquet(?) GROUP BY ALL) a USING (row_guid) "
        "WHERE l.n IS DISTINCT FROM a.n",
        [str(labels), str(answer)],
    ).fetchone()
    if different is None or different[0]:
        raise ValueError(f"{answer.name}: {different} rows are missing, answered twice or unknown")
