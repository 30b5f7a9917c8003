"""A licence explained on a terminal: table by table, the record first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exchange.cli.licences.decisions import show_decisions
from exchange.flows.compared_as import ComparedAs, Normal
from exchange.flows.composed import record_name
from exchange.flows.explain import Account
from exchange.model.dataset import Dataset
from exchange.model.licence import Claimed
from exchange.model.licence_words import REASONS, rule_text, steps_text
from exchange.speech import Speech
from exchange.wiring import Hub

OPERATIONS, STATES = "licence-operation", "licence-state"


@dataclass(frozen=True, slots=True)
class Shown:
    """One account, to be shown."""

    speech: Speech
    hub: Hub
    account: Account

    def show(self) -> None:
        """All of it; what there is nothing of is left out."""
        explained = self.account.explained
        self.speech.tell(
            f"证照 {explained.licence}（节点 {self._node(self.account.node)}）",
            f"Licence {explained.licence} (node {self._node(self.account.node)})",
        )
        self._fields()
        self._claims(self.account)
        self._compared(self.account)
        self._history()
        self._links()
        self._questions()
        if self.account.decisions:
            show_decisions(self.speech, self.account.decisions)
        for name, below in self.account.below.items():
            number = 1 + [record_name(claim) for claim in explained.claims].index(name)
            self.speech.tell(
                f"申报 {number} 是下级 {self._node(below.node)} 的证照 {below.explained.licence}，它在那里的申报：",
                f"Claim {number} is licence {below.explained.licence} of child {self._node(below.node)}; its claims "
                "there:",
            )
            self._claims(below)
            self._compared(below)

    def _table(self, title: tuple[str, str], columns: list[tuple[str, str]], rows: list[list[object]]) -> None:
        if rows:
            word = self.speech.word
            self.speech.table(word(*title), [word(*column) for column in columns], rows)

    def _fields(self) -> None:
        dataset, language = self._dataset(), self.speech.language
        rows: list[list[object]] = []
        for given in self.account.explained.fields:
            title = dataset.field(given.field).title if dataset else given.field
            name = self.speech.word(title, given.field)
            rows.append([name, given.value, f"#{given.claim + 1}", REASONS[given.reason].of(language)])
        columns = [("字段", "field"), ("内容", "value"), ("取自申报", "from claim"), ("因为", "because")]
        self._table(("主记录", "The record"), columns, rows)

    def _claims(self, account: Account) -> None:
        rows: list[list[object]] = [
            [
                f"#{at}",
                self._source(claim),
                f"{claim.file}:{claim.row}" if claim.file else "-",
                claim.trust or "-",
                self.speech.word("是", "yes") if claim.issuing else "-",
                claim.at[:19].replace("T", " "),
                f"{rule_text(claim.rule).of(self.speech.language)} {claim.score:.3f}",
                record_name(claim),
            ]
            for at, claim in enumerate(account.explained.claims, 1)
        ]
        columns = [
            ("申报", "claim"),
            ("来源", "source"),
            ("文件:行", "file:row"),
            ("可信等级", "trust"),
            ("颁证机关", "issuing body"),
            ("变更时间", "changed"),
            ("归入的依据和把握", "joined by"),
            ("节点/来源/键", "origin/source/key"),
        ]
        self._table(("申报（先后即优先次序）", "Claims, the foremost first"), columns, rows)

    def _compared(self, account: Account) -> None:
        rows: list[list[object]] = [
            [f"#{at}", title, reported, normal.value or "-", steps_text(normal.steps).of(self.speech.language)]
            for at, (claim, compared) in enumerate(zip(account.explained.claims, account.compared, strict=True), 1)
            if compared is not None
            for title, reported, normal in self._normal(claim, compared)
        ]
        columns = [
            ("申报", "claim"),
            ("项", "what"),
            ("报送", "reported"),
            ("比较时写作", "compared as"),
            ("处理", "steps"),
        ]
        self._table(("怎样比较", "How they are compared"), columns, rows)

    def _normal(self, claim: Claimed, compared: ComparedAs) -> Iterator[tuple[str, str, Normal]]:
        word, record = self.speech.word, claim.record
        each = [
            (word("号码", "number"), "certificate_number", compared.number),
            (word("持证主体", "holder"), "certificate_holder_code", compared.holder),
            (word("持证主体名称", "holder's name"), "certificate_holder", compared.holder_name),
            (word("颁证机关", "issuing body"), "issue_dept_code", compared.issuer),
            (word("标识", "identifier"), "certificate_source_id", compared.identifier),
        ]
        for title, field, normal in each:
            yield title, record.get(field) or "-", normal

    def _history(self) -> None:
        rows: list[list[object]] = [
            [
                event.at[:19].replace("T", " "),
                self._code(OPERATIONS, event.operation),
                self._code(STATES, event.state),
                event.version or "-",
                f"{self._node(event.origin)} {event.source}",
            ]
            for event in self.account.explained.history
        ]
        columns = [("时间", "at"), ("变更", "operation"), ("状态", "state"), ("版本", "version"), ("报送", "told by")]
        self._table(("历程", "History"), columns, rows)

    def _links(self) -> None:
        explained, word = self.account.explained, self.speech.word
        rows: list[list[object]] = [[word("前一个证照", "follows"), each] for each in explained.previous]
        rows += [[word("后一个证照", "is followed by"), each] for each in explained.following]
        self._table(("前后关系", "Before and after"), [("关系", "link"), ("证照", "licence")], rows)

    def _questions(self) -> None:
        language = self.speech.language
        rows: list[list[object]] = [
            [each.question, pair.licence_a, pair.licence_b, f"{pair.score:.3f}", rule_text(pair.rule).of(language)]
            for each in self.account.questions
            for pair in each.pairs
        ]
        columns = [("问题", "question"), ("证照", "licence"), ("证照", "licence"), ("把握", "score"), ("依据", "rule")]
        self._table(("待判断的问题", "Open questions"), columns, rows)

    def _dataset(self) -> Dataset | None:
        names = tuple(self.account.explained.record)
        return next((each for each in self.hub.datasets() if each.field_names == names), None)

    def _source(self, claim: Claimed) -> str:
        if claim.source == claim.origin:
            return self._node(claim.origin)
        titles = {source.id: source.title for node in self.hub.site.nodes for source in node.sources}
        return f"{self._node(claim.origin)} {titles.get(claim.source, claim.source)}"

    def _node(self, code: str) -> str:
        name = next((node.name for node in self.hub.site.nodes if node.code == code), "")
        return f"{name} {code}".strip()

    def _code(self, table: str, code: str | None) -> str:
        meaning = self.hub.catalog.code_table(table).codes.get(code or "")
        return self.speech.word(*meaning) if meaning else code or "-"
