"""What every source must do, whatever it speaks. A connector's test inherits the class and says how it is opened."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from connectors.partial import Part
from exchange.errors import ConfigError, RetriableError
from exchange.model.offer import Offer, Withheld
from exchange.ports import Source

LONG_AGO = 1_700_000_000


def drop(folder: Path, name: str | bytes, content: bytes = b"a,b\n1,2\n") -> Path:
    """A file that has lain in the folder for long."""
    path = folder / os.fsdecode(name)
    path.write_bytes(content)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def offered(source: Source) -> list[str]:
    return [each.name for each in source.offers() if isinstance(each, Offer)]


def withheld(source: Source) -> dict[str, Withheld]:
    return {each.name: each for each in source.offers() if isinstance(each, Withheld)}


def the_offer(source: Source, name: str) -> Offer:
    [offer] = [each for each in source.offers() if each.name == name]
    assert isinstance(offer, Offer)
    return offer


class SourceSuite:
    """Inherit, and define `folder` (what the source shows, as a local path) and `open`."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        raise NotImplementedError

    def open(self, folder: Path, **settings: object) -> AbstractContextManager[Source]:
        raise NotImplementedError

    def test_offers_come_in_name_order_with_size_and_time(self, folder: Path) -> None:
        for name in ("b.csv", "办件.csv", "a.csv", "B.csv"):
            drop(folder, name)
        with self.open(folder) as source:
            offers = list(source.offers())
        assert [offer.name for offer in offers] == sorted(["b.csv", "办件.csv", "a.csv", "B.csv"])
        assert all(isinstance(offer, Offer) for offer in offers)
        assert {(offer.size, offer.mtime_ns) for offer in offers} == {(8, LONG_AGO * 10**9)}

    def test_what_is_no_file_of_the_source_is_not_shown(self, folder: Path) -> None:
        for name in (".hidden.csv", "a.csv.part", "b.tmp", "~$a.xlsx", "a.csv.ok"):
            drop(folder, name)
        (folder / "sub").mkdir()
        drop(folder / "sub", "inside.csv")
        drop(folder, "good.csv")
        with self.open(folder) as source:
            assert [each.name for each in source.offers()] == ["good.csv"]

    def test_a_growing_file_is_withheld(self, folder: Path) -> None:
        drop(folder, "still.csv")
        with growing(folder / "growing.csv"), self.open(folder, quiet_seconds=0.3) as source:
            [grows, still] = source.offers()
        assert isinstance(grows, Withheld)
        assert "写入" in grows.reason.zh
        assert "written" in grows.reason.en
        assert isinstance(still, Offer)

    def test_a_young_file_that_does_not_grow_is_offered_after_one_wait(self, folder: Path) -> None:
        for number in range(5):
            (folder / f"{number}.csv").write_bytes(b"a\n1\n")
        with self.open(folder, quiet_seconds=0.5) as source:
            began = time.monotonic()
            assert len(offered(source)) == 5
        assert 0.5 <= time.monotonic() - began < 2

    def test_old_files_are_not_waited_for(self, folder: Path) -> None:
        drop(folder, "old.csv")
        with self.open(folder, quiet_seconds=30) as source:
            began = time.monotonic()
            assert offered(source) == ["old.csv"]
        assert time.monotonic() - began < 5

    def test_a_marker_makes_a_file_whole(self, folder: Path) -> None:
        drop(folder, "a.csv")
        drop(folder, "b.csv")
        drop(folder, "b.csv.done", b"")
        drop(folder, "orphan.csv.done", b"")
        with self.open(folder, ready="marker", marker=".done", quiet_seconds=30) as source:
            assert offered(source) == ["b.csv"]
            assert "a.csv.done" in withheld(source)["a.csv"].reason.zh
            assert list(withheld(source)) == ["a.csv"]

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            (b"..\\evil.csv", "..\\evil.csv"),
            (b"a..b.csv", "a..b.csv"),
            (b"a\nb.csv", "a\\x0ab.csv"),
            (b"a\x1b[2Jb.csv", "a\\x1b[2Jb.csv"),
            (b"\xb0\xec\xbc\xfe.csv", "\\xb0\\xec\\xbc\\xfe.csv"),
            ("a\u202evsc.csv".encode(), "a\\u202evsc.csv"),
        ],
        ids=["backslash", "dots", "newline", "escape", "gbk", "direction"],
    )
    def test_a_hostile_name_is_withheld_and_harms_no_other(self, folder: Path, name: bytes, shown: str) -> None:
        drop(folder, name)
        drop(folder, "good.csv")
        with self.open(folder) as source:
            assert offered(source) == ["good.csv"]
            assert list(withheld(source)) == [shown]
            assert "文件名" in withheld(source)[shown].reason.zh

    def test_links_are_not_followed(self, folder: Path, tmp_path: Path) -> None:
        secret = drop(tmp_path, "secret.txt")
        (folder / "link.csv").symlink_to(secret)
        with self.open(folder) as source:
            assert offered(source) == []
            assert list(withheld(source)) == ["link.csv"]

    def test_a_link_put_in_place_of_an_offer_is_not_fetched(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.csv")
        secret = drop(tmp_path, "secret.txt", b"8 bytes\n")
        with self.open(folder) as source:
            offer = the_offer(source, "a.csv")
            (folder / "a.csv").unlink()
            (folder / "a.csv").symlink_to(secret)
            with pytest.raises(RetriableError):
                source.fetch(offer, tmp_path / "raw")
        assert not (tmp_path / "raw").exists()

    @pytest.mark.parametrize("size", [0, 1, 32 * 1024, 5_000_001])
    def test_a_fetched_file_has_the_same_bytes(self, folder: Path, tmp_path: Path, size: int) -> None:
        content = random.Random(size).randbytes(size)
        drop(folder, "办件.bin", content)
        target = tmp_path / "raw" / "file"
        with self.open(folder) as source:
            source.fetch(the_offer(source, "办件.bin"), target)
        assert target.read_bytes() == content
        assert [path.name for path in target.parent.iterdir()] == ["file"]

    def test_a_part_of_the_same_offer_is_gone_on_with(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.bin", b"b" * 100_000)
        with self.open(folder) as source:
            offer = the_offer(source, "a.bin")
            with Part(tmp_path / "raw", offer).open() as part:
                part.write(b"a" * 60_000)  # other bytes than the source has: they show that they were not fetched again
            source.fetch(offer, tmp_path / "raw")
        assert (tmp_path / "raw").read_bytes() == b"a" * 60_000 + b"b" * 40_000

    def test_a_part_of_another_offer_is_thrown_away(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.bin", b"b" * 1000)
        with self.open(folder) as source:
            offer = the_offer(source, "a.bin")
            other = Offer("a.bin", 1000, offer.mtime_ns - 10**9)
            with Part(tmp_path / "raw", other).open() as part:
                part.write(b"a" * 600)
            source.fetch(offer, tmp_path / "raw")
        assert (tmp_path / "raw").read_bytes() == b"b" * 1000

    def test_a_file_changed_since_its_offer_is_not_fetched(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.csv")
        with self.open(folder) as source:
            offer = the_offer(source, "a.csv")
            (folder / "a.csv").write_bytes(b"a,b\n1,2\n3,4\n")
            with pytest.raises(RetriableError):
                source.fetch(offer, tmp_path / "raw")
        assert not list(tmp_path.glob("raw*"))

    def test_a_file_changed_while_it_is_fetched_is_not_kept(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = drop(folder, "a.csv")
        opened = Part.open

        @contextmanager
        def opened_late(part: Part) -> Iterator[BinaryIO]:
            with opened(part) as stream:
                yield stream
            os.utime(path, (LONG_AGO + 5, LONG_AGO + 5))  # after the last byte, before the fetch is over

        with self.open(folder) as source:
            offer = the_offer(source, "a.csv")
            monkeypatch.setattr(Part, "open", opened_late)
            with pytest.raises(RetriableError):
                source.fetch(offer, tmp_path / "raw")
        assert not list(tmp_path.glob("raw*"))

    def test_a_file_that_is_gone_can_be_tried_again(self, folder: Path, tmp_path: Path) -> None:
        drop(folder, "a.csv")
        with self.open(folder) as source:
            offer = the_offer(source, "a.csv")
            (folder / "a.csv").unlink()
            with pytest.raises(RetriableError):
                source.fetch(offer, tmp_path / "raw")

    def test_nothing_is_removed_unless_told(self, folder: Path) -> None:
        drop(folder, "a.csv")
        with self.open(folder) as source:
            source.settle(the_offer(source, "a.csv"))
            assert offered(source) == ["a.csv"]

    def test_file_and_marker_are_removed_when_told(self, folder: Path) -> None:
        for name in ("a.csv", "a.csv.ok", "b.csv", "b.csv.ok"):
            drop(folder, name)
        with self.open(folder, ready="marker", remove_after_fetch=True) as source:
            offer = the_offer(source, "a.csv")
            source.settle(offer)
            source.settle(offer)
        assert sorted(path.name for path in folder.iterdir()) == ["b.csv", "b.csv.ok"]

    def test_a_new_file_under_the_name_is_not_removed(self, folder: Path) -> None:
        drop(folder, "a.csv")
        with self.open(folder, remove_after_fetch=True) as source:
            offer = the_offer(source, "a.csv")
            (folder / "a.csv").write_bytes(b"the next delivery")
            source.settle(offer)
        assert (folder / "a.csv").read_bytes() == b"the next delivery"

    def test_a_missing_folder_is_for_a_person_to_mend(self, folder: Path) -> None:
        folder.rmdir()
        with self.open(folder) as source, pytest.raises(ConfigError) as raised:
            list(source.offers())
        assert "目录" in raised.value.text.zh


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """A file that another process goes on writing to."""
    stop = threading.Event()
    path.write_bytes(b"a,b\n")

    def write() -> None:
        with path.open("ab", buffering=0) as stream:
            while not stop.wait(0.02):
                stream.write(b"1,2\n")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()
