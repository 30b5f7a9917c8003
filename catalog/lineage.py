"""Who carries on whose work, and which old code became which: `issuers.csv` and `registrations.csv`.

Bodies are known by the identities of `exchange.licences`. Chains are followed to their end, also from a catalogue's
table into a site's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.mistakes import Mistakes
from catalog.models import IssuerChange, Registration
from catalog.tables import read_entries
from exchange.licences.codes import code_identity
from exchange.licences.issuer import issuer_identity
from exchange.model.reference import Reference
from exchange.text import Text

_ISSUER = ("code", "name", "successor", "since", "basis")
_REGISTRATION = ("code", "uscc")
_BODY = "001"
"""The ID kind of a body: a number of 15 places is then no citizen ID."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Link:
    """One identity that became another, as one row of a table says."""

    file: Path
    line: int
    written: str
    old: str
    new: str


def read_issuers(files: Sequence[Path], mistakes: Mistakes) -> list[IssuerChange]:
    """The issuing bodies of all tables; no code or name stands there twice, and no chain comes back to itself."""
    changes: list[IssuerChange] = []
    links: list[_Link] = []
    for file in files:
        for line, change in read_entries(file, _ISSUER, IssuerChange, mistakes):
            changes.append(change)
            _check_successor(file, line, change.successor, mistakes)
            links += [_Link(file, line, *each) for each in _issuer_links(change)]
            if not _issuer_links(change):
                zh, en = (
                    "code 和 name 都没有可用的内容，至少填一个",
                    "neither code nor name says who it is; fill in one",
                )
                mistakes.add(file, line, Text(zh, en))
    _check_links(links, mistakes)
    return changes


def read_registrations(files: Sequence[Path], mistakes: Mistakes) -> list[Registration]:
    """The old codes of all tables; none stands there twice, and no chain comes back to itself."""
    changes: list[Registration] = []
    links: list[_Link] = []
    for file in files:
        for line, change in read_entries(file, _REGISTRATION, Registration, mistakes):
            changes.append(change)
            _check_successor(file, line, change.uscc, mistakes)
            old = code_identity(change.code, _BODY)
            if old[:1] in {"", "P"}:
                zh = f"“{change.code}”不是注册号或组织机构代码"
                en = f"{change.code} is neither a registration number nor an organisation code"
                mistakes.add(file, line, Text(zh, en))
            elif old != code_identity(change.uscc, _BODY):  # an organisation code within its own USCC says nothing new
                links.append(_Link(file, line, change.code, old, code_identity(change.uscc, _BODY)))
    _check_links(links, mistakes)
    return changes


def load_lineage(issuers: Path, registrations: Path) -> Reference:
    """Reference values of these two tables alone; ConfigError that lists every mistake with file and line."""
    mistakes = Mistakes(issuers.parent)
    changes, codes = read_issuers([issuers], mistakes), read_registrations([registrations], mistakes)
    mistakes.raise_if_any()
    return Reference("", (), (), (), (), (), issuer_pairs(changes), registration_pairs(codes))


def issuer_pairs(changes: Iterable[IssuerChange]) -> Pairs:
    """Identities of former bodies, by code and by name, each with that of the body that carries on its work today."""
    return _followed({old: new for change in changes for _, old, new in _issuer_links(change)})


def registration_pairs(changes: Iterable[Registration]) -> Pairs:
    """Identities of old codes, each with that of the same body today."""
    named = ((code_identity(each.code, _BODY), code_identity(each.uscc, _BODY)) for each in changes)
    return _followed({old: new for old, new in named if old != new})


def _issuer_links(change: IssuerChange) -> list[tuple[str, str, str]]:
    """What a row says of a code and of a name: as it is written, its identity, and that of the successor."""
    new = issuer_identity(change.successor, None)
    by_code, by_name = issuer_identity(change.code, None), issuer_identity(None, change.name)
    return [(str(way), old, new) for way, old in ((change.code, by_code), (change.name, by_name)) if old]


def _followed(links: Mapping[str, str]) -> Pairs:
    return tuple((old, list(_chain(links, old))[-1]) for old in sorted(links))


def _chain(links: Mapping[str, str], start: str) -> Iterator[str]:
    """What an identity became, step by step, up to its end or to where the chain has been before."""
    seen = {start}
    at = links.get(start)
    while at is not None:
        yield at
        if at in seen:
            return
        seen.add(at)
        at = links.get(at)


def _check_successor(file: Path, line: int, code: str, mistakes: Mistakes) -> None:
    # the formats bring a large library with them, and most catalogues have no row here
    from exchange.validation.formats.organisations import is_uscc  # noqa: PLC0415

    if not is_uscc(code):
        zh = f"“{code}”不是正确的统一社会信用代码（18 位，校验位须正确）"
        en = f"{code} is no unified social credit code of 18 places with the right check characters"
        mistakes.add(file, line, Text(zh, en))


def _check_links(links: Sequence[_Link], mistakes: Mistakes) -> None:
    known: dict[str, _Link] = {}
    for link in links:
        first = known.setdefault(link.old, link)
        if first is not link:
            zh = f"“{link.written}”重复：{first.file.name} 第 {first.line} 行已有"
            en = f"{link.written} stands in line {first.line} of {first.file.name} already"
            mistakes.add(link.file, link.line, Text(zh, en))
    becomes = {old: link.new for old, link in known.items()}
    for old, link in known.items():
        if old == link.new:
            zh = f"“{link.written}”的后继是它自己；机构只是更名时，请只填原名称，代码留空"
            en = f"{link.written} is its own successor; of a body that was only renamed give the name and no code"
            mistakes.add(link.file, link.line, Text(zh, en))
        elif old in _chain(becomes, old):
            zh, en = f"“{link.written}”的后继绕回了它自己", f"the successors of {link.written} lead back to itself"
            mistakes.add(link.file, link.line, Text(zh, en))
