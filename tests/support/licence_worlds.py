"""Small worlds of licences that look alike: one type each, so that a thousand of them live in one store unmixed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.loader import load_catalog
from exchange.licences.codes import code_identity
from exchange.licences.issuer import issuer_identity
from exchange.model.batch import Batch, Counts
from exchange.model.licence import Decided, Decision, RecordKey
from exchange.model.reference import Reference
from exchange.store.licences import rules
from exchange.store.migrations import migrate
from exchange.store.node_store import NodeStore
from exchange.store.tables import ensure_tables

Row = Mapping[str, str | None]
LICENCE = load_catalog().datasets.get("licence")
NODE = "320501000000"
ISSUERS = (
    ("11320500MB0K08463G", "苏州市数据局"),
    ("11320500014149252X", "苏州市信息中心"),  # the lineage leads from it to the first
    ("113205000141492526", "苏州市市场监督管理局"),
    ("320500", "苏州市数据局"),
)
HOLDERS = (
    ("91350100M000100Y43", "001", "某甲有限公司"),
    ("M000100Y4", "099", "某甲有限责任公司"),
    ("320507000045918", "099", "某甲有限公司"),  # an alias of the first
    ("9132070070404786XB", "001", "某甲有限公司"),  # a namesake
    ("11010519491231002X", "111", "张三"),
    ("110105491231002", "111", "张 三"),
    (None, None, "某甲有限公司"),
    ("91350100M000100Y43、11010519491231002X", "999", "某甲有限公司、张三"),
)
NUMBERS = (
    *("JY13205010012345", "ＪＹ13205010012345", "编号:JY13205010012345", "JY13205010012354", "JY1320501001234"),
    *("JY13205010012346", "苏〔2024〕第12号", "苏(2024)12", "11010519491231002X", "000"),
)
IDENTIFIERS = (None, None, "X.11320500MB0K08463G.1.001.A", "X.11320500MB0K08463G.1.002.B", "X.320500.2.001.C")
STATES = ((None, None), ("01", "01"), ("01", "02"), ("02", "03"), ("04", "05"), ("01", "06"), ("07", None))
REFERENCE = Reference(
    "32", (), (), (), (), (),
    issuers=((issuer_identity(ISSUERS[1][0], None), issuer_identity(ISSUERS[0][0], None)),),
    holders=((code_identity("320507000045918", "099"), code_identity("91350100M000100Y43", "001")),),
)  # fmt: skip


def moment(tick: int) -> str:
    """The time of a tick: ticks are seconds."""
    return f"2024-01-01T{tick // 3600 % 24:02}:{tick // 60 % 60:02}:{tick % 60:02}+08:00"


@dataclass
class World:
    """One type's claims as they come: what was sent last of each key, by source."""

    name: str
    rng: Random
    sent: dict[tuple[str, tuple[str | None, ...]], Row] = field(default_factory=dict)
    past: list[tuple[str, Row]] = field(default_factory=list)

    def row(self, tick: int) -> Row:
        """A claim at random."""
        rng = self.rng
        issuer, holder = rng.choice(ISSUERS), rng.choice(HOLDERS)
        state, operation = rng.choice(STATES)
        return {
            **dict.fromkeys(LICENCE.field_names),
            "certificate_source_id": rng.choice(IDENTIFIERS),
            "certificate_type": f"类型{self.name}",
            "certificate_type_code": self.name,
            "certificate_name": rng.choice(("证", "照")),
            "certificate_number": rng.choice(NUMBERS),
            "issue_dept": issuer[1],
            "issue_dept_code": issuer[0],
            "issue_date": rng.choice(("2023-05-01", "2023-05-01", "2023-06-15")),
            "certificate_area_code": "320500",
            "certificate_holder": holder[2],
            "certificate_holder_code": holder[0],
            "certificate_holder_type": holder[1],
            "valid_to": rng.choice((None, "2028-05-01", "2030-05-01")),
            "status": state,
            "change_type": operation,
            "change_time": rng.choice((None, moment(rng.randrange(tick + 1)))),
            "previous_source_id": rng.choice((None, None, None, *IDENTIFIERS[2:])),
            "trust_level": rng.choice((None, "A", "B", "C")),
            "row_guid": f"{self.name}-{rng.random()}",
            "cd_operation": "I",
            "cd_time": moment(tick),
            "cd_batch": "b",
            "data_source": "1",
        }

    def step(self, tick: int, source: str) -> list[Row]:
        """What a source of this world sends at a tick: new claims, some again, a correction, a deletion, or nothing."""
        act = self.rng.choice(("new", "new", "again", "correct", "delete", "late", "nothing"))
        mine = [row for (of, _), row in self.sent.items() if of == source]
        rows: list[Row] = []
        if act == "new" or (not mine and act != "nothing"):
            rows = [self.row(tick) for _ in range(self.rng.randrange(1, 4))]
        elif act == "again":
            rows = [row for of, row in self.rng.sample(self.past, min(3, len(self.past))) if of == source]
        elif act == "correct":
            old, new = self.rng.choice(mine), self.row(tick)
            rows = [{**new, **{name: old[name] for name in LICENCE.key}}]
        elif act == "delete":
            old = self.rng.choice(mine)
            rows = [{**dict.fromkeys(LICENCE.field_names), **{name: old[name] for name in (*LICENCE.key, "row_guid")},
                     "cd_operation": "D", "cd_time": moment(tick), "cd_batch": "b", "data_source": "1"}]  # fmt: skip
        elif act == "late":
            rows = [{**self.row(max(0, tick - 5)), **{name: self.rng.choice(mine)[name] for name in LICENCE.key}}]
        for row in rows:
            self.sent[source, tuple(row[name] for name in LICENCE.key)] = row
            self.past.append((source, row))
        return rows


