"""Chains of licences that come back to where they began, beside the plainest way to find them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exchange.licences.circles import in_circles


def found(pairs: list[tuple[int, int]]) -> set[int]:
    one, before = (np.array([pair[side] for pair in pairs], np.uint64) for side in (0, 1))
    return {int(key) for key in in_circles(one, before)}


def walked(pairs: list[tuple[int, int]]) -> set[int]:
    """Whoever can be reached from itself."""
    following: dict[int, set[int]] = {}
    for one, before in pairs:
        following.setdefault(one, set()).add(before)
    out = set()
    for start, first in following.items():
        seen: set[int] = set()
        waiting = [*first]
        while waiting:
            key = waiting.pop()
            if key not in seen:
                seen.add(key)
                waiting += following.get(key, ())
        if start in seen:
            out.add(start)
    return out


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14))
def test_any_graph(pairs: list[tuple[int, int]]) -> None:
    assert found(pairs) == walked(pairs)


def test_a_very_long_chain_and_a_very_long_circle() -> None:
    chain = [(at, at + 1) for at in range(300_000)]
    assert found(chain) == set()
    assert len(found([*chain, (300_000, 0)])) == 300_001
