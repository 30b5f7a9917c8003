"""From pairs to licences: contradictions never end in one licence, and order never matters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.licences.clusters import DECIDED_DIFFERENT, DECIDED_SAME, Clusters, Pairs, cluster
from exchange.licences.evidence import ASK, CERTAINLY_DIFFERENT, SAME

Edge = tuple[int, int, float]


def found(forms: int, edges: Sequence[Edge]) -> Clusters:
    columns = [[edge[side] for edge in edges] for side in range(3)]
    return cluster(
        forms, Pairs(np.array(columns[0], np.int64), np.array(columns[1], np.int64), np.array(columns[2], np.float64))
    )


def parts(clusters: Clusters) -> set[frozenset[int]]:
    by: dict[int, set[int]] = {}
    for form, licence in enumerate(clusters.licence):
        by.setdefault(int(licence), set()).add(form)
    return {frozenset(each) for each in by.values()}


def asked(clusters: Clusters, edges: Sequence[Edge]) -> set[tuple[int, int]]:
    return {edges[at][:2] for at in clusters.open}


def test_what_is_the_same_is_joined_through_others_and_what_might_be_is_asked() -> None:
    edges = [(0, 1, 0.999), (1, 2, 0.995), (2, 3, 0.9), (4, 5, 0.5)]
    result = found(6, edges)
    assert parts(result) == {frozenset({0, 1, 2}), frozenset({3}), frozenset({4}), frozenset({5})}
    assert asked(result, edges) == {(2, 3)}
    assert len({int(each) for each in result.question[:4]}) == 1
    assert list(result.question[4:]) == [-1, -1]


def test_the_better_pair_wins_where_three_cannot_be_one() -> None:
    edges = [(0, 1, 0.999), (1, 2, 0.995), (0, 2, 0.001)]
    result = found(3, edges)
    assert parts(result) == {frozenset({0, 1}), frozenset({2})}
    assert asked(result, edges) == {(1, 2)}


def test_between_equally_good_pairs_nothing_is_joined_and_it_is_asked() -> None:
    edges = [(0, 1, 0.995), (1, 2, 0.995), (0, 2, 0.001)]
    result = found(3, edges)
    assert parts(result) == {frozenset({0}), frozenset({1}), frozenset({2})}
    assert asked(result, edges) == {(0, 1), (1, 2)}


def test_a_decision_outranks_what_was_reckoned() -> None:
    assert parts(found(2, [(0, 1, DECIDED_SAME)])) == {frozenset({0, 1})}
    apart = found(3, [(0, 1, 1.0), (1, 2, 1.0), (0, 2, DECIDED_DIFFERENT)])
    assert frozenset({0, 2}) not in parts(apart)
    assert all(not {0, 2} <= part for part in parts(apart))


def test_nothing_is_asked_between_licences_that_hold_certainly_different_forms() -> None:
    edges = [(0, 1, 0.999), (2, 3, 0.999), (1, 2, 0.9), (0, 3, 0.01)]
    assert asked(found(4, edges), edges) == set()


SCORES = st.sampled_from([DECIDED_DIFFERENT, 0.001, 0.04, 0.3, 0.8, 0.95, 0.991, 0.995, 0.999, 1.0, DECIDED_SAME])
GRAPHS = st.integers(2, 9).flatmap(
    lambda size: st.tuples(
        st.just(size),
        st.dictionaries(st.sampled_from(list(combinations(range(size), 2))), SCORES, max_size=16),
    )
)


@given(GRAPHS, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_properties_of_any_graph(graph: tuple[int, dict[tuple[int, int], float]], rng: Random) -> None:
    size, scored = graph
    edges = [(a, b, score) for (a, b), score in scored.items()]
    result = found(size, edges)
    whole = parts(result)
    for a, b, score in edges:
        together = result.licence[a] == result.licence[b]
        assert not (score < CERTAINLY_DIFFERENT and together)
        if together or score >= ASK:
            assert not together or result.component[a] == result.component[b]
        if score >= SAME and not together:
            assert any(other < CERTAINLY_DIFFERENT for _, _, other in edges)
    if not any(score < CERTAINLY_DIFFERENT for *_, score in edges):
        assert whole == reachable(size, [(a, b) for a, b, score in edges if score >= SAME])
    names = rng.sample(range(size), size)
    mixed = [(names[a], names[b], score) for a, b, score in rng.sample(edges, len(edges))]
    again = found(size, mixed)
    assert {frozenset(names[form] for form in part) for part in whole} == parts(again)
    assert {frozenset((names[a], names[b])) for a, b in asked(result, edges)} == {
        frozenset(pair) for pair in asked(again, mixed)
    }


def reachable(size: int, pairs: Sequence[tuple[int, int]]) -> set[frozenset[int]]:
    """The parts of a graph, by the plainest way there is."""
    groups = [{form} for form in range(size)]
    for a, b in pairs:
        one = next(group for group in groups if a in group)
        other = next(group for group in groups if b in group)
        if one is not other:
            groups.remove(other)
            one |= other
    return {frozenset(group) for group in groups}
