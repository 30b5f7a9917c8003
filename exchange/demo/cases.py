"""Made-up cases, with every value as it must come out of the hub."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from random import Random

from catalog.catalogue import Catalog, in_force
from catalog.models import Item
from exchange.demo import words
from exchange.demo.chance import digits, weighted
from exchange.demo.habits import written_name
from exchange.demo.identifiers import citizen_id, company_code
from exchange.demo.layout import System
from exchange.demo.numbers import certificate_number

Record = dict[str, str]
"""One record in the hub's standard form; empty fields are left out."""

BEIJING = timezone(timedelta(hours=8))
FIRST_DAY = date(2024, 1, 2)
DAYS = 700
NO_END = "9999-12-31"
LEVELS = {"province": "2", "city": "3", "county": "4", "township": "5"}
_OUTCOMES = (("0", 84), ("5", 6), ("1", 4), ("6", 3), ("4", 2), ("2", 1))
_STEPS = (("受理", "4"), ("审查", "1"), ("决定", "1"))


@dataclass(slots=True)
class Applicant:
    """Who applies: kind (1 person, 2 enterprise), name, kind and number of the document."""

    kind: str
    name: str
    document: str
    number: str


@dataclass(slots=True)
class Case:
    """One case and all that is reported of it."""

    item: Item
    applicant: Applicant
    basic: Record
    accepted: datetime
    records: dict[str, list[Record]] = field(default_factory=dict)


def make_cases(system: System, count: int, catalog: Catalog, rng: Random) -> Iterator[Case]:
    """So many cases of a system, in the order in which they were accepted."""
    division = catalog.division(system.node)
    level = division.level if division else "county"
    items = [item for item in catalog.items if item.department == system.department and level in item.levels]
    days = sorted(rng.randrange(DAYS) for _ in range(count))
    for serial, day in enumerate(days, 1):
        accepted = datetime.combine(FIRST_DAY + timedelta(days=day), _office_hour(rng), BEIJING)
        item = rng.choice([each for each in items if in_force(each, accepted.date())])
        yield _case(system, item, LEVELS[level], accepted, serial, rng)


def applicant(system: System, rng: Random) -> Applicant:
    """Somebody new."""
    roll = rng.random()
    if roll < 0.03:
        return Applicant("1", words.person(rng), "414", "E" + digits(rng, 8))
    if roll < 0.65:
        return Applicant("1", words.person(rng), "111", citizen_id(rng, _home(system, rng)))
    return Applicant("2", words.company(rng, system.place), "001", company_code(rng, system.node[:6]))


def moment(at: datetime) -> str:
    """A moment in standard form."""
    return at.isoformat(timespec="seconds")


def _home(system: System, rng: Random) -> str:
    """The division in a citizen ID: mostly the county, or one that has been retired since."""
    own = (
        system.node[:6] if system.node[4:6] != "00" else f"{system.node[:4] if system.node[2:4] != '00' else '3201'}02"
    )
    return rng.choice((own, own, own, "320684", "320621", "320611"))


def _office_hour(rng: Random) -> time:
    return time(rng.randrange(9, 17), rng.randrange(60), rng.randrange(60))


