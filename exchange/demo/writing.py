"""How a system writes a value in its files: its own codes and date form, and what people and Excel do to values.

Nothing here spoils a value beyond repair: what the hub makes of the cell is the value that was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from exchange.demo.cases import BEIJING, NO_END, Record
from exchange.demo.columns import own_code
from exchange.demo.layout import System
from exchange.model.dataset import Dataset, Field

Cell = str | int | date | None
Cells = dict[str, Cell]
"""One row of a file by field name, as the file holds it."""

_CITIZEN_ID = re.compile("[0-9]{17}[0-9X]")
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_ZERO_WIDTH = "\u200b\u200d\ufeff"
_SPACES = ("\u3000", "\u00a0", " ", "\u3000\u3000")
_PLACEHOLDERS = ("无", "NULL", "-", "—", "暂无", "N/A")

_MOMENTS: Mapping[str, Callable[[datetime], str]] = {
    "dash": lambda at: f"{at:%Y-%m-%d %H:%M:%S}",
    "slash": lambda at: f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}",
    "han": lambda at: f"{at.year}年{at.month}月{at.day}日 {at:%H:%M:%S}",
    "compact": lambda at: f"{at:%Y%m%d%H%M%S}",
    "basic": lambda at: f"{at:%Y%m%dT%H%M%S}",
    "epoch": lambda at: str(int(at.timestamp()) * 1000),
    "zone": lambda at: at.isoformat(timespec="seconds"),
    "utc": lambda at: f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
}
_DAYS: Mapping[str, Callable[[date], str]] = {
    "dash": lambda day: day.isoformat(),
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "han": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "compact": lambda day: f"{day:%Y%m%d}",
    "basic": lambda day: f"{day:%Y%m%d}",
    "midnight": lambda day: f"{day.isoformat()} 00:00:00",
    "epoch": lambda day: str(int(datetime(day.year, day.month, day.day, tzinfo=BEIJING).timestamp()) * 1000),
    "serial": lambda day: str((day - _EXCEL_DAY_ZERO).days),
}
_DISTANT = ("dash", "slash", "han", "compact")
"""The forms in which the year 9999 can be written."""


class Hand:
    """One system's way of writing the records of one dataset."""

    def __init__(self, system: System, dataset: Dataset, rng: Random) -> None:
        self._system = system
        self._rng = rng
        self._fields = {field.name: field for field in dataset.fields}
        self._required = _always_there(dataset)
        styles = ("dash", "zone", "epoch") if system.form.kind == "json" else ("dash", "slash", "han", "compact")
        self._style = rng.choice(styles)

    def cells(self, record: Record, columns: tuple[str, ...]) -> Cells:
        """The record as the system usually writes it."""
        return {name: self._cell(name, record[name]) if name in record else None for name in columns}

    def disturb(self, record: Record, cells: Cells) -> None:
        """Write one or two cells as they should not be written, and as the hub must still understand them."""
        for name in self._rng.sample(sorted(cells), 2):
            if name in record:
                cells[name] = self._disturbed(self._fields[name], record[name])
            elif name not in self._required:
                zero = self._fields[name].pii == "phone" and self._rng.random() < 0.3
                cells[name] = "0" if zero else self._rng.choice(_PLACEHOLDERS)

    def _cell(self, name: str, value: str) -> Cell:
        field = self._fields[name]
        if field.format in {"date", "date-time"}:
            return self._moment(field, value, self._style)
        if field.type == "integer" and self._system.form.kind != "csv":
            return int(value)
        return own_code(self._system, name, value) if field.codes else value

    def _moment(self, field: Field, value: str, style: str) -> Cell:
        if field.format == "date":
            if value == NO_END:
                return _DAYS[style if style in _DISTANT else "dash"](date.fromisoformat(value))
            if self._system.form.kind == "excel" and self._rng.random() < 0.5:
                return date.fromisoformat(value)
            text = _DAYS.get(style, _DAYS["dash"])(date.fromisoformat(value))
        else:
            text = _MOMENTS[style](datetime.fromisoformat(value))
        return int(text) if style == "epoch" and self._system.form.kind == "json" else text

    def _disturbed(self, field: Field, value: str) -> Cell:
        if field.format == "date":
            return self._moment(field, value, self._rng.choice(_DISTANT if value == NO_END else sorted(_DAYS)))
        if field.format == "date-time":
            return self._moment(field, value, self._rng.choice(sorted(_MOMENTS)))
        if field.type == "integer":
            return self._rng.choice((wide(value), f"0{value}", f"{value}.0", f" {value}"))
        if field.codes:
            return self._padded(own_code(self._system, field.name, value))
        if field.pii == "identity" or field.format:
            return self._rng.choice((wide, self._lower, self._spaced, self._padded, self._with_zero_width))(value)
        return self._rng.choice((wide, self._padded, self._with_zero_width, self._broken_line))(value)

    def _padded(self, text: str) -> str:
        return self._rng.choice(_SPACES) + text + self._rng.choice(_SPACES)

    def _with_zero_width(self, text: str) -> str:
        place = self._rng.randrange(len(text) + 1)
        return text[:place] + self._rng.choice(_ZERO_WIDTH) + text[place:]

    def _lower(self, text: str) -> str:
        """Small letters; the case of a number that is not ASCII is left alone by the hub, so it is here."""
        return text.lower() if text.isascii() else self._padded(text)

    def _spaced(self, text: str) -> str:
        """110105 19491231 002X; another number is only padded, for spaces in it may have a meaning."""
        return f"{text[:6]} {text[6:14]} {text[14:]}" if _CITIZEN_ID.fullmatch(text) else self._padded(text)

    def _broken_line(self, text: str) -> str:
        if " " in text:
            return text.replace(" ", self._rng.choice(("\n", "\u3000", "\t")), 1)
        return self._padded(text)


def wide(text: str) -> str:
    """Letters and digits at full width."""
    return "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in text)


def earlier(value: str, hours: int) -> str:
    """A moment some hours before another; later when negative."""
    return (datetime.fromisoformat(value) - timedelta(hours=hours)).isoformat(timespec="seconds")


def _always_there(dataset: Dataset) -> frozenset[str]:
    """The fields in which a placeholder would cost the row; of a result also those that depend on the outcome."""
    required = set(dataset.schema["required"])
    for rule in dataset.schema["allOf"]:
        for branch in ("then", "else"):
            required.update(rule.get(branch, {}).get("required", ()))
    return frozenset(required)
