"""`hub licences questions`, `explain`, `decide`, `undo` and `decisions`, as the administrator of a node meets them."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import pytest
from support.doubt import first, second, third
from support.rows import licence
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.cli.app import run_hub

NUMBER = "第苏〔2026〕1号"


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LANG", "zh")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(scope="module")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("asked") / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY, "sz-b": CITY})
    renewed = {"change_type": "02", "change_time": "2026-01-15T09:00:00+08:00", "status": "01"}
    old = licence("旧", certificate_source_id="OLD.1", issue_date="2020-01-05", trust_level="A")
    new = licence("新", certificate_source_id="NEW.1", previous_source_id="OLD.1", **renewed)
    site.drop("cs-a", "licence", [first(), old, new])
    site.drop(
        "cs-b", "licence", [third(), licence("旧", 3, certificate_source_id="OLD.1", issue_date="2020-01-05")], "b"
    )
    site.drop("sz-b", "licence", [second()])
    assert site.exchange() == []
    return site


@pytest.fixture
def asked(asked_once: TinySite, tmp_path: Path) -> TinySite:
    return asked_once.copy(tmp_path / "copy")


def hub(site: TinySite, *arguments: str) -> int:
    return run_hub(["licences", *arguments, "--home", str(site.root)])


def answers(site: TinySite, capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert hub(site, *arguments, "--format", "json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_questions_are_listed_for_the_topmost_node_or_another(
    asked_once: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    (city,) = answers(asked_once, capsys, "questions")
    assert (city["node"], len(city["licences"]), len(city["pairs"])) == (CITY, 3, 2)
    assert {each["record"]["certificate_holder"] for each in city["licences"]} == {
        "测试企业",
        "测试企业有限公司",
        "测试企业集团",
    }
    (county,) = answers(asked_once, capsys, "questions", "--node", COUNTY)
    assert (county["node"], len(county["licences"])) == (COUNTY, 2)
    assert hub(asked_once, "questions") == 0
    told = capsys.readouterr()
    for word in (city["question"], *city["pairs"][0].values(), "号码相同，持证主体写法不同", "测试企业集团"):
        if isinstance(word, str) and word != "number-holder" and word not in {city["pairs"][0][side] for side in "ab"}:
            assert word in told.out
    assert "共 1 个" in told.err


def test_no_more_questions_are_listed_than_wanted(asked: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    asked.drop("sz-b", "licence", [first("苏7号"), first("苏8号")], "7")
    asked.drop("cs-a", "licence", [second("苏7号"), second("苏8号")], "8")
    assert asked.exchange() == []
    assert len(answers(asked, capsys, "questions")) == 3
    assert len(answers(asked, capsys, "questions", "--limit", "2")) == 2


def test_a_licence_is_explained_down_to_the_rows_of_the_node_below(
    asked_once: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    (county,) = answers(asked_once, capsys, "explain", "--number", "旧", "--node", COUNTY)
    (city,) = answers(asked_once, capsys, "explain", "--number", "旧")
    assert [each["source"] for each in city["claims"]] == [COUNTY]
    (below,) = city["below"].values()
    assert below["claims"] == county["claims"]
    assert {(each["source"], each["file"], each["row"]) for each in below["claims"]} == {
        ("cs-a", "zzxx_1.csv", 2),
        ("cs-b", "zzxx_b.csv", 2),
    }
    # what the check repairs is found as it was written, too
    assert len(answers(asked_once, capsys, "explain", "--number", "苏１号")) == 3
    # the claim that is trusted most comes first, and gives what the other says otherwise
    assert county["claims"][0]["trust"] == "A"
    given = {each["field"]: each for each in county["fields"]}
    assert (given["certificate_number"]["claim"], given["certificate_number"]["reason"]) == (0, "agreed")
    assert (given["trust_level"]["reason"], given["cd_time"]["claim"], given["cd_time"]["reason"]) == (
        "only",
        0,
        "trust",
    )


def test_what_comes_before_and_after_a_licence_is_told(
    asked_once: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    (old,) = answers(asked_once, capsys, "explain", "--identifier", "OLD.1", "--node", COUNTY)
    (new,) = answers(asked_once, capsys, "explain", "--identifier", "NEW.1", "--node", COUNTY)
    assert old["following"] == [new["licence"]]
    assert new["previous"] == [old["licence"]]
    assert [(each["operation"], each["state"]) for each in new["history"]] == [("02", "01")]
    assert hub(asked_once, "explain", new["licence"], "--node", COUNTY) == 0
    shown = capsys.readouterr().out
    for word in (
        "主记录",
        "申报",
        "怎样比较",
        "历程",
        "延续",
        "有效",
        "前一个证照",
        old["licence"],
        "2026-01-15 09:00:00",
    ):
        assert word in shown
    assert "待判断的问题" not in shown


def test_what_was_done_to_a_number_and_a_holder_is_told_step_by_step(
    asked: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    asked.drop("cs-a", "licence", [licence(NUMBER)], "9")
    assert asked.exchange(COUNTY) == []
    (found,) = answers(asked, capsys, "explain", "--number", NUMBER, "--node", COUNTY)
    compared = found["claims"][0]["compared_as"]
    assert compared["number"] == {"value": "苏(2026)1", "steps": ["brackets", "frame"]}
    assert compared["core"] == "苏20261"
    assert compared["holder"] == {"value": "OM000100Y4", "steps": ["organisation-code"]}
    assert hub(asked, "explain", "--number", NUMBER, "--node", COUNTY) == 0
    shown = capsys.readouterr().out
    assert "括号统一、去掉“第”“号”" in shown
    assert "取其中的组织机构代码" in shown


def test_questions_and_decisions_stand_where_a_licence_is_explained(
    asked: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    (question,) = answers(asked, capsys, "questions", "--node", COUNTY)
    one, other = question["pairs"][0]["licence_a"], question["pairs"][0]["licence_b"]
    (explained,) = answers(asked, capsys, "explain", one, "--node", COUNTY)
    assert [each["question"] for each in explained["questions"]] == [question["question"]]
    assert hub(asked, "decide", question["question"], "--same", "--reason", "看过原件", "--node", COUNTY) == 0
    assert "第 1 号判断已记入台账" in capsys.readouterr().out
    first_id, second_id = (answers(asked, capsys, "explain", each, "--node", COUNTY)[0] for each in (one, other))
    # both ids lead to the one licence
    assert first_id == second_id
    assert [each["reason"] for each in first_id["decisions"]] == ["看过原件"]
    assert first_id["decisions"][0]["by"] == getpass.getuser()
    assert hub(asked, "explain", one, "--node", COUNTY) == 0
    shown = capsys.readouterr().out
    assert "人工判断" in shown
    assert "看过原件" in shown


def test_a_decision_is_listed_and_taken_back(asked: TinySite, capsys: pytest.CaptureFixture[str]) -> None:
    (question,) = answers(asked, capsys, "questions", "--node", COUNTY)
    pair = (question["pairs"][0]["licence_a"], question["pairs"][0]["licence_b"])
    assert hub(asked, "decisions", "--node", COUNTY) == 0
    assert "还没有判断" in capsys.readouterr().out
    (made,) = answers(asked, capsys, "decide", *pair, "--different", "--by", "王", "--node", COUNTY)
    assert (made["number"], made["action"], made["by"], made["undone"]) == (1, "different", "王", None)
    assert hub(asked, "questions", "--node", COUNTY) == 0
    assert "没有待判断的问题" in capsys.readouterr().out
    assert hub(asked, "undo", "1", "--by", "李", "--reason", "看错了", "--node", COUNTY) == 0
    (listed,) = answers(asked, capsys, "decisions", "--node", COUNTY)
    assert (listed["undone"]["by"], listed["undone"]["reason"]) == ("李", "看错了")
    assert hub(asked, "decisions", "--node", COUNTY) == 0
    assert "不同证照" in capsys.readouterr().out
    assert len(answers(asked, capsys, "questions", "--node", COUNTY)) == 1


def test_two_licences_of_a_question_and_a_part_of_one_are_decided(
    asked: TinySite, capsys: pytest.CaptureFixture[str]
) -> None:
    (question,) = answers(asked, capsys, "questions")
    pair = (question["pairs"][0]["licence_a"], question["pairs"][0]["licence_b"])
    (made,) = answers(asked, capsys, "decide", question["question"], "--between", *pair, "--same")
    assert set(made["licences"]) == set(pair)
    (whole,) = answers(asked, capsys, "explain", pair[0])
    goes = whole["claims"][-1]["name"]
    (parted,) = answers(asked, capsys, "decide", "--part", whole["licence"], "--record", goes)
    assert parted["records"] == [goes]
    assert hub(asked, "decisions") == 0
    assert "移出申报" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["decide"],
        ["decide", "0" * 16],
        ["decide", "0" * 16, "--same", "--different"],
        ["decide", "0" * 16, "1" * 16, "2" * 16, "--same"],
        ["decide", "0" * 16, "1" * 16, "--between", "2" * 16, "3" * 16, "--same"],
        ["decide", "--part", "0" * 16],
        ["decide", "--part", "0" * 16, "--record", "a:1", "--same"],
        ["decide", "0" * 16, "--same", "--record", "a:1"],
        ["explain"],
        ["explain", "0" * 16, "--number", "旧"],
        ["explain", "0" * 16],
        ["explain", "不是编号"],
        ["explain", "--number", "旧", "--identifier", "NEW.1"],
        ["undo", "1"],
        ["questions", "--node", "999999999999"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_and_ends_in_2(
    asked_once: TinySite, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert hub(asked_once, *arguments) == 2
    assert "错误" in capsys.readouterr().err
    assert asked_once.entries(CITY, "licence.decided") == []


def test_an_english_reader_reads_no_chinese_words_of_the_hub(
    asked_once: TinySite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_LANG", "en")
    (county,) = answers(asked_once, capsys, "explain", "--identifier", "NEW.1", "--node", COUNTY)
    assert hub(asked_once, "explain", county["licence"], "--node", COUNTY) == 0
    shown = capsys.readouterr().out
    for word in ("The record", "Claims", "How they are compared", "History", "follows", "it alone fills this"):
        assert word in shown
    for word in ("主记录", "申报", "历程", "因为", "依据"):
        assert word not in shown
