"""`check` and `entries`: the form of the live blog at an address, or one clear sentence that it is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.__main__ import app
from tests.doubles.liveblog_plugin import Plugin, at
from tests.networks.servers import Asked, Reply, Site, site
from tests.networks.test_feed import ONE, TWO, atom, json_feed, rss, schema

NONE = "No live blog was found there"
PLAN = "they read like a programme or a timetable"
SPANS = "gives a span of time and was read as a programme"
HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>"
PAGES = {
    "rss": (rss(TWO, ONE), "an RSS or Atom feed: 2 entries"),
    "atom": (atom(TWO, ONE), "an RSS or Atom feed: 2 entries"),
    "json": (json_feed(TWO, ONE), "a JSON Feed: 2 entries"),
    "schema": (schema(TWO, ONE), "a page with schema.org LiveBlogPosting: 2 entries"),
    "hand": (HTML.format("Live blog", "<h3>9:30am: Coffee</h3>"), "a page with times typed by hand: 1 entry"),
    "ordinary": (HTML.format("Our garden", "<p>We planted forty trees. Thanks to all who came.</p>"), NONE),
    "agenda": (HTML.format("Agenda", "".join(f"<h3>{n}:00 Talk {n}</h3>" for n in range(9, 14))), PLAN),
    "hours": (HTML.format("Hours", "<p><b>9:00 - 17:00 Monday</b></p><p><b>10:00 - 12:00 Friday</b></p>"), SPANS),
    "script": (HTML.format("Live blog", "<div id='app'></div>"), "It has no entries yet."),
}  # fmt: skip


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("WORDPRESS_USER", "ed")
    monkeypatch.setenv("WORDPRESS_APP_PASSWORD", "secret")
    logging = structlog.get_config()
    plugin = Plugin(lambda: at(12))
    plugin.insert("/key Hello", at(8))
    plugin.insert("Coffee", at(9))

    def answer(asked: Asked) -> Reply:
        said = PAGES.get(asked.path.strip("/"))
        return Reply(200, said[0], {"Content-Type": "text/html"}) if said else plugin.answer(asked)

    with site(answer) as server:
        yield server
    structlog.configure(**logging)  # a command sets it up for a process of its own


def check(folder: Path, address: str, *, networks: str = "[networks.feed]", more: str = "") -> str:
    """What `check` says of the live blog at that address."""
    (folder / "settings.toml").write_text(
        f'database = "sqlite:///{folder}/b.db"\n{networks}\n[[events]]\nslug = "day"\nname = "Day"\n'
        f'timezone = "Europe/London"\nhashtags = ["QLabs"]\nlive_blog = "{address}"\n{more}'
    )
    told = _do("check", "--json", "--config", str(folder / "settings.toml"))
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    (found,) = [line for line in lines if line["what"].startswith("The live blog")]
    return str(found["what"] + " " + found["fix"])


def _do(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


@pytest.mark.parametrize("page", PAGES)
def test_check_and_entries_say_what_stands_at_an_address(there: Site, tmp_path: Path, page: str) -> None:
    address, wanted = f"{there.url}/{page}", PAGES[page][1]
    assert wanted in check(tmp_path, address)
    told = _do("entries", address, "--json")
    form, _, count = wanted.partition(": ")
    assert told.exit_code == 0
    assert (f"read as {form}, " if count else NONE if page == "script" else wanted) in told.stderr
    assert len(told.stdout.splitlines()) == int(count.partition(" ")[0] or 0)


@pytest.mark.parametrize("page", ["rss", "schema", "ordinary", "agenda", "hours"])
def test_on_the_site_of_wordpress_the_same_is_said(there: Site, tmp_path: Path, page: str) -> None:
    networks = f'[networks.wordpress]\napi_url = "{there.url}"'
    assert PAGES[page][1] in check(tmp_path, f"{there.url}/{page}", networks=networks)


@pytest.mark.parametrize("networks", ["[networks.feed]", '[networks.wordpress]\napi_url = "HERE"'])
def test_key_events_are_counted_where_there_are_some_and_missed_where_there_are_none(
    there: Site, tmp_path: Path, networks: str
) -> None:
    tables, more = networks.replace("HERE", there.url), "[events.announce]\nonly_key_events = true\n"
    told = check(tmp_path, f"{there.url}/blog/live/", networks=tables, more=more)
    assert "entries of WordPress's Liveblog plugin: 2 entries, 1 of them key events" in told
    told = check(tmp_path, f"{there.url}/rss", networks=tables, more=more)
    assert "no entry of this live blog is marked as one" in told
