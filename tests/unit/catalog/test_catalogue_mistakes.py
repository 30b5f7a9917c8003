"""A catalogue full of mistakes: each is told, with its file and line, and all at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from site_examples import Told

from catalog.loader import JIANGSU, load_catalog
from catalog.schemas import PACKAGED, SchemaFolder
from exchange.errors import ConfigError

FILES = {
    "divisions.csv": """\
code,name,level,parent,valid_from,valid_to
320000000000,江苏省,province,,,
3201,南京市,city,320000000000,,
320600000000,南通市,city,329900000000,,
320684000000,海门市,county,320000000000,,2020-07-03
320684000000,海门区,county,320000000000,2020-07-01,
320685000000,海安市,county,320000000000,2020-07-01,2019-01-01
320500000000,苏州市,shi,320000000000,,
320700000000,连云港市,city,320684000000,,
320800000000,淮安市,city
""",
    "division_aliases.csv": """\
alias,code,reason
320571000000,320576000000,工业园区
320600000000,320685000000,不对
320571000000,320685000000,重复
""",
    "holidays.csv": """\
first,last,kind,name,notice,confirmed
2024-01-01,2024-01-01,off,元旦,通知,true
2024-02-10,2024-02-09,off,春节,通知,true
2024-01-01,2024-01-03,work,元旦,通知,true
2026-01-01,2026-01-01,half,元旦,通知,true
2026-01-02,2026-01-02,off,元旦,通知,true
""",
    "issuers.csv": """\
code,name,successor,since,basis
,某局,113205000141492526,,
,,113205000141492526,,方案
""",
    "registrations.csv": """\
code,uscc
320507000045918,113205000141492527
""",
    "id_prefixes.csv": """\
prefix,name,last_year
320103,白下区,2012
3201,南京,
320103,白下,2013
""",
    "code_tables.yaml": """\
- id: yes-no
  title: 是否
  source: here
  codes:
    "0": [否, "No"]
    "1": [是]
- id: outcome
  title: 结果
  source: here
  codes: {"0": [准予, Granted]}
- id: outcome
  title: 结果
  sauce: here
  source: here
  codes: {"0": [准予, Granted]}
- id: outcome
  title: 结果
  source: here
  codes: {"0": [准予, Granted]}
""",
    "items.csv": """\
