"""Licences that follow each other: explained with what is before and after, and told where it goes in a circle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from support.rows import licence
from support.stores import StoreBox

from catalog.loader import load_catalog
from catalog.rule_tables import rule_reference
from exchange.model.crosscheck import CrossTerms

CATALOG = load_catalog()
LICENCE = CATALOG.datasets.get("licence")
TERMS = CrossTerms(date(2026, 2, 10), 10, ())


def store_of(root: Path, *chain: tuple[str, str, str]) -> StoreBox:
    """Licences by number, identifier, and the identifier of the one that each follows (`-` for none)."""
    box = StoreBox(root, "320581000000", [LICENCE], reference=rule_reference(CATALOG))
    rows = [
        licence(number, certificate_source_id=own, **({} if before == "-" else {"previous_source_id": before}))
        for number, own, before in chain
    ]
    box.merge(LICENCE, rows)
    return box


def ids(box: StoreBox) -> dict[str, str]:
    return {str(row["certificate_number"]): f"{row['_key']:016x}" for row in box.held(LICENCE, "golden")}


def circling(box: StoreBox) -> set[str]:
    with box.open() as store:
        store.cross_check(TERMS)
        rows = store._connection.execute("SELECT licence_id FROM hub.cross_findings WHERE code = 'W405'").fetchall()
    numbers = {found: number for number, found in ids(box).items()}
    return {numbers[row[0]] for row in rows}


def test_what_is_before_and_after_is_found_however_the_identifiers_are_written(tmp_path: Path) -> None:
    box = store_of(tmp_path, ("A", "x.b.1.001.a", "-"), ("B", "X.B.2.001.A", "Ｘ.B.1.002.C"), ("C", "X.B.3.001.A", "-"))
    name = ids(box)
    with box.open() as store:
        explained = {each.record["certificate_number"]: each for each in store.explain(list(name.values()))}
    assert (explained["A"].previous, explained["A"].following) == ((), (name["B"],))
    assert (explained["B"].previous, explained["B"].following) == ((name["A"],), ())
    assert (explained["C"].previous, explained["C"].following) == ((), ())


def test_a_circle_is_told_on_each_licence_in_it_and_on_none_that_leads_to_it(tmp_path: Path) -> None:
    box = store_of(
        tmp_path,
        ("A", "X.B.1.001.A", "X.B.3.001.A"),
        ("B", "X.B.2.001.A", "X.B.1.001.A"),
        ("C", "X.B.3.001.A", "X.B.2.001.A"),
        ("D", "X.B.4.001.A", "X.B.3.001.A"),
        ("E", "X.B.5.001.A", "X.B.4.001.A"),
    )
    assert circling(box) == {"A", "B", "C"}


def test_a_renewal_that_names_its_own_earlier_version_is_no_circle(tmp_path: Path) -> None:
    box = store_of(tmp_path, ("A", "X.B.1.002.A", "X.B.1.001.A"))
    assert circling(box) == set()
