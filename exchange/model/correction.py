"""A parent's correction (上级更正): where a record that a parent shares says otherwise than its child, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.model.dataset import Dataset
from exchange.model.licence import Reason
from exchange.text import Text

_OF_THE_CLAIM = frozenset({"trust_level", "data_source"})
"""Fields of the hub's own datasets that speak of the claim, not of the thing: that they differ corrects nothing."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of a shared record that differs from what the child holds.

    `licence` is the record's id at `origin`, the node that decided; `claim` is the child's own licence id, `source`
    says who at the sender gave that claim (the child), and `key` is the claim's business key (JSON). `given_node`,
    `given_source` and `given_trust` say which claim gave the value that counts, `reason` and the two texts why.
    """

    dataset: str
    origin: str
    licence: str
    claim: str
    source: str
    key: str
    field: str
    theirs: str | None
    ours: str
    their_trust: str | None
    given_node: str
    given_source: str
    given_trust: str | None
    reason: Reason
    why_zh: str
    why_en: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction at the node that it was sent to: since which package it says so, and which package said it last."""

    correction: Correction
    since: int
    last: int


def told_fields(dataset: Dataset) -> tuple[str, ...]:
    """The fields in which a difference is a correction: what says something of the thing itself."""
    others = {*dataset.provenance, *dataset.version, dataset.operation} | _OF_THE_CLAIM
    return tuple(name for name in dataset.field_names if name not in others)


TRUST: Mapping[str, Text] = {
    "A": Text("颁证机关报送", "reported by the issuing body"),
    "B": Text("窗口核验", "checked at the counter"),
    "C": Text("用户上传", "uploaded by the user"),
    "D": Text("用户自制", "made by the user"),
}
"""国办函〔2016〕108号."""
_UNKNOWN = Text("未注明可信等级的申报", "a claim without a trust level")
_REASONS: Mapping[Reason, Text] = {
    "only": Text("只有它填报了此项", "it alone fills this field"),
    "agreed": Text("其余申报均与其一致", "all other claims agree with it"),
    "issuer": Text("颁证机关所在节点的记录优先于转报的记录", "the issuing body's own node comes before relays"),
    "version": Text("其电子证照标识的版本较新", "its identifier has the newer version"),
    "time": Text("其变更时间较新", "it was changed later"),
    "state": Text("证照状态以最近一次变更为准", "the newest event tells the state"),
}


def why(reason: Reason, giver: Text, ours: str | None, theirs: str | None) -> Text:
    """Why a value counts, in words; `giver` names whose it is, `ours` and `theirs` are the claims' trust levels."""
    if reason == "trust":
        first, second = _trusted(ours), _trusted(theirs)
        told = Text(
            f"{first.zh}（{_level(ours).zh}）优先于{second.zh}（{_level(theirs).zh}）",
            f"{first.en} ({_level(ours).en}) comes before {second.en} ({_level(theirs).en})",
        )
    else:
        told = _REASONS[reason]
    return Text(f"采用{giver.zh}的记录：{told.zh}", f"Taken from {giver.en}: {told.en}")


def _trusted(level: str | None) -> Text:
    return TRUST.get(level or "", _UNKNOWN)


def _level(level: str | None) -> Text:
    return Text(f"可信等级 {level}", f"trust {level}") if level in TRUST else Text("无等级", "no level")
