"""Several telephone numbers in one cell."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r" *(?:[、;,/|]|或者?) *")
_NUMBER = re.compile(r"\+?[0-9(][0-9()\- ]{4,24}")


def several_phones(text: str) -> str | None:
    """The numbers parted by ";" alone; None when the text is not several numbers.

    None of them is dropped, since nobody can know which one is the right one; whether the field has room for them is
    the schema's question.
    """
    numbers = _BETWEEN.split(text)
    if len(numbers) < 2 or not all(_NUMBER.fullmatch(number) for number in numbers):
        return None
    return ";".join(numbers)
