"""A batch's rows in the store: newest wins, once, in any order, and every row has one outcome."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.reference import content_digest
from support.stores import CASE, MARK, STEP, StoreBox, rows

from exchange.model.batch import Counts
from exchange.model.merged import Release


@pytest.fixture
def box(tmp_path: Path) -> StoreBox:
    return StoreBox(tmp_path)


def test_the_newer_version_replaces_the_older(box: StoreBox) -> None:
    assert box.merge(CASE, rows(CASE, "A old g 1 I")).counts == Counts(read=1, accepted=1)
    assert box.merge(CASE, rows(CASE, "A new g 2 U")).counts == Counts(read=1, accepted=1)
    assert box.texts(CASE) == {"A": "new"}


def test_an_older_version_is_a_duplicate(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A new g 2 U"))
    assert box.merge(CASE, rows(CASE, "A old g 1 I")).counts == Counts(read=1, duplicate=1)
    assert box.texts(CASE) == {"A": "new"}


@pytest.mark.parametrize("order", ["xy", "yx"])
def test_of_two_rows_of_one_version_the_one_with_the_greater_digest_wins_in_either_order(
    box: StoreBox, order: str
) -> None:
    for text in order:
        box.merge(CASE, rows(CASE, f"A {text} g 1 I"))
    greater = max("xy", key=lambda text: content_digest(CASE, rows(CASE, f"A {text} g 1 I")[0]))
    assert box.texts(CASE) == {"A": greater}


def test_a_row_that_differs_only_in_how_it_travelled_is_a_duplicate(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A text g1 1 I"))
    assert box.merge(CASE, rows(CASE, "A text g2 1 I")).counts == Counts(read=1, duplicate=1)


def test_of_one_key_twice_in_a_file_the_newest_counts_wherever_it_stands(box: StoreBox) -> None:
    merged = box.merge(CASE, rows(CASE, "A second g 2 U", "A first g 1 I", "B only g 1 I", "A third g 3 U"))
    assert merged.counts == Counts(read=4, accepted=2, duplicate=2)
    assert box.texts(CASE) == {"A": "third", "B": "only"}


def test_the_same_row_twice_in_a_file_is_accepted_once_and_leads_to_the_first(box: StoreBox) -> None:
    assert box.merge(CASE, rows(CASE, "A t g 1 I", "A t g 1 I")).counts == Counts(read=2, accepted=1, duplicate=1)
    assert [row["_row"] for row in box.held(CASE)] == [1]


def test_rejected_rows_are_counted_beside_the_accepted(box: StoreBox) -> None:
    batch, path, _ = box.accepted(CASE, rows(CASE, "A t g 1 I", "A t g 1 I"))
    with box.open() as store:
        merged = store.merge(batch, path, Counts(read=5, rejected=3, repaired=1))
    assert merged.counts == Counts(read=5, accepted=1, rejected=3, duplicate=1, repaired=1)
    assert merged.counts.adds_up


def test_keys_of_two_sources_do_not_meet(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A mine g 1 I"), "one")
    box.merge(CASE, rows(CASE, "A yours g 2 I"), "two")
    assert [row["text"] for row in box.held(CASE)] == ["mine", "yours"]


def test_key_fields_do_not_run_into_each_other(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A t g 1 I", "AB t g 1 I"))
    assert box.merge(STEP, rows(STEP, "A B1 x 1 I", "AB 1 x 1 I")).counts == Counts(read=2, accepted=2)


def test_a_batch_is_applied_once(box: StoreBox) -> None:
    batch, path, counts = box.accepted(CASE, rows(CASE, "A t g 1 I"))
    with box.open() as store:
        first = store.merge(batch, path, counts)
        before = store.recount(sent=False), store.last_seq()
        second = store.merge(batch, path, counts)
        assert (store.recount(sent=False), store.last_seq()) == before
    assert (first.again, second.again) == (False, True)
    assert (second.seq, second.counts) == (first.seq, first.counts)


def test_a_deletion_leaves_a_tombstone_that_an_older_row_cannot_raise(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A t g 1 I"))
    assert box.merge(CASE, rows(CASE, "A - g 3 D")).counts == Counts(read=1, accepted=1)
    assert box.texts(CASE) == {}
    assert [row["_deleted"] for row in box.held(CASE)] == [True]
    assert box.merge(CASE, rows(CASE, "A late g 2 U")).counts == Counts(read=1, duplicate=1)
    assert box.texts(CASE) == {}


def test_a_newer_row_raises_a_deleted_record(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A - g 1 D"))
    box.merge(CASE, rows(CASE, "A back g 2 I"))
    assert box.texts(CASE) == {"A": "back"}


@pytest.mark.parametrize("first", ["I", "D"])
def test_a_deletion_and_a_change_of_one_moment_end_the_same_in_either_order(tmp_path: Path, first: str) -> None:
    ends = []
    for at, operation in enumerate([first, "D" if first == "I" else "I"]):
        box = StoreBox(tmp_path / str(at))
        for each in (operation, "D" if operation == "I" else "I"):
            box.merge(CASE, rows(CASE, f"A t g 1 {each}"))
        ends.append(box.texts(CASE))
    assert ends[0] == ends[1]


def test_a_row_waits_for_the_record_that_it_refers_to(box: StoreBox) -> None:
    waiting = box.merge(STEP, rows(STEP, "A 1 x 1 I", "B 1 y 1 I"))
    assert waiting.counts == Counts(read=2, parked=2)
    arrived = box.merge(CASE, rows(CASE, "A t g 1 I"))
    with box.open() as store:
        now = store.batch(waiting.batch)
        assert now is not None
        assert now.counts == Counts(read=2, accepted=1, parked=1)
        assert store.releases(0) == [Release(arrived.seq, waiting.batch, 1, 0)]
        assert store.releases(arrived.seq) == []
        assert store.parked() == {"kase": 0, "card": 0, "step": 1, "mark": 0}


def test_a_whole_chain_is_let_in_when_its_first_link_comes(box: StoreBox) -> None:
    last = box.merge(MARK, rows(MARK, "A 1 m 1 I"))
    middle = box.merge(STEP, rows(STEP, "A 1 s 1 I"))
    assert (last.counts.parked, middle.counts.parked) == (1, 1)
    first = box.merge(CASE, rows(CASE, "A t g 1 I"))
    with box.open() as store:
        assert store.releases(0) == [Release(first.seq, last.batch, 1, 0), Release(first.seq, middle.batch, 1, 0)]
        assert sum(store.parked().values()) == 0
    assert box.texts(MARK) == {"A": "m"}


def test_a_parked_row_that_a_newer_one_replaces_is_a_duplicate(box: StoreBox) -> None:
    old = box.merge(STEP, rows(STEP, "A 1 old 1 I"))
    assert box.merge(STEP, rows(STEP, "A 1 new 2 U")).counts == Counts(read=1, parked=1)
    with box.open() as store:
        now = store.batch(old.batch)
    assert now is not None
    assert now.counts == Counts(read=1, duplicate=1)
    box.merge(CASE, rows(CASE, "A t g 1 I"))
    assert box.texts(STEP) == {"A": "new"}


def test_a_row_that_is_older_than_a_parked_one_is_a_duplicate(box: StoreBox) -> None:
    box.merge(STEP, rows(STEP, "A 1 new 2 U"))
    assert box.merge(STEP, rows(STEP, "A 1 old 1 I")).counts == Counts(read=1, duplicate=1)


def test_a_parked_deletion_takes_effect_when_it_is_let_in(box: StoreBox) -> None:
    box.merge(STEP, rows(STEP, "A 1 x 1 I"))
    box.merge(STEP, rows(STEP, "A 1 - 2 D"))
    box.merge(CASE, rows(CASE, "A t g 1 I"))
    assert box.texts(STEP) == {}
    assert [row["_deleted"] for row in box.held(STEP)] == [True]


def test_a_record_that_was_deleted_still_answers_for_those_that_refer_to_it(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A - g 1 D"))
    assert box.merge(STEP, rows(STEP, "A 1 x 1 I")).counts == Counts(read=1, accepted=1)


def test_a_reference_is_met_by_another_source_of_the_same_node(box: StoreBox) -> None:
    box.merge(CASE, rows(CASE, "A t g 1 I"), "one")
    assert box.merge(STEP, rows(STEP, "A 1 x 1 I"), "two").counts == Counts(read=1, accepted=1)


def test_every_record_leads_back_to_source_batch_file_and_row(box: StoreBox) -> None:
    merged = box.merge(CASE, rows(CASE, "A t g 1 I", "B t g 1 I"))
    found = {
        row["no"]: (row["_origin"], row["_source"], row["_batch"], row["_file"], row["_row"]) for row in box.held(CASE)
    }
    assert found == {at: (box.node, "src", merged.batch, "1.csv", row) for at, row in (("A", 1), ("B", 2))}