@contextmanager
def memory_store() -> Iterator[NodeStore]:
    """A node's store that no file holds."""
    with duckdb.connect(config={"threads": "1"}) as connection:
        migrate(connection)
        ensure_tables(connection, [LICENCE])
        rules.prepare(connection, [LICENCE], REFERENCE)
        store = NodeStore(connection, NODE, [LICENCE], REFERENCE)
        store.bring_up_to_date()
        yield store


def merge_rows(store: NodeStore, folder: Path, name: str, source: str, rows: list[Row]) -> None:
    """Merge rows as one batch of a source."""
    path = folder / f"{name}.parquet"
    fields = [(each, pa.string()) for each in LICENCE.field_names] + [("_row", pa.int64()), ("_line", pa.int64())]
    numbered = [{**row, "_row": at, "_line": at} for at, row in enumerate(rows, 1)]
    pq.write_table(pa.Table.from_pylist(numbered, schema=pa.schema(fields)), path)
    store.merge(Batch(name, NODE, source, LICENCE.name, path.name, 1, "0" * 64), path, Counts(read=len(rows)))


def decision_at_random(store: NodeStore, world: World, number: int) -> Decision | None:
    """A decision on two identities of a world's claims, or on one record of a licence that has several."""
    rows = store._connection.execute(
        "SELECT k._origin, k._source, k._key, k.form, k.licence FROM keyed.licence k JOIN held.licence h "
        "USING (_origin, _source, _key) WHERE k.form IS NOT NULL AND h.certificate_type_code = ? ORDER BY ALL",
        [world.name],
    ).fetchall()
    if len(rows) < 2:
        return None
    one, other = world.rng.sample(rows, 2)
    if world.rng.random() < 0.4:
        rest = {row[3] for row in rows if row[4] == one[4] and row[:3] != one[:3]}
        return Decision(number, "licence", records=(RecordKey(*one[:3]),), rest=tuple(sorted(rest)))
    if one[3] == other[3]:
        return None
    return Decision(number, "licence", pairs=(Decided((one[3], other[3]), world.rng.random() < 0.5),))
