"""The world that the claims speak of: bodies keep books of numbers, and holders are given licences."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.iso7064 import mod_37_36

from benchmarks.matching import holders
from benchmarks.matching.bodies import REFORM_YEAR, Body, make_bodies
from benchmarks.matching.holders import Holder
from benchmarks.matching.sorts import SORTS, Sort
from exchange.demo import words
from exchange.demo.chance import chance, digits, weighted

NO_END = date(9999, 12, 31)
LAST_DAY = date(2026, 6, 30)
"""The day on which the set is drawn up."""
_FIRST, _LAST = date(2014, 1, 1), date(2025, 12, 31)
_OID = "1.2.156.3005.2"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence as it stands after one step of its life; `truth` names it, and is the same after every step."""

    truth: str
    sort: Sort
    body: Body
    number: str
    holders: tuple[Holder, ...]
    issued: date
    valid_from: date
    valid_to: date
    serial: str
    version: int = 1
    previous: str | None = None
    status: str = "01"
    change: str = "01"
    changed: date | None = None
    reason: str | None = None

    @property
    def identifier(self) -> str:
        """The 电子证照标识; one body in twenty has an identifier of its own making, and that has no version."""
        if self.body.numbering == "local":
            return f"{self.serial[:-2]}{self.version:02}"
        issuer = self.body.code if self.body.numbering != "six" else self.body.place.code
        parts = (self.sort.code, issuer, self.serial, f"{self.version:03}")
        return ".".join((_OID, *parts, mod_37_36.calc_check_digit("".join(parts))))


class World:
    """Everything that exists, made from a seed; each licence that is asked for is another one."""

    def __init__(self, seed: int, rows: int) -> None:
        self.rng = chance(seed, "matching")
        self.bodies, self.former = make_bodies(self.rng)
        self._heirs = {body.successor.code for body in self.former if body.successor}
        places = list(dict.fromkeys(body.place for body in (*self.bodies, *self.former)))
        each = max(20, rows // 4 // len(places))
        self.persons = {place: [holders.person(self.rng, place) for _ in range(each)] for place in places}
        self.firms = {place: [holders.firm(self.rng, place) for _ in range(each)] for place in places}
        self._places = places
        self._of_department: defaultdict[str, list[Body]] = defaultdict(list)
        for body in self.bodies:
            self._of_department[body.department].append(body)
        self._books: Counter[tuple[str, str, int]] = Counter()
        self._taken: set[tuple[str, str, str]] = set()
        self._made = 0

    def sort(self, **wanted: object) -> Sort:
        """A kind of licence, by how many there are of each, that has the wanted attributes (`in_book`, `holder` …)."""
        fitting = [sort for sort in SORTS if all(getattr(sort, name) == value for name, value in wanted.items())]
        return weighted(self.rng, [(sort, sort.weight) for sort in fitting])

    def body(self, sort: Sort) -> Body:
        """A body of today that issues such licences."""
        return self.rng.choice(self._of_department[sort.department])

    def holder_of(self, sort: Sort, body: Body) -> Holder:
        """Who holds such a licence, in seven cases of eight from the body's own place; real estate is of both kinds."""
        place = body.place if self.rng.random() < 7 / 8 else self.rng.choice(self._places)
        firm = sort.holder == "firm" or (sort.holder == "owners" and self.rng.random() < 0.15)
        return self.rng.choice((self.firms if firm else self.persons)[place])

    def other_holder(self, licence: Licence, body: Body) -> tuple[Holder, ...]:
        """Somebody else who could hold such a licence of a body."""
        while True:
            holder = self.holder_of(licence.sort, body)
            if holder not in licence.holders:
                return (holder,)

    def day(self, body: Body) -> date:
        """A day on which the body could issue."""
        first, last = (date(REFORM_YEAR, 1, 1), _LAST) if body.code in self._heirs else (_FIRST, _LAST)
        if body.successor is not None:
            first, last = _FIRST, date(REFORM_YEAR - 1, 12, 31)
        return first + timedelta(days=self.rng.randrange((last - first).days))

    def licence(
        self,
        sort: Sort | None = None,
        body: Body | None = None,
        held_by: tuple[Holder, ...] | None = None,
        day: date | None = None,
        number: str | None = None,
        skip: int | None = None,
    ) -> Licence:
        """Another licence. What is not told is drawn; `skip` says how many numbers of the book are left out."""
        sort = sort or self.sort()
        body = body or self.body(sort)
        day = day or self.day(body)
        if number is None:
            held_by, number = self._free_number(sort, body, day, held_by, skip)
        held_by = held_by or (self.holder_of(sort, body),)
        self._taken.add(self._entry(sort, body, number))
        self._made += 1
        valid_to = NO_END if sort.years == 0 else date(day.year + sort.years, day.month, min(day.day, 28))
        return Licence(f"L{self._made:07}", sort, body, number, held_by, day, day, valid_to, self._serial(body, day))

    def new_name(self, licence: Licence) -> str:
        """Another name for the firm that holds a licence."""
        return words.company(self.rng, licence.body.place.short)

    def is_taken(self, sort: Sort, body: Body, number: str) -> bool:
        """Whether a body has given out a number; if the number is the holder's, also what is the same body today."""
        return self._entry(sort, body, number) in self._taken

    @staticmethod
    def _entry(sort: Sort, body: Body, number: str) -> tuple[str, str, str]:
        return sort.name, body.code if sort.in_book else body.today.code, number

    def _free_number(
        self, sort: Sort, body: Body, day: date, held_by: tuple[Holder, ...] | None, skip: int | None
    ) -> tuple[tuple[Holder, ...], str]:
        while True:
            holding = held_by or (self.holder_of(sort, body),)
            number = sort.number(body, day, self._next(sort, body, day, skip), holding[0])
            if not self.is_taken(sort, body, number):
                return holding, number

    def _next(self, sort: Sort, body: Body, day: date, skip: int | None) -> int:
        """The next number in the book of a year; a book is entered somewhere, and now and then skips some."""
        book = (sort.name, body.place.code, day.year)
        if book not in self._books:
            self._books[book] = self.rng.randrange(1, 3000)
        gap = self.rng.choices((0, self.rng.randrange(1, 40)), (7, 3))[0] if skip is None else skip
        self._books[book] += 1 + gap
        return self._books[book]

    def _serial(self, body: Body, day: date) -> str:
        if body.numbering == "short":
            return digits(self.rng, 9)
        if body.numbering in {"hex", "local"}:
            return f"{self.rng.getrandbits(128):032X}"
        return f"{day:%Y%m%d}{self._made:06}"
