"""The rooms of the house: imports point one way, files stay small, and each rule catches a planted fault."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BOT = ROOT / "bot"
LIMIT = 400
FILES = sorted(file for file in BOT.rglob("*.py") if "versions" not in file.parts)  # migrations are written once
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "managers", "manager", "services", "service", "common", "misc"}

FAULTS = [
    ("layers", "store/engine.py", "import bot.desk"),
    ("layers", "core/text.py", "from bot.store import tables"),
    ("layers", "collect.py", "import bot.deliver"),
    ("layers", "worker.py", "import bot.console.app"),
    ("layers", "store/tables/events.py", "import bot.networks.base"),
    ("layers", "settings/forms.py", "import bot.store.engine"),
    ("layers", "stray.py", "import bot.core.items"),
    ("core", "core/states.py", "import sqlalchemy"),
    ("core", "core/items.py", "import random"),
    ("core", "core/liveblog.py", "def when() -> float:\n    import time\n    return time.monotonic()"),
    ("core", "core/text.py", "import logging"),
    ("core", "core/questions.py", "import os.path"),
    ("clicks", "desk/__init__.py", "import bot.networks.base"),
    ("clicks", "desk/questions.py", "import tweepy"),
    ("clicks", "console/app.py", "import httpx"),
    ("handed", "store/engine.py", "import bot.settings"),
    ("handed", "networks/base.py", "from bot.settings import load"),
    ("apart", "networks/rehearsal/network.py", "import bot.networks.wordpress.network"),
    ("apart", "networks/newcomer.py", "import bot.networks.rehearsal"),
    ("wire", "networks/newcomer.py", "import httpx"),
    ("wire", "collect.py", "import requests"),
]


def lint(folder: Path) -> tuple[bool, set[str]]:
    """Whether all contracts hold in that tree, and the names of the broken ones."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    broken = set(re.findall(r"^(.+?) BROKEN\b", done.stdout, re.MULTILINE))
    assert done.returncode == 0 or broken, done.stdout + done.stderr
    return done.returncode == 0, broken


def contracts() -> dict[str, str]:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return dict(re.findall(r'^id = "(\w+)"\nname = "(.+)"$', text, re.MULTILINE))


@pytest.fixture(scope="session")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rooms")
    shutil.copytree(BOT, folder / "bot", ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def test_imports_point_one_way() -> None:
    holds, broken = lint(ROOT)
    assert holds, f"run lint-imports: {broken}"


@pytest.mark.parametrize(("contract", "file", "line"), FAULTS)
def test_a_planted_fault_is_caught(copied: Path, contract: str, file: str, line: str) -> None:
    place = copied / "bot" / file
    before = place.read_text(encoding="utf-8") if place.exists() else None
    place.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        assert contracts()[contract] in lint(copied)[1]
    finally:
        place.unlink() if before is None else place.write_text(before, encoding="utf-8")


def test_every_contract_has_a_planted_fault() -> None:
    assert {contract for contract, _, _ in FAULTS} == set(contracts())


def test_a_new_network_needs_no_edit_of_the_rules(copied: Path) -> None:
    place = copied / "bot" / "networks" / "newcomer.py"
    place.write_text("import bot.core.items\nimport bot.networks.base\nimport bot.networks.http\n", encoding="utf-8")
    try:
        assert lint(copied)[0]
    finally:
        place.unlink()


@pytest.mark.parametrize("file", sorted((BOT / "core").rglob("*.py")), ids=lambda file: file.name)
def test_the_core_never_asks_the_clock(file: Path) -> None:
    asked = {
        node.func.attr
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not asked & {"now", "utcnow", "today", "monotonic", "perf_counter", "open", "read_text"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_files_stay_small_and_are_named_after_a_thing(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LIMIT, "split it along the words of the house"
    assert file.stem not in EMPTY_NAMES
    assert not EMPTY_NAMES & set(file.relative_to(BOT).parts)
    assert not text.strip() or ast.get_docstring(ast.parse(text)), "begin it with one sentence that says what it is for"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_functions_stay_short(file: Path) -> None:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            start = node.body[1].lineno if ast.get_docstring(node) and len(node.body) > 1 else node.body[0].lineno
            assert (node.end_lineno or start) - start < 50, f"{node.name} is too long"
