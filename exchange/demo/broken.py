"""Files that cannot be read: each costs its own batch and nothing else."""

from __future__ import annotations

from pathlib import Path

from exchange.demo.columns import column, fields
from exchange.demo.deliveries import Delivery, prefix
from exchange.demo.layout import BY_ID, System
from exchange.model.dataset import Dataset

_DAY = "20260123"


def broken_files(system: System, basics: Dataset, whole: Path) -> list[Delivery]:
    """The broken files that a system sends beside its sound ones. `whole` is one of its sound files."""
    contents = {
        "nj-mz": lambda: {"1": b"", "2": whole.read_bytes()[: whole.stat().st_size // 2]},
        "sip-swj": lambda: {"1": _in_wrong_encoding(system, basics)},
        "sz-scjg": lambda: {"1": "单位,姓名,电话\r\n某单位,某人,无\r\n".encode("gb18030"), "2": b"\r\n \r\n"},
        "jn-rs": lambda: {"1": whole.read_bytes()[:200] + b"\0\0\0\0"},
    }
    made = contents.get(system.id, dict)()
    return [
        Delivery(
            system, basics.name, f"{prefix(system, basics.name)}_{_DAY}{each}.{system.form.extension}", [], content
        )
        for each, content in made.items()
    ]


def senders() -> tuple[System, ...]:
    """The systems that send broken files."""
    return tuple(BY_ID[each] for each in ("nj-mz", "sip-swj", "sz-scjg", "jn-rs"))


def _in_wrong_encoding(system: System, basics: Dataset) -> bytes:
    """GB18030, where the contract says UTF-8."""
    names = [column(system, name, basics) for name in fields(system, basics.name)]
    row = ["某申请人"] * len(names)
    return "\n".join(system.form.delimiter.join(line) for line in (names, row)).encode("gb18030")
