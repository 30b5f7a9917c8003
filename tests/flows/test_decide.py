"""People's decisions about licences: kept in the ledger, followed by the store, taken back, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.doubt import first, second, third
from support.rows import licence
from support.site import CITY, COUNTY, TinySite, make_site

from exchange.errors import ConfigError, FatalError
from exchange.flows.decide import (
    answer_pairs,
    decide_licences,
    decide_question,
    follow_decisions,
    part_records,
    undo,
)
from exchange.flows.decisions import decisions
from exchange.flows.receive import receive
from exchange.model.licence import Decision, Explained, Question
from exchange.store import NodeStore
from exchange.wiring import rebuild_store

BY = {"by": "王管理员"}


@pytest.fixture(scope="module")
def asked_once(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """Two claims at the county that may be one licence, and a third at the city that may be one of them."""
    site = make_site(tmp_path_factory.mktemp("asked") / "site", sources={"cs-a": COUNTY, "cs-b": COUNTY, "sz-b": CITY})
    site.drop("cs-a", "licence", [first(), first("苏2号")])
    site.drop("cs-b", "licence", [third()], "三")
    site.drop("sz-b", "licence", [second()])
    assert site.exchange() == []
    return site


@pytest.fixture
def asked(asked_once: TinySite, tmp_path: Path) -> TinySite:
    return asked_once.copy(tmp_path / "copy")


@contextmanager
def opened(site: TinySite, node: str) -> Iterator[NodeStore]:
    with site.work(node) as work, work.open_store(node) as store:
        assert isinstance(store, NodeStore)
        yield store


def questions(site: TinySite, node: str = COUNTY) -> list[Question]:
    with opened(site, node) as store:
        return store.licences.questions()


def licences(site: TinySite, node: str = COUNTY, number: str = "苏1号") -> list[Explained]:
    with opened(site, node) as store:
        return store.explain(store.licences.find("certificate_number", number))


def answer(site: TinySite, *, same: bool, node: str = COUNTY) -> int:
    with site.work(node) as work:
        return decide_question(work, questions(site, node)[0].question, same=same, **BY).decision.number


def contents(site: TinySite, node: str) -> list[tuple[object, ...]]:
    with opened(site, node) as store:
        query = "SELECT * EXCLUDE (_seq) FROM golden.licence WHERE NOT _deleted ORDER BY _key"
        return store._connection.execute(query).fetchall()


def test_licences_that_are_said_to_be_one_are_one_and_go_up_as_one(asked: TinySite) -> None:
    assert len(licences(asked)) == 2
    assert answer(asked, same=True) == 1
    (one,) = licences(asked)
    assert {each.rule for each in one.claims} == {"exact", "decision"}
    assert questions(asked) == []
    assert asked.exchange() == []
    held = {total.origin: total.records for total in asked.totals()[CITY][0]}
    assert held == {COUNTY: 2, CITY: 1}
    assert asked.entries(CITY, "balance")[-1]["equal"]


def test_licences_that_are_said_to_be_two_stay_two_and_are_not_asked_about_again(asked: TinySite) -> None:
    answer(asked, same=False)
    asked.drop("cs-a", "licence", [first(certificate_name="新名称", cd_time="2026-01-09T00:00:00+08:00")], "2")
    assert asked.exchange() == []
    assert len(licences(asked)) == 2
    assert questions(asked) == []


def test_a_decision_that_is_taken_back_is_as_if_it_had_never_been_made(asked: TinySite) -> None:
    before, open_before = contents(asked, COUNTY), questions(asked)
    number = answer(asked, same=True)
    assert contents(asked, COUNTY) != before
    with asked.work(COUNTY) as work:
        kept = undo(work, number, by="李主任", reason="看错了")
    assert kept.undone is not None
    assert (kept.undone.by, kept.undone.reason) == ("李主任", "看错了")
    assert contents(asked, COUNTY) == before
    assert questions(asked) == open_before


def test_the_ledger_says_who_decided_what_and_why_and_no_personal_data(asked: TinySite) -> None:
    (question,) = questions(asked)
    with asked.work(COUNTY) as work:
        decide_question(work, question.question, same=True, by="王管理员", reason="原件相同")
    (entry,) = asked.entries(COUNTY, "licence.decided")
    assert entry["subject"] == "1"
    assert (entry["by"], entry["reason"], entry["action"], entry["question"]) == (
        *("王管理员", "原件相同", "same"),
        question.question,
    )
    assert entry["licences"] == list(question.licences)
    assert entry["pairs"] == [[each.a, each.b] for each in question.pairs]
    for secret in ("测试企业", "AB12", "苏1号"):
        assert secret not in str(asked.entries(COUNTY))
    with asked.work(COUNTY) as work:
        assert work.ledger.verify() == []


def test_two_of_three_licences_of_a_question_can_be_decided_on_alone(asked: TinySite) -> None:
    (question,) = questions(asked, CITY)
    assert len(question.licences) == 3
    pair = question.pairs[0]
    with asked.work(CITY) as work:
        decide_question(work, question.question, same=True, between=(pair.licence_a, pair.licence_b), **BY)
    assert sorted(len(each.claims) for each in licences(asked, CITY)) == [1, 2]
    # the third cannot be one of the two without being the other, which it certainly is not
    assert questions(asked, CITY) == []


def test_an_answer_for_the_whole_question_makes_all_of_them_one(asked: TinySite) -> None:
    answer(asked, same=True, node=CITY)
    assert len(licences(asked, CITY)) == 1
    assert questions(asked, CITY) == []


def test_licences_that_nobody_asked_about_can_be_joined_and_kept_apart(asked: TinySite) -> None:
    one, other = licences(asked)[0].licence, licences(asked, number="苏2号")[0].licence
    with asked.work(COUNTY) as work:
        decide_licences(work, one, other, same=True, **BY)
    joined = licences(asked, number="苏2号")[0]
    assert joined.licence in {one, other}
    assert {claim.record["certificate_number"] for claim in joined.claims} == {"苏1号", "苏2号"}
    with asked.work(COUNTY) as work:
        undo(work, 1, **BY)
        decide_licences(work, one, other, same=False, **BY)
    assert licences(asked, number="苏2号")[0].licence != licences(asked)[0].licence


def test_records_are_taken_out_of_a_licence_and_come_back(asked: TinySite) -> None:
    answer(asked, same=True)
    (whole,) = licences(asked)
    goes = next(claim for claim in whole.claims if claim.source == "cs-b")
    with asked.work(COUNTY) as work:
        part_records(work, whole.licence, [f"{goes.file}:{goes.row}"], reason="不是同一张证", **BY)
    parts = licences(asked)
    assert sorted(len(each.claims) for each in parts) == [1, 1]
    # that they were one licence by decision does not outlive the newer word
    assert {each.claims[0].source for each in parts} == {"cs-a", "cs-b"}
    with asked.work(COUNTY) as work:
        undo(work, 2, **BY)
    assert [each.licence for each in licences(asked)] == [whole.licence]


def test_a_run_that_is_killed_between_ledger_and_store_is_caught_up_with(
    asked: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """Stands for the end of the process."""

    def killed(*_: object) -> None:
        raise Killed

    question = questions(asked)[0].question
    with monkeypatch.context() as patch, asked.work(COUNTY) as work:
        patch.setattr("exchange.store.licences.node.NodeLicences.decide", killed)
        with pytest.raises(Killed):
            decide_question(work, question, same=True, **BY)
    assert len(licences(asked)) == 2
    assert asked.exchange(COUNTY) == []
    assert len(licences(asked)) == 1
    with monkeypatch.context() as patch, asked.work(COUNTY) as work:
        patch.setattr("exchange.store.licences.node.NodeLicences.take_back", killed)
        with pytest.raises(Killed):
            undo(work, 1, **BY)
    assert len(licences(asked)) == 1
    assert asked.exchange(COUNTY) == []
    assert len(licences(asked)) == 2


def test_a_parent_catches_up_before_it_takes_in_packages(asked: TinySite, monkeypatch: pytest.MonkeyPatch) -> None:
    question = questions(asked, CITY)[0].question
    with monkeypatch.context() as patch, asked.work(CITY) as work:
        patch.setattr("exchange.store.licences.node.NodeLicences.decide", lambda *_: None)
        decide_question(work, question, same=True, **BY)
    with asked.work(CITY) as work:
        receive(work)
    assert len(licences(asked, CITY)) == 1


def test_a_rebuilt_store_follows_the_decisions_that_stand_and_loses_no_change(asked: TinySite) -> None:
    number = answer(asked, same=True)
    one, other = (licences(asked, number=number)[0].licence for number in ("苏1号", "苏2号"))
    with asked.work(COUNTY) as work:
        decide_licences(work, one, other, same=False, **BY)
        undo(work, 2, **BY)
    assert number == 1
    assert asked.exchange() == []
    # merged after the decisions, and not sent yet
    asked.drop("cs-a", "licence", [licence("苏9号")], "9")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exchange.flows.round.push", lambda _: [])
        assert asked.exchange(COUNTY) == []
    before, counted = contents(asked, COUNTY), asked.totals()[COUNTY]
    merged = [dict(entry) for entry in asked.entries(COUNTY)]
    asked.settings.home.node(COUNTY).store.unlink()
    with asked.hub() as hub:
        rebuild_store(hub, COUNTY)
    assert contents(asked, COUNTY) == before
    assert asked.totals()[COUNTY] == counted
    with opened(asked, COUNTY) as store:
        assert store.licences.decisions() == {1}
    assert [dict(entry) for entry in asked.entries(COUNTY)] == merged
    assert asked.exchange() == []
    assert asked.entries(CITY, "balance")[-1]["equal"]
    assert len(licences(asked, CITY, "苏9号")) == 1


def test_an_answer_counts_for_the_pairs_that_were_shown_as_far_as_they_are_open(asked: TinySite) -> None:
    (question,) = questions(asked, CITY)
    shown = [(question.pairs[0].a, question.pairs[0].b)]
    with asked.work(CITY) as work:
        kept = answer_pairs(work, shown, same=True, by="admin")
        assert kept is not None
        assert set(kept.licences) == {question.pairs[0].licence_a, question.pairs[0].licence_b}
        assert answer_pairs(work, shown, same=True, by="admin") is None
    assert len(licences(asked, CITY)) == 2
    assert len(asked.entries(CITY, "licence.decided")) == 1


def test_what_cannot_be_decided_is_told_and_nothing_is_noted(asked: TinySite) -> None:
    one = licences(asked)[0].licence
    (question,) = questions(asked)
    with asked.work(COUNTY) as work:
        for words, attempt in (
            ("没有待判断的问题", lambda: decide_question(work, "0" * 16, same=True, **BY)),
            ("没有问", lambda: decide_question(work, question.question, same=True, between=(one, "f" * 16), **BY)),
            ("没有证照 0", lambda: decide_licences(work, one, "0" * 16, same=True, **BY)),
            ("没有证照 abc", lambda: decide_licences(work, one, "abc", same=True, **BY)),
            ("是同一个", lambda: decide_licences(work, one, one, same=True, **BY)),
            ("至少要各有一条", lambda: part_records(work, one, [], **BY)),
            ("没有第 7 号判断", lambda: undo(work, 7, **BY)),
        ):
            with pytest.raises(ConfigError, match=words):
                attempt()
    assert asked.entries(COUNTY, "licence.decided") == []
    answer(asked, same=True)
    with asked.work(COUNTY) as work:
        with pytest.raises(ConfigError, match="已经是同一个"):
            decide_licences(work, *question.licences, same=True, **BY)
        undo(work, 1, **BY)
        with pytest.raises(ConfigError, match="已经撤销"):
            undo(work, 1, **BY)
    assert len(asked.entries(COUNTY, "licence.undone")) == 1


def test_licences_of_two_kinds_cannot_be_said_to_be_one(asked: TinySite) -> None:
    asked.drop("cs-a", "licence", [licence("苏5号", certificate_type_code="12100000MB03271699002")], "5")
    assert asked.exchange(COUNTY) == []
    ids = [licences(asked, number=number)[0].licence for number in ("苏2号", "苏5号")]
    with asked.work(COUNTY) as work, pytest.raises(ConfigError, match="类型不同"):
        decide_licences(work, *ids, same=True, **BY)


def test_a_store_that_follows_what_the_ledger_does_not_know_is_stopped(asked: TinySite) -> None:
    with opened(asked, COUNTY) as store:
        store.licences.decide(Decision(4, "licence"))
    with asked.work(COUNTY) as work, work.open_store(COUNTY) as store, pytest.raises(FatalError, match="4"):
        follow_decisions(work, store)


def test_what_is_open_is_noted_when_it_has_changed(asked: TinySite) -> None:
    def noted() -> list[int]:
        return [entry["questions"] for entry in asked.entries(COUNTY, "licences.standing")]

    assert noted() == [1]
    assert asked.exchange() == []
    assert noted() == [1]
    answer(asked, same=True)
    assert noted() == [1, 0]
    with asked.work(COUNTY) as work:
        undo(work, 1, **BY)
        assert [each.undone is None for each in decisions(work)] == [False]
    assert noted() == [1, 0, 1]
