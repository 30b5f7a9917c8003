"""What every uplink must do. A class for one kind of uplink inherits this and says how two ends of it are opened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.model.package import Channel
from exchange.ports import Uplink

ONE = Channel("320581000000", "320500000000")
TWO = Channel("320582000000", "320500000000")


class UplinkSuite:
    """Inherit, and define the fixtures `child` and `parent`: the same uplink, seen from both ends."""

    @pytest.fixture
    def child(self) -> Uplink:
        raise NotImplementedError

    @pytest.fixture
    def parent(self) -> Uplink:
        raise NotImplementedError

    @pytest.fixture
    def package(self, tmp_path: Path) -> Path:
        path = tmp_path / "sealed"
        path.write_bytes(bytes(range(256)) * 5000)
        return path

    def test_nothing_waits_before_anything_was_sent(self, parent: Uplink, child: Uplink) -> None:
        assert list(parent.waiting(ONE)) == []
        assert list(child.answers(ONE)) == []

    def test_a_package_arrives_as_it_was_sent(
        self, child: Uplink, parent: Uplink, package: Path, tmp_path: Path
    ) -> None:
        child.send(ONE, "a.pkg", package)
        assert list(parent.waiting(ONE)) == ["a.pkg"]
        parent.fetch(ONE, "a.pkg", tmp_path / "inbox" / "a.pkg")
        assert (tmp_path / "inbox" / "a.pkg").read_bytes() == package.read_bytes()
        assert package.exists()

    def test_packages_wait_in_order_of_name(self, child: Uplink, parent: Uplink, package: Path) -> None:
        for name in ("b-00000010.pkg", "b-00000002.pkg", "b-00000001.pkg"):
            child.send(ONE, name, package)
        assert list(parent.waiting(ONE)) == ["b-00000001.pkg", "b-00000002.pkg", "b-00000010.pkg"]

    def test_sending_twice_is_sending_once(self, child: Uplink, parent: Uplink, package: Path) -> None:
        child.send(ONE, "a.pkg", package)
        child.send(ONE, "a.pkg", package)
        assert list(parent.waiting(ONE)) == ["a.pkg"]

    def test_channels_do_not_meet(self, child: Uplink, parent: Uplink, package: Path) -> None:
        child.send(ONE, "a.pkg", package)
        parent.answer(ONE, "a.pkg", b"receipt")
        assert list(parent.waiting(TWO)) == []
        assert list(child.answers(TWO)) == []

    def test_the_two_ways_between_a_child_and_its_parent_do_not_meet(
        self, child: Uplink, parent: Uplink, package: Path
    ) -> None:
        down = replace(ONE, down=True)
        parent.send(down, "a.pkg", package)
        child.answer(down, "a.pkg", b"receipt")
        assert list(child.waiting(down)) == ["a.pkg"]
        assert list(parent.answers(down)) == [("a.pkg", b"receipt")]
        assert list(parent.waiting(ONE)) == list(child.answers(ONE)) == []

    def test_a_package_that_is_done_waits_no_longer_and_may_come_again(
        self, child: Uplink, parent: Uplink, package: Path
    ) -> None:
        child.send(ONE, "a.pkg", package)
        parent.done(ONE, "a.pkg")
        parent.done(ONE, "a.pkg")
        assert list(parent.waiting(ONE)) == []
        child.send(ONE, "a.pkg", package)
        assert list(parent.waiting(ONE)) == ["a.pkg"]

    def test_an_answer_comes_back_until_it_is_settled(self, child: Uplink, parent: Uplink) -> None:
        parent.answer(ONE, "b.pkg", b"second")
        parent.answer(ONE, "a.pkg", b"first")
        assert list(child.answers(ONE)) == [("a.pkg", b"first"), ("b.pkg", b"second")]
        child.settled(ONE, "a.pkg")
        child.settled(ONE, "a.pkg")
        assert list(child.answers(ONE)) == [("b.pkg", b"second")]

    def test_a_later_answer_takes_the_place_of_the_earlier(self, child: Uplink, parent: Uplink) -> None:
        parent.answer(ONE, "a.pkg", b"refused")
        parent.answer(ONE, "a.pkg", b"applied")
        assert list(child.answers(ONE)) == [("a.pkg", b"applied")]

    def test_nothing_shows_that_is_not_whole(
        self, child: Uplink, parent: Uplink, package: Path, tmp_path: Path
    ) -> None:
        """A transfer that fails in its middle leaves nothing that looks like a package."""
        missing = tmp_path / "not-there"
        with pytest.raises((OSError, Exception)):
            child.send(ONE, "a.pkg", missing)
        assert list(parent.waiting(ONE)) == []
        child.send(ONE, "a.pkg", package)
        assert list(parent.waiting(ONE)) == ["a.pkg"]
