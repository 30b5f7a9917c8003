"""Writes `truth/`: what must come out of the demo's deliveries.

- `counts.json`: {node: {source: {dataset: {files, refused_files, read, accepted, rejected, duplicate, parked}}}} at the
  end of the first round; parked are those that were never let in.
- `records/<dataset>.parquet`: every live record of every node: `origin`, `source` and the dataset's columns as text.
- `drift.json` (written by `demo.habits`): where cases call an item otherwise than the catalogue.
- `licences.parquet`: the golden licences of every node: `node`, `claims`, the normalised `identity` as JSON, and the
  columns. `licences.json`: {node: {claimed, golden}}, where claimed counts the live claims of the node and those below.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from exchange.demo.cases import Record
from exchange.demo.deliveries import Delivery
from exchange.demo.golden import Golden, golden_records
from exchange.demo.layout import NODES
from exchange.demo.reference import NodeModel
from exchange.model.dataset import Dataset

Live = list[tuple[str, str, Record]]


def write_truth(
    folder: Path, deliveries: Sequence[Delivery], datasets: Mapping[str, Dataset], parents: Mapping[str, str | None]
) -> None:
    """`deliveries` are in the order in which each source's files are taken: by feed, then by name."""
    models = {node: NodeModel(datasets) for node in NODES}
    for delivery in deliveries:
        models[delivery.system.node].take(delivery)
    (folder / "records").mkdir(parents=True, exist_ok=True)
    _write_json(folder / "counts.json", {node: _counts(model) for node, model in models.items()})
    live: dict[str, Live] = defaultdict(list)
    for node, model in models.items():
        for dataset, source, record in model.live():
            live[dataset].append((node, source, record))
    for name in sorted(live):
        _write_records(folder / "records" / f"{name}.parquet", datasets[name], live[name])
    _write_licences(folder, datasets["licence"], live["licence"], parents)


def _counts(model: NodeModel) -> dict[str, dict[str, dict[str, int]]]:
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    for (source, dataset), tally in sorted(model.tallies.items()):
        counts[source][dataset] = tally.as_dict()
    return dict(counts)


def _write_records(path: Path, dataset: Dataset, live: Live) -> None:
    places = {
        "origin": pa.array([node for node, _, _ in live], pa.string()),
        "source": pa.array([source for _, source, _ in live], pa.string()),
    }
    pq.write_table(pa.table({**places, **_columns(dataset, [record for _, _, record in live])}), path)


def _write_licences(folder: Path, dataset: Dataset, claims: Live, parents: Mapping[str, str | None]) -> None:
    upwards = sorted(NODES, key=lambda node: -_depth(node, parents))
    own = {node: [record for origin, _, record in claims if origin == node] for node in upwards}
    children = {node: [child for child in NODES if parents[child] == node] for node in NODES}
    golden = golden_records(own, children)
    rows: list[tuple[str, Golden]] = [(node, each) for node in NODES for each in golden[node]]
    table = {
        "node": pa.array([node for node, _ in rows], pa.string()),
        "claims": pa.array([each.claims for _, each in rows], pa.int64()),
        "identity": pa.array([json.dumps(each.identity, ensure_ascii=False) for _, each in rows], pa.string()),
        **_columns(dataset, [each.record for _, each in rows]),
    }
    pq.write_table(pa.table(table), folder / "licences.parquet")
    sums = {node: {"claimed": sum(each.claims for each in golden[node]), "golden": len(golden[node])} for node in NODES}
    _write_json(folder / "licences.json", sums)


def _columns(dataset: Dataset, records: Sequence[Record]) -> dict[str, pa.Array]:
    return {name: pa.array([record.get(name) for record in records], pa.string()) for name in dataset.field_names}


def _depth(node: str, parents: Mapping[str, str | None]) -> int:
    above = parents[node]
    return 0 if above is None else 1 + _depth(above, parents)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
