"""The kinds of licences of the set, each with the way its numbers are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from stdnum.iso7064 import mod_11_10

from benchmarks.matching.bodies import Body
from benchmarks.matching.holders import Holder
from exchange.demo.identifiers import uscc

_DEFINERS: Mapping[str, str] = {
    "market": "00000311",
    "land": "00000151",
    "police": "00000091",
    "health": "00000181",
    "transport": "00000171",
    "city": "00000161",
    "labour": "00000131",
    "disabled": "00000411",
    "safety": "00000211",
}


@dataclass(frozen=True, slots=True)
class Sort:
    """A kind of licence. `years` is how long it is valid (0: without end), `weight` how many there are of it.

    `form` makes its number: {area}, {place}, {mark} (first character of the place) and {city} (of the city), {day}, {n}
    (the place in the body's book), {code} (the holder's) and {grade}. `checked` adds the check digit (GB/T 17710) of
    its digits.
    """

    name: str
    department: str
    holder: str
    years: int
    weight: int
    form: str
    checked: bool = False

    @property
    def code(self) -> str:
        """The code of the kind (GB/T 36904): the USCC of the body that defined it, and three places."""
        return _code(self.department, self.name)

    @property
    def in_book(self) -> bool:
        """Whether the number comes from the body's book, and not from the holder."""
        return "{n:" in self.form

    @property
    def anywhere(self) -> bool:
        """Whether the number does not tell the place, so that every body has the same numbers."""
        return self.in_book and not any(part in self.form for part in ("{area}", "{place}", "{mark}", "{city}"))

    @property
    def ends(self) -> bool:
        """Whether it is valid for some years only."""
        return self.years > 0

    def number(self, body: Body, day: date, n: int, holder: Holder) -> str:
        """The number of a licence of this kind."""
        place = body.place
        tail = int(holder.code[14:17]) if holder.is_person else 0
        number = self.form.format(
            area=place.code,
            place=place.name,
            mark=place.short[0],
            city=place.city[0],
            day=day,
            n=n,
            code=holder.code,
            grade=f"{tail % 6 + 1}{tail % 4 + 1}",
        )
        if not self.checked:
            return number
        return number + str(mod_11_10.calc_check_digit("".join(filter(str.isdigit, number))))


@cache
def _code(department: str, name: str) -> str:
    place = sum(map(ord, name)) % 1000
    return uscc("11", "100000", _DEFINERS[department]) + f"{place:03}"


SORTS: tuple[Sort, ...] = (
    Sort("食品经营许可证", "market", "firm", 5, 16, "JY1{area}{n:06}", checked=True),
    Sort("食品生产许可证", "market", "firm", 5, 3, "SC106{area}{n:04}", checked=True),
    Sort("药品经营许可证", "market", "firm", 5, 3, "苏DA{area}{n:05}"),
    Sort("特种设备使用登记证", "market", "firm", 0, 6, "容15苏{area}({day:%y})-{n:05}"),
    Sort("营业执照", "market", "firm", 0, 6, "{code}"),
    Sort("不动产权证书", "land", "owners", 0, 18, "苏({day:%Y}){place}不动产权第{n:07}号"),
    Sort("建设工程规划许可证", "land", "firm", 2, 3, "建字第{area}{day:%Y}{n:05}号"),
    Sort("居住证", "police", "person", 1, 5, "{code}"),
    Sort("机动车驾驶证", "police", "person", 10, 4, "{code}"),
    Sort("特种行业许可证", "police", "firm", 0, 3, "{mark}公特字第{day:%Y}-{n:04}号"),
    Sort("卫生许可证", "health", "firm", 4, 5, "苏{mark}卫公证字[{day:%Y}]第{n:06}号"),
    Sort("健康证明", "health", "person", 1, 4, "{area}{day:%y}{n:06}"),
    Sort("道路运输经营许可证", "transport", "firm", 4, 4, "苏交运管许可{city}字{area}{n:06}号"),
    Sort("道路运输从业资格证", "transport", "person", 6, 3, "{code}"),
    Sort("户外广告设置许可证", "city", "firm", 1, 4, "{day:%Y}-{n:07}"),
    Sort("排水许可证", "city", "firm", 5, 3, "苏{day:%Y}字第{n:04}号"),
    Sort("人力资源服务许可证", "labour", "firm", 5, 2, "({day:%Y})第{n:04}号"),
    Sort("社会保障卡", "labour", "person", 0, 3, "{code}"),
    Sort("残疾人证", "disabled", "person", 10, 1, "{code}{grade}"),
    Sort("危险化学品经营许可证", "safety", "firm", 3, 2, "苏{mark}危化经字[{day:%Y}]{n:05}"),
    Sort("安全生产许可证", "safety", "firm", 3, 2, "(苏)WH安许证字[{day:%Y}]{n:05}"),
)
