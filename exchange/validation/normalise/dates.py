"""The date forms that departments really write, and the one that the hub stores."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

BEIJING = timezone(timedelta(hours=8))
"""The zone of every wall-clock value that names none. (The summer time of 1986 to 1991 is not applied.)"""

_WALL_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}")
_MOMENT = re.compile(
    r"""(?P<year>[0-9]{4})
    (?: (?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)(?P<day>[0-9]{1,2})
      | \ ?年\ ?(?P<han_month>[0-9]{1,2})\ ?月\ ?(?P<han_day>[0-9]{1,2})\ ?[日号]
      | (?P<bare_month>[0-9]{2})(?P<bare_day>[0-9]{2}) )
    (?: (?: (?:T|\ +|(?<=[日号]))(?P<hour>[0-9]{1,2})[:时点](?P<minute>[0-9]{1,2})
            (?: [:分](?P<second>[0-9]{1,2})(?:\.(?P<fraction>[0-9]{1,9}))?秒? | 分 )?
          | [T\ ]?(?P<bare_hour>[0-9]{2})(?P<bare_minute>[0-9]{2})(?P<bare_second>[0-9]{2})? )
        \ ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})? )?""",
    re.VERBOSE,
)
_EPOCH_MILLISECONDS = re.compile(r"[0-9]{13}")
_EXCEL_SERIAL = re.compile(r"[1-9][0-9]{4}(?:\.[0-9]+)?")
_YEAR_AND_MONTH = re.compile(
    r"[0-9]{4}(?:[-/.](?:0?[1-9]|1[0-2])|(?:0[1-9]|1[0-2])|\ ?年\ ?(?:0?[1-9]|1[0-2])\ ?月)", re.VERBOSE
)
# Excel's day 60 is 29 February 1900, which never was; from day 61 on its days count from here.
_EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=BEIJING)


def is_wall_clock(text: str) -> bool:
    """Whether the text is like 2019-05-01 10:00:00, the usual local time: naming its zone is no repair."""
    return _WALL_CLOCK.fullmatch(text) is not None


def lacks_day(text: str) -> bool:
    """Whether the text is a year and a month and no more."""
    return _YEAR_AND_MONTH.fullmatch(text) is not None


@lru_cache(maxsize=1 << 15)
def standard_date(text: str) -> str | None:
    """The day as 2019-05-01; None when the text is in none of the known forms or there is no such day.

    A time of day, if one is written, is left out: the schema asks for the day. With a zone, it is the day in Beijing.
    """
    moment = _moment(text)
    return moment[:10] if moment else None


def standard_date_time(text: str) -> str | None:
    """The moment as 2019-05-01T10:00:00+08:00; None as in `standard_date`. A day alone is its midnight.

    Fractions of a second are kept where they are not zero.
    """
    if is_wall_clock(text):
        return f"{text[:10]}T{text[11:]}+08:00"
    return _moment(text)


def _moment(text: str) -> str | None:
    try:
        if _EPOCH_MILLISECONDS.fullmatch(text):
            return _from_epoch(int(text))
        if _EXCEL_SERIAL.fullmatch(text):
            return _from_serial(float(text))
        written = _MOMENT.fullmatch(text.upper())
        return _from_parts(written.groupdict()) if written else None
    except (ValueError, OverflowError):
        return None


def _from_epoch(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return _text(datetime.fromtimestamp(seconds, BEIJING), f"{rest:03}")


def _from_serial(days: float) -> str:
    return _text(_EXCEL_DAY_ZERO + timedelta(seconds=round(days * 86_400)), "")


def _from_parts(parts: dict[str, str | None]) -> str:
    def number(*names: str) -> int:
        return next((int(value) for name in names if (value := parts[name]) is not None), 0)

    moment = datetime(
        number("year"),
        number("month", "han_month", "bare_month"),
        number("day", "han_day", "bare_day"),
        number("hour", "bare_hour"),
        number("minute", "bare_minute"),
        number("second", "bare_second"),
        tzinfo=_zone(parts["zone"]),
    )
    return _text(moment.astimezone(BEIJING), parts["fraction"] or "")


def _zone(written: str | None) -> tzinfo:
    if written is None:
        return BEIJING
    if written == "Z":
        return UTC
    offset = timedelta(hours=int(written[1:3]), minutes=int(written[-2:]))
    return timezone(-offset if written[0] == "-" else offset)


def _text(moment: datetime, fraction: str) -> str:
    whole = moment.isoformat(timespec="seconds")
    fraction = fraction.rstrip("0")
    return f"{whole[:19]}.{fraction}{whole[19:]}" if fraction else whole
