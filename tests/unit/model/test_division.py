"""A code's own places say what lies within it: held against the parents that the catalogue's list names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from exchange.model.division import prefix, prefixes_within

ROOT = Path(__file__).parents[3] / "catalog" / "jiangsu"


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


PARENTS = {row["code"]: row["parent"] for row in rows("divisions.csv")}
ALIASES = [(row["alias"], row["code"]) for row in rows("division_aliases.csv")]


def within(code: str) -> set[str]:
    """The division and all below it, by the list's own parents."""
    found = {code}
    while more := {each for each, parent in PARENTS.items() if parent in found} - found:
        found |= more
    return found


@pytest.mark.parametrize("code", ["320000000000", "320500000000", "320581000000", "320581101000", "320576000000"])
def test_all_codes_within_a_division_begin_with_its_prefix_and_no_others_do(code: str) -> None:
    assert {each for each in PARENTS if each.startswith(prefix(code))} == within(code)


@pytest.mark.parametrize(
    ("code", "places"), [("320000000000", "32"), ("320500000000", "3205"), ("320581101000", "320581101")]
)
def test_a_prefix_is_as_long_as_its_level(code: str, places: str) -> None:
    assert prefix(code) == places


def test_a_village_is_named_by_all_its_places() -> None:
    assert prefix("320581101003") == "320581101003"


@pytest.mark.parametrize(
    ("node", "codes"),
    [
        ("320576000000", ("320576", "320571")),
        ("320613000000", ("320613", "320602", "320611")),
        ("320581000000", ("320581",)),
    ],
)
def test_codes_of_other_lists_lie_within_what_they_stand_for(node: str, codes: tuple[str, ...]) -> None:
    assert prefixes_within(node, ALIASES) == codes
