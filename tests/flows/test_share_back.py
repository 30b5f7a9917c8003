"""What comes down again: each node gets what concerns it, as the top knows it, once, and its sources learn why."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from support.rows import COMPANY, Row, deleted, licence
from support.site import CITY, COUNTY, PROVINCE, TinySite, make_site
from support.slips import KilledError

from exchange.flows import intake, told
from exchange.flows.fetch_back import fetch_back
from exchange.flows.share_back import share_back
from exchange.flows.status import node_status
from exchange.model.package import Channel, Manifest, Resource
from exchange.packages import NodeKeys, package_name, seal_package, sha256_of, verified
from exchange.wiring import rebuild_store

TOWN, KUNSHAN = "320581101000", "320583000000"
NODES = (CITY, COUNTY, KUNSHAN, TOWN)
DOWN = Channel(COUNTY, CITY, down=True)
SENT: Mapping[str, list[Row]] = {
    "cs-a": [
        licence("BOTH", 1, certificate_area_code="320581", certificate_holder="欧阳旧名"),
        licence("MINE", 1, certificate_area_code="320581"),
    ],
    "tw-c": [licence("TOWN", 1, certificate_area_code="320581101000", certificate_name="=1+1")],
    "ks-b": [
        licence("BOTH", 5, certificate_area_code="320581", certificate_holder="欧阳新名"),
        licence("TOWN", 5, certificate_area_code="320581101000", certificate_name="新名称"),
        licence("FOR-COUNTY", 5, certificate_area_code="320581000000"),
        licence("OTHER", 5, certificate_area_code="320583"),
    ],
    "sz-d": [licence("OF-CITY", 5, certificate_area_code="320500")],
}
CONCERNS = {
    COUNTY: {"BOTH", "MINE", "TOWN", "FOR-COUNTY"},
    TOWN: {"TOWN"},
    KUNSHAN: {"BOTH", "TOWN", "FOR-COUNTY", "OTHER"},
}


@pytest.fixture
def family(grown: TinySite, tmp_path: Path) -> TinySite:
    return grown.copy(tmp_path / "site")


@pytest.fixture
def settled(done: TinySite, tmp_path: Path) -> TinySite:
    return done.copy(tmp_path / "settled")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """A township below a county, another county, and their city; each has received, and the city has not shared yet."""
    sources = {"cs-a": COUNTY, "tw-c": TOWN, "ks-b": KUNSHAN, "sz-d": CITY}
    site = make_site(tmp_path_factory.mktemp("family") / "site", NODES, sources)
    for source, rows in SENT.items():
        site.drop(source, "licence", rows)
    site.exchange(TOWN, COUNTY, KUNSHAN)
    return site


@pytest.fixture(scope="module")
def done(grown: TinySite, tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    """The same after whole rounds, until nothing moves any more."""
    site = grown.copy(tmp_path_factory.mktemp("done") / "site")
    assert site.exchange() == []
    assert site.exchange() == []
    return site


def ask(site: TinySite, node: str, sql: str) -> list[tuple[Any, ...]]:
    with site.work(node) as work, work.open_store(node, read_only=True) as store:
        return list(store._connection.execute(sql).fetchall())  # type: ignore[attr-defined] # the store's own


def shared(site: TinySite, node: str) -> dict[str, tuple[str, str]]:
    """The live shared records: number → holder and name."""
    sql = "SELECT certificate_number, certificate_holder, certificate_name FROM shared.licence WHERE NOT _deleted"
    rows = ask(site, node, sql)
    assert len({row[0] for row in rows}) == len(rows)
    return {number: (holder, name) for number, holder, name in rows}


def newest() -> dict[str, tuple[str, str]]:
    """What the top knows, reckoned in plain Python: of each licence the row that was changed last."""
    rows = sorted((row for sent in SENT.values() for row in sent), key=lambda row: row["cd_time"])
    return {row["certificate_number"]: (row["certificate_holder"], row["certificate_name"]) for row in rows}


def told_to(site: TinySite, source: str) -> list[Path]:
    return sorted(site.receipts(source).glob("上级更正-*.notice.json"))


def sheet(notice: Path) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(notice.with_name(json.loads(notice.read_bytes())["list"]).read_bytes()))
    return list(book["上级更正"].values)[1:]


def door(site: TinySite, channel: Channel = DOWN) -> Path:
    return site.settings.home.uplink / channel.name / "packages"


def share(site: TinySite, node: str = CITY) -> list[str]:
    with site.work(node) as work:
        return share_back(work)


def fetch(site: TinySite, node: str = COUNTY) -> list[int]:
    with site.work(node) as work:
        return [each.number for each in fetch_back(work)]


def state(site: TinySite, node: str) -> list[list[tuple[Any, ...]]]:
    tables = ("shared.licence", "hub.corrections", "hub.shared_with", "hub.shares_in", "hub.shares_out", "hub.stirred")
    return [ask(site, node, f"SELECT * FROM {table} ORDER BY ALL") for table in tables]


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


def test_a_tampered_package_stops_its_channel_and_no_other(family: TinySite) -> None:
    family.exchange(CITY)
    (package,) = door(family).iterdir()
    package.write_bytes(package.read_bytes().replace(b"PAR1", b"PAR2"))
    assert fetch(family) == []
    assert fetch(family, KUNSHAN) == [1]
    (refused,) = family.entries(COUNTY, "share.refused")
    assert refused["subject"] == package.name
    assert shared(family, COUNTY) == {}
    # the parent learns of it, and sends it anew as it was sealed
    assert package.name in share(family)
    assert [entry["state"] for entry in family.entries(CITY, "share.returned")] == ["refused"]
    assert fetch(family) == [1]
    assert shared(family, COUNTY).keys() == CONCERNS[COUNTY]


@pytest.mark.parametrize("origin", [COUNTY, KUNSHAN, "999999999999"])
def test_a_parent_shares_in_nobody_elses_name(family: TinySite, tmp_path: Path, origin: str) -> None:
    family.exchange(CITY)
    name = package_name(DOWN, 1)
    table = pq.read_table(BytesIO(_part(door(family) / name, "data/licence.parquet")))
    at = table.schema.get_field_index("_origin")
    content = tmp_path / "forged.parquet"
    pq.write_table(table.set_column(at, "_origin", pa.array([origin] * table.num_rows)), content)
    _seal(family, {"licence": content}, door(family) / name)
    assert fetch(family) == []
    assert origin in family.entries(COUNTY, "share.refused")[0]["reason_zh"]


@pytest.mark.parametrize("resource", ["licence_correction", "case_basic", "licence"])
def test_a_package_of_another_shape_is_refused(family: TinySite, tmp_path: Path, resource: str) -> None:
    family.exchange(CITY)
    content = tmp_path / "forged.parquet"
    pq.write_table(pa.table({"_origin": [CITY], "origin": [CITY]}), content)
    _seal(family, {resource: content}, door(family) / package_name(DOWN, 1))
    assert fetch(family) == []
    assert resource in family.entries(COUNTY, "share.refused")[0]["reason_en"]


def test_a_package_of_the_way_up_is_none_of_the_way_down(family: TinySite) -> None:
    family.exchange(CITY)
    sealed = next(family.settings.home.node(CITY).outbox.glob(f"{CITY}-{KUNSHAN}-*.pkg"))
    shutil.copyfile(sealed, door(family) / package_name(DOWN, 1))
    assert fetch(family) == []
    assert "另一条通道" in family.entries(COUNTY, "share.refused")[0]["reason_zh"]


def _part(package: Path, name: str) -> bytes:
    with zipfile.ZipFile(package) as archive:
        return archive.read(name)


def _seal(site: TinySite, files: dict[str, Path], target: Path) -> None:
    resources = tuple(Resource(name, 1, 1, sha256_of(path)) for name, path in files.items())
    key = NodeKeys(site.settings.home.secrets / "keys").private(CITY)
    seal_package(Manifest(DOWN, 1, 0, 1, resources, ()), files, key, target)


def more(site: TinySite, *numbers: str) -> None:
    """One more package for the county for each licence."""
    for number in numbers:
        site.drop("sz-d", "licence", [licence(number, 9, certificate_area_code="320581")], number)
        site.exchange(CITY)


def test_later_packages_wait_for_the_missing_one(family: TinySite, tmp_path: Path) -> None:
    more(family, "A", "B", "C")
    first = door(family) / package_name(DOWN, 1)
    shutil.move(first, tmp_path / "late")
    assert fetch(family) == []
    (missing,) = family.entries(COUNTY, "share.missing")
    assert (missing["subject"], len(missing["waiting"])) == (first.name, 2)
    shutil.move(tmp_path / "late", first)
    assert fetch(family) == [1, 2, 3]
    assert shared(family, COUNTY).keys() == CONCERNS[COUNTY] | {"A", "B", "C"}


def test_a_package_that_comes_again_gets_the_original_receipt_and_has_no_effect(family: TinySite) -> None:
    family.exchange(CITY)
    package = next(door(family).iterdir())
    content = package.read_bytes()
    assert fetch(family) == [1]
    before = state(family, COUNTY)
    answer = family.settings.home.node(COUNTY).inbox(CITY) / f"{package.name}.receipt.json"
    original = answer.read_bytes()
    package.write_bytes(content)
    family.clock.moment = family.clock.moment.replace(year=2027)
    assert fetch(family) == []
    with family.work(CITY) as work:
        assert list(work.uplink.answers(DOWN)) == [(package.name, original)]
    assert state(family, COUNTY) == before
    body = verified(original, NodeKeys(family.settings.home.secrets / "keys").public(COUNTY))
    assert body is not None
    assert (body["state"], body["records"], body["parent"]) == ("applied", 4, CITY)


def test_a_receipt_of_another_hand_settles_nothing(family: TinySite) -> None:
    family.exchange(CITY)
    answers = family.settings.home.uplink / DOWN.name / "receipts"
    answers.mkdir()
    name = package_name(DOWN, 1)
    (answers / f"{name}.json").write_text(json.dumps({"package": name, "state": "applied", "signature": "AAAA"}))
    assert name in share(family)
    assert [entry["subject"] for entry in family.entries(CITY, "receipt.unverified")] == [name]


def test_a_run_that_dies_between_applying_and_the_receipt_is_made_up_for(
    family: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    family.exchange(CITY)

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(intake, "_answer_applied", die)
        with pytest.raises(KilledError):
            fetch(family)
    assert shared(family, COUNTY).keys() == CONCERNS[COUNTY]
    assert family.entries(COUNTY, "share.received") == []
    before = state(family, COUNTY)
    assert fetch(family) == []
    assert len(family.entries(COUNTY, "share.received")) == 1
    assert state(family, COUNTY) == before
    assert len(told_to(family, "cs-a")) == 1
    assert len(family.entries(COUNTY, "correction.told")) == 1


def test_a_run_that_dies_between_the_notice_and_its_entry_tells_once(
    family: TinySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    family.exchange(CITY)

    def die(*_: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(told, "_note", die)
        with pytest.raises(KilledError):
            fetch(family)
    (notice,) = told_to(family, "cs-a")
    signed = notice.read_bytes()
    more(family, "A")
    family.clock.moment = family.clock.moment.replace(year=2027)
    assert fetch(family) == [2]
    assert [path.read_bytes() for path in told_to(family, "cs-a")] == [signed]
    (entry,) = family.entries(COUNTY, "correction.told")
    assert entry["corrections"] == [each["id"] for each in json.loads(signed)["corrections"]]


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
