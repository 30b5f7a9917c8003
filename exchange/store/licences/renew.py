"""The licences of the claims that a change reaches, told apart and made anew, in the caller's transaction."""

from __future__ import annotations

import duckdb

from exchange.licences.blocks import near_pairs_sql
from exchange.licences.chain import HISTORY_TYPE, events_sql, standing_sql, standing_word_sql
from exchange.licences.evidence import features_sql
from exchange.licences.survivorship import fields_sql, places_sql, ranked_sql
from exchange.model.dataset import Dataset
from exchange.store import golden
from exchange.store.licences.closure import clusters, rekey, take_closure, touch_too
from exchange.store.licences.decided import decided_pairs
from exchange.store.licences.findings import renew_findings
from exchange.store.licences.match import match_forms
from exchange.store.nearby import SAME, clusters_of, spans
from exchange.store.sql import events, held, keyed
from exchange.store.sql import golden as golden_table

Connection = duckdb.DuckDBPyConnection


def note_events(connection: Connection, dataset: Dataset, rows: str) -> None:
    """Keep what the rows of a batch tell of their licences' lives, also those that are not the newest of their key."""
    connection.execute(f"CREATE OR REPLACE TEMP TABLE told_now AS {events_sql(rows, f'{SAME}, _cluster')}")
    near = clusters_of(connection, "SELECT _cluster FROM told_now", "_cluster")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE newly_told AS SELECT * FROM told_now EXCEPT SELECT * FROM ("
        f"  SELECT e.* FROM {events(dataset)} e SEMI JOIN told_now USING ({SAME}) WHERE {near})"
    )
    connection.execute(f"INSERT INTO {events(dataset)} BY NAME FROM newly_told")


def renew_changed(connection: Connection, dataset: Dataset, node: str, seq: int) -> None:
    """Make the licences anew that the claims in table `changed` speak of, spoke of, or bear on.

    So are those of which `note_events` has just heard something, though it was no newer record.
    """
    rekey(connection, dataset)
    if connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'newly_told'").fetchall():
        kinds = spans(connection, "_cluster", "newly_told")
        touch_too(connection, dataset, "newly_told", SAME, kinds)
        connection.execute("DROP TABLE newly_told")
    renew(connection, dataset, node, seq)


def renew(connection: Connection, dataset: Dataset, node: str, seq: int) -> None:
    """The same for the keys in table `touched_keys`."""
    take_closure(connection, dataset)
    near = clusters(connection, "affected")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE claims AS SELECT h.*, a.form FROM (FROM {held(dataset)} WHERE {near}) h "
        f"JOIN affected a USING ({SAME}) WHERE NOT _deleted"
    )
    _match(connection, dataset)
    connection.execute(
        f"INSERT INTO {keyed(dataset)} BY NAME SELECT a.* EXCLUDE (component, licence, rule, score), "
        f"m.component, m.licence, m.rule, m.score FROM affected a LEFT JOIN matched m USING (form)"
    )
    _members(connection, dataset, near)
    _touched_licences(connection)
    golden.put(connection, dataset, node, seq, fields_sql(dataset), _golden_near(connection, dataset))
    _renew_questions(connection, dataset)
    renew_findings(connection, dataset)


