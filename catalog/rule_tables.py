"""The catalogue as the rules of `exchange.validation.rules` look things up in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from catalog.catalogue import Catalog
from catalog.lineage import issuer_pairs, registration_pairs
from catalog.models import Holiday, Item
from exchange.model.reference import CountedDay, DivisionSpan, ItemVersion, Reference

SATURDAY = 5


def rule_reference(catalog: Catalog) -> Reference:
    """The reference values of a catalogue."""
    present = {division.code[:6] for division in catalog.divisions}
    former = {each.prefix for each in catalog.id_prefixes}
    top = next((division.code for division in catalog.divisions if division.parent is None), "")
    return Reference(
        province=top[:2],
        divisions=tuple(
            DivisionSpan(each.code, each.name, each.valid_from, each.valid_to) for each in catalog.divisions
        ),
        aliases=tuple((alias.alias, alias.code) for alias in catalog.aliases),
        id_prefixes=tuple(sorted(present | former | {alias.alias[:6] for alias in catalog.aliases})),
        items=item_versions(catalog.items),
        days=tuple(counted_days(catalog.holidays)),
        issuers=issuer_pairs(catalog.issuers),
        holders=registration_pairs(catalog.registrations),
    )


def item_versions(items: Iterable[Item]) -> tuple[ItemVersion, ...]:
    """The versions of items, as rules compare with them."""
    return tuple(
        ItemVersion(
            each.catalog_code,
            each.version,
            each.name,
            each.type,
            each.by_law,
            each.promise_day,
            each.local_only,
            each.certificate,
            each.valid_from,
            each.valid_to,
        )
        for each in items
    )


def counted_days(holidays: Iterable[Holiday]) -> Iterator[CountedDay]:
    """Every day of the years that have holidays here; of other years nothing is known, so nothing is said."""
    kinds = {day: holiday.kind for holiday in holidays for day in _span(holiday.first, holiday.last)}
    working = 0
    for year in sorted({day.year for day in kinds}):
        for day in _span(date(year, 1, 1), date(year, 12, 31)):
            usual = "work" if day.weekday() < SATURDAY else "off"
            working += kinds.get(day, usual) == "work"
            yield CountedDay(day, working)


def _span(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days) for days in range((last - first).days + 1))
