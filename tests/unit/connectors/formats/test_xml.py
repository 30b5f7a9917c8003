"""XML records are what ElementTree sees, whatever the encoding, and cost no more memory than one of them."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.formats import read
from exchange.model.findings import Finding
from exchange.model.format import FormatSpec
from exchange.model.row import Row

HOSTILE = Path(__file__).parents[3] / "fixtures" / "hostile"
MIB = 1 << 20


def rows(path: Path, **settings: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a format's settings
    return [dict(each.cells) for each in read(path, FormatSpec("xml", **settings)) if isinstance(each, Row)]


def test_paths_attributes_and_text() -> None:
    first, second, third = rows(HOSTILE / "typical.xml", record="data/办件")
    assert first == {
        "@id": "1",
        "基本信息/SBLSH": "XM001",
        "基本信息/申请人": "张三",
        "基本信息/申请人/@类型": "自然人",
        "说明": "<同意> & 办结",
    }
    assert second == {"@id": "2", "基本信息/SBLSH": "XM002", "基本信息/申请人": ""}
    assert third["基本信息/SBLSH"] == ["XM003", "XM004"]


def test_without_a_record_setting_each_child_of_the_root_is_one() -> None:
    assert rows(HOSTILE / "gbk.xml") == [{"编号": "1", "姓名": "张𠀀"}]
    assert rows(HOSTILE / "typical.xml")[0] == {".": "3"}


def test_a_record_within_a_record_belongs_to_the_outer_one(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<d><r><a>1</a><r><a>2</a></r></r><r>text<a>3</a></r></d>")
    assert rows(tmp_path / "a.xml", record="r") == [{"a": "1", "r/a": "2"}, {".": "text", "a": "3"}]


names = st.sampled_from(["SBLSH", "申请人", "a", "b"])
text = st.text(st.sampled_from("ab <>&\"'张𠀀\n\t；]"), max_size=6)
leaf = st.builds(lambda tag, value, attributes: (tag, attributes, value), names, text, st.dictionaries(names, text))
inner = st.builds(lambda tag, content: (tag, {}, content), names, st.lists(leaf, min_size=1, max_size=3))


def element(tag: str, attributes: dict[str, str], content: Any) -> ET.Element:  # noqa: ANN401 - text or children
    made = ET.Element(tag, attributes)
    if isinstance(content, str):
        made.text = content
    else:
        made.extend(element(*each) for each in content)
    return made


def cells(record: ET.Element, above: str = "") -> list[tuple[str, str]]:
    """Every path and value of a record, as ElementTree has them."""
    found = [(f"{above}@{name}", value) for name, value in record.attrib.items()]
    for child in record:
        if not len(child):
            found.append((f"{above}{child.tag}", child.text or ""))
        found += cells(child, f"{above}{child.tag}/")
    return found


@given(
    records=st.lists(st.lists(leaf | inner, max_size=4), max_size=4),
    encoding=st.sampled_from(["utf-8", "gb18030", "GBK", "gb2312"]),
    indent=st.booleans(),
)
def test_records_are_what_elementtree_sees(
    records: list[list[Any]], encoding: str, indent: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = element("data", {}, [("row", {}, each) for each in records])
    if indent:
        ET.indent(root)
    path = tmp_path_factory.getbasetemp() / "any.xml"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    written = ET.tostring(root, encoding="unicode")
    path.write_bytes((declared + written).encode("gb18030" if encoding != "utf-8" else "utf-8"))
    parsed = ET.fromstring(written)  # noqa: S314 - written by the line above
    flat = [
        [(name, one) for name, value in row.items() for one in (value if isinstance(value, list) else [value])]
        for row in rows(path, record="row")
    ]
    assert [sorted(each) for each in flat] == [sorted(cells(each)) for each in parsed]


@pytest.fixture
def peak() -> Any:  # noqa: ANN401
    """The most memory that Python held since the test began, in MiB; the parser's own is not among it."""
    tracemalloc.start()
    yield lambda: tracemalloc.get_traced_memory()[1] / MIB
    tracemalloc.stop()


def codes(path: Path, record: str | None = None) -> list[str]:
    return [each.code for each in read(path, FormatSpec("xml", record=record)) if isinstance(each, Finding)]


def test_memory_does_not_grow_with_the_file(tmp_path: Path, peak: Any) -> None:  # noqa: ANN401
    path = tmp_path / "many.xml"
    path.write_text("<d>" + f"<r><a>{'x' * 1000}</a></r>\n" * 20_000 + "</d>")
    tracemalloc.reset_peak()
    assert sum(isinstance(each, Row) for each in read(path, FormatSpec("xml"))) == 20_000
    assert peak() < 12


@pytest.mark.parametrize(
    "content",
    [
        "<d><r><a>" + "x" * (17 * MIB),
        "<d><r>" + "<a/>" * (2 * MIB),
        "<d><r><a>" + "x" * MIB + "</a><b>" + "y" * (16 * MIB),
        '<d><r a="' + "x" * (40 * MIB),
        "<d><r " + "".join(f'a{at}="" ' for at in range(3 * MIB)),
    ],
    ids=["text", "elements", "two cells", "attribute", "attributes"],
)
def test_a_record_without_end(tmp_path: Path, content: str) -> None:
    path = tmp_path / "endless.xml"
    path.write_text(content)
    assert codes(path, "r") == ["E007"]


def test_a_cell_over_the_limit_costs_its_row_only(tmp_path: Path) -> None:
    path = tmp_path / "cell.xml"
    path.write_text("<d><r><a>1</a></r><r><a>" + "x" * (MIB + 1) + "</a></r><r><a>3</a></r></d>")
    found = list(read(path, FormatSpec("xml")))
    assert [(each.number if isinstance(each, Row) else (each.row, each.code)) for each in found] == [1, (2, "E054"), 3]


@given(content=st.text(st.sampled_from("<>/ab&;\"'=!? \n张"), max_size=60) | st.binary(max_size=60))
def test_no_document_raises_an_exception(content: str | bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "soup.xml"
    path.write_bytes(content if isinstance(content, bytes) else f"<d><r>{content}</r></d>".encode())
    found = list(read(path, FormatSpec("xml")))
    assert all(isinstance(each, Row) or each.row is not None for each in found[:-1])
