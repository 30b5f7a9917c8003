"""The ledger's chain: an edit, a deletion or a change of order anywhere is found."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.site import FixedClock

from exchange.ledger import NodeLedger, open_ledger

NODE, OTHER = "320500000000", "320581000000"
SIZE = 6


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(file: Path) -> Iterator[NodeLedger]:
    with open_ledger(f"sqlite:///{file}") as engine:
        ledger = NodeLedger(engine, NODE, FixedClock())
        other = NodeLedger(engine, OTHER, FixedClock())
        for at in range(SIZE):
            ledger.append("delivery", f"batch{at}", {"file": f"表{at}.csv", "size": at})
            other.append("delivery", f"batch{at}", {})
        yield ledger


def edit(file: Path, *statements: str) -> None:
    """Change the database behind the hub's back."""
    connection = sqlite3.connect(file)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_an_untouched_chain_holds(ledger: NodeLedger) -> None:
    assert ledger.verify() == []
    assert ledger.head() == SIZE


def test_the_chain_is_the_documented_one(ledger: NodeLedger, file: Path) -> None:
    """Each hash is the sha256 of the entry's columns as compact JSON, the hash before it among them."""
    assert ledger.verify() == []
    connection = sqlite3.connect(file)
    rows = connection.execute(
        "SELECT node, number, at, kind, subject, body, previous, hash FROM entries WHERE node = ? ORDER BY number",
        [NODE],
    ).fetchall()
    connection.close()
    before = "0" * 64
    for *covered, previous, digest in rows:
        assert previous == before
        text = json.dumps([*covered, previous], ensure_ascii=False, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == digest
        before = digest


@pytest.mark.parametrize("number", range(1, SIZE + 1))
@pytest.mark.parametrize(
    "change",
    [
        "body = '{}'",
        "at = '2020-01-01T00:00:00.000+08:00'",
        "kind = 'balance'",
        "subject = 'batch9'",
        "previous = hash",
        "hash = previous",
    ],
)
def test_an_edit_of_any_column_of_any_entry_is_found_at_that_entry(
    ledger: NodeLedger, file: Path, number: int, change: str
) -> None:
    edit(file, f"UPDATE entries SET {change} WHERE node = '{NODE}' AND number = {number}")
    assert ledger.verify()[0] == number


@pytest.mark.parametrize("number", range(1, SIZE))
def test_an_entry_that_is_taken_out_is_missed_by_the_next(ledger: NodeLedger, file: Path, number: int) -> None:
    edit(file, f"DELETE FROM entries WHERE node = '{NODE}' AND number = {number}")
    assert ledger.verify() == [number + 1]


@pytest.mark.parametrize("number", range(1, SIZE))
def test_an_entry_that_is_taken_out_is_missed_when_the_others_close_up(
    ledger: NodeLedger, file: Path, number: int
) -> None:
    edit(
        file,
        f"DELETE FROM entries WHERE node = '{NODE}' AND number = {number}",
        f"UPDATE entries SET number = -(number - 1) WHERE node = '{NODE}' AND number > {number}",
        f"UPDATE entries SET number = -number WHERE node = '{NODE}' AND number < 0",
    )
    assert number in ledger.verify()


@pytest.mark.parametrize("number", range(1, SIZE))
def test_two_entries_that_change_places_are_found(ledger: NodeLedger, file: Path, number: int) -> None:
    edit(
        file,
        f"UPDATE entries SET number = -1 WHERE node = '{NODE}' AND number = {number}",
        f"UPDATE entries SET number = {number} WHERE node = '{NODE}' AND number = {number + 1}",
        f"UPDATE entries SET number = {number + 1} WHERE node = '{NODE}' AND number = -1",
    )
    assert {number, number + 1} <= set(ledger.verify())


def test_an_entry_of_another_node_cannot_be_slipped_in(ledger: NodeLedger, file: Path) -> None:
    edit(file, f"UPDATE entries SET node = '{NODE}', number = {SIZE + 1} WHERE node = '{OTHER}' AND number = {SIZE}")
    assert ledger.verify() == [SIZE + 1]


def test_an_edit_at_one_node_does_not_show_at_another(ledger: NodeLedger, file: Path) -> None:
    edit(file, f"UPDATE entries SET body = '{{}}' WHERE node = '{OTHER}' AND number = 2")
    assert ledger.verify() == []


def test_the_same_entry_is_not_added_again(ledger: NodeLedger) -> None:
    ledger.append("balance", "child", {"b": 1, "a": [2]})
    ledger.append("balance", "child", {"a": [2], "b": 1})
    assert ledger.head() == SIZE + 1


def test_what_holds_again_after_it_did_not_is_a_new_entry(ledger: NodeLedger) -> None:
    """Balanced, not balanced, balanced: the newest entry says how things stand."""
    for equal in (True, False, True):
        ledger.append("balance", "child", {"equal": equal})
    assert [entry["equal"] for entry in ledger.entries("balance", "child")] == [True, False, True]


def test_entries_are_found_by_kind_subject_and_number(ledger: NodeLedger) -> None:
    ledger.append("balance", "batch3", {"equal": True})
    assert [entry["number"] for entry in ledger.entries("delivery")] == list(range(1, SIZE + 1))
    assert [entry["kind"] for entry in ledger.entries(subject="batch3")] == ["delivery", "balance"]
    assert [entry["subject"] for entry in ledger.entries(after=SIZE)] == ["batch3"]
    (entry,) = ledger.entries("delivery", "batch3")
    about = {"number": 4, "at": "2026-01-20T09:00:00.000+08:00", "kind": "delivery", "subject": "batch3"}
    assert entry == {"file": "表3.csv", "size": 3, **about}


def test_an_entry_survives_the_process_that_wrote_it(ledger: NodeLedger, file: Path) -> None:
    assert ledger.head() == SIZE
    with open_ledger(f"sqlite:///{file}") as engine:
        again = NodeLedger(engine, NODE, FixedClock())
        assert (again.head(), again.verify()) == (SIZE, [])


WRITER = """
import sys
from exchange.ledger import NodeLedger, open_ledger
from exchange.model.times import SystemClock
with open_ledger(sys.argv[1]) as engine:
    for at in range(40):
        NodeLedger(engine, "320500000000", SystemClock()).append("delivery", f"{sys.argv[2]}-{at}", {})
        NodeLedger(engine, "320500000000", SystemClock()).append("delivery", f"both-{at}", {})
"""


def test_processes_that_write_at_once_keep_one_whole_chain(file: Path) -> None:
    url = f"sqlite:///{file}"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, url, name]) for name in ("one", "two")]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    with open_ledger(url) as engine:
        ledger = NodeLedger(engine, NODE, FixedClock())
        assert ledger.verify() == []
        subjects = [entry["subject"] for entry in ledger.entries()]
    assert len(subjects) == len(set(subjects)) == 120
