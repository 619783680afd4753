"""What one post on Mastodon is taken for: its words, whose it is, who may see it, and what its author asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.core.items import Standing
from bot.networks.mastodon import statuses as forms
from tests.doubles.mastodon_world import Person, Post
from tests.networks.fediverse import MENTIONS, START, TAG, Fediverse, delivery

HELLO = "\u0645\u0631\u062d\u0628\u0627 \U0001f469\u200d\U0001f680"  # right to left, with an emoji of three characters


@pytest.mark.parametrize("visibility", ["direct", "private"])
def test_the_words_of_a_message_that_is_not_public_are_never_taken_in(net: Fediverse, visibility: str) -> None:
    secret = net.home.say("@qcommunity my canary diagnosis", visibility=visibility, spoiler="canary")
    page = net.page(MENTIONS)
    (item,) = page.items
    assert (item.native_id, item.standing, item.text) == (secret.uri, Standing.HIDDEN, forms.WITHHELD)
    assert "private message" in page.note
    assert "canary" not in f"{page} {net.memory.text()}"
    (answer,) = net.network.recheck(MENTIONS, [secret.uri])
    assert (answer.standing, answer.item) == (Standing.HIDDEN, None)


def test_an_unlisted_mention_is_public(net: Fediverse) -> None:
    net.home.say("@qcommunity who pays?", visibility="unlisted")
    (item,) = net.page(MENTIONS).items
    assert item.standing is Standing.PUBLIC


def test_our_own_posts_are_marked_as_ours_wherever_they_are_seen(two: Fediverse) -> None:
    receipt = two.network.send(delivery("We begin. #QLabs"))
    two.other.receive(two.home.ours()[0])
    (item,) = two.page().items
    assert (item.native_id, item.own) == (receipt.remote_id, True)
    two.home.delete(two.home.ours()[0])
    (item,) = two.page().items
    assert item.own


def test_a_boost_is_marked_as_one(net: Fediverse) -> None:
    net.home.say("@qcommunity who pays? #QLabs", boost_of="https://far.example/1")
    (item,) = net.page(MENTIONS).items
    assert item.repost


@pytest.mark.parametrize(
    ("profile", "marks"),
    [
        ({"note": "Hi #NoBot"}, ("no_bots",)),
        ({"table": ["Bots", "#nobots please"]}, ("no_bots",)),
        ({"note": "#noarchive"}, ("no_copies",)),
        ({"noindex": True}, ("no_copies",)),
        ({"discoverable": False}, ("no_finding",)),
        ({"indexable": False}, ("no_finding",)),
        ({"note": "#nobot #noindex", "discoverable": False}, ("no_bots", "no_copies", "no_finding")),
        ({"note": "I build #nobotany gardens"}, ()),
        ({}, ()),
    ],
)
def test_what_people_ask_of_their_readers_comes_with_each_of_their_posts(
    net: Fediverse, profile: dict[str, Any], marks: tuple[str, ...]
) -> None:
    net.home.say("@qcommunity who? #QLabs", person=Person("asha", "home.example", **profile))
    for source in (TAG, MENTIONS):
        (item,) = net.page(source).items
        assert item.marks == marks
        (checked,) = net.network.recheck(source, [item.native_id])
        assert checked.item is not None
        assert checked.item.marks == marks


def test_a_wish_that_only_one_server_knows_of_holds(two: Fediverse) -> None:
    post = two.home.say("Who? #QLabs")
    two.other.receive(replace(post, by=replace(post.by, noindex=True)))
    (item,) = two.page().items
    assert item.marks == ("no_copies",)


def test_a_quote_leads_to_what_it_quotes_and_its_stand_in_is_no_part_of_the_words(net: Fediverse) -> None:
    quoted = net.home.say("The building is step free.")
    net.home.say("Is this true of the garden too? #QLabs", quotes=quoted, at=net.clock.go(1))
    (item,) = net.page().items
    assert (item.text, item.parent_id) == ("Is this true of the garden too? #QLabs", quoted.uri)


@pytest.mark.parametrize(
    ("uri", "original"),
    [
        (
            "https://bsky.brid.gy/convert/ap/at://did:plc:asha/app.bsky.feed.post/3k",
            "at://did:plc:asha/app.bsky.feed.post/3k",
        ),
        (
            "https://bsky.brid.gy/convert/ap/at%3A%2F%2Fdid:plc:asha/app.bsky.feed.post/3k",
            "at://did:plc:asha/app.bsky.feed.post/3k",
        ),
        ("https://bird.makeup/users/asha/statuses/885000000000000001", "885000000000000001"),
        ("https://evil.example/convert/ap/at://did:plc:asha/app.bsky.feed.post/3k", ""),
        ("https://far.example/users/asha/statuses/1", ""),
    ],
)
def test_a_copy_that_a_bridge_made_names_its_original(net: Fediverse, uri: str, original: str) -> None:
    net.home.receive(Post(uri, Person("asha.test", "bsky.brid.gy"), "Who? #QLabs", START))
    (item,) = net.page().items
    assert item.copy_of == original


def test_a_content_warning_stands_before_the_words_and_the_language_is_kept(net: Fediverse) -> None:
    net.home.say("Wer zahlt? #QLabs", spoiler="Frage zu  Geld", lang="de")
    (item,) = net.page().items
    assert item.text == "Frage zu Geld\nWer zahlt? #QLabs"
    assert (item.lang, item.marks) == ("de", ("warned",))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One<br />two</p><p>three &amp; &lt;b&gt;</p>", "One\ntwo\nthree & <b>"),
        (
            '<p><a href="https://q.example/a-very-long-path-that-is-cut"><span class="invisible">https://</span>'
            '<span class="ellipsis">q.example/a-very-long-path</span><span class="invisible">-that-is-cut</span></a>',
            "https://q.example/a-very-long-path-that-is-cut",
        ),
        ('<p><a href="https://q.example/x">this page</a></p>', "this page (https://q.example/x)"),
        ('<p><a href="javascript:alert(1)">this</a><script>alert(1)</script></p>', "this"),
        ('<span class="h-card"><a href="https://a/@u" class="u-url mention">@<span>u</span></a></span> hi', "@u hi"),
        ("<p>e\u0301 \0x\ud83d</p>", "\u00e9 x\ufffd"),
        (
            f"<p>{HELLO}</p>",
            HELLO,
        ),
        ("<div>" * 5000 + "deep", "deep"),
        ("", ""),
    ],
)
def test_html_becomes_the_words_that_a_person_reads(content: str, text: str) -> None:
    assert forms.to_text(content) == text


def test_a_private_message_that_cannot_be_read_leaves_nothing_but_its_id(net: Fediverse) -> None:
    secret = net.home.say("@qcommunity my canary diagnosis", visibility="direct")
    secret.by = Person("", "home.example")
    (poison,) = net.page(MENTIONS).poison
    assert "canary" not in f"{poison}"
