"""A site full of mistakes: each is told, with its file and line, and all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from site_examples import CONTRACT, Told

from catalog.catalogue import Catalog
from catalog.loader import load_site

SPOILED_SITE = """\
title: 测试站点
nodes:
  - "320500000000"
  - "329999000000"
  - "320576050000"
  - "320571000000"
  - "320100000000"
  - "320500000000"
masks: true
keep_snapshots: 0
mask: perhaps
"""
SPOILED_CONTRACT = """\
id: sz-market
title: 苏州市场监管
node: "320583000000"
department: 市场监管
departments: 市场监管
connector: {path: departments/sz-market}
feeds:
  - dataset: case_material
    files: "material*.csv"
    format: {kind: csv}
    mapping:
      project_no: 办件编号
      material_nam: 材料名称
      row_guid: 办件编号
      cd_operation: {constant: "N"}
      cd_time: 更新时间
      cd_batch: 批次
      cd_batch: 批次号
      data_source: {constant: "1"}
    codes:
      get_type: {纸质: "1"}
      get_nr: {一: "1"}
      cd_operation:
        新: I
        旧: O
  - dataset: case_matter
    files: "*.csv"
    format: {kind: csv}
    mapping: {project_no: 办件编号}
  - dataset: case_material
    revision: 9
    files: "*.csv"
    format: {kind: csv}
    mapping: {project_no: 办件编号}
