"""Made-up licences, and the claims that one or two systems make of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from exchange.demo.cases import BEIJING, DAYS, FIRST_DAY, NO_END, Applicant, Case, Record, applicant, moment
from exchange.demo.chance import chance, digits, weighted
from exchange.demo.identifiers import licence_id, uscc
from exchange.demo.layout import BY_ID, SYSTEMS, System
from exchange.demo.numbers import certificate_number
from exchange.demo.writing import earlier

SHARED = 0.35
"""So many of a system's licences are reported by another system too."""
MISTAKEN = 0.02
"""So many of those give the holder's code as that of a namesake, and no identifier: a person must say what they are."""
CANCELLED = 0.02
"""So many licences were cancelled since, and whoever else reports them does not know."""

_STOCK: Mapping[str, Sequence[tuple[str, int]]] = {
    "市场监管": (("食品经营许可证", 5), ("特种设备使用登记证", 3), ("药品经营许可证", 1)),
    "自然资源": (("不动产权证书", 9), ("建设工程规划许可证", 1)),
    "公安": (("居住证", 8), ("特种行业许可证", 1)),
}
_DEFINED_BY = {"市场监管": "0000031", "自然资源": "0000015", "公安": "0000009"}


def make_claims(cases: Mapping[str, Sequence[Case]], scale: float, seed: int) -> dict[str, list[Record]]:
    """The licence records of every system that reports some, oldest first."""
    claims: dict[str, list[Record]] = {system.id: [] for system in SYSTEMS if system.licences}
    for system in SYSTEMS:
        if not system.licences:
            continue
        rng = chance(seed, "licences", system.id)
        later = chance(seed, "licences later", system.id)
        wanted = max(8, round(system.licences * scale))
        for record in _licences(system, cases[system.id], wanted, rng):
            claims[system.id].append(record)
            if system.shares_with and rng.random() < SHARED:
                other = _claim_of_another(record, BY_ID[system.shares_with], rng)
                claims[system.shares_with].append(_mistaken(other, later) if later.random() < MISTAKEN else other)
            if later.random() < CANCELLED:
                claims[system.id].append(_cancelled(record, later))
    return {system: sorted(records, key=lambda record: record["cd_time"]) for system, records in claims.items()}


def _licences(system: System, cases: Sequence[Case], wanted: int, rng: Random) -> Iterator[Record]:
    """First those that the system's own cases led to, then those from before."""
    numbers: set[str] = set()
    for case in cases:
        result = case.records["case_result"][0]
        number = result.get("result_cetr_no")
        if case.item.certificate is None or number is None or number in numbers or len(numbers) == wanted:
            continue
        numbers.add(number)
        issued = datetime.fromisoformat(result["result_date"]).date()
        valid_to = result["result_cetr_valid_to"]
        yield _licence(system, (case.item.certificate, number), case.applicant, issued, valid_to, rng)
    while len(numbers) < wanted:
        issued = FIRST_DAY - timedelta(days=rng.randrange(1, DAYS))
        name = weighted(rng, _STOCK[system.department])
        number = certificate_number(system, name, issued, rng)
        if number not in numbers:
            numbers.add(number)
            valid_to = rng.choice((NO_END, (issued + timedelta(days=1825)).isoformat()))
            yield _licence(system, (name, number), applicant(system, rng), issued, valid_to, rng)


def _licence(
    system: System, named: tuple[str, str], holder: Applicant, issued: date, valid_to: str, rng: Random
) -> Record:
    name, number = named
    kind = _kind(system.department, name)
    serial = f"{issued:%Y%m%d}{abs(hash_of(number)) % 10**9:09}"
    reported = datetime.combine(issued, time(17, rng.randrange(60), 2 * rng.randrange(30)), BEIJING)
    record = {
        "certificate_source_id": licence_id(kind, system.code, serial),
        "certificate_type": name,
        "certificate_type_code": kind,
        "certificate_name": name,
        "certificate_number": number,
        "issue_dept": system.body,
        "issue_dept_code": system.code,
        "issue_date": issued.isoformat(),
        "certificate_area_code": system.node,
        "certificate_holder": holder.name,
        "certificate_holder_code": holder.number,
        "certificate_holder_type": holder.document,
        "valid_from": issued.isoformat(),
        "valid_to": valid_to,
        "status": "01",
        "change_type": "01",
        "trust_level": "A",
        "cd_time": moment(reported),
    }
    for field in ("valid_from", "change_type"):
        if rng.random() < 0.05:
            del record[field]
    return record


def hash_of(text: str) -> int:
    """A number made of a text, the same in every process."""
    return int.from_bytes(text.encode(), "big")


def _kind(department: str, name: str) -> str:
    return uscc("11", "100000", _DEFINED_BY[department] + "1") + f"{hash_of(name) % 1000:03}"


def _claim_of_another(record: Record, system: System, rng: Random) -> Record:
    """The same licence as another system knows it: written otherwise, newer or stale, with gaps."""
    hours = rng.choice((24, 48, 720, -24, -72))
    claim = {
        **record,
        "certificate_number": _rewritten(record["certificate_number"], rng),
        "certificate_area_code": record["certificate_area_code"][:6],
        "trust_level": "B",
        "cd_time": earlier(record["cd_time"], hours)[:17] + f"{1 + 2 * rng.randrange(30):02}+08:00",
    }
    if hours > 0 and rng.random() < 0.3:
        claim["valid_to"] = claim["issue_date"]
    if system.form.kind == "json" or rng.random() < 0.5:
        for field in ("valid_from", "status", "change_type"):
            claim.pop(field, None)
    return claim


def _mistaken(claim: Record, rng: Random) -> Record:
    code = uscc("91", claim["issue_dept_code"][2:8], digits(rng, 8))
    mistaken = claim["certificate_holder_type"] == "001"
    return {**claim, "certificate_holder_code": code, "certificate_source_id": "0000000000"} if mistaken else claim


def _cancelled(record: Record, rng: Random) -> Record:
    told = moment(datetime.fromisoformat(record["cd_time"]) + timedelta(days=rng.randrange(1, 30), seconds=1))
    return {**record, "status": "04", "change_type": "05", "cd_time": told, "cd_operation": "U"}


def _rewritten(number: str, rng: Random) -> str:
    """Another way to write the same number, and one that is another key."""
    opening, closing = rng.choice(("()", "（）", "〔〕", "[]", "【】"))
    dash = rng.choice("-–")
    return number.replace("(", opening).replace(")", closing).replace("-", dash)
