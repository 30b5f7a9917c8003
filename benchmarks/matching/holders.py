"""Those who hold licences: persons, firms and one-man businesses that do not exist, with every code that they have."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stdnum.iso7064 import mod_11_10

from benchmarks.matching.bodies import Place
from exchange.demo import words
from exchange.demo.chance import digits
from exchange.demo.identifiers import citizen_id, uscc

_CRAFTS = ("面馆", "小吃店", "便利店", "理发店", "五金店", "药房", "水果店", "汽修厂", "服装店", "早餐店")
_CENTURY = slice(6, 8)


@dataclass(frozen=True, slots=True)
class Holder:
    """A holder. `registration` is the business registration number of 15 digits that a firm had before 2015."""

    name: str
    code: str
    registration: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether the code is a citizen ID."""
        return self.code[:2] not in {"91", "92"}

    @property
    def old_id(self) -> str | None:
        """The citizen ID in the 15 digits that were given out until 1999, for those who were born before."""
        if not self.is_person or self.code[_CENTURY] != "19":
            return None
        return self.code[:6] + self.code[8:17]

    @property
    def org_code(self) -> str:
        """The organisation code (GB 11714) of a firm, which is part of its USCC."""
        return self.code[8:17]


def person(rng: Random, place: Place, name: str | None = None) -> Holder:
    """A person; a namesake if the name is told."""
    return Holder(name or words.person(rng), citizen_id(rng, place.code))


def firm(rng: Random, place: Place, name: str | None = None) -> Holder:
    """A firm, or one time in five a one-man business; a namesake if the name is told."""
    single = rng.random() < 0.2
    if name is None:
        owner = words.person(rng)[:2]
        name = f"{place.name}{owner}{rng.choice(_CRAFTS)}" if single else words.company(rng, place.short)
    kind = "92" if single else "91"
    if rng.random() < 0.4:
        registration = place.code + digits(rng, 8)
        code = uscc(kind, place.code, digits(rng, 8))
        return Holder(name, code, registration + mod_11_10.calc_check_digit(registration))
    return Holder(name, uscc(kind, place.code, "MA" + digits(rng, 6)))
