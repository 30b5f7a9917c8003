"""What readers get: whole files only, undisturbed, in Chinese, and without personal data."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest
from support.rows import COMPANY, basic, licence, process, result
from support.site import CITY, COUNTY, DATASETS, TinySite, make_site

from exchange.flows.publish import publish
from exchange.model.served import ABOUT
from exchange.store.snapshot import current_snapshot

PERSON = {
    "applyer_name": "欧阳测试者",
    "applyer_page_code": "440524188001010014",
    "contact_name": "司马联系人",
    "contact_type": "111",
    "contact_code": "34052419800101001X",
    "contact_mobile": "13912345678",
    "legal": "诸葛法人",
    "address": "江苏省苏州市姑苏区人民路一百二十三号",
    "handle_user_name": "上官经办人",
}
HOLDER = {
    "certificate_number": "440524188001010014",
    "certificate_holder": "欧阳持证人",
    "certificate_holder_code": "34052419800101001X",
    "certificate_holder_type": "111",
}
CLERKS = ("皇甫办事员", "东方审批员")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> TinySite:
    site = make_site(tmp_path_factory.mktemp("snapshots") / "site", keep_snapshots=3)
    site.drop(
        "cs-a",
        "case_basic",
        [basic("P1", **PERSON), basic("P2", applyer_type="2", applyer_page_type="001", applyer_page_code=COMPANY)],
    )
    site.drop("cs-a", "case_process", [process("P1", 1, handle_user_name=CLERKS[0])])
    site.drop("cs-a", "case_result", [result("P1", handle_user_name=CLERKS[1])])
    site.drop("cs-a", "licence", [licence("x", **HOLDER), licence("苏1号")])
    site.drop("sz-b", "licence", [licence("苏1号", 5)])
    assert site.round() == []
    return site


def current(site: TinySite, node: str = CITY) -> Path:
    path = current_snapshot(site.settings.home.node(node))
    assert path is not None
    return path


def ask(path: Path, sql: str, *values: object) -> list[tuple[object, ...]]:
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        return connection.execute(sql, list(values)).fetchall()


def text_values(path: Path) -> Iterator[tuple[str, str, str]]:
    columns = (
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = current_database() AND NOT internal AND data_type = 'VARCHAR'"
    )
    with closing(duckdb.connect(str(path), read_only=True)) as connection:
        for table, column in connection.execute(columns).fetchall():
            query = f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'
            for (value,) in connection.execute(query).fetchall():
                yield table, column, value


@pytest.mark.parametrize("node", [CITY, COUNTY])
def test_no_whole_name_number_phone_or_address_of_a_person_is_in_any_text_column(
    published: TinySite, node: str
) -> None:
    secrets = {*PERSON.values(), *HOLDER.values(), *CLERKS} - {"111"}
    values = list(text_values(current(published, node)))
    assert len(values) > 300
    assert [(t, c, v) for t, c, v in values if any(secret in v for secret in secrets)] == []
    # the masks leave something: it is there, and it is masked
    masked = {
        v for t, c, v in values if (t, c) in {("case_basic", "applyer_page_code"), ("case_basic", "contact_mobile")}
    }
    assert {"440***************", "*********78"} <= masked


def test_nor_are_they_anywhere_in_the_bytes_of_the_file(published: TinySite) -> None:
    content = current(published).read_bytes()
    assert "办件基本信息".encode() in content
    assert [each for each in (*PERSON.values(), *CLERKS) if len(each) > 3 and each.encode() in content] == []


def test_a_credit_code_of_an_organisation_is_public(published: TinySite) -> None:
    assert ask(current(published), "SELECT applyer_page_code FROM case_basic WHERE project_no = 'P2'") == [(COMPANY,)]


def test_tables_are_named_after_the_datasets_with_chinese_views_over_them(published: TinySite) -> None:
    path = current(published)
    tables = {row[0] for row in ask(path, "SELECT table_name FROM duckdb_tables() WHERE NOT internal")}
    views = {row[0] for row in ask(path, "SELECT view_name FROM duckdb_views() WHERE NOT internal")}
    assert set(DATASETS) <= tables
    assert {dataset.title for dataset in DATASETS.values()} | {"快照信息", "数据字典"} <= views
    for dataset in DATASETS.values():
        ours, theirs = (ask(path, f'SELECT * FROM "{name}" ORDER BY ALL') for name in (dataset.name, dataset.title))
        assert ours == theirs


def test_every_column_has_a_chinese_comment_and_a_line_in_the_dictionary(published: TinySite) -> None:
    path = current(published)
    for name, dataset in DATASETS.items():
        comments = dict(ask(path, "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = ?", name))
        dictionary = dict(ask(path, 'SELECT "列名", "中文列名" FROM "数据字典" WHERE "表名" = ?', name))
        assert set(comments) == set(dictionary) >= set(dataset.field_names)
        for field in dataset.fields:
            assert comments[field.name] == dictionary[field.name] == field.title
    assert ask(path, "SELECT comment FROM duckdb_tables() WHERE table_name = 'licence'") == [("电子证照",)]


def test_the_dictionary_says_which_columns_are_masked(published: TinySite) -> None:
    rows = ask(current(published), 'SELECT "列名" FROM "数据字典" WHERE "表名" = \'case_basic\' AND "已脱敏"')
    assert {row[0] for row in rows} == {field.name for field in DATASETS["case_basic"].fields if field.pii}


def test_the_snapshot_says_when_it_was_made_from_what_and_whether_it_balanced(published: TinySite) -> None:
    rows = ask(
        current(published),
        'SELECT "节点", "节点名称", "下级节点", "数据包序号", "对账记录数", "对账一致" FROM "快照信息"',
    )
    assert rows == [(CITY, "苏州市", COUNTY, 1, 6, True)]
    assert ask(current(published, COUNTY), 'SELECT "下级节点", "对账一致" FROM "快照信息"') == [(None, None)]


def test_a_licence_shows_how_many_claims_speak_of_it(published: TinySite) -> None:
    assert ask(current(published), "SELECT claims FROM licence WHERE certificate_number LIKE '苏1%'") == [(2,)]


def test_a_snapshot_cannot_be_written_by_anyone_and_old_ones_are_kept_by_policy(published: TinySite) -> None:
    folder = published.settings.home.node(COUNTY).snapshots
    with published.work(COUNTY) as work:
        made = [publish(work).name for _ in range(5)]
    assert sorted(path.name for path in folder.glob("*.duckdb")) == made[-3:]
    assert current(published, COUNTY).name == made[-1]
    assert {path.stat().st_mode & 0o222 for path in folder.glob("*.duckdb")} == {0}
    assert (folder / "current").readlink() == Path(made[-1])


def test_a_reader_with_an_old_snapshot_open_is_not_disturbed(published: TinySite) -> None:
    path = current(published, COUNTY)
    with closing(duckdb.connect(str(path), read_only=True)) as reader:
        before = reader.execute("SELECT count(*), max(row_guid) FROM case_basic").fetchall()
        with published.work(COUNTY) as work:
            for _ in range(4):
                publish(work)
        assert not path.exists()
        assert reader.execute("SELECT count(*), max(row_guid) FROM case_basic").fetchall() == before
        assert reader.execute("SELECT count(*) FROM division").fetchall()[0][0] > 1000


READER = """
import sys, duckdb, pathlib
folder, reads, names = pathlib.Path(sys.argv[1]), 0, set()
while not (folder / ".stop").exists():
    with duckdb.connect(str((folder / "current").resolve()), read_only=True) as connection:
        tables = connection.execute("SELECT count(*) FROM duckdb_tables() WHERE NOT internal").fetchall()[0][0]
        rows = connection.execute("SELECT count(*) FROM division").fetchall()[0][0]
        records = connection.execute("SELECT count(*) FROM case_basic").fetchall()[0][0]
    assert (tables, records) == (int(sys.argv[2]), 2) and rows > 1000, (tables, rows, records)
    names.add((folder / "current").resolve().name)
    reads += 1
