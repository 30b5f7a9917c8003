"""Decide: people say which licences are one, which are not, and which records are not of theirs; and take it back.

The ledger has each decision before the store follows it: a run that is killed between the two is caught up with when
the store is opened next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from exchange.errors import ConfigError, FatalError
from exchange.flows.composed import Composed, Two, compared, parted
from exchange.flows.decisions import Kept, decisions, note_decision
from exchange.flows.licence_counts import note_licence_counts
from exchange.flows.workplace import Workplace
from exchange.licences.keys import compares
from exchange.model.licence import Explained, Open, Question, is_licence_id
from exchange.ports import Store
from exchange.text import Text


def decide_question(
    work: Workplace, question: str, *, same: bool, by: str, reason: str = "", between: Two | None = None
) -> Kept:
    """Answer an open question: its licences are one, or are not; or so are two of them (`between`)."""
    with work.open_store(work.node.code) as store:
        follow_decisions(work, store)
        asked = _asked(work, store, question)
        pairs = asked.pairs
        if between is not None:
            pairs = tuple(each for each in pairs if {each.licence_a, each.licence_b} == set(between))
            if not pairs:
                raise _not_asked(asked, between)
        return _keep(work, store, _answered(store, asked, pairs, same=same), by, reason)


def decide_licences(work: Workplace, a: str, b: str, *, same: bool, by: str, reason: str = "") -> Kept:
    """Two licences, by id, are one, or are not."""
    with work.open_store(work.node.code) as store:
        follow_decisions(work, store)
        one, other = _licence(work, store, a), _licence(work, store, b)
        if one.licence == other.licence:
            raise _already_one(a, b, one.licence)
        said = compared(dataset_of(work, one), [one, other], [(one.licence, other.licence)], same=same)
        return _keep(work, store, said, by, reason)


def part_records(work: Workplace, licence: str, records: Sequence[str], *, by: str, reason: str = "") -> Kept:
    """Records (origin/source/key, or file:row) are not of the licence that they are in."""
    with work.open_store(work.node.code) as store:
        follow_decisions(work, store)
        found = _licence(work, store, licence)
        return _keep(work, store, parted(dataset_of(work, found), found, records), by, reason)


def answer_pairs(work: Workplace, shown: Collection[Two], *, same: bool, by: str) -> Kept | None:
    """What somebody says of pairs of exact identities that he was shown; of those that are open still.

    None when none is: more claims, or another decision, have closed them meanwhile.
    """
    with work.open_store(work.node.code) as store:
        follow_decisions(work, store)
        for asked in store.licences.questions():
            pairs = tuple(each for each in asked.pairs if (each.a, each.b) in shown)
            if pairs:
                return _keep(work, store, _answered(store, asked, pairs, same=same), by, "")
    return None


def undo(work: Workplace, number: int, *, by: str, reason: str = "") -> Kept:
    """Take a decision back: what it concerns is told apart as if it had never been made."""
    known = {each.decision.number: each for each in decisions(work)}
    if number not in known:
        raise ConfigError(
            Text(
                f"节点 {work.node.code} 没有第 {number} 号判断。用 hub licences decisions 查看。",
                f"Node {work.node.code} has no decision {number}. `hub licences decisions` lists them.",
            )
        )
    if known[number].undone is not None:
        raise ConfigError(Text(f"第 {number} 号判断已经撤销过了。", f"Decision {number} was taken back before."))
    with work.open_store(work.node.code) as store:
        work.ledger.append("licence.undone", str(number), {"by": by, "reason": reason})
        follow_decisions(work, store)
        note_licence_counts(work, store)
    return next(each for each in decisions(work) if each.decision.number == number)


def follow_decisions(work: Workplace, store: Store) -> None:
    """Bring the store in step with the ledger. FatalError when it follows what the ledger does not know."""
    known = {each.decision.number: each for each in decisions(work)}
    followed = store.licences.decisions()
    _refuse_unknown(work, followed - known.keys())
    for number, kept in sorted(known.items()):
        if kept.undone is not None and number in followed:
            store.licences.take_back(kept.decision.dataset, number)
        elif kept.undone is None and number not in followed:
            store.licences.decide(kept.decision)


def dataset_of(work: Workplace, licence: Explained) -> str:
    """The dataset of a licence, which is told apart as licences are; ConfigError when it is not."""
    for dataset in work.ordered_datasets():
        if compares(dataset) and dataset.field_names == tuple(licence.record):
            return dataset.name
    raise ConfigError(
        Text(
            f"主记录 {licence.licence} 不是证照：只按确切的标识归并，无需判断。",
            f"Record {licence.licence} is no licence: it is told apart by its exact identity, and nothing is decided.",
        )
    )


def _keep(work: Workplace, store: Store, composed: Composed, by: str, reason: str) -> Kept:
    kept = note_decision(work, composed, by, reason)
    store.licences.decide(kept.decision)
    note_licence_counts(work, store)
    return kept


def _answered(store: Store, asked: Question, pairs: Sequence[Open], *, same: bool) -> Composed:
    which = sorted({(each.licence_a, each.licence_b) for each in pairs})
    licences = store.explain(sorted({licence for two in which for licence in two}))
    return compared(asked.dataset, licences, which, same=same, question=asked.question)


def _asked(work: Workplace, store: Store, question: str) -> Question:
    for asked in store.licences.questions():
        if asked.question == question:
            return asked
    raise ConfigError(
        Text(
            f"节点 {work.node.code} 没有待判断的问题 {question}：编号有误，或者已有判断、新的申报使它有了结论。"
            "用 hub licences questions 查看。",
            f"Node {work.node.code} has no open question {question}: there is none of this id, or a decision or more "
            "claims have closed it. `hub licences questions` lists them.",
        )
    )


def _not_asked(asked: Question, between: Two) -> ConfigError:
    listed = "\n".join(sorted({f"{each.licence_a} {each.licence_b}" for each in asked.pairs}))
    return ConfigError(
        Text(
            f"问题 {asked.question} 没有问 {' 与 '.join(between)}。它问的是：\n{listed}",
            f"Question {asked.question} does not ask about {' and '.join(between)}. It asks about:\n{listed}",
        )
    )


def _licence(work: Workplace, store: Store, licence: str) -> Explained:
    """The licence that an id leads to."""
    found = store.explain([licence]) if is_licence_id(licence) else []
    if not found:
        raise ConfigError(
            Text(
                f"节点 {work.node.code} 没有证照 {licence}。编号是 16 位十六进制数，见快照的“主记录编号”列。",
                f"Node {work.node.code} has no licence {licence}. An id has 16 hexadecimal digits; it stands in column "
                "licence_id of a snapshot.",
            )
        )
    return found[0]


def _already_one(a: str, b: str, licence: str) -> ConfigError:
    if a == b:
        return ConfigError(Text(f"两个编号是同一个：{a}。请给出两个不同的证照。", f"Both are {a}: name two licences."))
    return ConfigError(
        Text(
            f"{a} 和 {b} 已经是同一个证照 {licence}。要拆开，指定要移出的申报："
            f"hub licences decide --part {licence} --record …。",
            f"{a} and {b} are one licence already, {licence}. To take it apart, name the claims that go: "
            f"`hub licences decide --part {licence} --record ...`.",
        )
    )


def _refuse_unknown(work: Workplace, unknown: Collection[int]) -> None:
    if unknown:
        listed = ", ".join(str(number) for number in sorted(unknown))
        raise FatalError(
            Text(
                f"节点 {work.node.code} 的存储按台账中没有的判断（{listed}）归并过：台账可能被旧备份覆盖。"
                f"请恢复台账；或用 hub rebuild --node {work.node.code} 按现有台账重建存储。",
                f"The store of node {work.node.code} follows decisions that its ledger does not have ({listed}): an "
                f"old backup may have replaced the ledger. Restore it; or make the store anew by the ledger as it is: "
                f"`hub rebuild --node {work.node.code}`.",
            )
        )