def _match(connection: Connection, dataset: Dataset) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE known AS {features_sql('claims')}")
    kinds = spans(connection, "cluster", "affected")
    within = f"(FROM {keyed(dataset)} WHERE {kinds} UNION ALL BY NAME FROM affected)"
    for block in ("number_block", "holder_block", "identifier_block"):
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE size_of_{block} AS SELECT {block}, count(DISTINCT form) AS forms "
            f"FROM {within} SEMI JOIN (SELECT DISTINCT {block} FROM affected WHERE {block} IS NOT NULL) "
            f"USING ({block}) GROUP BY {block}"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE forms AS SELECT k.*, f.number_block, f.holder_block, "
        "coalesce(n.forms, 1) AS number_forms, coalesce(h.forms, 1) AS holder_forms, "
        "coalesce(i.identifier_blocks, []) AS identifier_blocks, "
        "coalesce(i.identifier_forms, []) AS identifier_forms FROM known k JOIN ("
        "  SELECT form, any_value(number_block) AS number_block, any_value(holder_block) AS holder_block "
        "  FROM affected WHERE form IS NOT NULL GROUP BY form) f USING (form) "
        "LEFT JOIN size_of_number_block n USING (number_block) LEFT JOIN size_of_holder_block h USING (holder_block) "
        "LEFT JOIN ("
        "  SELECT form, list(identifier_block) AS identifier_blocks, list(forms) AS identifier_forms FROM ("
        "    SELECT DISTINCT form, identifier_block, forms FROM affected JOIN size_of_identifier_block "
        "    USING (identifier_block)) GROUP BY form) i USING (form)"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE near AS {near_pairs_sql('forms')}")
    match_forms(connection, decided_pairs(connection, dataset))


def _members(connection: Connection, dataset: Dataset, near: str) -> None:
    """`members`: the claims with their licence, what they rank by, and what has become of the licence."""
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE own_events AS SELECT e.*, m.licence "
        f"FROM (FROM {events(dataset)} WHERE {near}) e "
        f"JOIN claims c USING ({SAME}) JOIN matched m ON m.form = c.form WHERE c._claims IS NULL"
    )
    unknown = (
        "(SELECT c.*, m.licence FROM claims c JOIN matched m USING (form) "
        "WHERE _claims IS NOT NULL AND _history IS NULL)"
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE happened AS SELECT * EXCLUDE ({SAME}, _cluster) FROM "
        f"({standing_word_sql('own_events', SAME)}) UNION ALL BY NAME SELECT licence, unnest(history, max_depth := 2) "
        f"FROM (SELECT m.licence, from_json(c._history, '{HISTORY_TYPE}') AS history FROM claims c "
        f"  JOIN matched m USING (form) WHERE c._history IS NOT NULL) "
        f"UNION ALL BY NAME SELECT * EXCLUDE (told) FROM ({events_sql(unknown, 'licence')})"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE standing AS {standing_sql('happened')}")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE members AS SELECT c.* EXCLUDE (form, _history), c.form AS _form, "
        f"m.licence AS _thing, s.history AS _history, s.now AS _now, {places_sql('m.licence')} "
        f"FROM ({ranked_sql('claims')}) c "
        f"JOIN matched m USING (form) LEFT JOIN standing s ON s.licence = m.licence"
    )


def _touched_licences(connection: Connection) -> None:
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE touched AS "
        "SELECT licence AS _thing FROM affected WHERE licence IS NOT NULL UNION "
        "SELECT licence FROM touched_keys WHERE licence IS NOT NULL UNION SELECT licence FROM matched"
    )


def _golden_near(connection: Connection, dataset: Dataset) -> str:
    """Where the golden records of the touched licences lie: where a claim does that names one, or has named it."""
    kinds = spans(connection, "cluster", "touched_keys").replace("cluster", "_cluster")
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lying AS SELECT cluster FROM affected UNION SELECT cluster FROM touched_keys "
        f"UNION SELECT _cluster FROM (SELECT _key, _cluster FROM {golden_table(dataset)} WHERE {kinds}) g "
        f"SEMI JOIN touched ON touched._thing = g._key"
    )
    return clusters(connection, "lying")


def _renew_questions(connection: Connection, dataset: Dataset) -> None:
    connection.execute(
        "DELETE FROM hub.questions WHERE dataset = $dataset AND component IN (FROM components)",
        {"dataset": dataset.name},
    )
    connection.execute(
        "INSERT INTO hub.questions BY NAME SELECT $dataset AS dataset, question, component, a, b, o.score, o.rule "
        "FROM open_pairs o JOIN matched m ON m.form = o.a",
        {"dataset": dataset.name},
    )
