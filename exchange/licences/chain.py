"""A licence's life: 新发 → 延续, 变更 → 暂扣, 发还 → 注销, 撤销, 吊销. Its present state is told from what happened.

Each version of a claim that a source has sent is one event. One that names no time of its own and says only that the
licence was issued happened on the day of issue, so that a relay that repeats it later does not revive what has ended;
any other happened when the source changed its record. A source may correct itself: what it says last of a record
takes back what it had said of later times (`standing_word_sql`). What has ended stays ended, whatever others tell of it
later: their later word is a finding.
"""

from __future__ import annotations

from exchange.licences.identifier import version_sql
from exchange.licences.survivorship import trust_sql

ISSUED, RENEWED, SUSPENDED, EXPIRED, CANCELLED, RETURNED, MOVED_IN, CHANGED = (
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "08",
    "09",
)
STATE_OF = {
    ISSUED: "01",
    RENEWED: "01",
    SUSPENDED: "02",
    EXPIRED: "05",
    CANCELLED: "04",
    RETURNED: "01",
    MOVED_IN: "01",
    CHANGED: "01",
}
"""The state (证照状态) that an operation (变更类型) leads to, for a claim that tells only the operation."""
ENDED = ("03", "04", "07")
"""撤销, 注销, 吊销: from here a licence does not come back. Expiry (05) does not count: a renewal may be late."""
EVENT = {
    "happened": "VARCHAR",
    "operation": "VARCHAR",
    "state": "VARCHAR",
    "version": "INTEGER",
    "changed": "VARCHAR",
    "reason": "VARCHAR",
    "trust": "INTEGER",
    "node": "VARCHAR",
    "source": "VARCHAR",
}
"""What is known of an event; `changed` is the time that the claim itself gave, `version` that of its identifier."""
HISTORY_TYPE = "[{{{}}}]".format(", ".join(f'"{name}": "{kind}"' for name, kind in EVENT.items()))
"""A history as JSON, for `from_json`."""


def events_sql(rows: str, kept: str) -> str:
    """A SELECT of the events that live claims tell; `kept` columns stay."""
    cases = " ".join(f"WHEN '{operation}' THEN '{state}'" for operation, state in STATE_OF.items())
    told = f"coalesce(status, CASE change_type {cases} END)"
    at_issue = (
        f"CASE WHEN coalesce({told}, '01') = '01' AND coalesce(change_type, '{ISSUED}') = '{ISSUED}' "
        f"THEN issue_date || 'T00:00:00+08:00' END"
    )
    return (
        f"SELECT {kept}, coalesce(change_time, {at_issue}, cd_time, '') AS happened, change_type AS operation, "
        f"{told} AS state, {version_sql('certificate_source_id')} AS version, change_time AS changed, "
        f"_version AS told, change_reason AS reason, "
        f"{trust_sql('trust_level')}::INTEGER AS trust, _origin AS node, _source AS source "
        f"FROM {rows} WHERE NOT _deleted"
    )


def standing_word_sql(events: str, claim: str) -> str:
    """A SELECT of the events that stand: a later version of a claim that tells an earlier time takes the rest back."""
    words = f"(SELECT {claim}, told, min(happened) AS earliest FROM {events} GROUP BY {claim}, told)"
    later = (
        f"(SELECT {claim}, told, min(earliest) OVER (PARTITION BY {claim} ORDER BY told DESC "
        f"ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS taken_back FROM {words})"
    )
    return (
        f"SELECT * EXCLUDE (told, taken_back) FROM {events} JOIN {later} USING ({claim}, told) "
        f"WHERE coalesce(happened <= taken_back, true)"
    )


def standing_sql(events: str) -> str:
    """A SELECT of what each `licence` of a relation of events has come to: `history` (JSON), and `now`, an event."""
    ended = ", ".join(f"'{state}'" for state in ENDED)
    event = "{" + ", ".join(f"'{name}': {name}" for name in EVENT) + "}"
    last = ", ".join(f"coalesce({name}, '')" for name in ("operation", "state", "changed", "reason"))
    rank = (
        f"(state IS NOT NULL, coalesce(state IN ({ended}), false), happened, version, operation IS NOT NULL, trust, "
        f"{last}, node, source)"
    )
    return (
        f"SELECT licence, to_json(list_sort(list_distinct(list({event}))))::VARCHAR AS history, "
        f"arg_max({event}, {rank}) AS now FROM {events} GROUP BY licence"
    )
