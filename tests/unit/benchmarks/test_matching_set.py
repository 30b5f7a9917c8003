"""The labelled set repeats, is what its kinds say, and its labels are consistent with what a licence is."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2, mod_11_10, mod_37_36

from benchmarks.matching import number_writing
from benchmarks.matching.labelled_set import LabelledSet, make_set
from benchmarks.matching.mix import KINDS
from benchmarks.matching.sorts import SORTS
from catalog.loader import load_catalog

ROWS = 6_000
APART = ("other_issuer", "merged_issuers", "other_type", "next_same_day", "next_with_gap", "namesakes", "reissued")


@dataclass(frozen=True)
class Read:
    """A set in memory: its records with truth and kind."""

    files: LabelledSet
    records: list[dict[str, str]]

    def of(self, kind: str) -> dict[str, list[dict[str, str]]]:
        """The records of a kind, by licence."""
        found = defaultdict(list)
        for record in self.records:
            if record["kind"] == kind:
                found[record["truth"]].append(record)
        return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Read:
    files = make_set(tmp_path_factory.mktemp("set"), ROWS, 7)
    table = pq.read_table(files.licences).join(pq.read_table(files.labels), "row_guid")
    return Read(files, table.to_pylist())


def test_the_same_seed_makes_the_same_set_and_another_another(made: Read, tmp_path: Path) -> None:
    again, other = make_set(tmp_path / "again", ROWS, 7), make_set(tmp_path / "other", ROWS, 8)
    for name in ("licences", "labels", "lineage", "registrations"):
        assert getattr(again, name).read_bytes() == getattr(made.files, name).read_bytes()
        assert getattr(other, name).read_bytes() != getattr(made.files, name).read_bytes()


def test_the_matcher_is_given_the_columns_of_the_dataset_as_text_and_nothing_of_the_truth(made: Read) -> None:
    schema = pq.read_schema(made.files.licences)
    assert tuple(schema.names) == load_catalog().datasets.get("licence").field_names
    assert {str(kind) for kind in schema.types} == {"string"}
    assert pq.read_schema(made.files.labels).names == ["row_guid", "truth", "kind"]


def test_there_are_enough_rows_each_with_an_identifier_of_its_own(made: Read) -> None:
    assert len(made.records) >= ROWS
    assert len({record["row_guid"] for record in made.records}) == len(made.records)


def test_every_kind_is_there_and_the_shares_are_a_whole(made: Read) -> None:
    assert {record["kind"] for record in made.records} == set(KINDS)
    assert sum(kind.share for kind in KINDS.values()) == 1000


def test_rows_of_a_licence_are_not_next_to_each_other(made: Read) -> None:
    truths = pq.read_table(made.files.labels)["truth"].to_pylist()
    neighbours = sum(one == other for one, other in pairwise(truths))
    assert neighbours < 10


def test_one_licence_is_one_type_and_lineage_and_number_and_holder(made: Read) -> None:
    """Of what issuing bodies report; only the other levels write otherwise."""
    lines = made.files.lineage.read_text(encoding="utf-8").splitlines()[1:]
    heir = {line.split(",")[0]: line.split(",")[2] for line in lines}

    def today(code: str) -> str:
        return today(heir[code]) if code in heir else code

    truths, keys = defaultdict(set), defaultdict(set)
    for record in made.records:
        if record["trust_level"] == "A":
            holders = tuple(sorted(record["certificate_holder_code"].split("、")))
            key = (
                *(record["certificate_type_code"], today(record["issue_dept_code"])),
                *(record["certificate_number"], holders),
            )
            truths[key].add(record["truth"])
            keys[record["truth"]].add(key)
    assert max(map(len, truths.values())) == 1
    assert max(map(len, keys.values())) == 1


def test_an_identifier_without_its_version_is_one_licence(made: Read) -> None:
    truths = defaultdict(set)
    for record in made.records:
        identifier = record["certificate_source_id"]
        if identifier:
            truths[re.sub(r"\.\d{3}\.[0-9A-Z]$", "", identifier)].add(record["truth"])
    assert max(map(len, truths.values())) == 1


def test_a_truth_belongs_to_one_kind_and_has_all_its_rows_there(made: Read) -> None:
    kinds = defaultdict(set)
    for record in made.records:
        kinds[record["truth"]].add(record["kind"])
    assert max(map(len, kinds.values())) == 1


def test_identifiers_and_codes_have_right_check_characters(made: Read) -> None:
    for record in made.records:
        if record["trust_level"] != "A":
            continue
        assert uscc.is_valid(record["issue_dept_code"])
        for code in record["certificate_holder_code"].split("、"):
            assert (mod_11_2.is_valid if record["certificate_holder_type"] == "111" else uscc.is_valid)(code), code
        identifier = (record["certificate_source_id"] or "").removeprefix("1.2.156.3005.2.")
        assert "." not in identifier or mod_37_36.is_valid(identifier.replace(".", ""))
    lines = made.files.registrations.read_text(encoding="utf-8").splitlines()[1:]
    assert len(lines) > 100
    for registration, code in (line.split(",") for line in lines):
        assert len(registration) == 15
        assert mod_11_10.is_valid(registration)
        assert uscc.is_valid(code)


@pytest.mark.parametrize("kind", APART)
def test_look_alikes_are_several_licences(made: Read, kind: str) -> None:
    assert len(made.of(kind)) >= 2


def test_a_reissue_has_another_number_and_names_the_old_licence(made: Read) -> None:
    own = {
        record["certificate_source_id"]: record
        for records in made.of("reissued").values()
        for record in records
        if record["trust_level"] == "A"
    }
    named = [record for record in own.values() if record["previous_source_id"]]
    assert len(named) > 10
    for record in named:
        old = own[record["previous_source_id"]]
        assert old["truth"] != record["truth"]
        assert old["certificate_number"] != record["certificate_number"]
        assert old["certificate_holder_code"] == record["certificate_holder_code"]


def test_a_renewal_keeps_its_number_and_names_the_version_before(made: Read) -> None:
    for records in made.of("renewed").values():
        own = [record for record in records if record["trust_level"] == "A"]
        first, *later = sorted(own, key=lambda record: record["cd_time"])
        assert later
        for record in later:
            assert record["change_type"] == "02"
            assert record["certificate_number"] == first["certificate_number"]
            assert record["previous_source_id"] in {each["certificate_source_id"] for each in own}


def test_a_number_written_otherwise_is_another_text(made: Read) -> None:
    for kind in ("number_written", "number_slip"):
        for records in made.of(kind).values():
            assert len({record["certificate_number"] for record in records}) == 2


def test_a_holder_by_an_old_code_has_a_code_that_is_in_the_new_one_or_in_none(made: Read) -> None:
    lengths = defaultdict(int)
    for records in made.of("holder_old_code").values():
        new, old = (
            next(each["certificate_holder_code"] for each in records if each["trust_level"] == level) for level in "AB"
        )
        lengths[len(old)] += 1
        bare = old.replace("-", "")
        person = new[:6] + new[8:17]
        assert bare == new[8:17] or (len(bare) == 15 and (bare == person or mod_11_10.is_valid(bare)))
    assert set(lengths) == {9, 10, 15}


def test_a_slip_is_never_the_number_itself_and_a_writing_never_changes_what_it_says() -> None:
    rng = Random(3)
    for number in ("JY13205820012345", "苏(2021)吴江区不动产权第0012345号", "2021-0000123", "32058219900101123X"):
        for _ in range(200):
            assert number_writing.slip(number, rng) != number
            written = number_writing.written_otherwise(number, rng)
            assert written != number
            assert said(written) == said(number), written


def said(number: str) -> str:
    """What is left of a number when signs, width, case and the words around it do not count."""
    narrow = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in number)
    return re.sub(r"[^0-9A-Z\u4e00-\u9fff]|编号|^NO(?=\W)|第|号", "", narrow.upper().replace("NO.", ""))


def test_no_two_sorts_have_one_code() -> None:
    assert len({sort.code for sort in SORTS}) == len(SORTS)
