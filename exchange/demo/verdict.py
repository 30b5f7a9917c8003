"""Holds what the hub made of the demo against `truth/`: rows by their outcome, records by content, golden licences."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from exchange.demo.habits import DRIFT
from exchange.flows.workplace import Workplace
from exchange.model.batch import Counts
from exchange.model.dataset import Dataset
from exchange.wiring import Hub

OUTCOMES = ("read", "accepted", "rejected", "duplicate", "parked")
SHOWN = 3
Tallies = dict[str, dict[str, dict[str, int]]]


def differences_from_truth(hub: Hub, truth: Path) -> list[str]:
    """Every way in which the hub's nodes are not what `truth/` says; empty when all is right."""
    return [line for node in hub.site.nodes for line in _at_node(hub, hub.workplace(node.code), truth)]


def _at_node(hub: Hub, work: Workplace, truth: Path) -> Iterator[str]:
    yield from _counts(work, json.loads((truth / "counts.json").read_text(encoding="utf-8"))[work.node.code])
    yield from _drift(work, json.loads((truth / DRIFT).read_text(encoding="utf-8")), hub.site.below(work.node.code))
    origins = pa.array(sorted(hub.site.below(work.node.code)))
    with tempfile.TemporaryDirectory() as folder, work.open_store(work.node.code) as store:
        for dataset in work.ordered_datasets():
            target = Path(folder) / f"{dataset.name}.parquet"
            written = store.write_changes(dataset, 0, store.last_seq(), target)
            found = _live(pq.read_table(target)) if written else None
            expected = _expected(truth, dataset, work.node.code, origins)
            yield from _compare(work.node.name, dataset, found, expected)


def _counts(work: Workplace, expected: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[str]:
    found = tallies(work)
    for source, datasets in expected.items():
        for dataset, tally in datasets.items():
            ours = found.get(source, {}).get(dataset, {})
            for outcome in (*OUTCOMES, "refused_files"):
                if ours.get(outcome, 0) != tally[outcome]:
                    yield (
                        f"{work.node.name} {source} {dataset}: {outcome} {ours.get(outcome, 0)}, "
                        f"应为 expected {tally[outcome]}"
                    )


def _drift(work: Workplace, listed: Sequence[Mapping[str, Any]], origins: frozenset[str]) -> Iterator[str]:
    """Deviations from the item catalogue: those that the truth lists, and no others."""
    with work.open_store(work.node.code, read_only=True) as store:
        found = [asdict(each) for each in store.drift()]
    names = ("origin", "source", "item", "found", "wanted", "records", "first", "last")
    ours = {tuple(each[name] for name in names) for each in found}
    expected = {tuple(each[name] for name in names) for each in listed if each["origin"] in origins}
    yield from (f"{work.node.name} 三级四同 extra 多出: {each}" for each in sorted(ours - expected))
    yield from (f"{work.node.name} 三级四同 missing 缺少: {each}" for each in sorted(expected - ours))


def tallies(work: Workplace) -> Tallies:
    """By source and dataset: the rows of all batches by their outcome, and the files that were refused."""
    out: Tallies = defaultdict(lambda: defaultdict(lambda: dict.fromkeys((*OUTCOMES, "refused_files"), 0)))
    final = {
        e["subject"]: Counts.of(e) for kind in ("batch.merged", "batch.released") for e in work.ledger.entries(kind)
    }
    refused = {entry["subject"] for entry in work.ledger.entries("batch.refused")}
    for entry in work.ledger.entries("batch.recorded"):
        tally = out[entry["source"]][entry["dataset"]]
        tally["refused_files"] += entry["subject"] in refused
        for outcome in OUTCOMES:
            tally[outcome] += getattr(final.get(entry["subject"], Counts()), outcome)
    return out


def _expected(truth: Path, dataset: Dataset, node: str, origins: pa.Array) -> pa.Table | None:
    """The rows that the node must send up: golden licences, or the records of itself and the nodes below it."""
    path = truth / "licences.parquet" if dataset.identity else truth / "records" / f"{dataset.name}.parquet"
    if not path.exists():
        return None
    table = pq.read_table(path)
    if dataset.identity:
        return table.filter(pc.equal(table["node"], node))
    return table.filter(pc.is_in(table["origin"], value_set=origins))


def _live(table: pa.Table) -> pa.Table:
    table = table.filter(pc.invert(table["_deleted"]))
    return table.rename_columns(
        [name.removeprefix("_") if name in ("_origin", "_source") else name for name in table.column_names]
    )


def _compare(node: str, dataset: Dataset, found: pa.Table | None, expected: pa.Table | None) -> Iterator[str]:
    columns = list(dataset.content) if dataset.identity else ["origin", "source", *dataset.content]
    ours, theirs = _as_texts(found, columns), _as_texts(expected, columns)
    for word, extra in (("多出 extra", ours - theirs), ("缺少 missing", theirs - ours)):
        for text in sorted(extra)[:SHOWN]:
            yield f"{node} {dataset.name} {word}: {text.replace(chr(31), '|')[:400]}"
        if len(extra) > SHOWN:
            yield f"{node} {dataset.name} {word}: … {extra.total() - SHOWN}"


def _as_texts(table: pa.Table | None, columns: list[str]) -> Counter[str]:
    if table is None or not table.num_rows:
        return Counter()
    filled = [pc.fill_null(pc.cast(table[name], pa.string()), "") for name in columns]
    joined = pc.binary_join_element_wise(*filled, chr(31))
    return Counter(joined.to_pylist())
