"""What a record that goes down says otherwise than the child has said: the corrections that travel beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from exchange.flows.workplace import Workplace
from exchange.model.correction import Correction, told_fields, why
from exchange.model.dataset import Dataset
from exchange.model.licence import Claimed, Explained, Given
from exchange.ports import Store
from exchange.text import Text

_AT_ONCE = 500
SCHEMA = pa.schema([(each.name, pa.string()) for each in fields(Correction)])
"""The corrections of a package as Parquet: every column is text."""


@dataclass(frozen=True, slots=True)
class _Record:
    """One record that goes down: its id at `origin`, and the node's own licences that it stands for."""

    dataset: Dataset
    origin: str
    licence: str
    own: Sequence[str]
    values: Mapping[str, str | None]


def write_corrections(work: Workplace, store: Store, child: str, disputed: Mapping[str, Path], target: Path) -> int:
    """Write the corrections of what goes down to a child as Parquet; returns how many.

    `disputed` holds for each dataset the records that may say otherwise (`Sharing.write_shares`). Nothing is written
    when there are none.
    """
    found = 0
    writer: parquet.ParquetWriter | None = None
    for name, path in disputed.items():
        for records in _records(work.datasets.get(name), path):
            rows = [_row(each) for each in _overruled(work, store, child, records)]
            if rows:
                writer = writer or parquet.ParquetWriter(target, SCHEMA, compression="zstd")
                writer.write_table(pa.Table.from_pylist(rows, schema=SCHEMA))
                found += len(rows)
    if writer is not None:
        writer.close()
    return found


def _row(correction: Correction) -> dict[str, str | None]:
    return {each.name: getattr(correction, each.name) for each in fields(Correction)}


def _records(dataset: Dataset, path: Path) -> Iterator[list[_Record]]:
    with parquet.ParquetFile(path) as file:
        for part in file.iter_batches(_AT_ONCE):
            yield [_Record(dataset, row["_origin"], row["_licence"], row["_own"], row) for row in part.to_pylist()]


def _overruled(work: Workplace, store: Store, child: str, records: Sequence[_Record]) -> Iterator[Correction]:
    """The corrections of some records. What came down itself is explained by whoever decided it, else by this node."""
    explained = {each.licence: each for each in store.explain([own for record in records for own in record.own])}
    above = _from_above(store, records)
    for record in records:
        for own in record.own:
            if own in explained:
                for claim in explained[own].claims:
                    if claim.source == child:
                        yield from _of_claim(work, record, explained[own], claim, above)


def _from_above(store: Store, records: Sequence[_Record]) -> dict[tuple[str, str, str, str], Correction]:
    """What the parent corrected of these records at this node: by origin, record, own licence and field."""
    licences = sorted({each.licence for each in records})
    standing = store.sharing.corrections(records[0].dataset.name, licences=licences)
    found = (each.correction for each in standing)
    return {(each.origin, each.licence, each.claim, each.field): each for each in found}


def _of_claim(
    work: Workplace,
    record: _Record,
    explained: Explained,
    claim: Claimed,
    above: Mapping[tuple[str, str, str, str], Correction],
) -> Iterator[Correction]:
    """Where the record differs from one claim of the child, as far as it is known who gave what counts."""
    given = {each.field: each for each in explained.fields}
    for field in told_fields(record.dataset):
        ours, theirs = record.values[field], claim.record.get(field)
        if ours is None or ours == theirs:
            continue
        decided = above.get((record.origin, record.licence, explained.licence, field))
        if decided is not None and decided.ours == ours:
            yield replace(_said(record, claim, decided), theirs=theirs, their_trust=claim.trust)
        elif field in given and given[field].value == ours:
            yield _decided_here(work, record, explained, claim, given[field])


def _said(record: _Record, claim: Claimed, decided: Correction) -> Correction:
    """A correction from above, as it concerns a claim of the child."""
    return replace(decided, claim=claim.key, source=claim.source, key=_business_key(record.dataset, claim))


def _decided_here(work: Workplace, record: _Record, explained: Explained, claim: Claimed, given: Given) -> Correction:
    giver = explained.claims[given.claim]
    text = why(given.reason, _giver(work, giver), giver.trust, claim.trust)
    return Correction(
        dataset=record.dataset.name,
        origin=record.origin,
        licence=record.licence,
        claim=claim.key,
        source=claim.source,
        key=_business_key(record.dataset, claim),
        field=given.field,
        theirs=claim.record.get(given.field),
        ours=given.value,
        their_trust=claim.trust,
        given_node=giver.origin,
        given_source=giver.source,
        given_trust=giver.trust,
        reason=given.reason,
        why_zh=text.zh,
        why_en=text.en,
    )


def _business_key(dataset: Dataset, claim: Claimed) -> str:
    key: dict[str, Any] = {name: claim.record.get(name) for name in dataset.key}
    return json.dumps(key, ensure_ascii=False)


def _giver(work: Workplace, claim: Claimed) -> Text:
    """Whose claim it is: a child node's, or one of a source of this node."""
    node = work.node_name(claim.origin)
    if claim.source == claim.origin:
        return Text(f"{node}（{claim.origin}）", f"{node} ({claim.origin})")
    title = work.source_title(claim.source)
    return Text(f"{node}的来源“{title}”", f"source {title} of {node}")
