"""What was loaded, and how to find things in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from catalog.models import (
    CodeTable,
    Division,
    DivisionAlias,
    Holiday,
    IdPrefix,
    IssuerChange,
    Item,
    Registration,
)
from catalog.schemas import SchemaFolder


class Catalog:
    """What the province's sites share. Built by `catalog.loader.load_catalog`, which has checked it."""

    def __init__(  # noqa: PLR0913 - one argument a table
        self,
        *,
        divisions: Iterable[Division],
        aliases: Iterable[DivisionAlias],
        code_tables: Iterable[CodeTable],
        items: Iterable[Item],
        holidays: Iterable[Holiday],
        id_prefixes: Iterable[IdPrefix],
        issuers: Iterable[IssuerChange],
        registrations: Iterable[Registration],
        datasets: SchemaFolder,
    ) -> None:
        self.divisions = tuple(divisions)
        self.aliases = tuple(aliases)
        self.code_tables: Mapping[str, CodeTable] = {table.id: table for table in code_tables}
        self.items = tuple(items)
        self.holidays = tuple(holidays)
        self.id_prefixes = tuple(id_prefixes)
        self.issuers = tuple(issuers)
        self.registrations = tuple(registrations)
        self.datasets = datasets
        self._divisions: dict[str, list[Division]] = defaultdict(list)
        for division in self.divisions:
            self._divisions[division.code].append(division)
        self._aliases = {alias.alias: alias.code for alias in self.aliases}
        self._items: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            self._items[item.catalog_code].append(item)

    def division(self, code: str, on: date | None = None) -> Division | None:
        """The division with this code, or with the code that this one is an alias of; None when there is none.

        With a day it is the division that existed on that day (before 2020-07-03 320684 is 海门市, from then on it is
        an alias of 海门区), without one the latest that bore the code.
        """
        found = self._division(code, on)
        if found is None and code in self._aliases:
            found = self._division(self._aliases[code], on)
        return found

    def item(self, catalog_code: str, on: date) -> Item | None:
        """The version of an item that was in force on a day; None when there was none."""
        return next((item for item in self._items.get(catalog_code, ()) if in_force(item, on)), None)

    def code_table(self, table: str) -> CodeTable:
        """One code table; KeyError when there is none."""
        return self.code_tables[table]

    def _division(self, code: str, on: date | None) -> Division | None:
        versions = [each for each in self._divisions.get(code, ()) if on is None or each.valid_on(on)]
        return max(versions, key=lambda each: each.valid_from or date.min, default=None)


def in_force(item: Item, on: date) -> bool:
    """Whether this version of the item was in force on a day; `valid_to` is the first day on which it is not."""
    return item.valid_from <= on and (item.valid_to is None or on < item.valid_to)