"""


def spoil(site: Path, source: str = SPOILED_CONTRACT, settings: str | None = None) -> None:
    (site / "sources" / "sz-market.yaml").write_text(source, encoding="utf-8")
    if settings is not None:
        (site / "site.yaml").write_text(settings, encoding="utf-8")


def test_mistakes_of_all_files_are_told_at_once(site: Path, jiangsu: Catalog, told: Told) -> None:
    spoil(site, SPOILED_CONTRACT.replace("departments: 市场监管\n", ""), SPOILED_SITE)
    (site / "sources" / "zz-twice.yaml").write_text(CONTRACT, encoding="utf-8")
    (site / "sources" / "zz-broken.yaml").write_text("id: a\ntitle: [b\nnode: c\n", encoding="utf-8")
    found = told(lambda: load_site(site, jiangsu))
    assert set(found) == {
        *(f"site.yaml:{line}" for line in (1, 9, 10, 11)),
        *(f"sources/sz-market.yaml:{line}" for line in (3, 5, 10, 12, 14, 17, 20, 21, 24, 25, 29, 30, 31)),
        "sources/zz-broken.yaml:3",
        "sources/zz-twice.yaml:1",
    }


def test_each_mistake_of_a_contract_stands_at_its_line(site: Path, jiangsu: Catalog, told: Told) -> None:
    spoil(site, SPOILED_CONTRACT.replace("departments: 市场监管\n", ""))
    found = told(lambda: load_site(site, jiangsu))
    lines = {int(place.rpartition(":")[2]): message for place, message in found.items()}
    expected = {
        3: "没有节点 320583000000",
        5: "kind",
        10: "material_name",
        12: "没有字段“material_nam”",
        14: "“N”不是字段 cd_operation",
        17: "“cd_batch”重复出现",
        20: "get_type 有代码对照但没有对应列",
        21: "没有字段“get_nr”",
        24: "“O”不是字段 cd_operation",
        25: "没有数据集“case_matter”",
        29: "只能有一种文件",
        30: "没有数据集“case_material/9”",
        31: "文件名模式“*.csv”重复",
    }
    assert set(lines) == set(expected)
    assert {line: text for line, text in expected.items() if text not in lines[line]} == {}
    assert "get_type" in lines[10]  # two required fields are missing


@pytest.mark.parametrize(
    ("old", "new", "line", "text"),
    [
        ("department: 市场监管", "departments: 市场监管", 4, "不认识的设置“departments”"),
        ("department: 市场监管\n", "", 1, "缺少“department”"),
        ("id: sz-market", "id: SZ", 1, "“id”的写法不对"),
        ('node: "320500000000"', "node: 320500000000", 3, "“node”应为文本"),
        ("{kind: csv}", "{kind: cvs}", 9, "“kind”只能是"),
        ("{kind: csv}", "{kind: csv, title_rows: many}", 9, "“title_rows”应为整数"),
        ("{kind: csv}", "{kind: csv, title_rows: -1}", 9, "“title_rows”不能小于 0"),
        ("{kind: csv}", "{kind: csv, record: row}", 9, "只有 kind 为 xml 时才能写 record"),
        ("{kind: csv}", "{kind: xml, record: a//b}", 9, "“a//b”不是元素名或路径"),
        ("{kind: csv}", "{kind: xml, record: 'ns:row'}", 9, "“ns:row”不是元素名或路径"),
        (
            "{kind: csv}\n    mapping:\n      project_no: 办件编号",
            "{kind: xml}\n    mapping:\n      project_no: a/@b/c",
            11,
            "“a/@b/c”不是 XML 路径",
        ),
        ('{constant: "I"}', "{konstant: I}", 15, "不认识的设置“konstant”"),
        ('{纸质: "1", 电子: "2"}', "{纸质: 1}", 20, "“纸质”应为文本"),
        ("feeds:", "feeds: []\nother:", 6, "“feeds”不能为空"),
        ("feeds:", "feeds: {}\nother:", 6, "“feeds”应为列表"),
    ],
)
def test_the_form_of_a_contract(
    site: Path, jiangsu: Catalog, told: Told, old: str, new: str, line: int, text: str
) -> None:
    assert old in CONTRACT
    spoil(site, CONTRACT.replace(old, new))
    assert text in told(lambda: load_site(site, jiangsu))[f"sources/sz-market.yaml:{line}"]


def test_a_list_is_not_called_empty_because_its_entries_are_wrong(site: Path, jiangsu: Catalog, told: Told) -> None:
    spoil(site, CONTRACT.replace("{kind: csv}", "{kind: cvs}"))
    assert list(told(lambda: load_site(site, jiangsu))) == ["sources/sz-market.yaml:9"]


def test_each_mistake_of_the_settings_stands_at_its_line(site: Path, jiangsu: Catalog, told: Told) -> None:
    spoil(site, CONTRACT, SPOILED_SITE.replace("masks: true\nkeep_snapshots: 0\nmask: perhaps\n", ""))
    found = told(lambda: load_site(site, jiangsu))
    assert {
        place: text in found[place]
        for place, text in {
            "site.yaml:1": "应只有一个最上级节点，现有 2 个：320100000000, 320500000000",
            "site.yaml:4": "没有区划 329999000000",
            "site.yaml:6": "没有区划 320571000000",  # an alias is no node
            "site.yaml:8": "节点 320500000000 重复",
        }.items()
    } == dict.fromkeys(found, True)


def test_a_folder_without_settings_is_told(tmp_path: Path, jiangsu: Catalog, told: Told) -> None:
    assert "site.yaml:1" in told(lambda: load_site(tmp_path, jiangsu))


def test_a_source_has_one_feed_a_dataset_and_no_pattern_twice(site: Path, jiangsu: Catalog, told: Told) -> None:
    feed = CONTRACT.partition("feeds:\n")[2]
    spoil(site, CONTRACT + feed.replace("material*.csv", "other*.csv"))
    assert list(told(lambda: load_site(site, jiangsu))) == ["sources/sz-market.yaml:21"]
    spoil(site, CONTRACT + feed)
    assert list(told(lambda: load_site(site, jiangsu))) == ["sources/sz-market.yaml:21", "sources/sz-market.yaml:22"]


@pytest.mark.parametrize("record", ["办件", "数据/办件", "/交换/数据/办件"])
@pytest.mark.parametrize("column", ["SBLSH", "基本信息/SXBM", "'@id'", "申请人/@类型", "'.'"])
def test_paths_that_xml_may_be_read_by(site: Path, jiangsu: Catalog, record: str, column: str) -> None:
    contract = CONTRACT.replace("{kind: csv}", f"{{kind: xml, record: {record}}}")
    spoil(site, contract.replace("project_no: 办件编号", f"project_no: {column}"))
    (source,) = (source for node in load_site(site, jiangsu).nodes for source in node.sources)
    assert source.feeds[0].format.spec().record == record
