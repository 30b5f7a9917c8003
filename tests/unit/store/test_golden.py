"""Golden records: a pure function of the live claims, whatever order they came in and by whatever way."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from support.reference import content_digest, golden, identity, md5_number_lower
from support.stores import CARD, Record, StoreBox, rows

from exchange.licences import normalise


def claimed(box: StoreBox) -> list[tuple[tuple[str, int, str, str], Record]]:
    return [
        (
            (row["_version"], row["_digest"], row["_origin"], row["_source"]),
            {name: row[name] for name in CARD.field_names},
        )  # type: ignore[misc]
        for row in box.held(CARD)
        if not row["_deleted"]
    ]


def shown(box: StoreBox) -> dict[tuple[str, ...], Record]:
    live = [row for row in box.held(CARD, "golden") if not row["_deleted"]]
    assert all(row["_digest"] == content_digest(CARD, row) for row in live)  # type: ignore[arg-type]
    return {
        identity(CARD, row): {name: row[name] for name in CARD.field_names if row[name] is not None} for row in live
    }  # type: ignore[arg-type,misc]


def test_each_field_comes_from_the_newest_claim_that_fills_it(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "苏〔2026〕1号 h old kept 1 I"), "one")
    box.merge(CARD, rows(CARD, "苏(2026)1号 H new - 2 I"), "two")
    assert list(shown(box).values()) == [
        {"id": "苏(2026)1号", "holder": "H", "text": "new", "extra": "kept", "v": "2", "op": "I"}
    ]


def test_the_record_is_named_by_its_normalised_identity(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "Ａ－1 h t - 1 I"))
    (row,) = box.held(CARD, "golden")
    assert row["_key"] == md5_number_lower("\x1f".join([normalise("Ａ－1"), normalise("h")]))
    assert (row["_origin"], row["_source"]) == (box.node, box.node)


def test_a_record_names_every_claim_that_it_stands_for(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    first = box.merge(CARD, rows(CARD, "1 h t - 1 I"), "one")
    second = box.merge(CARD, rows(CARD, "1 h u - 2 I"), "two")
    (row,) = box.held(CARD, "golden")
    told = [(each["node"], each["source"], each["batch"], each["row"]) for each in json.loads(str(row["_claims"]))]
    assert sorted(told) == [(box.node, "one", first.batch, 1), (box.node, "two", second.batch, 1)]


def test_a_licence_without_a_live_claim_becomes_a_tombstone_and_rises_again(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "1 h t - 1 I"))
    box.merge(CARD, rows(CARD, "1 - - - 2 D"))
    assert [row["_deleted"] for row in box.held(CARD, "golden")] == [True]
    with box.open() as store:
        assert store.totals(sent=True) == store.recount(sent=True) == []
    box.merge(CARD, rows(CARD, "1 h again - 3 I"))
    assert [each["text"] for each in shown(box).values()] == ["again"]


def test_a_claim_whose_holder_changes_moves_to_the_other_licence(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "1 h t - 1 I"))
    box.merge(CARD, rows(CARD, "1 other t - 2 U"))
    assert set(shown(box)) == {("1", "OTHER")}
    assert sorted(bool(row["_deleted"]) for row in box.held(CARD, "golden")) == [False, True]


def test_a_record_that_comes_out_as_it_was_is_not_sent_again(tmp_path: Path) -> None:
    box = StoreBox(tmp_path)
    box.merge(CARD, rows(CARD, "1 h t - 2 I", "2 h t - 1 I"), "one")
    before = {row["_key"]: row["_seq"] for row in box.held(CARD, "golden")}
    box.merge(CARD, rows(CARD, "2 h u - 2 U"), "one")
    after = {row["_key"]: row["_seq"] for row in box.held(CARD, "golden")}
    assert sorted(after[key] - before[key] for key in before) == [0, 1]


def test_the_province_comes_to_one_record_by_way_of_two_children_in_either_order(tmp_path: Path) -> None:
    ends = []
    for at, order in enumerate(permutations(["320100000000", "320500000000"])):
        top = StoreBox(tmp_path / str(at) / "top", "320000000000")
        for node in order:
            child = StoreBox(tmp_path / str(at) / node, node)
            text, version = ("old", 1) if node == "320100000000" else ("new", 2)
            child.merge(CARD, rows(CARD, f"1 h {text} {'kept' if version == 1 else '-'} {version} I"))
            child.send_to(top, 1, 0)
        ends.append(shown(top))
        with top.open() as store:
            assert store.totals(sent=True) == store.recount(sent=True)
    assert (
        ends[0]
        == ends[1]
        == {("1", "H"): {"id": "1", "holder": "h", "text": "new", "extra": "kept", "v": "2", "op": "I"}}
    )


CLAIM = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a-1", "Ａ-1", "a－1", "b"]),
        "holder": st.sampled_from(["h", "H", "x"]),
        "text": st.none() | st.sampled_from("pq"),
        "extra": st.none() | st.sampled_from("pq"),
        "v": st.sampled_from("123"),
        "op": st.sampled_from("IUD"),
    }
)


@given(
    st.lists(
        st.tuples(st.sampled_from(["one", "two"]), st.lists(CLAIM, min_size=1, max_size=3)), min_size=1, max_size=5
    )
)
@settings(max_examples=12)
def test_golden_records_are_those_of_plain_python(deliveries: list[tuple[str, list[Record]]]) -> None:
    with TemporaryDirectory() as folder:
        box = StoreBox(Path(folder), datasets=(CARD,))
        for source, records in deliveries:
            box.merge(CARD, records, source)
        assert shown(box) == golden(CARD, claimed(box))
        with box.open() as store:
            assert store.totals(sent=True) == store.recount(sent=True)
