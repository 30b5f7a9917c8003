"""Told: each source learns, once, what the parent corrected of its rows and why; a signed notice, a text and a list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.files import put
from exchange.flows.told_list import Line, list_of
from exchange.flows.workplace import Workplace
from exchange.model.correction import Standing
from exchange.model.licence import Claimed
from exchange.model.package import Channel
from exchange.packages import signed
from exchange.ports import Store
from exchange.text import Text

CORRECTED = Text("上级更正", "corrected by the parent")
WHAT_TO_DO = Text(
    "请核对原始资料：上级的值正确的，请在业务系统中改正后按平常方式重新报送；认为上级有误的，请联系本级数据管理员。",
    "Look at the papers: where the parent is right, correct the record in your system and send it as usual; where you "
    "think that it is wrong, tell the data administrator of this node.",
)
_AT_ONCE = 500
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Row:
    """One field of one row of a source, and the correction of it."""

    claim: Claimed
    standing: Standing

    @property
    def id(self) -> str:
        """What it is told once by. No value is part of it: the ledger holds none."""
        said = self.standing.correction
        parts = (said.dataset, said.claim, said.field, str(self.standing.since), self.claim.key)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def tell_sources(work: Workplace, store: Store, channel: Channel) -> None:
    """Give a notice to every source of whose rows the packages since the last time corrected something.

    The ledger's `correction.told` entries of a source say what it was told, `share.told` how far this has come.
    """
    number = store.sharing.last_taken(channel.parent)
    after = max((entry["package"] for entry in work.ledger.entries("share.told", channel.name)), default=0)
    if number <= after:
        return
    rows: dict[str, list[_Row]] = {}
    for source, row in _rows(work, store, store.sharing.corrections(after=after)):
        rows.setdefault(source, []).append(row)
    for source, found in sorted(rows.items()):
        told = {each for entry in work.ledger.entries("correction.told", source) for each in entry["corrections"]}
        new = [row for row in found if row.id not in told]
        if new:
            _tell(work, channel, number, source, new)
    work.ledger.append("share.told", channel.name, {"package": number})


def _rows(work: Workplace, store: Store, standing: Sequence[Standing]) -> Iterator[tuple[str, _Row]]:
    """Each row of an own source that says otherwise than the parent, with the source."""
    for start in range(0, len(standing), _AT_ONCE):
        part = standing[start : start + _AT_ONCE]
        explained = {each.licence: each for each in store.explain(sorted({each.correction.claim for each in part}))}
        for each in part:
            found = explained.get(each.correction.claim)
            for claim in found.claims if found else ():
                own = claim.origin == work.node.code and claim.source != claim.origin
                if own and claim.record.get(each.correction.field) != each.correction.ours:
                    yield claim.source, _Row(claim, each)


def _tell(work: Workplace, channel: Channel, number: int, source: str, rows: Sequence[_Row]) -> None:
    """Write the list, then the notice that names it; a notice that a killed run has left counts as it is."""
    name = f"{CORRECTED.zh}-{channel.parent}-{number:08d}"
    folder = work.folder.receipts(source)
    notice = folder / f"{name}.notice.json"
    if not notice.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = list_of([_line(work, row) for row in rows], WHAT_TO_DO)
        put(folder / f"{name}.xlsx", content)
        digest = hashlib.sha256(content).hexdigest()
        body = {**_body(work, channel, number, source, rows), "list": f"{name}.xlsx", "list_sha256": digest}
        put(notice, signed(body, work.keys.private(work.node.code)))
    _note(work, source, notice)


def _note(work: Workplace, source: str, notice: Path) -> None:
    content = notice.read_bytes()
    body = json.loads(content)
    put(notice.with_suffix(".txt"), _for_people(body).encode("utf-8-sig"))
    told = [each["id"] for each in body["corrections"]]
    entry = {"notice": notice.name, "sha256": hashlib.sha256(content).hexdigest(), "corrections": told}
    work.ledger.append("correction.told", source, entry)


def _line(work: Workplace, row: _Row) -> Line:
    said = row.standing.correction
    dataset = work.datasets.get(said.dataset)
    return Line(
        file=row.claim.file,
        row=row.claim.row,
        dataset=dataset.title,
        key=" / ".join(row.claim.record.get(name) or "" for name in dataset.key),
        field=dataset.field(said.field).title,
        sent=row.claim.record.get(said.field),
        counts=said.ours,
        why=said.why_zh,
    )


def _body(work: Workplace, channel: Channel, number: int, source: str, rows: Sequence[_Row]) -> dict[str, Any]:
    return {
        "node": work.node.code,
        "node_name": work.node.name,
        "source": source,
        "source_title": work.source_title(source),
        "state": "corrected",
        "state_zh": CORRECTED.zh,
        "state_en": CORRECTED.en,
        "parent": channel.parent,
        "parent_name": work.node_name(channel.parent),
        "package": number,
        "issued_at": work.clock.now().isoformat(timespec="seconds"),
        "corrections": [_described(work, row) for row in rows],
    }


def _described(work: Workplace, row: _Row) -> dict[str, Any]:
    """Where and why, without either value: those are in the list alone."""
    said = row.standing.correction
    return {
        "id": row.id,
        "dataset": said.dataset,
        "licence": said.licence,
        "decided_by": said.origin,
        "batch": row.claim.batch,
        "file": row.claim.file,
        "row": row.claim.row,
        "field": said.field,
        "field_title": work.datasets.get(said.dataset).field(said.field).title,
        "reason": said.reason,
        "why_zh": said.why_zh,
        "why_en": said.why_en,
    }


def _for_people(body: Mapping[str, Any]) -> str:
    found = body["corrections"]
    lines = [
        f"通知 Notice: {CORRECTED.both()}",
        f"节点 Node: {body['node_name']} ({body['node']})",
        f"来源 Source: {body['source_title']} ({body['source']})",
        f"上级 Parent: {body['parent_name']} ({body['parent']})",
        f"更正 Corrections: {len(found)}",
        f"明细 List: {body['list']}",
        "",
        *WHAT_TO_DO,
        "",
        *(_told_in_words(each) for each in found[:_SHOWN]),
    ]
    if len(found) > _SHOWN:
        lines.append(f"…… 其余见明细 / the others are in the list ({len(found) - _SHOWN})")
    return "\r\n".join([*lines, "", f"签发 Issued: {body['issued_at']}"])


def _told_in_words(each: Mapping[str, Any]) -> str:
    place = f"{each['file']} 第 {each['row']} 行 row {each['row']}"
    return f"{place}：{each['field_title']} ({each['field']})：{each['why_zh']} / {each['why_en']}"
