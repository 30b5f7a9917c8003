"""W201: several rows of a batch have one business key. The newest counts, as in the store's merge."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.model.dataset import Dataset
from exchange.model.findings.rule_kinds import KEY_REPEATED
from exchange.model.record_sql import content_digest, idents, version_text
from exchange.validation.rules.rule import Rule, found


def _queries(dataset: Dataset) -> Iterator[str]:
    if not dataset.key:
        return
    key, newest = idents(dataset.key), f"{version_text(dataset)} DESC, {content_digest(dataset)} DESC, _row"
    words = {"count": "repeats", "other_row": "counting"}
    yield (
        f"WITH suspect AS MATERIALIZED ({_repeated(dataset)}), "
        f"ranked AS (SELECT _row, count(*) OVER same AS repeats, first_value(_row) OVER newest_first AS counting "
        f"FROM records WHERE hash({key}) IN (SELECT h FROM suspect) WINDOW same AS (PARTITION BY {key}), "
        f"newest_first AS (PARTITION BY {key} ORDER BY {newest})) "
        f"SELECT {found(KEY_REPEATED, dataset.key[0], words)} FROM ranked WHERE _row <> counting"
    )


def _repeated(dataset: Dataset) -> str:
    """Hashes are cheaper to group than keys; two keys of one hash part again in the window."""
    return f"SELECT hash({idents(dataset.key)}) AS h FROM records GROUP BY h HAVING count(*) > 1"


RULE = Rule((KEY_REPEATED,), _queries, _repeated)
