"""A ratio, and how both of its sides are measured: in one process, in turn, in seconds of the processor."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

REPEATS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """One ratio. `unit` is what both sides are counted in, `wall` the ratio of the clock's time, where it is known."""

    name: str
    ours: float
    beside: str
    theirs: float
    unit: str
    wall: float | None = None

    @property
    def ratio(self) -> float:
        """Ours by theirs."""
        return self.ours / self.theirs


def in_turn(name: str, ours: Callable[[], object], beside: str, theirs: Callable[[], object]) -> Measured:
    """The medians of both sides over a few turns."""
    turns = [(_timed(ours), _timed(theirs)) for _ in range(REPEATS)]
    cpu = [median(turn[side][0] for turn in turns) for side in (0, 1)]
    clock = [median(turn[side][1] for turn in turns) for side in (0, 1)]
    return Measured(name, cpu[0], beside, cpu[1], "CPU s", clock[0] / clock[1])


def peak_mib(command: list[str]) -> float:
    """The peak resident memory of one process."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return usage.ru_maxrss / 1024


def seconds(work: Callable[[], object]) -> float:
    """Seconds of the processor."""
    return _timed(work)[0]


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    cpu, clock = _processor(), time.perf_counter()
    work()
    return _processor() - cpu, time.perf_counter() - clock


def _processor() -> float:
    """What this process and those that it has started and waited for have used."""
    return sum(os.times()[:4])
