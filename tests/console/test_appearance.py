"""How the page says a network will show a post: our name there, links and tags, and the card below."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.console.appearance import card, handle, linked
from bot.core import bridges
from bot.core.unlinking import unlinked

LINK = "https://www.q.org/blog/"


@pytest.mark.parametrize(
    ("network", "account", "said", "shown"),
    [
        ("x", "theQCommunity", "theQCommunity", "@theQCommunity"),
        ("mastodon", "", "qcommunity@social.example", "@qcommunity@social.example"),
        ("mastodon", "qcommunity", "qcommunity@social.example", "@qcommunity@social.example"),
        ("bluesky", "@qcommunity.example", "qcommunity.example", "@qcommunity.example"),
        ("bluesky", "", "qcommunity.example", "@qcommunity.example"),
        ("x", "", "", ""),
    ],
)
def test_our_name_is_the_one_that_the_network_shows_and_not_that_of_a_bridge(
    network: str, account: str, said: str, shown: str
) -> None:
    row: Any = SimpleNamespace(name=network, account=account, names=sorted(bridges.names(network, said)))
    assert handle(row) == shown


def test_links_tags_and_names_are_shown_as_links_and_nothing_else_is_markup() -> None:
    text = "<b>Tea</b> at https://q.org/a?b=1&c=2 #QLabs @ada"
    assert linked(text, "mastodon") == (
        '&lt;b&gt;Tea&lt;/b&gt; at <span class="lk">https://q.org/a?b=1&amp;c=2</span> <span class="lk">#QLabs</span> '
        '<span class="lk">@ada</span>'
    )


def test_a_bare_domain_is_a_link_on_x_alone_and_not_when_it_stands_as_words() -> None:
    assert "lk" in linked("See q.org now", "x")
    assert "lk" not in linked("See q.org now", "mastodon")
    assert "lk" not in linked(unlinked("See https://q.org now"), "x")


def test_bluesky_shows_the_card_that_we_send_and_none_beside_a_photo_or_an_address_in_the_text() -> None:
    made = card("bluesky", ("Tea.",), LINK, 0)
    assert made is not None
    assert (made.host, made.title) == ("q.org", "q.org")
    assert card("bluesky", ("Tea.",), LINK, 1) is None
    assert card("bluesky", (f"Tea. {LINK}",), LINK, 0) is None


def test_what_x_and_mastodon_fetch_by_themselves_is_said_not_to_be_known() -> None:
    for network, name in (("x", "X"), ("mastodon", "Mastodon")):
        made = card(network, (f"Tea. {LINK}",), LINK, 0)
        assert made is not None
        assert made.title == ""
        assert made.note.startswith(f"{name} may add the title and picture of this page.")
        assert card(network, ("Tea.",), LINK, 0) is None
