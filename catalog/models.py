"""The catalogue's entries. Unknown keys are refused; the loader says in which file and line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from exchange.model.format import Encoding, FormatKind, FormatSpec

Level = Literal["province", "city", "county", "township"]
DIVISION_CODE = r"^[0-9]{12}$"
DAILY = "0 5 * * *"
FALLBACK = "0 7 * * *"
LICENCE_WITHIN_DAYS = 10
HOLDER_REGISTRATIONS = ("营业执照",)


class Entry(BaseModel):
    """What every entry is: frozen, and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Division(Entry):
    """One administrative division while it is valid. `valid_to` is the first day on which it is no longer."""

    code: str = Field(pattern=DIVISION_CODE)
    name: str = Field(min_length=1)
    level: Level
    parent: str | None = Field(default=None, pattern=DIVISION_CODE)
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the division existed on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


class DivisionAlias(Entry):
    """A code that other lists use for a division (苏州工业园区: 320571 for 320576)."""

    alias: str = Field(pattern=DIVISION_CODE)
    code: str = Field(pattern=DIVISION_CODE)
    reason: str


class CodeTable(Entry):
    """A code set: each code with its Chinese and English meaning, and where the set was read."""

    id: str
    title: str
    source: str
    codes: dict[str, tuple[str, str]]


class Item(Entry):
    """One version of a catalogue item (三级四同: name, code, type and basis are the same at every level)."""

    catalog_code: str = Field(pattern=r"^[0-9A-Z]{12}$")
    version: int = Field(ge=1)
    name: str = Field(min_length=1, max_length=1000)
    type: str = Field(pattern=r"^[0-9]{2}$")
    department: str
    levels: tuple[Level, ...] = Field(min_length=1)
    by_law: str = Field(min_length=1)
    promise_day: int = Field(ge=0)
    local_only: bool = False
    certificate: str | None = None
    valid_from: date
    valid_to: date | None = None


class Holiday(Entry):
    """Days from `first` to `last` that are not worked ("off"), or are although they are a weekend's ("work").

    `notice` is the order of the State Council's office that says so; one that was not read itself is not `confirmed`.
    """

    first: date
    last: date
    kind: Literal["off", "work"]
    name: str = Field(min_length=1)
    notice: str = Field(min_length=1)
    confirmed: bool


class IdPrefix(Entry):
    """Six places with which citizen IDs begin though no present division has them: a former division's."""

    prefix: str = Field(pattern=r"^[0-9]{6}$")
    name: str = Field(min_length=1)
    last_year: int | None = Field(default=None, ge=1949)


class IssuerChange(Entry):
    """A former issuing body (机构改革) by code, name or both, and the USCC of the body that carries on its work.

    A body that was only renamed has a row with its former name and without a code. `since` and `basis` say when and by
    which order.
    """

    code: str | None = None
    name: str | None = None
    successor: str
    since: date | None = None
    basis: str = Field(min_length=1)


class Registration(Entry):
    """An old registration number or organisation code of a body, and the USCC that it has now."""

    code: str
    uscc: str


class Constant(Entry):
    """A field that the source does not send and that is the same in every record."""

    constant: str


class FileFormat(Entry):
    """How a feed's files are written; see `exchange.model.format.FormatSpec` for what each setting means."""

    kind: FormatKind
    encoding: Encoding = "auto"
    delimiter: Annotated[str, StringConstraints(strip_whitespace=False, min_length=1, max_length=1)] = ","
    title_rows: int = Field(default=0, ge=0)
    note_prefixes: tuple[str, ...] = ()
    sheet: str | None = None
    record: str | None = None

    def spec(self) -> FormatSpec:
        """The same, as the readers take it."""
        return FormatSpec(**self.model_dump())


class Feed(Entry):
    """One kind of file that a source sends: which dataset it holds, how it is written, what its columns mean.

    `files` is a file-name pattern (`*`, `?`). `mapping` gives for each field of the dataset the source's own column
    name, or a constant. `codes` gives for a field the source's codes and ours.
    """

    dataset: str
    revision: int = Field(default=1, ge=1)
    files: str = Field(min_length=1)
    format: FileFormat
    mapping: dict[str, str | Constant] = Field(min_length=1)
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)


class SourceContract(Entry):
    """One department system's feed at one node: who, from where, what, and what it means.

    `connector` holds `kind` and that kind's own settings, which `connectors/registry.py` checks.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{1,62}$")
    title: str = Field(min_length=1)
    node: str = Field(pattern=DIVISION_CODE)
    department: str = Field(min_length=1)
    connector: dict[str, Any]
    feeds: tuple[Feed, ...] = Field(min_length=1)


class Node(Entry):
    """One level's hub unit. `parent` is the node that its packages go up to; None at the top."""

    code: str = Field(pattern=DIVISION_CODE)
    name: str
    level: Level
    parent: str | None
    sources: tuple[SourceContract, ...] = ()


class Site(Entry):
    """One deployment: its nodes, children before parents.

    `simulated` names the demo systems that `hub run` starts for as long as it runs. `keep_snapshots` is how many
    published snapshots of a node are kept; `mask` says whether personal data in them is masked. The nodes without
    children run by `schedule` (cron, Beijing time); the others when all their children have, at the latest by
    `fallback_schedule`. A licence that a result tells of is due within `licence_within_days` working days;
    `holder_registrations` are the kinds of licence without which a holder is no body any more.
    """

    title: str
    nodes: tuple[Node, ...]
    simulated: bool = False
    keep_snapshots: int = Field(default=5, ge=1)
    mask: bool = True
    schedule: str = DAILY
    fallback_schedule: str = FALLBACK
    licence_within_days: int = Field(default=LICENCE_WITHIN_DAYS, ge=0)
    holder_registrations: tuple[str, ...] = HOLDER_REGISTRATIONS

    def node(self, code: str) -> Node:
        """The node with this code; KeyError when the site hosts none."""
        for node in self.nodes:
            if node.code == code:
                return node
        raise KeyError(code)

    def children(self, code: str) -> tuple[Node, ...]:
        """The nodes that send their packages to this one."""
        return tuple(node for node in self.nodes if node.parent == code)

    def below(self, code: str) -> frozenset[str]:
        """The node's code and those of all nodes below it."""
        codes = {code}
        for node in reversed(self.nodes):
            if node.parent in codes:
                codes.add(node.code)
        return frozenset(codes)

    @property
    def top(self) -> Node:
        """The node that has no parent here."""
        return next(node for node in reversed(self.nodes) if node.parent is None)
