"""Addresses as words: nothing is linked, nothing is charged for, and a reader still reads the address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.length import cost_usd
from bot.core.limits import default_limits
from bot.core.links import has_link, hashtags, mentions
from bot.core.unlinking import BREAK, as_wanted, note, unlinked

X, MASTODON = default_limits("x"), default_limits("mastodon")
PIECES = [
    "https://",
    "HTTP://",
    "q.org",
    "a.co",
    "uk",
    "/x",
    ".",
    "…",
    " ",
    "@ann",
    "#tag",
    "?u=",
    "t.co/abc",
    "é",
    "://",
    "www.",
]


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("Slides: https://q.org/a?b=1.", "Slides: q.org/a?b=1."),
        ("see q.org now", "see q.org now"),
        ("the end.Next we eat", "the end.Next we eat"),
        ("https://a.co.uk/x.html and http://b.org", "a.co.uk/x.html and b.org"),
        ("who is on medium.com/@ann#now?", "who is on medium.com/@ann#now?"),
        ("a.https://co.uk/x", "a.co.uk/x"),
        ("see q.org/?u=http://x.com/y", "see q.org/?u=x.com/y"),
        ("no address at 14.05", "no address at 14.05"),
    ],
)
def test_an_address_reads_the_same_and_is_no_link(text: str, reads: str) -> None:
    words = unlinked(text)
    assert words.replace(BREAK, "") == reads
    assert not has_link(words)
    assert cost_usd(words, X) == X.cost_usd


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_whatever_the_text_nothing_of_it_is_a_link_a_name_or_a_tag_that_was_none(text: str) -> None:
    words = unlinked(text)
    assert not has_link(words)
    assert unlinked(words) == words
    assert set(mentions(words)) <= set(mentions(text))
    assert set(hashtags(words)) <= set(hashtags(text))


def test_it_is_done_where_a_link_costs_more_and_is_never_wanted() -> None:
    text = "see https://q.org/a"
    assert as_wanted(text, X, "never") == f"see q.{BREAK}org/a"
    assert as_wanted(text, X, "always") == text
    assert as_wanted(text, MASTODON, "never") == text


def test_the_preview_says_what_was_done_to_addresses() -> None:
    assert "costs $0.20" in note((unlinked("see q.org"),), X)
    assert note(("see q.org", "no address"), X) == ""
    assert note((unlinked("see q.org"),), MASTODON) == ""
