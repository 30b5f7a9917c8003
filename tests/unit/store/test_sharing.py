"""What a store shares and takes: whole or not at all, once, and the parent's word in place of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.stores import CARD, StoreBox, rows
from test_crash_points import Dying, dies

from exchange.model.merged import Received, Sealed
from exchange.model.package import Channel, Manifest, Resource, Territory

COUNTY, CITY, PROVINCE = "320581000000", "320500000000", "320000000000"
TO_COUNTY = Territory(COUNTY, frozenset({COUNTY}), ("320581",))
TO_CITY = Territory(CITY, frozenset({COUNTY, CITY}), ("3205",))


def given(box: StoreBox, to: Territory, number: int, after: int = 0) -> tuple[Manifest, dict[str, Path]]:
    """The next package for a child, noted as made."""
    path, disputed = box.root / f"down-{number}.parquet", box.root / f"disputed-{number}"
    with box.open() as store:
        window = (after, store.last_seq())
        records = store.sharing.write_shares(CARD, to, window, path, disputed)
        if not records:
            path.unlink(missing_ok=True)
        files = {CARD.name: path} if records else {}
        store.sharing.note_sealed(to.child, Sealed(number, *window, "sha", acknowledged=False), files)
    resources = (Resource(CARD.name, 1, records, "sha"),) if records else ()
    return Manifest(Channel(to.child, box.node, down=True), number, *window, resources, ()), files


def take(box: StoreBox, package: tuple[Manifest, dict[str, Path]]) -> Received:
    with box.open() as store:
        return store.sharing.take(package[0], "sha", package[1])


def live(box: StoreBox) -> list[tuple[str, str]]:
    found = [(str(row["_origin"]), str(row["text"])) for row in box.held(CARD, "shared") if not row["_deleted"]]
    return sorted(found)


@pytest.fixture
def levels(tmp_path: Path) -> tuple[StoreBox, StoreBox, StoreBox]:
    """A county's card is known to its city and the province, where another source says otherwise."""
    county, city, province = (StoreBox(tmp_path / node, node) for node in (COUNTY, CITY, PROVINCE))
    county.merge(CARD, rows(CARD, "1 h old - 1 I"))
    county.send_to(city, 1, 0)
    city.send_to(province, 1, 0)
    province.merge(CARD, rows(CARD, "1 h new - 2 I"))
    return county, city, province


def test_own_records_go_down_until_the_word_from_above_takes_their_place(
    levels: tuple[StoreBox, StoreBox, StoreBox],
) -> None:
    county, city, province = levels
    first = given(city, TO_COUNTY, 1)
    take(county, first)
    assert live(county) == [(CITY, "old")]
    take(city, given(province, TO_CITY, 1))
    second = given(city, TO_COUNTY, 2, first[0].to_seq)
    take(county, second)
    assert live(county) == [(PROVINCE, "new")]


def test_own_records_go_down_again_when_the_word_from_above_is_taken_back(
    levels: tuple[StoreBox, StoreBox, StoreBox],
) -> None:
    county, city, province = levels
    shared = given(province, TO_CITY, 1)
    take(city, shared)
    first = given(city, TO_COUNTY, 1)
    take(county, first)
    assert live(county) == [(PROVINCE, "new")]
    # the province finds that it no longer concerns the city: by a territory that holds nothing
    nothing = Territory(CITY, frozenset({"999999999999"}), ("99",))
    province.merge(CARD, rows(CARD, "1 h newer - 3 I"), source="src")
    take(city, given(province, nothing, 2, shared[0].to_seq))
    take(county, given(city, TO_COUNTY, 2, first[0].to_seq))
    assert live(county) == [(CITY, "old")]


def test_a_tombstone_says_nothing_of_what_was(levels: tuple[StoreBox, StoreBox, StoreBox]) -> None:
    county, city, _ = levels
    first = given(city, TO_COUNTY, 1)
    take(county, first)
    county.merge(CARD, rows(CARD, "1 h old - 9 D"))
    county.send_to(city, 2, 1)
    take(county, given(city, TO_COUNTY, 2, first[0].to_seq))
    (buried,) = county.held(CARD, "shared")
    assert buried["_deleted"]
    assert {buried[name] for name in CARD.field_names} == {None}


def test_a_package_is_taken_once(levels: tuple[StoreBox, StoreBox, StoreBox]) -> None:
    county, city, _ = levels
    package = given(city, TO_COUNTY, 1)
    done = take(county, package)
    before = county.held(CARD, "shared")
    again = take(county, package)
    assert (done.again, again.again, again.seq) == (False, True, done.seq)
    assert county.held(CARD, "shared") == before


def test_shared_records_are_in_no_total_and_in_no_change_feed(levels: tuple[StoreBox, StoreBox, StoreBox]) -> None:
    county, city, _ = levels
    with county.open() as store:
        before = store.totals(sent=True), store.totals(sent=False)
        after = store.last_seq()
    take(county, given(city, TO_COUNTY, 1))
    with county.open() as store:
        assert (store.totals(sent=True), store.totals(sent=False)) == before
        assert store.write_changes(CARD, after, store.last_seq(), county.root / "nothing.parquet") == 0


def test_a_package_with_more_records_than_a_row_group_is_taken_whole(tmp_path: Path) -> None:
    """DuckDB 2.0 loses such rows between the statements of a transaction when a table is filled in two steps."""
    city, county, many = StoreBox(tmp_path / CITY, CITY), StoreBox(tmp_path / COUNTY, COUNTY), 130_000
    claim = f"""'[{{"node": "{COUNTY}", "source": "s", "batch": "b", "file": "f", "row": ' || i || '}}]'"""
    with city.open() as store, county.open() as below:
        for node, each in ((CITY, store), (COUNTY, below)):
            each._connection.execute(
                f"INSERT INTO golden.card BY NAME SELECT '{node}' AS _origin, '{node}' AS _source, i::UBIGINT AS _key, "
                f"'1' AS _version, 0::UBIGINT AS _digest, false AS _deleted, 1 AS _seq, {claim} AS _claims, "
                f"i::VARCHAR AS id, 'h' AS holder FROM range({many}) t(i)"
            )
            each._connection.execute("UPDATE hub.clock SET seq = 1")
    take(county, given(city, TO_COUNTY, 1))
    with county.open() as below:
        counted = below._connection.execute("SELECT count(*), count(DISTINCT id) FROM shared.card").fetchall()
        stirred = below._connection.execute("SELECT count(DISTINCT key) FROM hub.stirred").fetchall()
    assert (counted, stirred) == ([(many, many)], [(many,)])


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
def test_taking_is_all_or_nothing_at_every_statement(levels: tuple[StoreBox, StoreBox, StoreBox]) -> None:
    county, city, _ = levels
    package = given(city, TO_COUNTY, 1)

    def state() -> tuple[object, ...]:
        with county.open() as store:
            stirred = store._connection.execute("SELECT * FROM hub.stirred").fetchall()
            taken = store.sharing.last_taken(CITY), store.last_seq()
        return county.held(CARD, "shared"), stirred, taken

    def work(last: int) -> None:
        with county.open() as store:
            store._connection = Dying(store._connection, last)  # type: ignore[assignment]
            store.sharing.take(package[0], "sha", package[1])

    before, points = state(), 0
    while dies(work, points):
        assert state() == before
        points += 1
    assert points > 8
    assert live(county) == [(CITY, "old")]
