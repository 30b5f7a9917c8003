"""Rows of licences about which the hub is in doubt: one number of one body, holders written each otherwise."""

from __future__ import annotations

from support.rows import Row, licence

FIRST = "测试企业"
SECOND = "测试企业有限公司"
THIRD = "测试企业集团"


def doubtful(number: str, holder: str, code: str, day: int, minute: int = 0, **other: str) -> Row:
    """A licence whose holder has a code that no table knows; with another holder of a like name it is asked about."""
    about = {"certificate_source_id": f"src-{number}-{code}", "issue_date": f"2026-01-{day:02d}"}
    held = {"certificate_holder": holder, "certificate_holder_code": code, "certificate_holder_type": "999"}
    return licence(number, minute, **{**about, **held, **other})


def first(number: str = "苏1号", **other: str) -> Row:
    """What the others may be."""
    return doubtful(number, FIRST, "AB12", 5, 0, **other)


def second(number: str = "苏1号", **other: str) -> Row:
    """Perhaps `first`."""
    return doubtful(number, SECOND, "ZZ99", 12, 5, **other)


def third(number: str = "苏1号", **other: str) -> Row:
    """Perhaps `first`, and certainly not by itself `second`."""
    return doubtful(number, THIRD, "QQ77", 20, 6, **other)
