"""The bodies that issue licences, and those that the reform of 2019 or a change of divisions put in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from catalog.loader import load_catalog
from exchange.demo.chance import digits
from exchange.demo.identifiers import uscc

REFORM_YEAR = 2019
"""From then on the bodies of today issue; what they followed issued before."""
PLACES = 44
"""So many cities and counties of the province take part: few enough that their numbers lie close to each other."""

DEPARTMENTS: Mapping[str, str] = {
    "market": "市场监督管理局",
    "land": "自然资源和规划局",
    "police": "公安局",
    "health": "卫生健康委员会",
    "transport": "交通运输局",
    "city": "城市管理局",
    "labour": "人力资源和社会保障局",
    "disabled": "残疾人联合会",
    "safety": "应急管理局",
}
_FORMER: Mapping[str, tuple[str, ...]] = {
    "market": ("工商行政管理局", "食品药品监督管理局"),
    "land": ("国土资源局",),
    "health": ("卫生和计划生育委员会",),
    "safety": ("安全生产监督管理局",),
}
_RETIRED = (
    ("320602", "崇川区", "320613"),
    ("320611", "港闸区", "320613"),
    ("320621", "海安县", "320685"),
    ("320684", "海门市", "320614"),
)
"""Divisions that are no longer: code, name, and the code of the one that took them in."""


@dataclass(frozen=True, slots=True)
class Place:
    """A city or county: six digits, its name, and the city's name (its own for a city)."""

    code: str
    name: str
    city: str

    @property
    def short(self) -> str:
        """The name without what kind of division it is."""
        return self.name[:-1] if len(self.name) > 2 else self.name


@dataclass(frozen=True, slots=True)
class Body:
    """A body that issues; `numbering` is how it makes the serials of identifiers, `successor` who does its work now."""

    name: str
    code: str
    department: str
    place: Place
    numbering: str
    successor: Body | None = None

    @property
    def org_code(self) -> str:
        """Its organisation code (GB 11714), which is part of its USCC."""
        return self.code[8:17]

    @property
    def today(self) -> Body:
        """The body that does its work now."""
        return self.successor.today if self.successor else self


def make_bodies(rng: Random) -> tuple[list[Body], list[Body]]:
    """The bodies of today, and those that are no more."""
    places = _places(rng)
    today = [_body(rng, place, name, title) for place in places for name, title in DEPARTMENTS.items()]
    former = [
        _body(rng, body.place, body.department, title, body)
        for body in today
        if rng.random() < 0.5
        for title in _FORMER.get(body.department, ())
    ]
    return today, [*former, *_of_retired_places(rng, today)]


def _places(rng: Random) -> list[Place]:
    divisions = {each.code: each for each in load_catalog().divisions if each.level in {"city", "county"}}
    wanted = {code for code in divisions if code[:6] in {heir for *_, heir in _RETIRED}}
    others = sorted(set(divisions) - wanted)
    chosen = sorted(wanted | set(rng.sample(others, PLACES - len(wanted))))
    return [Place(code[:6], divisions[code].name, divisions[f"{code[:4]}00000000"].name) for code in chosen]


def _body(rng: Random, place: Place, department: str, title: str, successor: Body | None = None) -> Body:
    name = place.name + title if place.name == place.city else f"{place.city}{place.name}{title}"
    if department == "police" and place.name.endswith("区"):
        name = f"{place.city}{title}{place.short}分局"
    numbering = rng.choices(("day", "short", "hex", "six", "local"), (60, 15, 15, 5, 5))[0]
    return Body(name, uscc("11", place.code, "01" + digits(rng, 6)), department, place, numbering, successor)


def _of_retired_places(rng: Random, today: list[Body]) -> Iterator[Body]:
    """The bodies of divisions that were taken in; where a reform came first, the chain has two links."""
    for code, name, heir in _RETIRED:
        for successor in today:
            if successor.place.code == heir:
                place = Place(code, name, successor.place.city)
                title = DEPARTMENTS[successor.department]
                between = _body(rng, place, successor.department, title, successor)
                yield between
                for old in _FORMER.get(successor.department, ()):
                    yield _body(rng, place, successor.department, old, between)
