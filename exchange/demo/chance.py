"""Chance that repeats: the same seed makes the same demo."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


def chance(seed: int, *parts: str) -> Random:
    """A generator of its own for each part of the demo, so that one part does not move another."""
    return Random(":".join((str(seed), *parts)))  # noqa: S311 - made-up data, not keys


def weighted(rng: Random, choices: Sequence[tuple[T, int]]) -> T:
    """One of the choices, by weight."""
    return rng.choices([value for value, _ in choices], [weight for _, weight in choices])[0]


def digits(rng: Random, count: int) -> str:
    """So many random digits."""
    return f"{rng.randrange(10**count):0{count}}"
