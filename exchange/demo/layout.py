"""The demo's site: eleven nodes, nineteen departments' systems, each with ways of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exchange.demo.identifiers import uscc

Naming = Literal["chinese", "pinyin", "english"]
CodeSet = Literal["plain", "words", "vendor"]
Way = Literal["folder", "marker", "sftp-password", "sftp-key"]

PROVINCE = "320000000000"
NANJING, SUZHOU = "320100000000", "320500000000"
JIANGNING, PARK, CHANGSHU = "320115000000", "320576000000", "320581000000"
DONGSHAN, MOLING, WEITING, MEILI, DONGBANG = (
    *("320115001000", "320115002000", "320576052000"),
    *("320581101000", "320581107000"),
)
NODES = (PROVINCE, NANJING, SUZHOU, JIANGNING, PARK, CHANGSHU, DONGSHAN, MOLING, WEITING, MEILI, DONGBANG)


@dataclass(frozen=True, slots=True)
class Form:
    """How a system writes its files. `declared` is the encoding that its contract names, `encoding` the one it uses."""

    kind: Literal["csv", "excel", "json"]
    extension: str
    encoding: str = "utf-8"
    declared: Literal["auto", "utf-8", "gb18030"] = "auto"
    delimiter: str = ","
    titles: int = 0
    notes: bool = False
    array: bool = False
    line_end: str = "\r\n"


GB_TITLED = Form("csv", "csv", "gb18030", titles=2)
GB = Form("csv", "csv", "gb18030", "gb18030")
GB_TABS = Form("csv", "txt", "gb18030", delimiter="\t")
UTF8 = Form("csv", "csv", line_end="\n")
BOM = Form("csv", "csv", "utf-8-sig")
STRICT = Form("csv", "csv", declared="utf-8", delimiter=";")
PIPES = Form("csv", "dat", delimiter="|", line_end="\n")
EXCEL = Form("excel", "xlsx", titles=1, notes=True)
LINES = Form("json", "jsonl", line_end="\n")
ARRAY = Form("json", "json", array=True, line_end="\n")


@dataclass(frozen=True, slots=True)
class System:
    """One department's system.

    `feeds` are in the contract's order, in which the hub takes the files: where progress or results stand before the
    basics, their rows wait. `cases` and `licences` are shares of a demo of 20,000 cases. `shares_with` is the system
    that also reports some of its licences, `results_of` the one whose cases it settles.
    """

    id: str
    body: str
    node: str
    department: str
    form: Form
    naming: Naming
    codes: CodeSet
    feeds: tuple[str, ...]
    cases: int
    licences: int = 0
    shares_with: str | None = None
    results_of: str | None = None
    way: Way = "folder"

    @property
    def code(self) -> str:
        """The body's USCC."""
        serial = "0" * 5 + f"{sum(map(ord, self.id)) % 1000:03}"
        return uscc("11", self.node[:6], serial)

    @property
    def place(self) -> str:
        """The name of its division, as it stands in addresses."""
        return _PLACES[self.node]

    @property
    def thin(self) -> bool:
        """Whether its files leave the envelope to the contract: a spreadsheet kept by hand has no operation column."""
        return self.form.kind == "excel"


_PLACES = {
    PROVINCE: "南京市",
    NANJING: "南京市",
    SUZHOU: "苏州市",
    JIANGNING: "南京市江宁区",
    PARK: "苏州工业园区",
    CHANGSHU: "常熟市",
    DONGSHAN: "南京市江宁区东山街道",
    MOLING: "南京市江宁区秣陵街道",
    WEITING: "苏州工业园区唯亭街道",
    MEILI: "常熟市梅李镇",
    DONGBANG: "常熟市董浜镇",
}
_B, _P, _S, _M, _R, _L = "case_basic", "case_process", "case_special", "case_material", "case_result", "licence"

SYSTEMS = (
    System("js-ga", "江苏省公安厅", PROVINCE, "公安", UTF8, "english", "plain", (_P, _B, _R), 1500),
    System("js-zrzy", "江苏省自然资源厅", PROVINCE, "自然资源", ARRAY, "english", "plain", (_L,), 0, 60),
    System(
        "nj-scjg",
        "南京市市场监督管理局",
        NANJING,
        "市场监管",
        GB_TITLED,
        "chinese",
        "words",
        (_B, _P, _R, _L),
        2400,
        1300,
    ),
    System("nj-mz", "南京市民政局", NANJING, "民政", EXCEL, "chinese", "words", (_R, _B), 600),
    System(
        "nj-rs",
        "南京市人力资源和社会保障局",
        NANJING,
        "人社",
        PIPES,
        "pinyin",
        "vendor",
        (_P, _B, _R),
        2000,
        way="sftp-key",
    ),
    System(
        *(
            "sz-scjg",
            "苏州市市场监督管理局",
            SUZHOU,
            "市场监管",
            GB,
            "english",
            "plain",
            (_P, _B, _R, _M, _L),
            3200,
            1500,
        ),
        way="sftp-password",
    ),
    System(
        *(
            "sz-zrzy",
            "苏州市自然资源和规划局",
            SUZHOU,
            "自然资源",
            LINES,
            "english",
            "plain",
            (_B, _P, _S, _R, _L),
            2300,
            2200,
        ),
        shares_with="js-zrzy",
    ),
    System("sz-ga", "苏州市公安局", SUZHOU, "公安", BOM, "chinese", "words", (_B, _R, _L), 1600, 800),
    System(
        *(
            "jn-scjg",
            "南京市江宁区市场监督管理局",
            JIANGNING,
            "市场监管",
            UTF8,
            "chinese",
            "plain",
            (_L, _B, _P, _R),
            1400,
            1300,
        ),
        shares_with="nj-scjg",
    ),
    System(
        "jn-rs", "南京市江宁区人力资源和社会保障局", JIANGNING, "人社", LINES, "pinyin", "vendor", (_P, _R, _B), 1000
    ),
    System("sip-zwfw", "苏州工业园区行政审批局", PARK, "市场监管", GB_TABS, "chinese", "vendor", (_P, _B, _R), 1400),
    System(
        *("sip-swj", "国家税务总局苏州工业园区税务局", PARK, "税务", STRICT, "pinyin", "plain", (_B, _R), 700),
        results_of="sip-zwfw",
    ),
    System(
        *("cs-scjg", "常熟市市场监督管理局", CHANGSHU, "市场监管", EXCEL, "chinese", "words", (_L, _B, _R), 400, 500),
        shares_with="sz-scjg",
    ),
    System("cs-mz", "常熟市民政局", CHANGSHU, "民政", GB, "pinyin", "plain", (_B, _P, _R), 700),
    System("ds-mz", "南京市江宁区东山街道办事处", DONGSHAN, "民政", EXCEL, "chinese", "words", (_B, _R), 200),
    System("ml-mz", "南京市江宁区秣陵街道办事处", MOLING, "民政", BOM, "chinese", "words", (_P, _B, _R), 300),
    System(
        *("wt-ga", "苏州工业园区唯亭街道办事处", WEITING, "公安", UTF8, "pinyin", "plain", (_B, _R, _L), 600, 900),
        shares_with="sz-ga",
        way="marker",
    ),
    System("meili-rs", "常熟市梅李镇人民政府", MEILI, "人社", ARRAY, "english", "plain", (_B, _P, _R), 300),
    System("db-mz", "常熟市董浜镇人民政府", DONGBANG, "民政", GB_TITLED, "chinese", "plain", (_B, _R), 200),
)
BY_ID = {system.id: system for system in SYSTEMS}
