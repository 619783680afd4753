"""Everything a browser loads is in the package, named by its content, and nothing is inline."""

from __future__ import annotations

import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from bot.console.assets import Assets
from tests.console.conftest import Browser

TEMPLATES = sorted(files("bot.console").joinpath("templates").iterdir(), key=lambda file: file.name)
STATIC = files("bot.console").joinpath("static")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_no_template_has_inline_style_or_script_or_an_address_outside(template: object) -> None:
    text = template.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"\sstyle\s*=|<style", text)
    assert not re.search(r"<[^>{}]*\son[a-z]+\s*=", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.findall(r"(?:href|src|action|url)\s*=\s*[\"']?(?:https?:)?//", text)
    assert "|safe" not in text
    assert len(text.splitlines()) <= 400


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_every_file_and_icon_a_template_names_is_there(template: object) -> None:
    text, assets = template.read_text(encoding="utf-8"), Assets()  # type: ignore[attr-defined]
    drawn = set(re.findall(r'<symbol id="i-([\w-]+)"', STATIC.joinpath("icons.svg").read_text(encoding="utf-8")))
    for name in re.findall(r"asset\(['\"]([^'\"]+)['\"]\)", text):
        assert assets.url(name)
    for name in re.findall(r"\"([\w.-]+\.css)\"", text):
        assert assets.url(name)
    for name in re.findall(r"icon\('([\w-]+)'[,)]", text):
        assert name in drawn


def test_files_are_named_by_their_content_and_kept_for_a_year(nobody: Browser) -> None:
    assets = Assets()
    answer = nobody.get(assets.url("console.js"))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert hashlib.sha256(answer.content).hexdigest()[:12] in assets.url("console.js")


def test_style_sheets_name_files_that_are_there(nobody: Browser) -> None:
    assets = Assets()
    for sheet in ("tokens.css", "base.css", "app.css", "pages.css", "console.css", "shell.css"):
        text = nobody.get(assets.url(sheet)).text
        for address in re.findall(r"url\(\"?([^)\"]+)", text):
            assert nobody.get(address).status_code == 200, address


def test_scripts_load_each_other_by_names_that_change_with_their_content(nobody: Browser, tmp_path: Path) -> None:
    assets = Assets()
    text = nobody.get(assets.url("console.js")).text
    loaded = re.findall(r"(?:from|import) '([^']+)';", text)
    assert assets.url("live.js") in loaded
    for address in loaded:
        assert nobody.get(address).status_code == 200, address
    for name, said in (("a.js", "import './b.js';"), ("b.js", "import './a.js';")):
        (tmp_path / name).write_text(said)
    with pytest.raises(ValueError, match=r"a\.js -> b\.js -> a\.js|b\.js -> a\.js -> b\.js"):
        Assets(tmp_path)


@pytest.mark.parametrize("path", ["../ask.py", "%2e%2e/ask.py", "console.js", "", "vendor", "icons.svg/../console.js"])
def test_nothing_else_of_the_package_is_served(path: str, nobody: Browser) -> None:
    assert nobody.get(f"/static/{path}").status_code == 404


def test_what_others_made_is_listed_with_its_licence() -> None:
    vendor = STATIC.joinpath("vendor")
    listed = json.loads(vendor.joinpath("vendor.json").read_text(encoding="utf-8"))
    there = {entry.name for entry in vendor.iterdir()} - {"vendor.json"}
    assert there == {one["file"] for one in listed} | {one["licence_file"] for one in listed}
    for one in listed:
        assert one["licence"]
        assert one["source"].startswith("https://")
        assert hashlib.sha256(vendor.joinpath(one["file"]).read_bytes()).hexdigest() == one["sha256"]
