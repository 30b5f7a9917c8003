"""How many cases of each kind there are. The numbers are shares in thousandths of cases, not of rows.

No statistics of licence exchange are published; the shares are our judgement of a city's platform, on these grounds.
Six cases in ten are plain: one claim, the same file again, or one more claim from a level that works from paper. One
in nine is written otherwise there, and about one in two hundred has a mistyped number. One in ten has a later state
(renewed, changed, cancelled), a tenth are look-alikes, which is more than any real platform has: rare as they are, they
are what joins wrongly. Noise goes across all kinds: of the claims that another level makes, two in five do not give the
issuer's USCC, four in five no identifier, one in twenty-five another day of issue (see `claims.relayed`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from benchmarks.matching import apart, same
from benchmarks.matching.same import Row
from benchmarks.matching.world import World
from exchange.text import Text


class Kind(NamedTuple):
    """A kind of case: its share in thousandths, what it is in both languages, and what makes one."""

    share: int
    text: Text
    make: Callable[[World], Iterator[Row]]


KINDS: Mapping[str, Kind] = {
    "single": Kind(310, Text("只有一条申报", "one claim only"), same.single),
    "resent": Kind(120, Text("原样重报", "exact re-send"), same.resent),
    "other_level": Kind(170, Text("另一层级上报，无电子证照标识", "other level, without identifier"), same.other_level),
    "number_written": Kind(70, Text("证照号码写法不同", "number written otherwise"), same.number_written),
    "number_slip": Kind(5, Text("证照号码笔误一处", "number mistyped by one sign"), same.number_slip),
    "holder_written": Kind(50, Text("持证主体写法不同或无代码", "holder written otherwise"), same.holder_written),
    "holder_old_code": Kind(25, Text("持证主体用旧代码", "holder by an old code"), same.holder_old_code),
    "joint_holders": Kind(20, Text("多个持证主体，顺序不同", "several holders in another order"), same.joint_holders),
    "renewed": Kind(50, Text("延续", "renewed"), same.renewed),
    "changed": Kind(20, Text("持证主体更名", "holder renamed"), same.changed),
    "cancelled": Kind(25, Text("一级已注销，另一级仍有效", "cancelled at one level"), same.cancelled),
    "reorganised": Kind(20, Text("颁发机构改革", "issuer reorganised"), same.reorganised),
    "reissued": Kind(20, Text("换发新号码的证照", "reissued with a new number"), same.reissued),
    "other_issuer": Kind(20, Text("不同机构的相同号码", "same number, other issuer"), apart.other_issuer),
    "merged_issuers": Kind(2, Text("已合并机构的相同号码", "same number, issuers merged"), apart.merged_issuers),
    "other_type": Kind(10, Text("不同类型的相同号码", "same number, other type"), apart.other_type),
    "next_same_day": Kind(15, Text("同一主体同日连号", "holder's next number, same day"), apart.next_same_day),
    "next_with_gap": Kind(20, Text("同一主体的后续号码", "holder's next number, later"), apart.next_with_gap),
    "namesakes": Kind(14, Text("同名不同主体", "namesakes"), apart.namesakes),
    "citizen_id_as_number": Kind(
        14, Text("以公民身份号码为号码的多种证照", "citizen ID as number of several"), apart.citizen_id_as_number
    ),
}
"""Every kind, those that belong together first."""


def cases(world: World, rows: int) -> Iterator[tuple[str, list[Row]]]:
    """The kind and the rows of one case after another, until there are so many rows; every kind comes at least once."""
    made, first = 0, list(KINDS)
    shares = [kind.share for kind in KINDS.values()]
    while made < rows or first:
        name = first.pop() if first else world.rng.choices(list(KINDS), shares)[0]
        case = list(KINDS[name].make(world))
        made += len(case)
        yield name, case
