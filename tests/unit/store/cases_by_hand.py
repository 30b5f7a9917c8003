"""The findings between the records of cases, recomputed in plain Python, case by case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise

from support.rows import Row

from catalog.catalogue import Catalog, in_force

Found = tuple[str, str, str, str]
"""Dataset, case, code, and the step's number."""
Records = Mapping[str, Sequence[Row]]


def by_hand(records: Records, catalog: Catalog) -> set[Found]:
    """`records` are the live ones of each dataset; every case has basics or had some."""
    cases = {row["project_no"] for rows in records.values() for row in rows}
    return {found for case in cases for found in in_case(of_case(records, case), catalog)}


def of_case(records: Records, case: str) -> dict[str, list[Row]]:
    return {name: [row for row in rows if row["project_no"] == case] for name, rows in records.items()}


def in_case(own: Records, catalog: Catalog) -> Iterator[Found]:
    yield from among_steps(own)
    for basics in own["case_basic"]:
        yield from before_acceptance(basics["accept_date"], own)
        for row in own["case_result"]:
            if overdue(basics, row, own["case_special"], catalog):
                yield "case_result", row["project_no"], "W224", ""


def among_steps(own: Records) -> Iterator[Found]:
    steps = sorted(own["case_process"], key=lambda row: int(row["step_no"]))
    for earlier, later in pairwise(steps):
        if later["event_start_time"] < earlier["event_start_time"]:
            yield "case_process", later["project_no"], "W222", later["step_no"]
    for row in own["case_result"]:
        if steps and row["result_date"] < max(step.get("event_end_time", step["event_start_time"]) for step in steps):
            yield "case_result", row["project_no"], "W223", ""


def before_acceptance(accepted: str, own: Records) -> Iterator[Found]:
    fields = {"case_process": "event_start_time", "case_special": "special_time", "case_result": "result_date"}
    for name, field in fields.items():
        for row in own[name]:
            if row[field] < accepted:
                yield name, row["project_no"], "W221", row.get("step_no", "")


def overdue(basics: Row, settled: Row, specials: Sequence[Row], catalog: Catalog) -> bool:
    began, ended = date.fromisoformat(basics["accept_date"][:10]), date.fromisoformat(settled["result_date"][:10])
    item = next(
        (each for each in catalog.items if each.catalog_code == basics["catalog_code"] and in_force(each, began)), None
    )
    due = basics.get("promise_date")
    if due is None and item is None:
        return False
    allowed = item.promise_day if due is None and item else len(worked(began, date.fromisoformat(due or ""), catalog))
    days = set(worked(began, ended, catalog))
    for row in specials:
        end = date.fromisoformat(row["end_time"][:10]) if "end_time" in row else ended
        days -= set(worked(date.fromisoformat(row["special_time"][:10]), end, catalog))
    return len(days) > allowed


def worked(after: date, upto: date, catalog: Catalog) -> list[date]:
    """The working days after one day up to another, told from the catalogue's list of holidays."""
    days = [after + timedelta(days) for days in range(1, (upto - after).days + 1)]
    return [day for day in days if is_worked(day, catalog)]


def is_worked(day: date, catalog: Catalog) -> bool:
    listed = [each.kind for each in catalog.holidays if each.first <= day <= each.last]
    return listed[0] == "work" if listed else day.weekday() < 5