catalog_code,version,name,type,department,levels,by_law,promise_day,local_only,certificate,valid_from,valid_to
000131001000,1,公司设立登记,01,市场监管,city county,《条例》,5,,营业执照,2016-01-01,2022-03-02
000131001000,2,公司设立登记,01,市场监管,city county,《条例》,3,,营业执照,2022-03-01,
000131002000,1,个体登记,1,市场监管,village,,-3,perhaps,,someday,
000131003000,1,甲,01,市场监管,city,《条例》,5,,,2016-01-01,2017-01-01
000131003000,1,乙,01,市场监管,city,《条例》,5,,,2017-01-01,
""",
}


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_mistakes_of_all_tables_are_told_at_once(spoiled: Path, told: Told) -> None:
    found = told(lambda: load_catalog(spoiled, SchemaFolder(spoiled)))
    expected = {
        "divisions.csv:3": "“code”的写法不对",
        "divisions.csv:4": "没有上级区划 329900000000",
        "divisions.csv:6": "320684000000 的有效期与另一版本重叠",
        "divisions.csv:7": "320685000000 的有效期止早于有效期起",
        "divisions.csv:8": "“level”只能是",
        "divisions.csv:9": "级别不高于",
        "divisions.csv:10": "应有 6 列，实为 3 列",
        "division_aliases.csv:2": "没有区划 320576000000",
        "division_aliases.csv:3": "320600000000 是现行区划",
        "division_aliases.csv:4": "别名 320571000000 重复",
        "code_tables.yaml:6": "缺少",
        "code_tables.yaml:13": "不认识的设置“sauce”",
        "code_tables.yaml:16": "代码表 outcome 重复",
        "holidays.csv:3": "止早于起",
        "holidays.csv:4": "与另一段重叠",
        "holidays.csv:5": "“kind”只能是",
        "holidays.csv:6": "2024 年与 2026 年之间缺少年份",
        "issuers.csv:2": "缺少“basis”",
        "issuers.csv:3": "至少填一个",
        "registrations.csv:2": "不是正确的统一社会信用代码",
        "id_prefixes.csv:3": "“prefix”的写法不对",
        "id_prefixes.csv:4": "320103 重复",
        "items.csv:3": "000131001000 的有效期与另一版本重叠",
        "items.csv:4": "“type”的写法不对",
        "items.csv:6": "版本 1 重复",
    }
    assert set(found) == set(expected)
    assert {place: text for place, text in expected.items() if text not in found[place]} == {}
    for part in ("by_law", "promise_day", "local_only", "valid_from"):
        assert f"“{part}”" in found["items.csv:4"]
    assert "“levels”只能是" in found["items.csv:4"]


def test_a_wrong_header_and_a_missing_file_are_told(spoiled: Path, told: Told) -> None:
    (spoiled / "items.csv").write_text("code;name\n", encoding="utf-8")
    (spoiled / "divisions.csv").unlink()
    (spoiled / "code_tables.yaml").write_bytes("是".encode("gb18030"))
    found = told(lambda: load_catalog(spoiled, SchemaFolder(spoiled)))
    assert "表头应为" in found["items.csv:1"]
    assert "无法读取文件" in found["divisions.csv:1"]
    assert "无法读取文件" in found["code_tables.yaml:1"]


SPOILED_SCHEMA = {
    "title": "样例",
    "x-key": ["number", "nummer"],
    "x-references": [{"fields": ["number"], "dataset": "case_basis", "to": ["project_no"]}],
    "properties": {
        "number": {"title": "编号", "type": "string"},
        "outcome": {"title": "结果", "type": "string", "enum": ["0", "8"], "x-codes": "outcome"},
        "colour": {"title": "编号", "type": "string", "x-codes": "colours"},
    },
}


def test_a_schema_s_keywords_name_what_there_is(tmp_path: Path, told: Told) -> None:
    path = tmp_path / "sample" / "1.json"
    path.parent.mkdir()
    path.write_text(json.dumps(SPOILED_SCHEMA, ensure_ascii=False, indent=1), encoding="utf-8")
    found = told(lambda: load_catalog(datasets=SchemaFolder(PACKAGED, tmp_path)))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert {(lines[int(place.rpartition(":")[2]) - 1].strip(), text) for place, text in found.items()} == {
        ('"nummer"', "没有字段“nummer”"),
        ('"dataset": "case_basis",', "没有数据集“case_basis”"),
        ('"outcome": {', "字段“outcome”的代码 8 不在代码表“outcome”中"),
        ('"x-codes": "colours"', "没有代码表“colours”"),
        ('"title": "编号",', "中文列名“编号”重复"),
    }


def test_a_copy_of_the_packaged_catalogue_loads_from_any_folder(tmp_path: Path) -> None:
    shutil.copytree(JIANGSU, tmp_path / "copy")
    assert load_catalog(tmp_path / "copy").items == load_catalog().items


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    shutil.copytree(JIANGSU, tmp_path / "copy")
    path = tmp_path / "copy" / "items.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_catalog(tmp_path / "copy").items == load_catalog().items


@pytest.mark.parametrize(
    ("file", "content", "text"),
    [
        ("sample/one.json", "{}", "版本号"),
        ("sample/1.json", "{", "不是有效的 JSON"),
        ("sample/1.json", "[]", "title"),
        ("case_basic/1.json", "{}", "已发布的版本不能修改"),
    ],
)
def test_a_folder_that_holds_no_good_schema(tmp_path: Path, file: str, content: str, text: str) -> None:
    path = tmp_path / file
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=text):
        load_catalog(datasets=SchemaFolder(PACKAGED, tmp_path))


def test_datasets_that_need_each_other_are_told(tmp_path: Path) -> None:
    for name, other in (("hen", "egg"), ("egg", "hen")):
        schema = {
            "title": name,
            "x-key": ["n"],
            "properties": {"n": {"title": "编号"}},
            "x-references": [{"fields": ["n"], "dataset": other, "to": ["n"]}],
        }
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.json").write_text(json.dumps(schema), encoding="utf-8")
    with pytest.raises(ConfigError, match="互相引用"):
        SchemaFolder(tmp_path).names()


def test_the_newest_revision_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "sample").mkdir()
    for revision in (2, 10):
        schema = {"title": f"第{revision}版", "x-key": ["n"], "properties": {"n": {"title": "编号"}}}
        (tmp_path / "sample" / f"{revision}.json").write_text(json.dumps(schema), encoding="utf-8")
    folder = SchemaFolder(tmp_path)
    assert folder.get("sample").title == "第10版"
    assert folder.get("sample", 2).title == "第2版"
    with pytest.raises(ConfigError, match="sample/1"):
        folder.get("sample", 1)
    with pytest.raises(ConfigError, match="others"):
        folder.get("others")
