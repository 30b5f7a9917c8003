"""What a decision says is a pure function of the licences as they are explained."""

from __future__ import annotations

import pytest

from exchange.errors import ConfigError
from exchange.flows.composed import compared, parted, record_name
from exchange.model.licence import Claimed, Decided, Explained, RecordKey


def claim(
    form: int, *, key: int = 1, source: str = "src", file: str = "a.csv", row: int = 1, kind: str = "K"
) -> Claimed:
    record = {"certificate_type_code": kind, "certificate_type": "证"}
    place = ("320581000000", source, f"{key:016x}", f"{form:016x}", "b", file, row)
    return Claimed(*place, "A", False, 0, "", "exact", 1.0, record)


def explained(number: int, *claims: Claimed) -> Explained:
    return Explained(f"{number:016x}", claims[0].record, claims, (), (), (), (), ())


ONE = explained(1, claim(1), claim(11))
TWO = explained(2, claim(2))
THREE = explained(3, claim(3))
IDS = [each.licence for each in (ONE, TWO, THREE)]


def forms(*pairs: tuple[int, int]) -> tuple[tuple[str, str], ...]:
    return tuple((f"{a:016x}", f"{b:016x}") for a, b in pairs)


def test_every_form_of_the_one_is_said_to_be_every_form_of_the_other() -> None:
    said = compared("licence", [ONE, TWO], [(IDS[0], IDS[1])], same=True)
    assert (said.action, said.licences) == ("same", (IDS[0], IDS[1]))
    assert said.pairs == forms((1, 2), (2, 11))
    assert said.numbered(7).pairs == (Decided((1, 2), True), Decided((2, 11), True))


def test_what_is_one_with_two_others_makes_these_one_as_well() -> None:
    which = [(IDS[0], IDS[1]), (IDS[1], IDS[2])]
    assert set(compared("licence", [ONE, TWO, THREE], which, same=True).pairs) == set(
        forms((1, 2), (2, 11), (1, 3), (3, 11), (2, 3))
    )


def test_that_they_are_not_one_is_said_of_what_was_asked_alone() -> None:
    which = [(IDS[0], IDS[1]), (IDS[1], IDS[2])]
    said = compared("licence", [ONE, TWO, THREE], which, same=False)
    assert set(said.pairs) == set(forms((1, 2), (2, 11), (2, 3)))
    assert {each.same for each in said.numbered(1).pairs} == {False}


def test_licences_of_two_kinds_are_never_one_and_may_be_said_to_be_none() -> None:
    other = explained(4, claim(4, kind="L"))
    with pytest.raises(ConfigError, match=r"K.*L"):
        compared("licence", [ONE, other], [(IDS[0], other.licence)], same=True)
    assert compared("licence", [ONE, other], [(IDS[0], other.licence)], same=False).pairs


def test_kinds_are_compared_as_licences_are_not_as_they_are_written() -> None:
    other = explained(4, claim(4, kind="ｋ"))
    assert compared("licence", [ONE, other], [(IDS[0], other.licence)], same=True).pairs


@pytest.mark.parametrize("name", ["b.csv:7", "320581000000/other/0000000000000002"])
def test_a_record_is_taken_out_by_file_and_row_or_by_its_key(name: str) -> None:
    goes = claim(11, key=2, source="other", file="b.csv", row=7)
    said = parted("licence", explained(1, claim(1), goes, claim(1, key=3)), [name])
    assert said.records == (goes,)
    assert said.rest == (f"{1:016x}",)
    decision = said.numbered(3)
    assert decision.records == (RecordKey("320581000000", "other", 2),)
    assert decision.rest == (1,)


def test_a_record_with_the_form_of_those_that_stay_can_be_taken_out() -> None:
    said = parted("licence", explained(1, claim(1), claim(1, key=2, row=2)), ["a.csv:2"])
    assert [each.row for each in said.records] == [2]
    assert said.rest == (f"{1:016x}",)


def test_one_key_in_two_sources_is_two_records() -> None:
    same_key = explained(1, claim(1), claim(1, source="other", file="b.csv"))
    assert [each.source for each in parted("licence", same_key, ["b.csv:1"]).records] == ["other"]


@pytest.mark.parametrize(
    ("records", "word"),
    [
        (["a.csv:1", "a.csv:2"], "some must stay"),
        ([], "some must go"),
        (["x.csv:1"], "no claim x.csv:1"),
        (["a.csv"], "no claim a.csv"),
        (["c.csv:1"], "2 claims"),
    ],
)
def test_what_cannot_be_taken_out_is_told(records: list[str], word: str) -> None:
    two = [claim(1), claim(1, key=2, row=2)]
    twice = [claim(1, key=4, file="c.csv"), claim(1, key=5, source="other", file="c.csv")]
    licence = explained(1, *two) if "c.csv:1" not in records else explained(1, *two, *twice)
    with pytest.raises(ConfigError, match=word):
        parted("licence", licence, records)


def test_the_name_of_a_record_leads_to_it() -> None:
    licence = explained(1, claim(1), claim(1, key=2))
    assert parted("licence", licence, [record_name(licence.claims[1])]).records == (licence.claims[1],)
