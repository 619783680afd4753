"""The documents say what the code does: settings, commands, networks, make targets, dependencies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest
import typer.main
from pydantic import BaseModel

from bot.__main__ import app
from bot.networks import NETWORKS
from bot.settings import Networks, NetworkSettings, Settings, load
from bot.store.status import WAITING

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "config" / "backchannel.example.toml"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SECRETS = [name for model in NetworkSettings.__subclasses__() for name in model.SECRETS]
COMMON = {"account", "rehearsal", "api_url"}  # keys that every network has; explained where they are used


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def keys(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        inner = list(models(field.annotation))
        if not inner and not (name in COMMON and path[:1] == ("networks",)):
            yield (*path, name)
        for found in inner:
            yield from keys(found, (*path, name))


def explained() -> set[tuple[str, ...]]:
    """The keys of the example that have a comment, on their own line or right above."""
    table: tuple[str, ...] = ()
    found, above = set(), False
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if head := re.match(r"\[+([\w.]+)\]+", line):
            table = tuple(head[1].split("."))
        elif (key := re.match(r"(\w+) = ", line)) and (above or re.search(r"\s#\s*\w", line)):
            found.add((*table, key[1]))
        above = line.startswith("#") or (above and bool(line.strip()))
    return found


def names(command: Any, path: str) -> Iterator[str]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from names(inner, f"{path} {name}")


COMMANDS = set(names(typer.main.get_command(app), "backchannel"))


def test_the_example_loads_with_every_network_and_event() -> None:
    settings = load(EXAMPLE, dict.fromkeys(SECRETS, "secret"))
    assert set(settings.networks.named()) == set(Networks.model_fields)
    assert settings.events[0].slug == "peer-support"


@pytest.mark.parametrize("key", sorted(keys(Settings)), ids=".".join)
def test_every_key_of_the_settings_is_explained_in_the_example(key: tuple[str, ...]) -> None:
    assert key in explained()


def test_what_the_example_shows_as_optional_is_the_default() -> None:
    shown = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    for part in ("console", "engine"):
        model = next(models(Settings.model_fields[part].annotation))
        assert {name: field.default for name, field in model.model_fields.items()} == shown[part]
    assert shown["database"] == Settings.model_fields["database"].default


@pytest.mark.parametrize("secret", SECRETS)
def test_every_secret_is_named_in_the_example_and_the_readme(secret: str) -> None:
    assert secret in EXAMPLE.read_text(encoding="utf-8")
    assert secret in README


@pytest.mark.parametrize("name", sorted({*NETWORKS, *Networks.model_fields}))
def test_every_network_has_its_section_in_the_readme(name: str) -> None:
    assert re.search(rf"^### {name}$", README, re.IGNORECASE | re.MULTILINE)


COLUMNS = ("read", "mention", "reply", "post", "thread", "picture", "edit", "delete", "promise", "price")
TABLE = {
    row[0]: dict(zip(COLUMNS, row[1:], strict=True))
    for row in (
        [cell.strip() for cell in line.strip("|\n ").split(" | ")]
        for line in re.findall(r"^\| (?:X|Mastodon|Bluesky|WordPress|Feed) \|.*$", README, re.MULTILINE)
    )
}


def test_the_table_of_networks_has_every_network_and_every_column() -> None:
    assert "| | " + " | ".join(COLUMNS) + " |" in README
    assert {name.lower() for name in TABLE} == set(NETWORKS) - {"rehearsal"}


@pytest.mark.parametrize(("name", "column"), [(name, column) for name in TABLE for column in COLUMNS])
def test_every_cell_of_the_table_of_networks_names_a_test_that_exists(name: str, column: str) -> None:
    named = re.fullmatch(r"\[[^\]]+\]\((tests/[\w/]+\.py)#(test_\w+)\)", TABLE[name][column])
    assert named, TABLE[name][column]
    assert re.search(rf"^def {named[2]}\(", (ROOT / named[1]).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", TABLE)
def test_the_table_of_networks_says_what_their_adapters_declare(name: str) -> None:
    module, _, cls = NETWORKS[name.lower()].partition(":")
    adapter = getattr(import_module(module), cls)
    does = {"mention": "mentions" in adapter.reads, "post": "create" in adapter.acts}
    does |= {column: column in adapter.acts for column in ("reply", "edit", "delete")}
    said = {column: not TABLE[name][column].startswith("[no") for column in does}
    assert said == does


@pytest.mark.parametrize("said", sorted(set(re.findall(r"backchannel ((?:people )?[a-z]+)(?=[ `\n])", README))))
def test_every_command_of_the_readme_exists(said: str) -> None:
    assert f"backchannel {said}" in COMMANDS | {"backchannel backchannel"}  # the service of that name in compose


@pytest.mark.parametrize("command", sorted(COMMANDS - {"backchannel", "backchannel people"}))
def test_every_command_is_in_the_readme(command: str) -> None:
    assert re.search(rf"`{command}[ `]", README)


OPERATE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("said", sorted(set(re.findall(r"bin/backchannel ([a-z]+)", OPERATE))))
def test_every_command_of_the_operating_page_exists(said: str) -> None:
    assert f"backchannel {said}" in COMMANDS


def test_every_file_that_the_operating_page_points_to_is_there() -> None:
    places = re.findall(r"\]\(([^)#]+)\)", OPERATE)
    assert {"nginx.conf", "backchannel.service"} <= set(places)
    assert [place for place in places if "://" not in place and not (ROOT / "docs" / place).exists()] == []


def test_what_status_says_is_explained_on_the_operating_page() -> None:
    told = re.findall(
        r"^\| ([a-z].*?) \|", OPERATE.partition("## On the day")[2].partition("## The day")[0], re.MULTILINE
    )
    for _table, _where, one, many in WAITING:
        assert any(many.partition(":")[0].partition(" and are")[0] in words for words in told), one


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_every_make_target_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|exec |^)make (\w+)", text, re.MULTILINE))
    assert named
    assert named <= set(re.findall(r"^(\w+):", MAKEFILE, re.MULTILINE))


def test_every_file_that_the_contributing_page_points_to_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 70
    for place in re.findall(r"`((?:bot|docs|config|tests)/[\w./]+)`", text):
        assert (ROOT / place).exists(), place


def test_every_library_is_named_with_its_reason_in_the_design() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgresql"]]
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("## Libraries")[1]
    for requirement in wanted:
        name = re.split(r"[\[<>=~!]", requirement)[0]
        assert re.search(rf"\b{re.escape(name)}\b", design), name


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_have_hashes_and_name_no_place(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:/|--index|--extra-index|--find-links|@ |/\w+/", text)
    for requirement in re.split(r"\n(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)):
        assert "==" in requirement
        assert "--hash=sha256:" in requirement


def test_both_locks_pin_the_same_versions() -> None:
    runtime, dev = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
        for lock in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime.items() <= dev.items()


def test_the_container_needs_no_root_and_is_watched() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^ARG BASE=", text)
    assert re.search(r"^USER (?!root)", text, re.MULTILINE)
    assert '"status", "--health"' in text
