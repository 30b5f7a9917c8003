"""Cross-check: what does not fit together between a node's cases, licences and holders, as of today."""

from __future__ import annotations

from dataclasses import asdict

from exchange.flows.workplace import Workplace
from exchange.model.crosscheck import CrossCount, CrossTerms
from exchange.model.times import SHANGHAI

COUNTED = "crosscheck.counted"


def cross_check(work: Workplace) -> list[CrossCount]:
    """Make the findings anew, and note how many each source has where that has changed."""
    terms = CrossTerms(
        day=work.clock.now().astimezone(SHANGHAI).date(),
        within_days=work.site.licence_within_days,
        registrations=work.site.holder_registrations,
    )
    with work.open_store(work.node.code) as store:
        counts = store.cross_check(terms)
    if counts or latest_counts(work):
        work.ledger.append(COUNTED, work.node.code, {"counts": [asdict(each) for each in counts]})
    return counts


def latest_counts(work: Workplace) -> list[CrossCount]:
    """What the newest cross-check of the node counted, told from the ledger."""
    newest: list[CrossCount] = []
    for entry in work.ledger.entries(COUNTED):
        newest = [CrossCount(**each) for each in entry["counts"]]
    return newest
