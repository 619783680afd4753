"""WordPress's Liveblog plugin at any address: found from the page's address alone, followed by its own API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import EntryPage, Source
from bot.networks.base import Options, Unavailable
from bot.networks.feed import Feed
from tests.doubles.liveblog_plugin import Plugin, at
from tests.networks.memory import DictMemory
from tests.networks.servers import Reply, site


class Reading:
    """A reader of the plugin's page on a clock that is moved."""

    def __init__(self) -> None:
        self.now = at(12)
        self.plugin = Plugin(lambda: self.now)
        self.network = Feed(Options("", deadline=5.0), DictMemory(), lambda: self.now)
        self.url = ""
        self.cursor = ""

    def read(self, minutes: float = 0.5) -> EntryPage:
        """The page as it stands after some minutes."""
        self.now += timedelta(minutes=minutes)
        page = self.network.entries(Source(1, "feed", "liveblog", self.url, "Europe/London"), self.cursor)
        self.cursor = page.cursor
        return page

    def words(self, minutes: float = 0.5) -> list[str]:
        """The texts on the page, ["unchanged"] if it is known to be as before."""
        page = self.read(minutes)
        return [entry.text for entry in page.entries] if page.changed else ["unchanged"]


@pytest.fixture
def there() -> Iterator[Reading]:
    reading = Reading()
    with site(reading.plugin.answer) as server:
        reading.url = f"{server.url}/blog/live/"
        yield reading
        reading.network.close()


def test_the_address_of_the_page_is_enough_to_find_the_entries(there: Reading) -> None:
    there.plugin.insert("<b>Hello</b><br>All are here.", at(8))
    there.plugin.insert(
        'Coffee <img src="//s.w.org/images/core/emoji/72x72/2615.png" alt="coffee" '
        'class="liveblog-emoji emoji-coffee" data-emoji="coffee"> is ready.',
        at(8, 30),
    )
    page = there.read()
    assert [(e.time, e.at, e.title, e.text, e.key, e.key_event) for e in page.entries] == [
        ("09:30", at(8, 30), "", "Coffee ☕ is ready.", "102", False),
        ("09:00", at(8), "Hello", "All are here.", "101", False),
    ]
    assert (page.form, page.whole, page.marks) == ("entries of WordPress's Liveblog plugin", True, True)
    assert all(not entry.pictures for entry in page.entries)


def test_a_site_without_permalinks_is_read_too(there: Reading) -> None:
    there.plugin.pretty = False
    there.plugin.insert("Hello", at(8))
    assert there.words() == ["Hello"]


def test_over_a_life_edits_late_entries_and_deletions_are_seen_and_quiet_costs_one_request(there: Reading) -> None:
    plugin = there.plugin
    one, two = plugin.insert("One", at(8)), plugin.insert("Two", at(9))
    assert there.words() == ["Two", "One"]
    assert [there.words() for _ in range(3)] == [["unchanged"]] * 3
    assert plugin.asked == {"changes": 4, "pages": 1}
    plugin.update(one, "One, mended")
    assert there.words() == ["Two", "One, mended"]
    plugin.insert("Between", at(8, 30))
    assert there.words(minutes=4) == ["Two", "Between", "One, mended"], "written late, with an old time"
    plugin.delete(two)
    gone = there.read()
    assert ([entry.text for entry in gone.entries], gone.whole) == (["Between", "One, mended"], True)
    plugin.update(one, "One, mended twice")
    assert there.words() == ["Between", "One, mended twice"]


def test_an_edit_of_what_was_written_a_moment_ago_is_seen(there: Reading) -> None:
    there.plugin.insert("Hello", at(8))
    there.read()
    new = there.plugin.insert("Just in", there.now)
    assert there.words() == ["Just in", "Hello"]
    there.plugin.update(new, "Just in, mended")
    assert there.words() == ["Just in, mended", "Hello"], "the plugin shows the original with its old time then"


def test_a_hundred_entries_come_from_all_pages_and_what_shifts_meanwhile_is_not_called_gone(
    there: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = there.plugin
    for minute in range(95):
        plugin.insert(f"Entry {minute}", at(6) + timedelta(minutes=minute))
    page = there.read()
    assert ([e.text for e in page.entries], page.whole) == ([f"Entry {n}" for n in reversed(range(95))], True)
    told = plugin._pages

    def shifting(asked: re.Match[str]) -> Reply:
        answer = told(asked)
        if '"page": 2' in str(answer.body):
            plugin.insert("Pushes all down", there.now)
        return answer

    monkeypatch.setattr(plugin, "_pages", shifting)
    plugin.insert("New", there.now)
    page = there.read()
    assert (page.changed, page.whole) == (True, False)
    assert len({entry.key for entry in page.entries}) == len(page.entries)


def test_the_command_that_makes_a_key_event_is_no_word_of_the_entry(there: Reading) -> None:
    key = there.plugin.insert("/key The minister is here.", at(8))
    there.plugin.insert("Tea.", at(9))
    page = there.read()
    assert [(entry.text, entry.key_event) for entry in page.entries] == [
        ("Tea.", False),
        ("The minister is here.", True),
    ]
    there.plugin.delete_key(key)
    assert [entry.key_event for entry in there.read().entries] == [False, False]


def test_a_live_blog_that_begins_later_is_found_then(there: Reading) -> None:
    page = there.read()
    assert (page.entries, page.form) == ((), "")
    there.plugin.insert("Hello", there.now)
    assert there.words() == ["Hello"]


def test_a_plugin_that_is_switched_off_loses_nothing(there: Reading) -> None:
    there.plugin.insert("Hello", at(8))
    there.read()
    there.plugin.active = False
    with pytest.raises(Unavailable, match="does not show the entries of its Liveblog plugin any more"):
        there.read(minutes=5)
    there.plugin.active = True
    assert there.words() == ["Hello"]


def test_a_wordpress_post_without_a_live_blog_is_none(there: Reading) -> None:
    there.plugin.enabled = False
    there.plugin.content = "<p>A liveblog is a fine thing, and this post is none.</p><p>At 9:00 we had tea.</p>"
    assert there.read().entries == ()


def test_pages_that_a_cache_keeps_too_long_are_read_again_at_the_next_look(
    there: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = there.plugin
    one = plugin.insert("One", at(8))
    there.read()
    told, kept = plugin._pages, list[Reply]()

    def cached(asked: re.Match[str]) -> Reply:
        kept.append(kept[0] if kept else told(asked))
        return kept[0]

    monkeypatch.setattr(plugin, "_pages", cached)
    there.read(minutes=4)
    plugin.update(one, "One, mended")
    assert [there.words(), there.words()] == [["One"], ["One"]], "the cache does not know, so it is asked again"
    plugin.delete(one)
    assert [there.words(), there.words()] == [["One"], ["One"]]
    monkeypatch.undo()
    assert there.words() == []
    assert there.words() == ["unchanged"]
