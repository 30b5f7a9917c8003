"""Kinds of claims that belong together, however little they look alike. Each function makes one case of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from benchmarks.matching.claims import Record, claim, relayed, sent_again
from benchmarks.matching.holder_writing import holder_otherwise, joined, old_code
from benchmarks.matching.number_writing import Writing, slip, written_otherwise
from benchmarks.matching.world import LAST_DAY, Licence, World
from exchange.demo.chance import digits

Row = tuple[str, Record]
"""The true licence, and what is reported of it."""


def single(world: World) -> Iterator[Row]:
    """One claim, of which nobody else says anything."""
    licence = world.licence()
    yield licence.truth, claim(licence, world.rng)


def resent(world: World) -> Iterator[Row]:
    """The same record, delivered two to four times."""
    licence = world.licence()
    record = claim(licence, world.rng)
    yield licence.truth, record
    for _ in range(world.rng.choices((1, 2, 3), (7, 2, 1))[0]):
        yield licence.truth, sent_again(record, world.rng)


def other_level(world: World) -> Iterator[Row]:
    """The issuing body's record, and that of another level, which has no electronic identifier."""
    licence = world.licence()
    yield licence.truth, claim(licence, world.rng)
    yield licence.truth, relayed(licence, world.rng, named=False)
    if world.rng.random() < 0.1:
        yield licence.truth, relayed(licence, world.rng, named=False)


def number_written(world: World) -> Iterator[Row]:
    """Another level writes the number otherwise."""
    yield from _rewritten(world, written_otherwise)


def number_slip(world: World) -> Iterator[Row]:
    """A clerk of another level mistypes the number by one sign."""
    yield from _rewritten(world, slip)


def _rewritten(world: World, writing: Writing) -> Iterator[Row]:
    licence = world.licence()
    yield licence.truth, claim(licence, world.rng)
    record = relayed(licence, world.rng)
    record["certificate_number"] = writing(licence.number, world.rng)
    yield licence.truth, record


def holder_written(world: World) -> Iterator[Row]:
    """Another level writes the holder otherwise, or has no code of it."""
    licence = world.licence()
    yield licence.truth, claim(licence, world.rng)
    record = relayed(licence, world.rng)
    holder_otherwise(record, licence, world.rng)
    yield licence.truth, record


def holder_old_code(world: World) -> Iterator[Row]:
    """Another level still has the holder under the code of before."""
    while True:
        licence = world.licence()
        old = old_code(licence.holders[0], world.rng)
        if old is not None:
            break
    yield licence.truth, claim(licence, world.rng)
    record = relayed(licence, world.rng)
    record["certificate_holder_code"], record["certificate_holder_type"] = old
    yield licence.truth, record


def joint_holders(world: World) -> Iterator[Row]:
    """Real estate of two to four persons, in another order at another level."""
    sort = world.sort(holder="owners")
    body = world.body(sort)
    holders = tuple(world.rng.sample(world.persons[body.place], world.rng.choices((2, 3, 4), (8, 1, 1))[0]))
    licence = world.licence(sort, body, holders)
    yield licence.truth, claim(licence, world.rng)
    record = relayed(licence, world.rng)
    record["certificate_holder"], record["certificate_holder_code"] = joined(holders, world.rng)
    yield licence.truth, record


def renewed(world: World) -> Iterator[Row]:
    """A licence renewed under its number once or twice; the other level knows some of its states."""
    states: list[Licence] = []
    while len(states) < 2:
        licence = world.licence(world.sort(ends=True))
        states = [licence]
        for _ in range(world.rng.choices((1, 2), (8, 2))[0]):
            states.append(_renewal(states[-1], world))
        states = [state for state in states if (state.changed or state.issued) <= LAST_DAY]
    yield from _life(world, states)


def changed(world: World) -> Iterator[Row]:
    """The holder takes another name: the same code, number and licence, one version on."""
    licence = world.licence(world.sort(holder="firm"))
    holder = replace(licence.holders[0], name=world.new_name(licence))
    day = _after(licence, world)
    later = replace(_next(licence, day, world), holders=(holder,), change="09", reason="名称变更")
    yield from _life(world, [licence, later])


def cancelled(world: World) -> Iterator[Row]:
    """One level has it as cancelled or lapsed, the other as valid."""
    licence = world.licence()
    status, change = world.rng.choice((("04", "05"), ("05", "04"), ("03", "07"), ("07", "07")))
    day = _after(licence, world)
    ended = replace(licence, status=status, change=change, changed=day, reason="依申请注销" if status == "04" else None)
    first, second = (licence, ended) if world.rng.random() < 0.7 else (ended, licence)
    yield licence.truth, claim(first, world.rng)
    yield licence.truth, relayed(second, world.rng)
    if world.rng.random() < 0.4:
        yield licence.truth, claim(ended, world.rng)


def reissued(world: World) -> Iterator[Row]:
    """Replaced by a licence with a new number that names the old one: two licences, linked, never one."""
    old = world.licence(world.sort(in_book=True))
    day = _after(old, world)
    new = world.licence(old.sort, old.body, old.holders, day)
    change, reason = world.rng.choice((("01", "遗失补发"), ("07", "换发新证"), ("02", "到期换证"), ("09", "变更换证")))
    new = replace(new, previous=old.identifier, change=change, reason=reason)
    for licence in (old, new):
        yield licence.truth, claim(licence, world.rng)
        if world.rng.random() < 0.6:
            yield licence.truth, relayed(licence, world.rng)


def reorganised(world: World) -> Iterator[Row]:
    """Issued by a body that is no more, and reported again by the one that took its work over."""
    body = world.rng.choice(world.former)
    licence = world.licence(world.sort(department=body.department), body)
    yield licence.truth, claim(licence, world.rng)
    heir = replace(licence, body=body.today)
    record = relayed(heir, world.rng) if world.rng.random() < 0.5 else claim(heir, world.rng)
    record["certificate_source_id"] = world.rng.choice((licence.identifier, None))
    yield licence.truth, record


def _after(licence: Licence, world: World) -> date:
    """Some day within five years after the issue."""
    return min(licence.issued + timedelta(days=world.rng.randrange(30, 1800)), LAST_DAY)


def _renewal(licence: Licence, world: World) -> Licence:
    """Renewed in the weeks before it ends; three bodies in five print the day of renewal as the day of issue."""
    years = licence.sort.years
    day = (licence.changed or licence.issued) + timedelta(days=years * 365 - world.rng.randrange(90))
    end = date(day.year + years, day.month, min(day.day, 28))
    issued = day if world.rng.random() < 0.6 else licence.issued
    later = _next(licence, day, world)
    return replace(later, change="02", issued=issued, valid_from=day, valid_to=end, reason="有效期延续")


def _next(licence: Licence, day: date, world: World) -> Licence:
    """The next version of a licence; an identifier of a body's own making is another one each time."""
    serial = f"{digits(world.rng, 30)}00" if licence.body.numbering == "local" else licence.serial
    return replace(licence, version=licence.version + 1, previous=licence.identifier, changed=day, serial=serial)


def _life(world: World, states: list[Licence]) -> Iterator[Row]:
    """The issuing body reports every state, another level one or two of them."""
    for state in states:
        yield state.truth, claim(state, world.rng)
    for state in world.rng.sample(states, world.rng.choices((0, 1, 2), (35, 50, 15))[0]):
        yield state.truth, relayed(state, world.rng)
