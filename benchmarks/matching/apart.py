"""Look-alikes: licences that must stay apart. Each function makes one case: two or more licences, and their claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from benchmarks.matching import holders
from benchmarks.matching.bodies import Body
from benchmarks.matching.claims import claim, relayed
from benchmarks.matching.same import Row
from benchmarks.matching.sorts import SORTS, Sort
from benchmarks.matching.world import LAST_DAY, Licence, World


def other_issuer(world: World) -> Iterator[Row]:
    """The same number and kind, given out by two bodies; one time in six to the same holder."""
    sort = world.sort(anywhere=True)
    first = world.licence(sort)
    while True:
        body = world.body(sort)
        day = world.day(body)
        if day.year == first.issued.year and not world.is_taken(sort, body, first.number):
            break
    held_by = first.holders if world.rng.random() < 1 / 6 else world.other_holder(first, body)
    yield from _reported(world, (first, world.licence(sort, body, held_by, day, first.number)))


def merged_issuers(world: World) -> Iterator[Row]:
    """The same number and kind, given out by two bodies that were later made one, to two holders."""
    first_body, second_body = world.rng.choice(_merged(world))
    sort = world.sort(anywhere=True, department=first_body.department)
    first = world.licence(sort, first_body)
    while world.is_taken(sort, second_body, first.number):
        first = world.licence(sort, first_body)
    other = world.other_holder(first, second_body)
    yield from _reported(world, (first, world.licence(sort, second_body, other, first.issued, first.number)))


def _merged(world: World) -> list[tuple[Body, Body]]:
    """Bodies of different places that are one today, and give out numbers without a place."""
    departments = {sort.department for sort in SORTS if sort.anywhere}
    return [
        (one, other)
        for one in world.former
        for other in world.former
        if one.department in departments and one.today is other.today and one.place is not other.place
    ]


def other_type(world: World) -> Iterator[Row]:
    """The same number under another kind of licence of the same body; one time in two of the same holder."""
    others: list[Sort] = []
    while not others:
        first = world.licence(world.sort(in_book=True, holder="firm"))
        kinds = [sort for sort in SORTS if sort.department == first.sort.department and sort.in_book]
        others = [sort for sort in kinds if not world.is_taken(sort, first.body, first.number)]
    held_by = first.holders if world.rng.random() < 0.5 else world.other_holder(first, first.body)
    day = first.issued if world.rng.random() < 0.3 else world.day(first.body)
    second = world.licence(world.rng.choice(others), first.body, held_by, day, first.number)
    yield from _reported(world, (first, second))


def next_same_day(world: World) -> Iterator[Row]:
    """A holder is given two to twelve licences of one kind on one day, with consecutive numbers."""
    first = world.licence(world.sort(in_book=True))
    count = world.rng.choices((2, 3, 4, 6, 12), (50, 25, 13, 8, 4))[0]
    series = [world.licence(first.sort, first.body, first.holders, first.issued, skip=0) for _ in range(count - 1)]
    yield from _reported(world, (first, *series))


def next_with_gap(world: World) -> Iterator[Row]:
    """A holder is given another licence of the kind within weeks or years, some numbers on."""
    first = world.licence(world.sort(in_book=True))
    days = world.rng.choice((1, 7, 30, 365, 1000))
    day = min(first.issued + timedelta(days=world.rng.randrange(days) + 1), LAST_DAY)
    second = world.licence(first.sort, first.body, first.holders, day, skip=world.rng.choice((0, 1, 4, 9, 99)))
    yield from _reported(world, (first, second))


def namesakes(world: World) -> Iterator[Row]:
    """Two persons or firms of one name, with licences of one kind; one time in three with consecutive numbers."""
    first = world.licence(world.sort())
    holder = first.holders[0]
    make = holders.person if holder.is_person else holders.firm
    other = make(world.rng, first.body.place, holder.name)
    close = world.rng.random() < 1 / 3
    day = first.issued if close else world.day(first.body)
    second = world.licence(first.sort, first.body, (other,), day, skip=0 if close else None)
    yield from _reported(world, (first, second))


def citizen_id_as_number(world: World) -> Iterator[Row]:
    """A person's licences of several kinds or places, all of which bear the citizen ID as their number."""
    kinds = [sort for sort in SORTS if not sort.in_book and sort.holder == "person" and sort.form == "{code}"]
    held_by = (holders.person(world.rng, world.rng.choice(world.bodies).place),)
    place = world.rng.choice(world.bodies).place
    licences = []
    for sort in world.rng.sample(kinds, world.rng.choice((2, 2, 3))):
        body = next(each for each in world.bodies if each.department == sort.department and each.place is place)
        licences.append(world.licence(sort, body, held_by))
    if world.rng.random() < 0.3:
        elsewhere = world.body(licences[0].sort)
        if not world.is_taken(licences[0].sort, elsewhere, licences[0].number):
            licences.append(world.licence(licences[0].sort, elsewhere, held_by))
    yield from _reported(world, licences)


def _reported(world: World, licences: Iterable[Licence]) -> Iterator[Row]:
    """The issuing body reports nearly all of them, another level half."""
    for licence in licences:
        relay = world.rng.random() < 0.5
        if not relay or world.rng.random() < 0.98:
            yield licence.truth, claim(licence, world.rng)
        if relay:
            yield licence.truth, relayed(licence, world.rng)
