"""What comes down again: each node gets what concerns it, as the top knows it, once, and its sources learn why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from support.family import (
    CONCERNS,
    KUNSHAN,
    NODES,
    SENT,
    TOWN,
    ask,
    newest,
    shared,
    sheet,
    state,
    told_to,
)
from support.rows import COMPANY, deleted, licence
from support.site import CITY, COUNTY, PROVINCE, TinySite, make_site

from exchange.flows.status import node_status
from exchange.packages import NodeKeys, sha256_of, verified
from exchange.wiring import rebuild_store


@pytest.mark.parametrize("node", [COUNTY, TOWN, KUNSHAN])
def test_each_node_gets_what_concerns_it_as_the_top_knows_it(settled: TinySite, node: str) -> None:
    assert shared(settled, node) == {number: newest()[number] for number in CONCERNS[node]}
    # all by the city's word, the township's through its county
    assert {row[0] for row in ask(settled, node, "SELECT _origin FROM shared.licence WHERE NOT _deleted")} == {CITY}


def test_the_top_is_given_nothing(settled: TinySite) -> None:
    assert shared(settled, CITY) == {}


def test_what_comes_down_is_no_claim_and_never_goes_up_again(settled: TinySite) -> None:
    before = settled.totals()
    for _ in range(2):
        assert settled.exchange() == []
    assert settled.totals() == before
    for node in (TOWN, COUNTY, KUNSHAN):
        assert len(settled.entries(node, "package.sealed")) == 1
    for node, children in ((CITY, 2), (COUNTY, 1)):
        assert len(settled.entries(node, "share.sealed")) <= 2 * children
        assert all(entry["equal"] for entry in settled.entries(node, "balance"))


def test_a_round_without_news_sends_nothing_down(settled: TinySite) -> None:
    numbers = {node: len(settled.entries(node)) for node in NODES}
    assert settled.exchange() == []
    assert {node: len(settled.entries(node)) for node in NODES} == numbers


def corrections(site: TinySite, node: str) -> set[tuple[str, str | None, str, str]]:
    sql = (
        "SELECT key::JSON->>'certificate_number', field, theirs, ours, given_node FROM hub.corrections "
        "WHERE field IN ('certificate_holder', 'certificate_name')"
    )
    return {(f"{number}.{field}", theirs, ours, giver) for number, field, theirs, ours, giver in ask(site, node, sql)}


def test_a_correction_says_what_was_said_what_counts_and_who_gave_it(settled: TinySite) -> None:
    town = ("TOWN.certificate_name", "=1+1", "新名称", KUNSHAN)
    both = ("BOTH.certificate_holder", "欧阳旧名", "欧阳新名", KUNSHAN)
    assert corrections(settled, COUNTY) == {town, both}
    assert corrections(settled, TOWN) == {town}
    assert corrections(settled, KUNSHAN) == set()


def test_why_is_what_the_node_that_decided_says(settled: TinySite) -> None:
    rows = ask(settled, TOWN, "SELECT DISTINCT licence, reason, why_zh, why_en FROM hub.corrections")
    with settled.work(CITY) as work, work.open_store(CITY, read_only=True) as store:
        (explained,) = store.explain([rows[0][0]])
    given = next(each for each in explained.fields if each.field == "certificate_name")
    assert [row[1] for row in rows] == [given.reason]
    assert "昆山市" in rows[0][2]
    assert KUNSHAN in rows[0][3]


def test_each_source_is_told_once_of_its_own_rows_and_of_nothing_else(settled: TinySite) -> None:
    (county,), (town,) = told_to(settled, "cs-a"), told_to(settled, "tw-c")
    assert told_to(settled, "ks-b") == told_to(settled, "sz-d") == []
    assert [(row[0], row[1], row[5], row[6]) for row in sheet(county)] == [("zzxx_1.csv", "1", "欧阳旧名", "欧阳新名")]
    assert [(row[0], row[1], row[4], row[5], row[6]) for row in sheet(town)] == [
        ("zzxx_1.csv", "1", "证照名称", "=1+1", "新名称")
    ]
    assert sheet(town)[0][7] == ask(settled, TOWN, "SELECT why_zh FROM hub.corrections")[0][0]


def test_no_value_of_a_row_can_act_as_a_formula(settled: TinySite) -> None:
    (notice,) = told_to(settled, "tw-c")
    book = load_workbook(notice.with_name(json.loads(notice.read_bytes())["list"]))
    cells = [cell for row in book["上级更正"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [(cell.data_type, cell.quotePrefix) for cell in cells] == [("s", True)]


def test_the_notice_is_signed_names_the_list_and_holds_no_value_itself(settled: TinySite) -> None:
    (notice,) = told_to(settled, "cs-a")
    body = verified(notice.read_bytes(), NodeKeys(settled.settings.home.secrets / "keys").public(COUNTY))
    assert body is not None
    assert body["list_sha256"] == sha256_of(notice.with_name(body["list"]))
    (one,) = body["corrections"]
    assert (one["file"], one["row"], one["field"], one["decided_by"]) == ("zzxx_1.csv", 1, "certificate_holder", CITY)
    text = notice.with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert "zzxx_1.csv 第 1 行" in text
    assert body["list"] in text
    entries = json.dumps([dict(entry) for node in NODES for entry in settled.entries(node)], ensure_ascii=False)
    for secret in ("欧阳旧名", "欧阳新名", COMPANY):
        assert not any(secret in where for where in (notice.read_text(encoding="utf-8"), text, entries))


def test_what_was_told_is_not_told_again_when_the_record_comes_down_again(settled: TinySite) -> None:
    settled.drop(
        "sz-d", "licence", [licence("TOWN", 6, certificate_area_code="320581101000", certificate_name="新名称")]
    )
    settled.exchange()
    settled.exchange()
    ((since, last),) = ask(settled, TOWN, "SELECT since, last FROM hub.corrections WHERE field = 'certificate_name'")
    assert since < last
    assert len(told_to(settled, "tw-c")) == 1


def test_a_new_correction_of_the_same_row_is_told_anew(settled: TinySite) -> None:
    settled.drop(
        "ks-b", "licence", [licence("TOWN", 9, certificate_area_code="320581101000", certificate_name="再改")], "2"
    )
    settled.exchange()
    first, second = told_to(settled, "tw-c")
    assert [row[6] for row in sheet(first)] == ["新名称"]
    assert [row[6] for row in sheet(second)] == ["再改"]


def test_a_row_that_the_department_corrects_is_not_corrected_any_more(settled: TinySite) -> None:
    settled.drop(
        "tw-c", "licence", [licence("TOWN", 9, certificate_area_code="320581101000", certificate_name="新名称")], "2"
    )
    settled.exchange()
    assert corrections(settled, TOWN) == set()
    assert shared(settled, TOWN)["TOWN"][1] == "新名称"
    assert len(told_to(settled, "tw-c")) == 1


def test_a_licence_that_is_taken_back_comes_down_as_a_tombstone_without_content(settled: TinySite) -> None:
    gone = [deleted(row, 9) for row in SENT["cs-a"] if row["certificate_number"] == "MINE"]
    settled.drop("cs-a", "licence", gone, "2")
    settled.exchange()
    assert shared(settled, COUNTY).keys() == CONCERNS[COUNTY] - {"MINE"}
    buried = ask(settled, COUNTY, "SELECT certificate_number, certificate_holder FROM shared.licence WHERE _deleted")
    assert buried == [(None, None)]


def test_a_record_that_no_longer_concerns_a_child_is_taken_from_it(settled: TinySite) -> None:
    settled.drop("ks-b", "licence", [licence("FOR-COUNTY", 9, certificate_area_code="320583")], "2")
    settled.exchange()
    assert shared(settled, COUNTY).keys() == CONCERNS[COUNTY] - {"FOR-COUNTY"}
    assert "FOR-COUNTY" in shared(settled, KUNSHAN)
    # nothing of it is left there, and nobody else lost it
    assert [row for row in ask(settled, COUNTY, "SELECT * FROM shared.licence") if "FOR-COUNTY" in row] == []


def test_only_what_changed_goes_down_again(settled: TinySite) -> None:
    settled.drop("sz-d", "licence", [licence("SECOND", 9, certificate_area_code="320581")], "2")
    settled.exchange()
    assert settled.entries(COUNTY, "share.received")[-1]["records"] == 1
    assert shared(settled, COUNTY).keys() == CONCERNS[COUNTY] | {"SECOND"}


def test_the_word_from_further_above_takes_the_place_of_the_parents(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", (PROVINCE, CITY, COUNTY), {"cs-a": COUNTY, "pr-d": PROVINCE})
    site.drop("cs-a", "licence", [licence("X", 1, certificate_name="旧", certificate_area_code="320581")])
    site.drop(
        "pr-d", "licence", [licence("X", 5, certificate_name="新", certificate_area_code="320581", trust_level="A")]
    )
    site.exchange(COUNTY, CITY)  # the city shares before the province has said anything
    assert ask(site, COUNTY, "SELECT _origin, certificate_name FROM shared.licence") == [(CITY, "旧")]
    site.exchange()
    live = ask(site, COUNTY, "SELECT _origin, certificate_name FROM shared.licence WHERE NOT _deleted")
    assert live == [(PROVINCE, "新")]
    assert [row[6] for row in sheet(told_to(site, "cs-a")[0])] == ["新"]


@pytest.mark.parametrize("node", [CITY, COUNTY, TOWN])
def test_a_rebuilt_store_has_what_came_down_and_knows_what_went_down(settled: TinySite, node: str) -> None:
    gone = [deleted(row, 9) for row in SENT["cs-a"] if row["certificate_number"] == "MINE"]
    settled.drop("cs-a", "licence", gone, "2")
    assert settled.exchange() == []
    before, numbers = state(settled, node), len(settled.entries(node))
    settled.settings.home.node(node).store.unlink()
    with settled.hub() as hub:
        rebuild_store(hub, node)
    assert state(settled, node) == before
    assert settled.exchange() == []
    assert len(settled.entries(node)) == numbers


def test_the_status_counts_what_went_down_and_what_was_told(settled: TinySite, family: TinySite) -> None:
    with settled.work(CITY) as work:
        assert [(each.child, each.unanswered, each.returned) for each in node_status(work).down] == [
            (COUNTY, 0, 0),
            (KUNSHAN, 0, 0),
        ]
    with settled.work(COUNTY) as work:
        assert node_status(work).corrections == 1
    family.exchange(CITY)
    with family.work(CITY) as work:
        assert [each.unanswered for each in node_status(work).down] == [1, 1]
