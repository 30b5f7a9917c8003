"""A node's store by itself, fed with rows as the check would hand them over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from exchange.model.batch import Batch, Counts
from exchange.model.dataset import Dataset, dataset_of
from exchange.model.folders import NodeFolder
from exchange.model.merged import Merged, Received
from exchange.model.package import Channel, Manifest, Resource
from exchange.model.reference import Reference
from exchange.packages import sha256_of
from exchange.store import NodeStore, open_store

Record = Mapping[str, str | None]


def dataset(name: str, columns: str, *, key: str, **keywords: object) -> Dataset:
    """A dataset of text columns with `op` and `v`; keywords are the schema's, with `x-` left out."""
    schema = {
        "title": f"表{name}",
        "properties": {column: {"type": "string"} for column in [*columns.split(), "v", "op"]},
        "x-key": key.split(),
        "x-version": ["v"],
        "x-operation": "op",
        **{f"x-{word.replace('_', '-')}": value for word, value in keywords.items()},
    }
    return dataset_of(name, 1, schema)


CASE = dataset("kase", "no text guid", key="no", provenance=["guid"])
STEP = dataset("step", "no step text", key="no step", references=[{"fields": ["no"], "dataset": "kase", "to": ["no"]}])
MARK = dataset(
    "mark",
    "no step text",
    key="no step",
    references=[{"fields": ["no", "step"], "dataset": "step", "to": ["no", "step"]}],
)
CARD = dataset("card", "id holder text extra", key="id", identity=["id", "holder"])
ALL = (CASE, CARD, STEP, MARK)


def rows(of: Dataset, *records: str) -> list[Record]:
    """Records in short: the fields in the schema's order, `-` for an empty one."""
    out = []
    for record in records:
        values = record.split()
        names = of.field_names
        out.append({name: None if value == "-" else value for name, value in zip(names, values, strict=True)})
    return out


@dataclass
class StoreBox:
    """The store of one node in a folder, opened anew for each step."""

    root: Path
    node: str = "320581000000"
    datasets: Sequence[Dataset] = ALL
    reference: Reference | None = None
    sent: int = field(default=0)

    @property
    def folder(self) -> NodeFolder:
        return NodeFolder(self.root / self.node)

    @contextmanager
    def open(self, *, read_only: bool = False) -> Iterator[NodeStore]:
        with open_store(self.folder, self.node, self.datasets, self.reference, read_only=read_only) as store:
            yield store

    def accepted(self, of: Dataset, records: Sequence[Record]) -> tuple[Batch, Path, Counts]:
        """A checked batch: the same records are the same batch only when it is handed over twice."""
        self.sent += 1
        self.root.mkdir(parents=True, exist_ok=True)
        path = self.root / f"{self.sent}.parquet"
        fields = [(name, pa.string()) for name in of.field_names] + [("_row", pa.int64()), ("_line", pa.int64())]
        numbered = [{**record, "_row": at, "_line": at + 1} for at, record in enumerate(records, 1)]
        pq.write_table(pa.Table.from_pylist(numbered, schema=pa.schema(fields)), path)
        batch = Batch(f"batch{self.sent}", self.node, "src", of.name, f"{self.sent}.csv", 1, "0" * 64)
        return batch, path, Counts(read=len(records))

    def merge(self, of: Dataset, records: Sequence[Record], source: str = "src") -> Merged:
        batch, path, counts = self.accepted(of, records)
        batch = Batch(batch.id, batch.node, source, batch.dataset, batch.file, batch.size, batch.sha256)
        with self.open() as store:
            return store.merge(batch, path, counts)

    def pack(self, parent: str, number: int, after: int) -> tuple[Manifest, dict[str, Path]]:
        """What a package of the changes after a change number would hold."""
        files, resources = {}, []
        with self.open() as store:
            upto = store.last_seq()
            for each in self.datasets:
                path = self.root / f"out-{number}-{each.name}.parquet"
                count = store.write_changes(each, after, upto, path)
                if count:
                    files[each.name] = path
                    resources.append(Resource(each.name, 1, count, sha256_of(path)))
            totals = tuple(store.totals(sent=True))
        return Manifest(Channel(self.node, parent), number, after, upto, tuple(resources), totals), files

    def send_to(self, parent: StoreBox, number: int, after: int) -> tuple[int, Received]:
        manifest, files = self.pack(parent.node, number, after)
        with parent.open() as store:
            return manifest.to_seq, store.receive(manifest, "sha", files)

    def held(self, of: Dataset, table: str = "held") -> list[dict[str, object]]:
        with self.open() as store:
            result = store._connection.execute(f'SELECT * FROM {table}."{of.name}" ORDER BY _origin, _source, _key')
            names = [column[0] for column in result.description]
            return [dict(zip(names, row, strict=True)) for row in result.fetchall()]

    def texts(self, of: Dataset, table: str = "held", column: str = "text") -> dict[str, object]:
        """The live records' text by the first field of their key."""
        return {str(row[of.key[0]]): row[column] for row in self.held(of, table) if not row["_deleted"]}
