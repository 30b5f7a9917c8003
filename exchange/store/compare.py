"""Two stores side by side: from totals to buckets to the records that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb

from exchange.model.dataset import Dataset
from exchange.model.merged import Difference
from exchange.store.digests import bucket_records, buckets


def differences(
    here: duckdb.DuckDBPyConnection,
    there: duckdb.DuckDBPyConnection,
    datasets: Sequence[Dataset],
    origins: frozenset[str],
) -> Iterator[Difference]:
    """The records of `origins` that differ between the parent (`here`, held) and the child (`there`, sent).

    Only buckets whose count or digest differ are read.
    """
    for dataset in datasets:
        for origin in sorted(origins):
            ours = buckets(here, dataset, origin, sent=False)
            theirs = buckets(there, dataset, origin, sent=True)
            for bucket in sorted(ours.keys() | theirs.keys()):
                if ours.get(bucket) != theirs.get(bucket):
                    yield from _in_bucket(here, there, dataset, origin, bucket)


def _in_bucket(
    here: duckdb.DuckDBPyConnection, there: duckdb.DuckDBPyConnection, dataset: Dataset, origin: str, bucket: int
) -> Iterator[Difference]:
    ours = bucket_records(here, dataset, origin, bucket, sent=False)
    theirs = bucket_records(there, dataset, origin, bucket, sent=True)
    for place in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(place), theirs.get(place)
        if mine is None or other is None or mine[0] != other[0]:
            source, key = place
            _, file, row = mine or other or (0, None, None)
            yield Difference(
                origin,
                dataset.name,
                f"{key:016x}",
                source,
                file,
                row,
                None if mine is None else f"{mine[0]:016x}",
                None if other is None else f"{other[0]:016x}",
            )
