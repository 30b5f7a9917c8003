"""What import contracts cannot say of the code: sizes, names, and what must not be in the repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("exchange", "connectors", "catalog", "dags")
CODE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_code() -> None:
    assert len(CODE) > 120


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "base", "tools"}
    found = [name(path) for path in CODE if drawers & {*path.relative_to(ROOT).parts, path.stem}]
    assert found == []


def test_no_file_is_longer_than_300_lines() -> None:
    # a list of finding kinds is data: it may be longer, it has no functions
    long = [
        name(path) for path in CODE if len(path.read_text(encoding="utf-8").splitlines()) > 300 and any(functions(path))
    ]
    assert long == []


def test_no_function_is_longer_than_50_lines() -> None:
    lengths = {
        f"{name(path)}:{each.name}": (each.end_lineno or 0) - each.lineno + 1
        for path in CODE
        for each in functions(path)
    }
    assert [place for place, length in lengths.items() if length > 50] == []
    assert sorted(lengths.values())[len(lengths) // 2] <= 10


def test_every_module_says_what_it_is() -> None:
    silent = [name(path) for path in CODE if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert silent == []


def test_no_error_is_swallowed_whole() -> None:
    """What catches everything raises it again."""
    caught = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ExceptHandler):
                names = {each.id for each in ast.walk(node.type) if isinstance(each, ast.Name)} if node.type else {""}
                raises = any(isinstance(each, ast.Raise) for each in ast.walk(node))
                if names & {"", "Exception", "BaseException"} and not raises:
                    caught.append(f"{name(path)}:{node.lineno}")
    assert caught == []


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout: what is tracked is not known")
    return [ROOT / each for each in listed.stdout.split("\0") if each and (ROOT / each).is_file()]


SECRETS = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\n[A-Za-z0-9+/]{20}"  # a key, not the name of one
    rb"|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[0-9A-Za-z-]{10,}|sk-[A-Za-z0-9]{40}"
)
MACHINE_PATHS = re.compile(rb"(?<![\w.])/(?:home/[a-z]|Users/[A-Za-z]|root/|wo" + rb"rk/[a-z])")


def test_nothing_that_looks_like_a_secret_is_tracked() -> None:
    files = tracked()
    assert len(files) > 150
    assert [name(path) for path in files if SECRETS.search(path.read_bytes())] == []
    suspicious = re.compile(r"(^|/)(var|secrets)/|\.(key|pem|sqlite|duckdb|db)$|airflow-webserver|passwords\.json$")
    assert [name(path) for path in files if suspicious.search(name(path))] == []


def test_no_path_of_a_machine_is_tracked() -> None:
    texts = [path for path in tracked() if path.suffix not in {".xlsx", ".xls"}]
    assert [name(path) for path in texts if MACHINE_PATHS.search(path.read_bytes())] == []


def test_the_lock_pins_every_package_by_hash_and_names_no_index() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|^--(extra-)?index-url|^-[if] ", lines, re.MULTILINE)
    entries = re.split(r"\n(?=[A-Za-z0-9])", "\n".join(line for line in lines.splitlines() if not line.startswith("#")))
    packages = [entry for entry in entries if entry.strip()]
    assert len(packages) > 100
    for entry in packages:
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,-]+\])?==\S+", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry


def test_no_text_of_the_hub_is_in_one_language_only() -> None:
    """Each `Text(zh, en)` that is written out holds Chinese first, and English without Chinese second."""
    wrong = []
    chinese = re.compile(r"[\u4e00-\u9fff]")
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Text"
                and len(node.args) == 2
            ):
                if any(isinstance(each, ast.Name | ast.Call) for each in node.args):
                    continue
                zh, en = ("".join(written(each)) for each in node.args)
                if re.search(r"\w", zh + en) and (
                    not chinese.search(zh) or chinese.search(en) or not re.search("[A-Za-z]", en)
                ):
                    wrong.append(f"{name(path)}:{node.lineno}")
    assert wrong == []


def written(node: ast.expr) -> Iterator[str]:
    """Every string that stands in an expression."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
