"""Former issuing bodies and old codes: chains to their end, over both tables, and what is wrong in them."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_examples import Told

from catalog.lineage import issuer_pairs, load_lineage, registration_pairs
from catalog.loader import JIANGSU, load_catalog
from catalog.models import IssuerChange, Registration
from catalog.rule_tables import rule_reference
from exchange.licences.holder import holder_identity
from exchange.licences.issuer import issuer_identity
from exchange.validation.formats.organisations import org_check, uscc_check

ISSUERS, REGISTRATIONS = "code,name,successor,since,basis\n", "code,uscc\n"


def uscc(number: int) -> str:
    """A code of a body that is made up and whose check characters hold."""
    eight = f"{number:08d}"
    body = "11320500" + eight + org_check(eight)
    return body + uscc_check(body)


A, B, C, D = (uscc(number) for number in range(1, 5))


@pytest.fixture
def lineage(tmp_path: Path) -> Path:
    """A folder with both tables, empty but for their headers."""
    (tmp_path / "issuers.csv").write_text(ISSUERS, encoding="utf-8")
    (tmp_path / "registrations.csv").write_text(REGISTRATIONS, encoding="utf-8")
    return tmp_path


def write(folder: Path, issuers: str = "", registrations: str = "") -> None:
    (folder / "issuers.csv").write_text(ISSUERS + issuers, encoding="utf-8")
    (folder / "registrations.csv").write_text(REGISTRATIONS + registrations, encoding="utf-8")


def issuers(folder: Path) -> dict[str, str]:
    return dict(load_lineage(folder / "issuers.csv", folder / "registrations.csv").issuers)


def holders(folder: Path) -> dict[str, str]:
    return dict(load_lineage(folder / "issuers.csv", folder / "registrations.csv").holders)


def mistakes(folder: Path, told: Told) -> dict[str, str]:
    return told(lambda: load_lineage(folder / "issuers.csv", folder / "registrations.csv"))


def test_code_and_name_of_every_body_of_a_chain_lead_to_its_end(lineage: Path) -> None:
    write(lineage, f"{A},某市工商行政管理局,{B},2014-10-01,方案\n,某市质监局,{B},,方案\n{B},,{C},2019-01-01,方案\n")
    found = issuers(lineage)
    for code, name in ((A, None), (B, None), (None, "某市工商行政管理局"), (None, "某市质监局")):
        assert issuer_identity(code, name, found) == issuer_identity(C, None)
    assert issuer_identity(D, "某市工商行政管理局", found) == issuer_identity(D, None)


def test_an_old_code_is_the_body_s_own_of_today_however_it_is_written(lineage: Path) -> None:
    write(lineage, registrations=f"320507000045918,{B}\n{A[8:16]}-{A[16]},{B}\n{B},{C}\n{D[8:17]},{D}\n")
    found = holders(lineage)
    for written in ("320507000045918", "３２０５０７００００４５９１８", A, A[8:17], f"{A[8:16]}－{A[16]}", B):
        assert holder_identity(written, "001", found) == holder_identity(C, "001")
    assert holder_identity(D, "001", found) == f"O{D[8:17]}"


def test_a_site_s_own_tables_join_the_catalogue_s_and_go_on_with_its_chains(tmp_path: Path) -> None:
    shutil.copytree(JIANGSU, tmp_path / "jiangsu")
    own = tmp_path / "config"
    own.mkdir()
    write(tmp_path / "jiangsu", f"{A},,{B},,方案\n", f"320507000045918,{A}\n")
    write(own, f"{B},,{C},,方案\n")
    reference = rule_reference(load_catalog(tmp_path / "jiangsu", own=own))
    assert dict(reference.issuers) == {f"O{code[8:17]}": f"O{C[8:17]}" for code in (A, B)}
    assert dict(reference.holders) == {"R320507000045918": f"O{A[8:17]}"}
    (own / "issuers.csv").unlink()
    (own / "registrations.csv").unlink()
    assert len(rule_reference(load_catalog(tmp_path / "jiangsu", own=own)).issuers) == 1


def test_every_mistake_is_told_with_its_line(lineage: Path, told: Told) -> None:
    wrong = B[:17] + ("0" if B[17] != "0" else "1")
    rows = [
        f"{A},甲局,{wrong},,方案",
        f"{A[8:17]},,{B},,方案",
        f",甲 局,{B},,方案",
        f",,{B},,方案",
        f"{B},,{C},,方案",
        f"{C},,{B},,方案",
        f"{D},丁局,{D},2019-13-01,",
        f"{D},丁局,{D},,方案",
    ]
    numbers = [f"无,{A}", f"11010519491231002X,{A}", f"320507000045918,{A}", f"320507000045918,{B}", "320507000045919,"]
    write(lineage, "\n".join(rows) + "\n", "\n".join(numbers) + "\n")
    found = mistakes(lineage, told)
    expected = {
        "issuers.csv:2": "不是正确的统一社会信用代码",
        "issuers.csv:3": "重复：issuers.csv 第 2 行已有",
        "issuers.csv:4": "重复：issuers.csv 第 2 行已有",
        "issuers.csv:5": "至少填一个",
        "issuers.csv:6": "绕回了它自己",
        "issuers.csv:7": "绕回了它自己",
        "issuers.csv:8": "“since”应为日期",
        "issuers.csv:9": "只是更名时，请只填原名称",
        "registrations.csv:2": "“无”不是注册号或组织机构代码",
        "registrations.csv:3": "不是注册号或组织机构代码",
        "registrations.csv:5": "重复：registrations.csv 第 4 行已有",
        "registrations.csv:6": "缺少“uscc”",
    }
    assert set(found) == set(expected)
    assert {place: text for place, text in expected.items() if text not in found[place]} == {}


def test_a_row_twice_in_the_catalogue_and_the_site_is_told_at_the_site_s(tmp_path: Path, told: Told) -> None:
    shutil.copytree(JIANGSU, tmp_path / "jiangsu")
    write(tmp_path / "jiangsu", f"{A},,{B},,方案\n")
    own = tmp_path / "jiangsu" / "own"
    own.mkdir()
    write(own, f"{A},,{C},,方案\n")
    assert list(told(lambda: load_catalog(tmp_path / "jiangsu", own=own))) == ["own/issuers.csv:2"]


def test_a_long_chain_is_followed(lineage: Path) -> None:
    codes = [uscc(number) for number in range(1, 400)]
    rows = [f"{old},,{new},,方案" for old, new in pairwise(codes)]
    Random(1).shuffle(rows)
    write(lineage, "\n".join(rows) + "\n")
    assert set(issuers(lineage).values()) == {issuer_identity(codes[-1], None)}


@given(st.dictionaries(st.integers(1, 12), st.integers(1, 12), max_size=12))
def test_the_end_of_a_chain_is_the_one_that_is_walked_to(steps: dict[int, int]) -> None:
    """Only what comes to an end is compared: a loop never gets past the reader."""
    changes = [IssuerChange(code=uscc(a), successor=uscc(b), basis="方案") for a, b in steps.items()]
    codes = [Registration(code=uscc(a), uscc=uscc(b)) for a, b in steps.items()]
    found, same = dict(issuer_pairs(changes)), dict(registration_pairs(codes))
    for start in steps:
        at, seen = start, set()
        while at in steps and at not in seen:
            seen.add(at)
            at = steps[at]
        if at not in steps:
            assert found[f"O{uscc(start)[8:17]}"] == same[f"O{uscc(start)[8:17]}"] == f"O{uscc(at)[8:17]}"