print(reads, len(names))
"""


def test_no_reader_ever_sees_a_half_written_snapshot(published: TinySite) -> None:
    folder = published.settings.home.node(COUNTY).snapshots
    command = [sys.executable, "-c", READER, str(folder), str(len(DATASETS) + len(ABOUT))]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with published.work(COUNTY) as work:
            for _ in range(8):
                publish(work)
    finally:
        (folder / ".stop").touch()
        out, error = reader.communicate(timeout=60)
        (folder / ".stop").unlink()
    assert reader.returncode == 0, error
    reads, names = map(int, out.split())
    assert reads > 3
    assert names > 1


def test_what_a_killed_run_left_unfinished_is_swept_away(published: TinySite) -> None:
    folder = published.settings.home.node(COUNTY).snapshots
    for name in (".x.duckdb.tmp", ".x.duckdb.tmp.wal"):
        (folder / name).write_bytes(b"half")
    with published.work(COUNTY) as work:
        publish(work)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_personal_data_is_shown_when_the_site_says_so(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", nodes=(COUNTY,), sources={"cs-a": COUNTY}, mask=False)
    site.drop("cs-a", "case_basic", [basic("P1", **PERSON)])
    site.round()
    assert ask(current(site, COUNTY), "SELECT contact_mobile FROM case_basic") == [("13912345678",)]


def test_what_the_parent_shares_is_served_beside_the_nodes_own_and_masked_like_it(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site")
    old, new = {**HOLDER, "certificate_holder": "欧阳旧名称"}, {**HOLDER, "certificate_name": "新名称"}
    site.drop("cs-a", "licence", [licence("x", 1, **old)])
    site.drop("sz-b", "licence", [licence("x", 5, **new)])
    assert site.round() == []
    path = current(site, COUNTY)
    shown = ask(path, 'SELECT "证照名称", "持证主体", "主记录所属节点", "申报次数" FROM "证照回流"')
    assert shown == [("新名称", "欧****", CITY, 2)]
    assert ask(path, "SELECT certificate_name FROM licence") == [("营业执照",)]
    sql = 'SELECT "字段名称", "本级的值", "上级的值", "采用的来源", "更正节点" FROM "上级更正" ORDER BY "字段"'
    assert ask(path, sql) == [
        ("持证主体", "欧****", "欧****", "sz-b", CITY),
        ("证照名称", "营业执照", "新名称", "sz-b", CITY),
    ]
    for (reason,) in ask(path, 'SELECT "原因" FROM "上级更正"'):
        assert str(reason).startswith("采用苏州市的来源“来源sz-b”的记录：")
    # the id leads from a correction to the node's own record, and from there to its rows
    joined = "SELECT count(*) FROM licence_correction c JOIN licence l USING (licence_id) JOIN licence_shared s "
    assert ask(path, f"{joined} ON s.licence_id = c.shared_id") == [(2,)]
    names = ask(path, "SELECT DISTINCT view_name FROM data_dictionary WHERE table_name = 'licence_shared'")
    assert names == [("证照回流",)]
    secrets = {*old.values(), *new.values()} - {"111", "新名称"}
    assert [value for _, _, value in text_values(path) if any(secret in value for secret in secrets)] == []
