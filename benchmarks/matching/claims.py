"""What systems report of a licence: the issuing body in full, another level from what it has on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from benchmarks.matching.bodies import DEPARTMENTS, Body
from benchmarks.matching.world import Licence

Record = dict[str, str | None]
Change = Callable[[Record, Licence, Random], None]
"""Writes something of a record otherwise."""
_SYSTEMS = {department: f"A{place:02}" for place, department in enumerate(DEPARTMENTS, 1)}
_REPORTED = "T17:{:02}:{:02}+08:00"


def claim(licence: Licence, rng: Random) -> Record:
    """The issuing body's own record of a licence as it now stands."""
    first = licence.holders[0]
    changed = licence.changed or licence.issued
    return {
        "certificate_source_id": licence.identifier,
        "certificate_type": licence.sort.name,
        "certificate_type_code": licence.sort.code,
        "certificate_name": licence.sort.name,
        "certificate_number": licence.number,
        "issue_dept": licence.body.name,
        "issue_dept_code": licence.body.code,
        "issue_date": licence.issued.isoformat(),
        "certificate_area_code": licence.body.place.code + "000000",
        "certificate_holder": "、".join(each.name for each in licence.holders),
        "certificate_holder_code": "、".join(each.code for each in licence.holders),
        "certificate_holder_type": "111" if first.is_person else "001",
        "valid_from": licence.valid_from.isoformat(),
        "valid_to": licence.valid_to.isoformat(),
        "status": licence.status,
        "change_type": licence.change,
        "change_time": _moment(changed, rng),
        "change_reason": licence.reason,
        "previous_source_id": licence.previous,
        "trust_level": "A",
        "cd_operation": "I" if licence.version == 1 and licence.status == "01" else "U",
        "cd_time": _moment(changed, rng),
        "cd_batch": f"{licence.body.place.code}-{changed:%Y%m%d}",
        "data_source": _SYSTEMS[licence.body.department],
    }


def sent_again(record: Record, rng: Random) -> Record:
    """The same record in a later delivery; half of the systems stamp it anew."""
    again = {**record, "cd_batch": f"{record['cd_batch']}-{rng.randrange(2, 9)}"}
    if rng.random() < 0.5:
        again["cd_time"] = _later(record, rng, 400)
    return again


def relayed(licence: Licence, rng: Random, *, named: bool | None = None) -> Record:
    """The record that another level keeps of a licence, re-keyed or scanned from paper.

    `named` says whether it has the electronic identifier; unless told, one in five has.
    """
    record = claim(licence, rng)
    record["trust_level"] = "B"
    record["cd_operation"] = "I"
    record["cd_time"] = _later(record, rng, 120)
    record["cd_batch"] = f"{licence.body.place.code[:4]}-{rng.randrange(10**6):06}"
    record["data_source"] = rng.choice(("B01", "B02", "C01"))
    record["certificate_area_code"] = rng.choice(
        (licence.body.place.code, licence.body.place.code[:4] + "00", licence.body.place.code + "000")
    )
    if not (rng.random() < 0.2 if named is None else named):
        record["certificate_source_id"] = None
        record["previous_source_id"] = None
    issuer_otherwise(record, licence.body, rng)
    _gaps(record, licence, rng)
    return record


def issuer_otherwise(record: Record, body: Body, rng: Random) -> None:
    """Two in five of the relays do not give the body's USCC: its organisation code, its name, or its division."""
    way = rng.choices(("as it is", "org", "dashed", "name", "nothing", "division"), (60, 10, 8, 12, 7, 3))[0]
    record["issue_dept_code"] = {
        "as it is": body.code,
        "org": body.org_code,
        "dashed": f"{body.org_code[:8]}-{body.org_code[8]}",
        "name": body.name,
        "nothing": None,
        "division": body.place.code,
    }[way]
    if rng.random() < 0.15:
        record["issue_dept"] = body.name.removeprefix(body.place.city) or body.name
    if rng.random() < 0.04:
        record["issue_dept"] = f"江苏省{body.name}"


def _gaps(record: Record, licence: Licence, rng: Random) -> None:
    """What paper does not show, or a clerk took from elsewhere: the day of collection for the day of issue."""
    for field, share in (("valid_from", 0.3), ("status", 0.2), ("change_type", 0.5), ("change_time", 0.6)):
        if rng.random() < share:
            record[field] = None
    record["change_reason"] = None
    if record["previous_source_id"] is None and record["change_type"] in {"02", "08", "09"}:
        record["change_type"] = None
    if rng.random() < 0.04:
        record["issue_date"] = (licence.issued + timedelta(days=rng.randrange(1, 15))).isoformat()
    if rng.random() < 0.05:
        record["valid_to"] = None
    if rng.random() < 0.1:
        record["certificate_name"] = f"{licence.sort.name}（{rng.choice(('副本', '正本', '电子'))}）"


def _moment(day: date, rng: Random) -> str:
    return day.isoformat() + _REPORTED.format(rng.randrange(60), rng.randrange(60))


def _later(record: Record, rng: Random, days: int) -> str:
    then = date.fromisoformat((record["cd_time"] or "")[:10])
    return _moment(then + timedelta(days=rng.randrange(1, days)), rng)
