"""The way down as a channel: what is tampered with, of another shape, late, twice, or cut off."""

from __future__ import annotations

import json
import shutil
import zipfile
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.family import (
    CONCERNS,
    DOWN,
    KUNSHAN,
    door,
    fetch,
    share,
    shared,
    state,
    told_to,
)
from support.rows import licence
from support.site import CITY, COUNTY, TinySite
from support.slips import KilledError

from exchange.flows import intake, told
from exchange.model.package import Manifest, Resource
from exchange.packages import NodeKeys, package_name, seal_package, sha256_of, verified


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
