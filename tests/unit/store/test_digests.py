"""The sums that two levels are compared by, against the same sums in plain Python."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st
from support.reference import claims, content_digest, settled, sums
from support.stores import ALL, CARD, CASE, MARK, STEP, Record, StoreBox, rows

from exchange.model.dataset import Dataset, dataset_of
from exchange.model.package import Total


def as_sums(totals: list[Total]) -> dict[tuple[str, str], tuple[int, int]]:
    return {(total.origin, total.dataset): (total.records, total.digest) for total in totals}


def test_the_digest_covers_the_content_and_not_how_it_travelled(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    records = rows(CASE, "A 文字 g1 1 I", "B - g2 1 I")
    box.merge(CASE, records)
    assert {row["no"]: row["_digest"] for row in box.held(CASE)} == {
        record["no"]: content_digest(CASE, record) for record in records
    }
    moved = [{**record, "guid": "other"} for record in records]
    assert [content_digest(CASE, record) for record in moved] == [content_digest(CASE, record) for record in records]


def test_an_empty_field_and_a_field_that_is_not_there_are_the_same_and_other_fields_are_not(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "1 h x - 1 I", "2 h - x 1 I"))
    first, second = box.held(CARD)
    assert first["_digest"] != second["_digest"]


FIELD = st.sampled_from(["a", "b", "甲"])
NUMBER = st.sampled_from(["1", "2", "3"])
OPERATION = st.sampled_from(["I", "U", "D"])


def record(of: Dataset, *key: str) -> st.SearchStrategy[Record]:
    own = {name: st.sampled_from(["1", "2"]) for name in key}
    rest = {name: st.none() | FIELD for name in of.field_names if name not in (*key, "v", "op")}
    return st.fixed_dictionaries({**own, **rest, "v": NUMBER, "op": OPERATION})


DELIVERY = st.one_of(
    st.tuples(st.just(CASE), st.lists(record(CASE, "no"), min_size=1, max_size=4)),
    st.tuples(st.just(STEP), st.lists(record(STEP, "no", "step"), min_size=1, max_size=4)),
    st.tuples(st.just(MARK), st.lists(record(MARK, "no", "step"), min_size=1, max_size=4)),
)


@given(st.lists(st.tuples(st.sampled_from(["one", "two"]), DELIVERY), min_size=1, max_size=8))
@settings(max_examples=15)
def test_kept_sums_recounted_sums_and_sums_in_plain_python_agree_in_every_order(
    deliveries: list[tuple[str, tuple[Dataset, list[Record]]]],
) -> None:
    with TemporaryDirectory() as folder:
        box = StoreBox(Path(folder))
        sent = []
        with box.open() as store:
            for source, (of, records) in deliveries:
                batch, path, counts = box.accepted(of, records)
                store.merge(type(batch)(batch.id, batch.node, source, of.name, batch.file, 1, "0"), path, counts)
                sent += claims(box.node, source, of, records)
            kept, recounted = store.totals(sent=False), store.recount(sent=False)
            outcomes = [store.batch(f"batch{at}") for at in range(1, box.sent + 1)]
            parked = store.parked()
        assert all(each is not None and each.counts.adds_up for each in outcomes)
        assert all(min(each.counts.values()) >= 0 for each in outcomes if each)
        assert sum(each.counts.parked for each in outcomes if each) == sum(parked.values())
        assert kept == recounted
        assert as_sums(kept) == sums(settled(sent))


def test_the_change_feed_holds_each_changed_record_once_and_deletions_too(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    first = box.merge(CASE, rows(CASE, "A one g 1 I", "B one g 1 I"))
    box.merge(CASE, rows(CASE, "A two g 2 U"))
    box.merge(CASE, rows(CASE, "B - g 3 D"))
    with box.open() as store:
        last = store.last_seq()
        everything = store.write_changes(CASE, 0, last, tmp_path / "all.parquet")
        later = store.write_changes(CASE, first.seq, last, tmp_path / "later.parquet")
        nothing = store.write_changes(CASE, last, last, tmp_path / "nothing.parquet")
        early = store.write_changes(CASE, 0, first.seq, tmp_path / "early.parquet")
    assert (everything, later, nothing, early) == (2, 2, 0, 0)
    assert not (tmp_path / "nothing.parquet").exists()
    table = pq.read_table(tmp_path / "all.parquet").to_pylist()
    assert sorted((row["no"], row["text"], row["_deleted"]) for row in table if row["text"]) == [("A", "two", False)]
    assert [row["_deleted"] for row in table if row["no"] == "B"] == [True]


def test_a_package_brings_the_parent_to_the_same_sums_and_a_tombstone_travels(tmp_path: Path) -> None:
    child, parent = StoreBox(tmp_path / "c"), StoreBox(tmp_path / "p", "320500000000")
    child.merge(CASE, rows(CASE, "A t g 1 I", "B t g 1 I"))
    after, first = child.send_to(parent, 1, 0)
    assert first.records == 2
    child.merge(CASE, rows(CASE, "A - g 2 D"))
    after, _ = child.send_to(parent, 2, after)
    assert parent.texts(CASE) == {"B": "t"}
    child.merge(CASE, rows(CASE, "A back g 3 I"))
    after, third = child.send_to(parent, 3, after)
    assert third.records == 1
    assert parent.texts(CASE) == {"A": "back", "B": "t"}
    with child.open() as below, parent.open() as above:
        assert above.totals(sent=False) == below.totals(sent=True) == above.child_totals(child.node)
        assert list(above.differences(below, frozenset({child.node}))) == []


def test_a_package_is_applied_once(tmp_path: Path) -> None:
    child, parent = StoreBox(tmp_path / "c"), StoreBox(tmp_path / "p", "320500000000")
    child.merge(CASE, rows(CASE, "A t g 1 I"))
    _, first = child.send_to(parent, 1, 0)
    _, second = child.send_to(parent, 1, 0)
    assert (first.again, second.again, second.seq) == (False, True, first.seq)
    with parent.open() as store:
        assert (store.last_seq(), store.last_received(child.node)) == (first.seq, 1)


def test_a_record_of_a_later_schema_has_the_old_digest_where_the_new_field_is_empty(tmp_path: Path) -> None:
    child = StoreBox(tmp_path)
    child.merge(CASE, rows(CASE, "A t g 1 I"))
    with child.open() as store:
        before = store.recount(sent=False)
    schema = {**CASE.schema, "properties": {"alpha": {"type": "string"}, **CASE.schema["properties"]}}
    child.datasets = (dataset_of("kase", 2, schema), *ALL[1:])
    with child.open() as store:
        assert store.recount(sent=False) == before == store.totals(sent=False)


def test_files_of_an_older_schema_go_into_a_store_of_a_newer_one(tmp_path: Path) -> None:
    """A rebuild replays batches and packages that were made before a field was added."""
    child, parent = StoreBox(tmp_path / "c"), StoreBox(tmp_path / "p", "320500000000")
    batch, path, counts = child.accepted(CASE, rows(CASE, "A t g 1 I"))
    with child.open() as store:
        store.merge(batch, path, counts)
        before = store.recount(sent=False)
    manifest, files = child.pack(parent.node, 1, 0)
    schema = {**CASE.schema, "properties": {"alpha": {"type": "string"}, **CASE.schema["properties"]}}
    wider = (dataset_of("kase", 2, schema), *ALL[1:])
    again = StoreBox(tmp_path / "again", datasets=wider)
    parent.datasets = wider
    with again.open() as store:
        store.merge(batch, path, counts)
        assert store.recount(sent=False) == before
    with parent.open() as store:
        store.receive(manifest, "sha", files)
        assert store.recount(sent=False) == before
