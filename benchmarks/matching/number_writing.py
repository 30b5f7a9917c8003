"""Numbers written otherwise: the same number in other signs, and numbers that a hand got wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from exchange.demo.chance import weighted

Writing = Callable[[str, Random], str]
"""Another way to write a text; the text itself where the way does not apply."""
_BRACKETS = ("()", "（）", "〔〕", "[]", "【】", "［］")
_OPENING, _CLOSING = (f"[{''.join(re.escape(pair[side]) for pair in _BRACKETS)}]" for side in (0, 1))
_DASHES = "-–—－‐"
_INVISIBLE = "\u200b\u200c\ufeff"
_SPACES = " \u3000\u00a0"
_ALIKE = {"0": "O", "1": "l", "8": "B", "5": "S", "2": "Z", "O": "0", "B": "8", "6": "b"}


def full_width(text: str, _rng: Random) -> str:
    """Letters, digits and signs in full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def other_brackets(text: str, rng: Random) -> str:
    """Brackets of another family; they need not be the same on both sides, but they are here."""
    pair = rng.choice(_BRACKETS)
    return re.sub(_CLOSING, pair[1], re.sub(_OPENING, pair[0], text))


def other_dashes(text: str, rng: Random) -> str:
    """Dashes of another length."""
    return text.replace("-", rng.choice(_DASHES))


def spaces(text: str, rng: Random) -> str:
    """A space somewhere inside or at an end, which is what columns of Excel have."""
    place = rng.choice((0, len(text), rng.randrange(1, max(2, len(text)))))
    return text[:place] + rng.choice(_SPACES) + text[place:]


def invisible(text: str, rng: Random) -> str:
    """A sign without width, as it comes along when text is copied from a web page."""
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(_INVISIBLE) + text[place:]


def lower_case(text: str, _rng: Random) -> str:
    """Letters in lower case."""
    return text.lower()


def bare(text: str, _rng: Random) -> str:
    """Without 第 and 号."""
    return re.sub(r"第(.*)号$", r"\1", text)


def dressed(text: str, rng: Random) -> str:
    """Inside 第…号, or with 号 at its end, or after what the form has printed before it."""
    if text.endswith("号"):
        return text
    return rng.choice(("第{}号", "{}号", "编号:{}", "No.{}")).format(text)


WRITINGS: Sequence[tuple[Writing, int]] = (
    (full_width, 18),
    (other_brackets, 25),
    (other_dashes, 12),
    (spaces, 18),
    (invisible, 6),
    (lower_case, 8),
    (bare, 8),
    (dressed, 5),
)
"""Ways to write a number that leave it the same number, and how common they are."""


def another(text: str, writings: Sequence[tuple[Writing, int]], rng: Random) -> str:
    """The text in one of the writings, by weight, that is not the text itself."""
    while True:
        written = weighted(rng, writings)(text, rng)
        if written != text:
            return written


def written_otherwise(number: str, rng: Random) -> str:
    """The number in another writing, one time in four in two ways at once."""
    written = another(number, WRITINGS, rng)
    twice = another(written, WRITINGS, rng) if rng.random() < 0.25 else number
    return written if twice == number else twice


def slip(number: str, rng: Random) -> str:
    """The number with one slip of the pen, mostly among its last places, or without its leading zeros."""
    places = [place for place, sign in enumerate(number) if sign.isascii() and sign.isalnum()]
    place = rng.choice(places[-8:] if rng.random() < 0.8 else places)
    way = rng.choices((_wrong, _dropped, _swapped, _doubled, _alike, _without_zeros), (40, 15, 18, 10, 9, 8))[0]
    spoilt = way(number, place, rng)
    return spoilt if spoilt != number else _wrong(number, place, rng)


def _wrong(number: str, place: int, rng: Random) -> str:
    return number[:place] + rng.choice([each for each in "0123456789" if each != number[place]]) + number[place + 1 :]


def _dropped(number: str, place: int, _rng: Random) -> str:
    return number[:place] + number[place + 1 :]


def _swapped(number: str, place: int, _rng: Random) -> str:
    return number[:place] + number[place + 1 : place + 2] + number[place] + number[place + 2 :]


def _doubled(number: str, place: int, _rng: Random) -> str:
    return number[: place + 1] + number[place:]


def _alike(number: str, place: int, _rng: Random) -> str:
    return number[:place] + _ALIKE.get(number[place], number[place]) + number[place + 1 :]


def _without_zeros(number: str, _place: int, _rng: Random) -> str:
    """What Excel leaves of a column of digits."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", number, count=1)
