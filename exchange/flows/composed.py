"""What a decision about licences says, composed from what is known of them: pure functions of `Explained`.

A licence is known by its exact identities (forms), which stay what they are whatever is joined or parted later. So a
decision speaks of forms: of each of the one licence with each of the other, or some of them would go on being asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from exchange.errors import ConfigError
from exchange.licences import normalise
from exchange.model.licence import Action, Claimed, Decided, Decision, Explained, RecordKey
from exchange.text import Text

Two = tuple[str, str]
"""Two forms, or two licences."""
_RECORD = re.compile(r"([0-9]{12})/([^/]+)/([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class Composed:
    """A decision before it has a number."""

    dataset: str
    action: Action
    licences: tuple[str, ...]
    question: str | None = None
    pairs: tuple[Two, ...] = ()
    records: tuple[Claimed, ...] = ()
    rest: tuple[str, ...] = ()

    def numbered(self, number: int) -> Decision:
        """The decision, as the store follows it."""
        return Decision(
            number,
            self.dataset,
            tuple(Decided((int(a, 16), int(b, 16)), self.action == "same") for a, b in self.pairs),
            tuple(RecordKey(each.origin, each.source, int(each.key, 16)) for each in self.records),
            tuple(int(form, 16) for form in self.rest),
        )


def compared(
    dataset: str, licences: Sequence[Explained], which: Iterable[Two], *, same: bool, question: str | None = None
) -> Composed:
    """These licences are one, or these pairs (`which`, by id) of them are not.

    That they are one is said of all of them: where A is B and B is C, nothing may speak against A being C. ConfigError
    when they are of two kinds, which never are one.
    """
    by_id = {each.licence: each for each in licences}
    asked = [(by_id[a], by_id[b]) for a, b in which]
    if same:
        concerned = {each.licence: each for two in asked for each in two}
        asked = list(combinations(concerned.values(), 2))
        _of_one_kind(list(concerned.values()))
    pairs = sorted({_ordered(*forms) for a, b in asked for forms in product(_forms(a), _forms(b))})
    ids = sorted({each.licence for two in asked for each in two})
    return Composed(dataset, "same" if same else "different", tuple(ids), question, tuple(pairs))


def parted(dataset: str, licence: Explained, wanted: Sequence[str]) -> Composed:
    """Records of a licence are none of it. A record is told by origin/source/key or by file:row.

    ConfigError when a record is not found, or is told so that it could be several, or when none would be left.
    """
    taken = {record_name(claim): claim for claim in (_found(licence, each) for each in wanted)}
    left = [each for each in licence.claims if record_name(each) not in taken]
    if not taken or not left:
        raise ConfigError(
            Text(
                f"证照 {licence.licence} 共有 {len(licence.claims)} 条申报，移出之后至少要各有一条。"
                "请用 --record 指定要移出的申报。",
                f"Licence {licence.licence} has {len(licence.claims)} claims: some must go and some must stay. Name "
                "those that go with --record.",
            )
        )
    rest = tuple(sorted({each.form for each in left}))
    return Composed(dataset, "part", (licence.licence,), None, (), tuple(taken.values()), rest)


def record_name(claim: Claimed) -> str:
    """A claim as `parted` understands it, whatever its file is called."""
    return f"{claim.origin}/{claim.source}/{claim.key}"


def _found(licence: Explained, wanted: str) -> Claimed:
    found = [each for each in licence.claims if record_name(each) == wanted]
    file, _, row = wanted.rpartition(":")
    if not found and not _RECORD.fullmatch(wanted):
        found = [each for each in licence.claims if each.file == file and str(each.row) == row]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(record_name(each) for each in licence.claims)
    if found:
        raise ConfigError(
            Text(
                f"“{wanted}”在证照 {licence.licence} 中有 {len(found)} 条申报，请写明是哪一条：\n{listed}",
                f"{wanted} is {len(found)} claims of licence {licence.licence}; say which one:\n{listed}",
            )
        )
    raise ConfigError(
        Text(
            f"证照 {licence.licence} 没有申报“{wanted}”（写“文件:行”或“节点/来源/键”）。它的申报有：\n{listed}",
            f"Licence {licence.licence} has no claim {wanted} (FILE:ROW or ORIGIN/SOURCE/KEY). It has:\n{listed}",
        )
    )


def _of_one_kind(licences: Sequence[Explained]) -> None:
    kinds = {each.licence: _kind(each) for each in licences}
    if len(set(kinds.values())) > 1:
        listed = ", ".join(f"{licence} {kind}" for licence, kind in kinds.items())
        raise ConfigError(
            Text(
                f"类型不同的证照不会是同一个：{listed}。如果类型代码报错了，请让部门改正后重新报送。",
                f"Licences of two kinds are never one: {listed}. If a kind was reported wrongly, have the department "
                "correct it and send the row again.",
            )
        )


def _kind(licence: Explained) -> str:
    """The kind as it is compared: by code, else by name. All claims of a licence are of one."""
    record = licence.claims[0].record
    return normalise(record.get("certificate_type_code")) or normalise(record.get("certificate_type"))


def _forms(licence: Explained) -> set[str]:
    return {each.form for each in licence.claims}


def _ordered(a: str, b: str) -> Two:
    return (a, b) if a < b else (b, a)
