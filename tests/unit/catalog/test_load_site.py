from __future__ import annotations

from pathlib import Path

from catalog.catalogue import Catalog
from catalog.loader import load_site


def test_a_node_s_parent_is_the_nearest_hosted_division_above_it(site: Path, jiangsu: Catalog) -> None:
    nodes = load_site(site, jiangsu).nodes
    assert [(node.code, node.name, node.level, node.parent) for node in nodes] == [
        ("320576050000", "娄葑街道", "township", "320576000000"),
        ("320576000000", "苏州工业园区", "county", "320500000000"),
        ("320115001000", "东山街道", "township", "320000000000"),
        ("320500000000", "苏州市", "city", "320000000000"),
        ("320000000000", "江苏省", "province", None),
    ]


def test_a_node_has_its_sources(site: Path, jiangsu: Catalog) -> None:
    loaded = load_site(site, jiangsu)
    assert {node.code: [source.id for source in node.sources] for node in loaded.nodes if node.sources} == {
        "320500000000": ["sz-market"]
    }
    feed = loaded.node("320500000000").sources[0].feeds[0]
    assert feed.codes["get_type"] == {"纸质": "1", "电子": "2"}
    assert loaded.top.code == "320000000000"


def test_settings_have_their_defaults_and_can_be_told(site: Path, jiangsu: Catalog) -> None:
    loaded = load_site(site, jiangsu)
    assert (loaded.title, loaded.simulated, loaded.keep_snapshots, loaded.mask) == ("测试站点", False, 5, True)
    with (site / "site.yaml").open("a", encoding="utf-8") as file:
        file.write("simulated: true\nkeep_snapshots: 2\nmask: false\n")
    told = load_site(site, jiangsu)
    assert (told.simulated, told.keep_snapshots, told.mask) == (True, 2, False)


def test_a_tab_is_a_delimiter(site: Path, jiangsu: Catalog) -> None:
    path = site / "sources" / "sz-market.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("{kind: csv}", '{kind: csv, delimiter: "\\t"}'), encoding="utf-8")
    assert load_site(site, jiangsu).node("320500000000").sources[0].feeds[0].format.spec().delimiter == "\t"
