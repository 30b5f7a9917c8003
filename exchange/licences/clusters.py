"""From pairs to licences: which forms are one, which stay apart, and what a person is asked.

A pure function of the pairs: the order in which they come does not matter. Where pairs contradict each other (A is B,
B is C, and A is certainly not C), the better ones win; between equally good ones nothing is joined, and it is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from exchange.licences.evidence import ASK, CERTAINLY_DIFFERENT, SAME

Numbers = NDArray[np.int64]
DECIDED_SAME = 2.0
DECIDED_DIFFERENT = -1.0
"""Scores of what a person has decided: it outranks every reckoned one."""
_ROUNDED = 9


@dataclass(frozen=True, slots=True)
class Pairs:
    """Scored pairs of forms, as positions in one list of forms."""

    a: Numbers
    b: Numbers
    score: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Clusters:
    """What the pairs come to: of each form the number of its licence, of its component, and of its open question.

    Forms of one component are joined by pairs that are one or might be; nothing outside it bears on it. `question` is
    -1 where nothing is open. `open` are the positions (in the pairs) of those that a person is asked about.
    """

    licence: Numbers
    component: Numbers
    question: Numbers
    open: Numbers


def cluster(forms: int, pairs: Pairs) -> Clusters:
    """The licences of so many forms."""
    linked = pairs.score >= ASK
    component = _components(forms, pairs.a[linked], pairs.b[linked])
    joined = pairs.score >= SAME
    licence = _components(forms, pairs.a[joined], pairs.b[joined])
    licence, refused = _kept_apart(licence, pairs)
    asked = (linked & ~joined) | refused
    asked &= licence[pairs.a] != licence[pairs.b]
    asked &= ~_impossible(licence, pairs)
    return Clusters(licence, component, _questions(licence, pairs, asked), np.flatnonzero(asked))


def _components(size: int, a: Numbers, b: Numbers) -> Numbers:
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)


def _kept_apart(licence: Numbers, pairs: Pairs) -> tuple[Numbers, NDArray[np.bool_]]:
    """Take the licences apart in which two forms are certainly different; which pairs were not joined by that."""
    never = pairs.score < CERTAINLY_DIFFERENT
    inside = licence[pairs.a] == licence[pairs.b]
    refused = np.zeros(len(pairs.a), np.bool_)
    spoilt = np.unique(licence[pairs.a[never & inside]])
    if not len(spoilt):
        return licence, refused
    concerned = inside & np.isin(licence[pairs.a], spoilt) & (never | (pairs.score >= SAME))
    licence = licence.copy()
    by_licence: dict[int, list[int]] = defaultdict(list)
    for at in np.flatnonzero(concerned):
        by_licence[int(licence[pairs.a[at]])].append(int(at))
    following = int(licence.max()) + 1
    for number in sorted(by_licence):
        parts, not_joined = _constrained(by_licence[number], pairs)
        refused[not_joined] = True
        for part in parts:
            licence[part] = following
            following += 1
    return licence, refused


def _constrained(edges: Sequence[int], pairs: Pairs) -> tuple[list[list[int]], list[int]]:
    """The parts of one licence whose forms contradict each other, and the pairs that were not joined."""
    ends = {at: (int(pairs.a[at]), int(pairs.b[at]), round(float(pairs.score[at]), _ROUNDED)) for at in edges}
    parts = _Parts(form for a, b, _ in ends.values() for form in (a, b))
    for a, b, score in ends.values():
        if score < CERTAINLY_DIFFERENT:
            parts.forbid(a, b)
    good = sorted((at for at in ends if ends[at][2] >= SAME), key=lambda at: -ends[at][2])
    not_joined: list[int] = []
    for _, level in groupby(good, key=lambda at: ends[at][2]):
        for group in parts.groups([(at, *ends[at][:2]) for at in level]):
            if parts.may_join(group.parts):
                parts.join(group.parts)
            else:
                not_joined += group.edges
    return parts.members(), not_joined


@dataclass(frozen=True, slots=True)
class _Group:
    """Parts that edges of one score would make one, and these edges."""

    parts: frozenset[int]
    edges: list[int]


class _Parts:
    """Forms that grow together, and those that never may."""

    def __init__(self, forms: Iterable[int]) -> None:
        self._members = {form: [form] for form in sorted(set(forms))}
        self._part = {form: form for form in self._members}
        self._never: dict[int, set[int]] = {form: set() for form in self._members}

    def forbid(self, a: int, b: int) -> None:
        """Two forms never come together."""
        self._never[a].add(b)
        self._never[b].add(a)

    def groups(self, edges: Iterable[tuple[int, int, int]]) -> list[_Group]:
        """The parts that these edges would join, group by group."""
        ends = [(at, self._part[a], self._part[b]) for at, a, b in edges]
        ends = [each for each in ends if each[1] != each[2]]
        place = {part: at for at, part in enumerate(sorted({part for each in ends for part in each[1:]}))}
        a, b = (np.array([place[each[side]] for each in ends], np.int64) for side in (1, 2))
        label = _components(len(place), a, b) if ends else np.zeros(0, np.int64)
        found: dict[int, tuple[set[int], list[int]]] = defaultdict(lambda: (set(), []))
        for at, *both in ends:
            parts, edges_of = found[int(label[place[both[0]]])]
            parts.update(both)
            edges_of.append(at)
        return [_Group(frozenset(parts), edges_of) for parts, edges_of in found.values()]

    def may_join(self, parts: frozenset[int]) -> bool:
        """Whether no two forms of these parts are forbidden to come together."""
        return not any(self._part[other] in parts for part in parts for other in self._never[part])

    def join(self, parts: frozenset[int]) -> None:
        """Make several parts one."""
        first, *rest = sorted(parts)
        for part in rest:
            for form in self._members.pop(part):
                self._part[form] = first
                self._members[first].append(form)
            self._never[first] |= self._never.pop(part)

    def members(self) -> list[list[int]]:
        """The forms of each part."""
        return list(self._members.values())


def _impossible(licence: Numbers, pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs stand between licences that hold two certainly different forms: there is nothing to ask."""
    one, other = licence[pairs.a], licence[pairs.b]
    between = np.minimum(one, other) * (len(licence) * 2 + 1) + np.maximum(one, other)
    never = pairs.score < CERTAINLY_DIFFERENT
    return np.isin(between, np.unique(between[never])) & (pairs.score < SAME)


def _questions(licence: Numbers, pairs: Pairs, asked: NDArray[np.bool_]) -> Numbers:
    """The question of each form: licences between which something is open are one question."""
    size = int(licence.max()) + 1 if len(licence) else 0
    group = _components(size, licence[pairs.a[asked]], licence[pairs.b[asked]])
    concerned = np.zeros(size, np.bool_)
    concerned[licence[pairs.a[asked]]] = True
    concerned[licence[pairs.b[asked]]] = True
    return np.where(concerned[licence], group[licence], -1)
