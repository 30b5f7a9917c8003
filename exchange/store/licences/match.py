"""Forms become licences: pairs from the blocks, scored, clustered, and led by the best claim.

Works on the temporary tables `forms` (features, blocks and how many forms of all are in them) and `near` (the pairs of
the holder blocks), and leaves `matched`: of each form its licence, component, question, the rule that joined it and the
score; `scored`, the pairs; and `open_pairs`, those that a person is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa

from exchange.licences.blocks import pairs_sql
from exchange.licences.clusters import DECIDED_DIFFERENT, DECIDED_SAME, Clusters, Pairs, cluster
from exchange.licences.evidence import SAME, scored_sql
from exchange.model.licence import Decided
from exchange.store.sql import first_row

Connection = duckdb.DuckDBPyConnection


def match_forms(connection: Connection, decided: Sequence[Decided] = ()) -> None:
    """Make `matched` from `forms` and `near`; `decided` are what people have said, oldest first."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE placed AS "
        "SELECT form, row_number() OVER (ORDER BY form) - 1 AS place, rank FROM forms"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS {pairs_sql('forms')} UNION FROM near")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE reckoned AS {scored_sql('pairs', 'forms')}")
    _decide(connection, decided)
    (size,) = first_row(connection.execute("SELECT count(*) FROM forms")) or (0,)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE numbered AS SELECT row_number() OVER (ORDER BY a, b) - 1 AS pair, * FROM scored"
    )
    found = cluster(int(size), _pairs(connection))
    _keep(connection, found)
    _keep_open(connection, found)


def _decide(connection: Connection, decided: Sequence[Decided]) -> None:
    """What was said of two forms stands in the place of what was reckoned; the newest word counts."""
    said = {(min(each.forms), max(each.forms)): each.same for each in decided}
    a, b = ([pair[side] for pair in said] for side in (0, 1))
    scores = [DECIDED_SAME if same else DECIDED_DIFFERENT for same in said.values()]
    table = pa.table(
        {"a": pa.array(a, pa.uint64()), "b": pa.array(b, pa.uint64()), "said": pa.array(scores, pa.float64())}
    )
    connection.register("said_now", table)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE said AS SELECT s.* FROM said_now s "
        "SEMI JOIN forms a ON a.form = s.a SEMI JOIN forms b ON b.form = s.b"
    )
    connection.unregister("said_now")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE scored AS SELECT * FROM reckoned ANTI JOIN said USING (a, b) "
        "UNION ALL BY NAME SELECT a, b, said AS score, 'decision' AS rule FROM said"
    )


def _pairs(connection: Connection) -> Pairs:
    columns = connection.execute(
        "SELECT p.place AS a, q.place AS b, score FROM numbered s JOIN placed p ON p.form = s.a "
        "JOIN placed q ON q.form = s.b ORDER BY s.pair"
    ).fetchnumpy()
    return Pairs(
        np.asarray(columns["a"], np.int64), np.asarray(columns["b"], np.int64), np.asarray(columns["score"], np.float64)
    )


def _keep(connection: Connection, found: Clusters) -> None:
    labels = pa.table(
        {
            "place": pa.array(np.arange(len(found.licence), dtype=np.int64)),
            "licence_number": pa.array(found.licence),
            "component_number": pa.array(found.component),
            "question_number": pa.array(found.question),
        }
    )
    connection.register("labels", labels)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE labelled AS SELECT form, "
        "first(form ORDER BY rank DESC, form) OVER (PARTITION BY licence_number) AS licence, "
        "min(form) OVER (PARTITION BY component_number) AS component, "
        "CASE WHEN question_number >= 0 THEN min(form) OVER (PARTITION BY question_number) END AS question "
        "FROM placed JOIN labels USING (place)"
    )
    connection.unregister("labels")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE matched AS {_RULES}")


def _keep_open(connection: Connection, found: Clusters) -> None:
    connection.register("open_numbers", pa.table({"pair": pa.array(found.open)}))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE open_pairs AS "
        "SELECT n.* EXCLUDE (pair) FROM numbered n SEMI JOIN open_numbers USING (pair)"
    )
    connection.unregister("open_numbers")


_RULES = f"""
SELECT l.form, l.licence, l.component, l.question,
    CASE WHEN l.form = l.licence THEN 'exact' ELSE coalesce(j.rule, 'exact') END AS rule,
    CASE WHEN l.form = l.licence THEN 1.0 ELSE coalesce(least(j.score, 1.0), 1.0) END AS score
FROM labelled l LEFT JOIN (
    SELECT form, max(score) AS score, arg_max(rule, (score, rule)) AS rule FROM (
        SELECT unnest([a, b]) AS form, unnest([b, a]) AS other, score, rule FROM scored WHERE score >= {SAME}
    ) e JOIN labelled x USING (form) JOIN labelled y ON y.form = e.other WHERE x.licence = y.licence GROUP BY form
) j USING (form)
"""
