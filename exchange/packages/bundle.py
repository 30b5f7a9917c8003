"""A package: one ZIP file (stored, not compressed) with a signed description and one Parquet file a dataset.

The description is a Frictionless Data Package descriptor (`datapackage.json`) with the hub's own properties beside
the standard ones. The signature is verified before a resource is looked at, each resource's sha256 before it is read.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from exchange.model.package import Channel, Manifest, Resource, Total
from exchange.packages.keys import signed, verified
from exchange.text import Text

DESCRIPTOR = "datapackage.json"
FORMAT = "exchange-hub-package/1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DESCRIPTOR_LIMIT = 64 << 20
_ENCRYPTED = 0x1  # bit 0 of the general purpose flags (APPNOTE.TXT, 4.4.4)
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Opened:
    """A package whose signature and digests hold: its description, and its files by dataset."""

    manifest: Manifest
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Refused:
    """A package that is not what its sender signed; `reason` says why."""

    reason: Text


def package_name(channel: Channel, number: int) -> str:
    """A package's file name, which is its id: it sorts by number within the channel."""
    return f"{channel.name}-{number:08d}.pkg"


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def seal_package(manifest: Manifest, files: Mapping[str, Path], key: Ed25519PrivateKey, target: Path) -> None:
    """Write the package; equal content gives equal bytes."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(DESCRIPTOR, _EPOCH), signed(_descriptor(manifest), key))
        for dataset, path in files.items():
            info = zipfile.ZipInfo(f"data/{dataset}.parquet", _EPOCH)
            with path.open("rb") as content, archive.open(info, "w", force_zip64=True) as out:
                shutil.copyfileobj(content, out, _CHUNK)


def open_package(package: Path, channel: Channel, key: Ed25519PublicKey, folder: Path) -> Opened | Refused:
    """Verify a package of a channel and unpack its resources into `folder`."""
    try:
        with zipfile.ZipFile(package) as archive:
            return _open(archive, channel, key, folder)
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        NotImplementedError,
    ) as error:
        return Refused(
            Text(
                f"数据包损坏，无法打开（{type(error).__name__}）。",
                f"The package is damaged and cannot be opened ({type(error).__name__}).",
            )
        )


def _open(archive: zipfile.ZipFile, channel: Channel, key: Ed25519PublicKey, folder: Path) -> Opened | Refused:
    if not all(_is_stored(info) for info in archive.infolist()):
        return Refused(
            Text(
                "数据包含有压缩或加密的内容，或目录已损坏，未打开。",
                "The package holds compressed or encrypted parts, or its directory is damaged; it was not opened.",
            )
        )
    if archive.getinfo(DESCRIPTOR).file_size > _DESCRIPTOR_LIMIT:
        return Refused(Text("数据包的说明文件过大。", "The package's description is too large."))
    body = verified(archive.read(DESCRIPTOR), key)
    if body is None:
        return Refused(
            Text(
                "数据包签名无效：内容在途中被改动，或不是由该节点签发。",
                "The signature is not valid: the package was changed on its way, or another node made it.",
            )
        )
    manifest = _manifest(body)
    if manifest.channel != channel:
        return Refused(Text("数据包属于另一条通道。", "The package belongs to another channel."))
    files: dict[str, Path] = {}
    for resource in manifest.resources:
        path = folder / f"{resource.dataset}.parquet"
        if not _unpack(archive, resource, path):
            return Refused(
                Text(
                    f"数据包中 {resource.dataset} 的内容与签名的摘要不符。",
                    f"The content of {resource.dataset} does not match its signed digest.",
                )
            )
        files[resource.dataset] = path
    return Opened(manifest, files)


def _is_stored(info: zipfile.ZipInfo) -> bool:
    """Whether a part lies in the file as it is: anything else could grow without limit before its digest is known."""
    return info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & _ENCRYPTED and info.header_offset >= 0


def _unpack(archive: zipfile.ZipFile, resource: Resource, target: Path) -> bool:
    """Copy one resource out; false when its digest is not the signed one."""
    if not resource.dataset.isidentifier():
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(f"data/{resource.dataset}.parquet") as content, target.open("wb") as out:
        shutil.copyfileobj(content, out, _CHUNK)
    return sha256_of(target) == resource.sha256


def _descriptor(manifest: Manifest) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": package_name(manifest.channel, manifest.number),
        "format": FORMAT,
        "channel": _channel(manifest.channel),
        "number": manifest.number,
        "from_seq": manifest.from_seq,
        "to_seq": manifest.to_seq,
        "resources": [
            {
                "name": resource.dataset,
                "path": f"data/{resource.dataset}.parquet",
                "format": "parquet",
                "hash": f"sha256:{resource.sha256}",
                "revision": resource.revision,
                "records": resource.records,
            }
            for resource in manifest.resources
        ],
        # JSON numbers lose digits above 2^53 in many readers: digests travel as text
        "totals": [{**asdict(total), "digest": str(total.digest)} for total in manifest.totals],
    }


def _channel(channel: Channel) -> dict[str, Any]:
    """A package on its way up is described as it was before there was another way."""
    ends = {"child": channel.child, "parent": channel.parent}
    return {**ends, "down": True} if channel.down else ends


def _manifest(body: Mapping[str, Any]) -> Manifest:
    return Manifest(
        Channel(**body["channel"]),
        body["number"],
        body["from_seq"],
        body["to_seq"],
        tuple(
            Resource(each["name"], each["revision"], each["records"], each["hash"].removeprefix("sha256:"))
            for each in body["resources"]
        ),
        tuple(Total(each["origin"], each["dataset"], each["records"], int(each["digest"])) for each in body["totals"]),
    )