def _case(system: System, item: Item, level: str, accepted: datetime, serial: int, rng: Random) -> Case:
    who = applicant(system, rng)
    applied = accepted - timedelta(minutes=rng.randrange(5, 2880))
    clerk = words.person(rng)
    basic: Record = {
        "project_no": _project_no(system, item, level, accepted, serial, rng),
        "catalog_code": item.catalog_code,
        "task_code": system.code + level + item.catalog_code,
        "task_name": written_name(system.id, item),
        "task_version": str(item.version),
        "project_name": f"{item.name}（{accepted:%Y}年第{serial}件）",
        "project_type": "1" if item.promise_day <= 1 else "2",
        "apply_type": weighted(rng, (("0", 5), ("1", 4), ("2", 1))) if system.codes != "vendor" else rng.choice("01"),
        "applyer_name": who.name,
        "applyer_type": who.kind,
        "applyer_page_type": who.document,
        "applyer_page_code": who.number,
        "contact_name": who.name if who.kind == "1" else words.person(rng),
        "contact_mobile": words.mobile(rng),
        "address": words.address(rng, system.place),
        "apply_date": moment(applied),
        "accept_date": moment(accepted),
        "promise_date": (accepted.date() + timedelta(days=item.promise_day * 7 // 5 + 1)).isoformat(),
        "org_name": system.body,
        "org_code": system.code,
        "handle_user_name": clerk,
        "cd_time": moment(accepted + timedelta(minutes=2)),
    }
    for name in ("project_name", "contact_name", "contact_mobile", "address", "promise_date"):
        if rng.random() < 0.08:
            del basic[name]
    case = Case(item, who, basic, accepted)
    settled = _add_steps(case, clerk, rng)
    _add_result(case, system, settled, clerk, rng)
    _add_special(case, rng)
    _add_materials(case, rng)
    return case


def _project_no(system: System, item: Item, level: str, accepted: datetime, serial: int, rng: Random) -> str:
    if system.form.kind == "json":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    if system.naming == "pinyin":
        return f"{system.code}{level}{item.catalog_code}{accepted:%Y%m%d}{serial:05}"
    return f"{system.id.upper()}{accepted:%Y%m%d}{serial:06}"


def _add_steps(case: Case, clerk: str, rng: Random) -> datetime:
    """The steps; the moment at which the last one ended."""
    names: Sequence[tuple[str, str]] = _STEPS[: 1 if case.basic["project_type"] == "1" else rng.choice((2, 2, 3))]
    at = case.accepted
    steps = case.records.setdefault("case_process", [])
    for number, (name, action) in enumerate(names, 1):
        end = at + timedelta(minutes=rng.randrange(10, 4000))
        step = {
            "project_no": case.basic["project_no"],
            "step_no": str(number),
            "process_name": name,
            "event_name": action,
            "handle_user_name": clerk if number == 1 else words.person(rng),
            "handle_explain": words.remark(rng),
            "event_start_time": moment(at),
            "event_end_time": moment(end),
            "cd_time": moment(end + timedelta(minutes=1)),
        }
        if rng.random() < 0.1:
            del step["event_end_time"]
        if rng.random() < 0.1:
            step["remark"] = "申请人已电话确认"
        steps.append(step)
        at = end
    return at


def _add_result(case: Case, system: System, settled: datetime, clerk: str, rng: Random) -> None:
    outcome = weighted(rng, _OUTCOMES)
    result = {
        "project_no": case.basic["project_no"],
        "result_type": outcome,
        "result_date": moment(settled),
        "handle_user_name": clerk,
        "is_delivery_results": rng.choice("001"),
        "cd_time": moment(settled + timedelta(minutes=3)),
    }
    if outcome == "0":
        result["result_cetr_name"] = case.item.certificate or "准予行政许可决定书"
        result["result_cetr_no"] = certificate_number(system, result["result_cetr_name"], settled.date(), rng)
        years = rng.choice((1, 3, 5, 0))
        result["result_cetr_valid_to"] = (settled.date() + timedelta(days=365 * years)).isoformat() if years else NO_END
    else:
        result["result_explain"] = words.refusal(rng)
    if rng.random() < 0.4:
        result["satisfaction"] = rng.choice("1112223345")
    case.records["case_result"] = [result]


def _add_special(case: Case, rng: Random) -> None:
    if rng.random() >= 0.15:
        return
    began = case.accepted + timedelta(hours=rng.randrange(2, 40))
    case.records["case_special"] = [
        {
            "project_no": case.basic["project_no"],
            "special_type": rng.choice("12"),
            "special_name": rng.choice(("专家评审", "现场勘验", "公示", "听证")),
            "special_time": moment(began),
            "special_reason": "依法需要，所需时间不计入办理期限",
            "end_time": moment(began + timedelta(days=rng.randrange(1, 20))),
            "result": "已完成",
            "handle_user": words.person(rng),
            "cd_time": moment(began + timedelta(minutes=5)),
        }
    ]


def _add_materials(case: Case, rng: Random) -> None:
    names = rng.sample(("申请表", "身份证明", "营业执照复印件", "场所使用证明", "授权委托书"), 2)
    case.records["case_material"] = [
        {
            "project_no": case.basic["project_no"],
            "material_name": name,
            "get_type": rng.choice("1239"),
            "get_num": str(rng.randrange(1, 4)),
            "cd_time": moment(case.accepted + timedelta(seconds=30)),
        }
        for name in names
    ]
