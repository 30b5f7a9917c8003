"""Counting pairs: on an example by hand, beside a count of every pair, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.matching import exact_key
from benchmarks.matching.evaluate import KindQuality, Quality, evaluate
from benchmarks.matching.pages import PAGES, filled

Row = tuple[str, str, str, str | None, str | None]
"""row_guid, truth, kind, licence_id, ask_group."""
BY_HAND: Sequence[Row] = (
    ("1", "A", "resent", "x", None),
    ("2", "A", "resent", "x", None),
    ("3", "A", "resent", "y", None),
    ("4", "B", "single", "x", None),
    ("5", "C", "slip", "z", "q"),
    ("6", "C", "slip", "w", "q"),
    ("7", "D", "slip", None, None),
    ("8", "D", "slip", None, None),
)


def judged(folder: Path, rows: Sequence[Row]) -> Quality:
    guids, truths, kinds, found, asked = (list(column) for column in zip(*rows, strict=True))
    pq.write_table(pa.table({"row_guid": guids, "truth": truths, "kind": kinds}), folder / "labels.parquet")
    answer = {
        "row_guid": guids[::-1],
        "licence_id": pa.array(found[::-1], pa.string()),
        "rule": ["key"] * len(rows),
        "score": [1.0] * len(rows),
        "ask_group": pa.array(asked[::-1], pa.string()),
    }
    pq.write_table(pa.table(answer), folder / "answer.parquet")
    return evaluate(folder / "labels.parquet", folder / "answer.parquet")


def test_an_example_by_hand(tmp_path: Path) -> None:
    quality = judged(tmp_path, BY_HAND)
    assert quality.kinds == (
        KindQuality("resent", rows=3, licences=1, pairs=3, missed=2, wrong=2, asked=0),
        KindQuality("single", rows=1, licences=1, pairs=0, missed=0, wrong=2, asked=0),
        KindQuality("slip", rows=4, licences=2, pairs=2, missed=2, wrong=0, asked=2),
    )
    assert (quality.rows, quality.pairs, quality.joined, quality.right, quality.asked) == (8, 5, 3, 1, 2)
    assert (quality.precision, quality.recall, quality.asked_share) == (1 / 3, 1 / 5, 1 / 4)


@pytest.mark.parametrize("seed", range(5))
def test_beside_a_count_of_every_pair(tmp_path: Path, seed: int) -> None:
    rng = Random(seed)
    kinds = {f"L{number}": rng.choice("abc") for number in range(60)}
    rows: list[Row] = []
    for number in range(200):
        truth = rng.choice(sorted(kinds))
        found = truth if rng.random() < 0.7 else rng.choice(["L1", "L2", f"M{rng.randrange(50)}", None])
        rows.append((f"{number}", truth, kinds[truth], found, rng.choice([None, "q"])))
    quality = judged(tmp_path, rows)
    pairs = list(combinations(rows, 2))
    joined = [(one, other) for one, other in pairs if one[3] is not None and one[3] == other[3]]
    right = [(one, other) for one, other in joined if one[1] == other[1]]
    assert quality.joined == len(joined)
    assert quality.right == len(right)
    assert quality.pairs == sum(one[1] == other[1] for one, other in pairs)
    assert quality.asked == sum(row[4] is not None for row in rows)
    for each in quality.kinds:
        wrong = [pair for pair in joined if pair not in right and each.kind in {pair[0][2], pair[1][2]}]
        true = [pair for pair in pairs if pair[0][1] == pair[1][1] and pair[0][2] == each.kind]
        assert each.wrong == len(wrong)
        assert each.missed == sum(pair not in right for pair in true)


def test_nothing_joined_is_never_wrong(tmp_path: Path) -> None:
    quality = judged(tmp_path, [("1", "A", "k", "x", None), ("2", "A", "k", "y", None)])
    assert (quality.precision, quality.recall) == (1.0, 0.0)


@pytest.mark.parametrize("guids", [["1"], ["1", "2", "2"], ["1", "3"], ["1", "2", "3"]])
def test_an_answer_about_other_rows_is_refused(tmp_path: Path, guids: list[str]) -> None:
    labels, answer = tmp_path / "labels.parquet", tmp_path / "answer.parquet"
    pq.write_table(pa.table({"row_guid": ["1", "2"], "truth": ["A", "A"], "kind": ["k", "k"]}), labels)
    pq.write_table(pa.table({"row_guid": guids, "licence_id": guids, "ask_group": guids}), answer)
    with pytest.raises(ValueError, match=r"answer\.parquet"):
        evaluate(labels, answer)


def test_exact_keys_join_what_is_equal_and_trimmed_keys_a_little_more(tmp_path: Path) -> None:
    written = [("T", "I", "a1", "H"), ("T", "I", "a1", "H"), ("T", "I", " A1", "H"), ("T", "I", "a1", None)]
    columns = dict(zip(exact_key.KEY, map(list, zip(*written, strict=True)), strict=True))
    pq.write_table(pa.table({"row_guid": list("1234"), **columns}), tmp_path / "licences.parquet")
    groups = {}
    for name, by in (("raw", exact_key.by_raw_key), ("trimmed", exact_key.by_trimmed_key)):
        by(tmp_path / "licences.parquet", tmp_path / "answer.parquet")
        with duckdb.connect() as connection:
            found = connection.execute(
                "SELECT list(row_guid ORDER BY row_guid) FROM read_parquet(?) GROUP BY licence_id ORDER BY 1",
                [str(tmp_path / "answer.parquet")],
            ).fetchall()
        groups[name] = [list(row[0]) for row in found]
    assert groups == {"raw": [["1", "2"], ["3"], ["4"]], "trimmed": [["1", "2", "3"], ["4"]]}


def test_what_is_made_goes_between_the_markers_and_the_prose_stays() -> None:
    page = "before\n<!-- make quality: set -->\nold\n<!-- end -->\nafter\n"
    assert filled(page, {"set": "new \\1\n"}) == page.replace("old", "new \\1")
    with pytest.raises(ValueError, match="figures"):
        filled(page, {"figures": ""})


def test_both_pages_have_every_marker_and_the_same_figures() -> None:
    figures = []
    for path in PAGES.values():
        text = path.read_text(encoding="utf-8")
        assert filled(text, dict.fromkeys(("set", "figures", "kinds"), "")) != text
        cells = [cell.strip() for line in text.splitlines() if line.startswith("|") for cell in line.split("|")]
        figures.append([cell for cell in cells if re.fullmatch(r"[0-9][0-9.,%/ ]*", cell)])
    english, chinese = figures
    assert english == chinese
    assert len(english) > 150
