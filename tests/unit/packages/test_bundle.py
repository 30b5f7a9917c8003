"""A package is opened only when every byte of it that means something is the sender's."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from exchange.model.package import Channel, Manifest, Resource, Total
from exchange.packages import Opened, Refused, open_package, package_name, seal_package, sha256_of, signed

CHANNEL = Channel("320581000000", "320500000000")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Path, Manifest, dict[str, Path]]:
    files = {}
    for name in ("case_basic", "licence"):
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(
            pa.table({"_origin": ["320581000000"] * 3, "text": [f"{name}{at}" for at in range(3)]}), files[name]
        )
    resources = tuple(Resource(name, 1, 3, sha256_of(path)) for name, path in files.items())
    totals = (Total("320581000000", "case_basic", 3, 2**64 + 7),)
    manifest = Manifest(CHANNEL, 4, 10, 12, resources, totals)
    target = tmp_path / "out" / package_name(CHANNEL, 4)
    seal_package(manifest, files, KEY, target)
    return target, manifest, files


def opened(package: Path, into: Path, channel: Channel = CHANNEL) -> Opened | Refused:
    return open_package(package, channel, KEY.public_key(), into)


def test_what_was_sealed_comes_out(sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path) -> None:
    package, manifest, files = sealed
    out = opened(package, tmp_path / "in")
    assert isinstance(out, Opened)
    assert out.manifest == manifest
    assert {name: path.read_bytes() for name, path in out.files.items()} == {
        name: path.read_bytes() for name, path in files.items()
    }


def test_equal_content_gives_equal_bytes(sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path) -> None:
    package, manifest, files = sealed
    seal_package(manifest, files, KEY, tmp_path / "again.pkg")
    assert (tmp_path / "again.pkg").read_bytes() == package.read_bytes()


def test_names_sort_by_number() -> None:
    names = [package_name(CHANNEL, number) for number in (1, 2, 10, 99_999_999)]
    assert names == sorted(names)


def test_no_changed_byte_changes_what_comes_out(sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path) -> None:
    """Every byte of the file is changed once: the package is refused, or says exactly what it said."""
    package, manifest, files = sealed
    whole = package.read_bytes()
    contents = {name: path.read_bytes() for name, path in files.items()}
    bad, refused, parts = tmp_path / "bad.pkg", 0, set()
    regions = {name: (whole.find(content), whole.find(content) + len(content)) for name, content in contents.items()}
    with zipfile.ZipFile(package) as archive:
        description = archive.read("datapackage.json")
    regions["datapackage.json"] = (whole.find(description), whole.find(description) + len(description))
    for at in range(len(whole)):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        out = opened(bad, tmp_path / "in")
        inside = {name for name, (start, end) in regions.items() if start <= at < end}
        if isinstance(out, Refused):
            refused += 1
            parts |= inside
            assert out.reason.zh
            assert out.reason.en
        else:
            assert not inside & set(files)
            assert out.manifest == manifest
            assert {name: path.read_bytes() for name, path in out.files.items()} == contents
    assert parts == {*files, "datapackage.json"}
    assert refused > sum(map(len, contents.values()))


@pytest.mark.parametrize("length", [0, 1, 100, -1, -30])
def test_a_cut_package_is_refused(sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path, length: int) -> None:
    bad = tmp_path / "bad.pkg"
    bad.write_bytes(sealed[0].read_bytes()[:length])
    assert isinstance(opened(bad, tmp_path / "in"), Refused)


def repacked(package: Path, target: Path, *, compression: int = zipfile.ZIP_STORED, **changed: bytes) -> Path:
    with zipfile.ZipFile(package) as archive, zipfile.ZipFile(target, "w", compression) as out:
        for name in archive.namelist():
            out.writestr(name, changed.get(Path(name).stem, archive.read(name)))
    return target


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", 5),
        ("from_seq", 0),
        ("to_seq", 13),
        ("totals", []),
        ("resources", []),
        ("signature", base64.b64encode(bytes(64)).decode()),
        ("signature", "no base64 !"),
        ("signature", 7),
        ("extra", 1),
    ],
)
def test_a_changed_description_is_refused(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path, field: str, value: object
) -> None:
    with zipfile.ZipFile(sealed[0]) as archive:
        body = json.loads(archive.read("datapackage.json"))
    content = json.dumps({**body, field: value}).encode()
    bad = repacked(sealed[0], tmp_path / "bad.pkg", datapackage=content)
    assert isinstance(opened(bad, tmp_path / "in"), Refused)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"signature": "' + b"A" * 88 + b'"}']
)
def test_a_description_that_is_none_is_refused(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path, content: bytes
) -> None:
    bad = repacked(sealed[0], tmp_path / "bad.pkg", datapackage=content)
    assert isinstance(opened(bad, tmp_path / "in"), Refused)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"channel": "x"},
        {"channel": {"child": "320581000000", "parent": "320500000000"}, "number": 1, "from_seq": 0, "to_seq": 1,
         "resources": [{"name": "x", "revision": 1, "records": 1, "hash": 7}], "totals": []},
        {"channel": {"child": "320581000000", "parent": "320500000000"}, "number": 1, "from_seq": 0, "to_seq": 1,
         "resources": [7], "totals": []},
    ],
)  # fmt: skip
def test_a_signed_description_of_another_shape_is_refused(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path, body: dict[str, object]
) -> None:
    bad = repacked(sealed[0], tmp_path / "bad.pkg", datapackage=signed(body, KEY))
    assert isinstance(opened(bad, tmp_path / "in"), Refused)


def test_a_resource_cannot_be_unpacked_outside_its_folder(tmp_path: Path) -> None:
    content = b"content"
    (tmp_path / "x").write_bytes(content)
    resource = Resource("../../escaped", 1, 1, sha256_of(tmp_path / "x"))
    package = tmp_path / "bad.pkg"
    seal_package(Manifest(CHANNEL, 1, 0, 1, (resource,), ()), {"../../escaped": tmp_path / "x"}, KEY, package)
    assert isinstance(opened(package, tmp_path / "deep" / "in"), Refused)
    assert not list(tmp_path.rglob("escaped*"))


def test_a_compressed_resource_is_refused_unread(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path
) -> None:
    """What is not stored as it is can grow without limit when it is read, before its digest can be known."""
    bad = repacked(sealed[0], tmp_path / "bad.pkg", compression=zipfile.ZIP_DEFLATED, case_basic=bytes(64 << 20))
    assert bad.stat().st_size < 1 << 20
    assert isinstance(opened(bad, tmp_path / "in"), Refused)
    assert not list((tmp_path / "in").glob("*"))


def test_an_encrypted_archive_is_refused(sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path) -> None:
    raw = bytearray(sealed[0].read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(signature)
        raw[at + flags] |= 1
    (tmp_path / "bad.pkg").write_bytes(raw)
    assert isinstance(opened(tmp_path / "bad.pkg", tmp_path / "in"), Refused)


def test_the_key_of_another_node_is_not_accepted(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path
) -> None:
    other = Ed25519PrivateKey.generate().public_key()
    assert isinstance(open_package(sealed[0], CHANNEL, other, tmp_path / "in"), Refused)


@pytest.mark.parametrize("channel", [replace(CHANNEL, parent="320000000000"), replace(CHANNEL, child="320582000000")])
def test_a_package_of_another_channel_is_refused(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path, channel: Channel
) -> None:
    assert isinstance(opened(sealed[0], tmp_path / "in", channel), Refused)


def test_the_description_is_a_frictionless_data_package(sealed: tuple[Path, Manifest, dict[str, Path]]) -> None:
    """Data Package 1.0: a descriptor at the root, resources with a name of [a-z0-9._-], a relative path and a hash."""
    with zipfile.ZipFile(sealed[0]) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "datapackage.json"
        body = json.loads(archive.read("datapackage.json"))
        assert body["profile"] == "data-package"
        assert body["name"] == body["name"].lower()
        for resource in body["resources"]:
            assert resource["name"].replace("_", "").isalnum()
            content = archive.read(resource["path"])
            assert pq.read_table(io.BytesIO(content)).num_rows == resource["records"]


def test_the_way_up_is_described_as_it_was_before_there_was_a_way_down(
    sealed: tuple[Path, Manifest, dict[str, Path]],
) -> None:
    with zipfile.ZipFile(sealed[0]) as archive:
        described = json.loads(archive.read("datapackage.json"))
    assert described["channel"] == {"child": "320581000000", "parent": "320500000000"}
    assert described["name"] == "320581000000-320500000000-00000004.pkg"


def test_a_package_on_its_way_down_is_none_of_the_way_up(
    sealed: tuple[Path, Manifest, dict[str, Path]], tmp_path: Path
) -> None:
    _, manifest, files = sealed
    down = replace(CHANNEL, down=True)
    target = tmp_path / package_name(down, 4)
    assert target.name == "320500000000-320581000000-00000004.pkg"
    seal_package(replace(manifest, channel=down), files, KEY, target)
    out = opened(target, tmp_path / "in", down)
    assert isinstance(out, Opened)
    assert out.manifest.channel == down
    assert isinstance(opened(target, tmp_path / "up"), Refused)
    assert isinstance(opened(sealed[0], tmp_path / "down", down), Refused)
