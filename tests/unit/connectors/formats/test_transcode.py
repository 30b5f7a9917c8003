"""GB18030 becomes what Python's table says, whatever the C library's says, and never with a loss."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from connectors.formats import gb18030, transcode
from connectors.formats.sight import PART, Sight

HIGH, DIGITS = range(0x81, 0xFF), range(0x30, 0x3A)
PYTHON = gb18030.PythonCodec()


def two_bytes() -> Iterator[bytes]:
    return map(bytes, product(range(0x80, 0x100), range(0x100)))


def four_bytes() -> Iterator[bytes]:
    return map(bytes, product(HIGH, DIGITS, HIGH, DIGITS))


def text_of(sequence: bytes) -> str | None:
    try:
        return sequence.decode("gb18030")
    except UnicodeDecodeError:
        return None


@cache
def every_character() -> list[str]:
    """Each character that some sequence of two or four bytes stands for."""
    found = (text_of(sequence) for sequence in (*two_bytes(), *four_bytes()))
    return [text for text in found if text is not None and len(text) == 1]


def test_every_character_is_written_in_one_way_only() -> None:
    characters = every_character()
    assert len(characters) == len(set(characters)) == 0x110000 - 0x800 - 0x80


def test_every_character_becomes_what_python_says() -> None:
    with gb18030.fastest() as converter:
        for start in range(0, len(every_character()), 100):
            text = "\n".join(every_character()[start : start + 100])
            assert converter.convert(text.encode("gb18030")) == text.encode()


def test_what_python_refuses_is_refused() -> None:
    refused = [*two_bytes(), *list(four_bytes())[::37], b"\x81", b"\x81\x30", b"\x81\x30\x81", b"a\xd5"]
    with gb18030.fastest() as converter:
        for sequence in refused:
            if text_of(sequence) is None:
                assert converter.convert(sequence) is None, sequence.hex()


@pytest.fixture
def library() -> gb18030.Converter:
    """The C library's own converter."""
    found = gb18030._library()
    if found is None:
        pytest.skip("this C library has no iconv by that name")
    with gb18030.opened(found) as converter:
        if isinstance(converter, gb18030.PythonCodec):
            pytest.skip("this C library knows no GB18030")
        yield converter  # type: ignore[misc] # closed when the test ends


def test_all_that_the_library_makes_otherwise_was_found_out(library: gb18030.Converter) -> None:
    everywhere = frozenset(gb18030.differing(library, every_character()))
    assert everywhere == frozenset(gb18030.differing(library, gb18030._basic_plane()))


def test_a_text_in_which_they_differ_goes_through_python(library: gb18030.Converter) -> None:
    differing = [
        each
        for each in every_character()[:70_000]
        if library.convert(each.encode("gb18030")) not in {each.encode(), None}
    ]
    with gb18030.fastest() as converter:
        for each in differing:
            for before in ("", "a", "龙", "（", "𠀀", "a,龙（𠀀"):  # they begin as some differences do
                text = f"{before}{each},\n"
                assert converter.convert(text.encode("gb18030")) == text.encode()


def test_a_text_in_which_they_agree_is_left_to_the_library(library: gb18030.Converter) -> None:
    differences = gb18030._differences()
    assert differences is not None
    text = "龙华，（常熟市）张𠀀·龚\n" * 1000
    assert not differences.shown_in(text.encode())
    assert library.convert(text.encode("gb18030")) == text.encode()


@pytest.mark.parametrize("converter", ["library", "python"])
def test_a_file_of_many_parts(tmp_path: Path, converter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if converter == "python":
        monkeypatch.setattr(gb18030, "_library", lambda: None)
    text = "".join(f"{number},张𠀀{number * 'ḿ'},\ue7c7\r\n" for number in range(2500))
    source, target, sight = tmp_path / "gb", tmp_path / "utf8", Sight(",")
    source.write_bytes(text.encode("gb18030"))
    assert source.stat().st_size > 20 * PART
    assert transcode.to_utf8(source, target, sight)
    assert target.read_bytes() == text.encode()
    assert (sight.lines, sight.regular, sight.quotes) == (2500, True, False)


@pytest.mark.parametrize("spoiled", [b"\xff", b"\xd5\n", b"\x81\x30\x81,", b"\0"])
def test_one_bad_byte_anywhere_stops_it(tmp_path: Path, spoiled: bytes) -> None:
    line = "张三,李四\n".encode("gb18030") * 20_000
    for at in (0, len(line), 2 * len(line)):
        content = line * 2
        (tmp_path / "gb").write_bytes(content[:at] + spoiled + content[at:])
        assert not transcode.to_utf8(tmp_path / "gb", tmp_path / "utf8", Sight(","))
