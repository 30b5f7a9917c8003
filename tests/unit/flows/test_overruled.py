"""Which fields a record that goes down overrules, and by whose word: with licences that were explained by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.rows import licence
from support.site import CITY, COUNTY, DATASETS, PROVINCE

from exchange.flows.overruled import write_corrections
from exchange.flows.workplace import Workplace
from exchange.model.correction import Correction, Standing
from exchange.model.licence import Claimed, Explained, Given, Reason
from exchange.ports import Store

LICENCE = DATASETS["licence"]
KUNSHAN = "320583000000"
ID = f"{7:016x}"
NAMES = {CITY: "苏州市", COUNTY: "常熟市", KUNSHAN: "昆山市"}
WORK = cast(
    "Workplace",
    SimpleNamespace(
        datasets=SimpleNamespace(get=DATASETS.__getitem__),
        node_name=lambda code: NAMES.get(code, code),
        source_title=lambda source: f"来源{source}",
    ),
)


class ExplainedByHand:
    """The part of a store that is asked: what is known of licences, and what the parent corrected."""

    def __init__(self, *explained: Explained, above: Sequence[Correction] = ()) -> None:
        self._explained = explained
        self._above = above
        self.asked: list[str] = []

    @property
    def sharing(self) -> ExplainedByHand:
        return self

    def explain(self, licences: Sequence[str]) -> list[Explained]:
        self.asked += licences
        return [each for each in self._explained if each.licence in licences]

    def corrections(self, dataset: str, *, licences: Sequence[str]) -> list[Standing]:
        found = [each for each in self._above if each.dataset == dataset and each.licence in licences]
        return [Standing(each, 1, 1) for each in found]


def record(**fields: str | None) -> dict[str, str | None]:
    return dict.fromkeys(LICENCE.field_names) | licence("L", certificate_name="名") | fields


def claim(origin: str, source: str, trust: str | None = None, **fields: str | None) -> Claimed:
    said = record(**fields, trust_level=trust)
    return Claimed(origin, source, f"{len(source):016x}", "", None, None, None, trust, False, 0, "", "key", 1.0, said)


def explained(
    golden: Mapping[str, str | None], claims: Sequence[Claimed], given: Mapping[str, tuple[int, Reason]]
) -> Explained:
    fields = tuple(Given(name, str(golden[name]), at, reason) for name, (at, reason) in given.items())
    return Explained(ID, golden, tuple(claims), fields, (), (), (), ())


def overruled(tmp_path: Path, store: ExplainedByHand, down: Mapping[str, str | None], origin: str = CITY) -> list[Any]:
    row = {"_licence": "a" * 16 if origin != CITY else ID, "_origin": origin, "_own": [ID], **down}
    schema = pa.schema([(name, pa.list_(pa.string()) if name == "_own" else pa.string()) for name in row])
    pq.write_table(pa.Table.from_pylist([row], schema=schema), tmp_path / "disputed")
    target = tmp_path / "corrections.parquet"
    count = write_corrections(WORK, cast("Store", store), COUNTY, {"licence": tmp_path / "disputed"}, target)
    found = pq.read_table(target).to_pylist() if target.exists() else []
    assert count == len(found)
    return found


def test_a_field_that_the_child_says_otherwise_is_told_with_who_gave_it_and_why(tmp_path: Path) -> None:
    golden = record(certificate_name="真名")
    claims = [claim(COUNTY, COUNTY, "B", certificate_name="错名"), claim(CITY, "sz-b", "A", certificate_name="真名")]
    store = ExplainedByHand(explained(golden, claims, {"certificate_name": (1, "trust")}))
    (found,) = overruled(tmp_path, store, golden)
    assert (found["field"], found["theirs"], found["ours"]) == ("certificate_name", "错名", "真名")
    assert (found["given_node"], found["given_source"], found["given_trust"]) == (CITY, "sz-b", "A")
    assert (found["claim"], found["their_trust"], found["reason"]) == (claims[0].key, "B", "trust")
    assert found["why_zh"] == (
        "采用苏州市的来源“来源sz-b”的记录：颁证机关报送（可信等级 A）优先于窗口核验（可信等级 B）"
    )


def test_what_only_others_fill_in_is_told_too(tmp_path: Path) -> None:
    golden = record(valid_to="2030-01-01")
    claims = [claim(COUNTY, COUNTY), claim(KUNSHAN, KUNSHAN, valid_to="2030-01-01")]
    store = ExplainedByHand(explained(golden, claims, {"valid_to": (1, "only")}))
    (found,) = overruled(tmp_path, store, golden)
    assert (found["theirs"], found["ours"], found["reason"]) == (None, "2030-01-01", "only")
    assert "昆山市（320583000000）" in found["why_zh"]


@pytest.mark.parametrize("field", ["cd_time", "cd_operation", "data_source", "trust_level", "row_guid"])
def test_how_a_claim_travelled_is_no_correction(tmp_path: Path, field: str) -> None:
    golden = record(**{field: "x"})
    claims = [claim(COUNTY, COUNTY), claim(KUNSHAN, KUNSHAN, **({field: "x"} if field != "trust_level" else {}))]
    assert overruled(tmp_path, ExplainedByHand(explained(golden, claims, {field: (1, "time")})), golden) == []


def test_what_another_node_or_source_says_otherwise_is_not_the_childs_matter(tmp_path: Path) -> None:
    golden = record(certificate_name="真名")
    claims = [claim(COUNTY, COUNTY, certificate_name="真名"), claim(KUNSHAN, KUNSHAN, certificate_name="错名")]
    assert (
        overruled(tmp_path, ExplainedByHand(explained(golden, claims, {"certificate_name": (0, "time")})), golden) == []
    )


def test_a_field_that_nobody_fills_corrects_nothing(tmp_path: Path) -> None:
    golden = record(valid_to=None)
    claims = [claim(COUNTY, COUNTY, valid_to="2030-01-01")]
    assert overruled(tmp_path, ExplainedByHand(explained(golden, claims, {})), golden) == []


def from_province(ours: str = "省名") -> Correction:
    return Correction(
        dataset="licence",
        origin=PROVINCE,
        licence="a" * 16,
        claim=ID,
        source=CITY,
        key="{}",
        field="certificate_name",
        theirs="城名",
        ours=ours,
        their_trust="B",
        given_node="320100000000",
        given_source="320100000000",
        given_trust="A",
        reason="trust",
        why_zh="省里的话",
        why_en="the province's words",
    )


def test_what_comes_from_further_above_is_passed_on_in_its_own_words(tmp_path: Path) -> None:
    claims = [claim(COUNTY, COUNTY, "C", certificate_name="县名")]
    here = explained(record(certificate_name="城名"), claims, {"certificate_name": (0, "only")})
    store = ExplainedByHand(here, above=[from_province()])
    (found,) = overruled(tmp_path, store, record(certificate_name="省名"), PROVINCE)
    assert (found["origin"], found["theirs"], found["ours"], found["their_trust"]) == (PROVINCE, "县名", "省名", "C")
    assert (found["claim"], found["source"], found["why_zh"]) == (claims[0].key, COUNTY, "省里的话")
    assert store.asked == [ID]


def test_where_the_city_already_agreed_with_the_province_the_city_says_why(tmp_path: Path) -> None:
    claims = [claim(COUNTY, COUNTY, certificate_name="县名"), claim(CITY, "sz-b", certificate_name="城名")]
    here = explained(record(certificate_name="城名"), claims, {"certificate_name": (1, "time")})
    (found,) = overruled(tmp_path, ExplainedByHand(here), record(certificate_name="城名"), PROVINCE)
    assert (found["origin"], found["given_source"], found["reason"]) == (PROVINCE, "sz-b", "time")


def test_what_nobody_has_explained_yet_is_not_told(tmp_path: Path) -> None:
    """The province knows of a newer claim than this node does: its next package will say why."""
    here = explained(
        record(certificate_name="城名"),
        [claim(COUNTY, COUNTY, certificate_name="县名")],
        {"certificate_name": (0, "only")},
    )
    store = ExplainedByHand(here, above=[from_province(ours="从前的名")])
    assert overruled(tmp_path, store, record(certificate_name="省名"), PROVINCE) == []
