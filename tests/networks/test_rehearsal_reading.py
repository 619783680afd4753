"""The stand-in loses nothing that it is to read: late posts, bursts, edits, deletions, what cannot be read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Standing
from bot.networks.base import (
    Unavailable,
)
from bot.networks.rehearsal import Remote
from tests.networks.rehearsal_scene import (
    BLOG,
    COMMENTS,
    START,
    Clock,
    mentions,
    post,
    read_all,
    tag,
)


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_tagged_post_is_read_whatever_the_case_of_its_tag(name: str, opened: Any, remote: Remote) -> None:
    remote.say(name, "asha_example", "Who pays? #qlabs", name="Asha", lang="en")
    remote.say(name, "asha_example", "Nothing to do with it #QLabsters")
    items, _, _ = read_all(opened(name), tag(name))
    assert [(item.text, item.author_name, item.network, item.own) for item in items] == [
        ("Who pays? #qlabs", "Asha", name, False)
    ]
    assert items[0].url.startswith("https://")
    assert ".example/" in items[0].url


def test_mentions_hold_who_names_us_and_who_replies_to_us(opened: Any, remote: Remote) -> None:
    x = opened("x")
    ours = x.send(post("x", "We are live"))
    remote.say("x", "asha", "@theQCommunity who pays?")
    remote.say("x", "bryn", "and who does not?", reply_to=ours.remote_id)
    remote.say("x", "carys", "@theQCommunityChoir sings tonight")
    items, _, _ = read_all(x, mentions("x"))
    assert [item.author_handle for item in items] == ["@asha", "@bryn"]
    assert read_all(x, mentions("x", "me"))[0] == items  # "me" is whoever the account is


def test_our_own_posts_come_back_in_the_hashtag_marked_as_our_own(opened: Any) -> None:
    mastodon = opened("mastodon")
    receipt = mastodon.send(post("mastodon"))
    items, _, _ = read_all(mastodon, tag("mastodon"))
    assert [(item.native_id, item.own) for item in items] == [(receipt.remote_id, True)]


def test_more_posts_than_a_page_holds_are_all_read_in_order(opened: Any, remote: Remote, clock: Clock) -> None:
    for n in range(95):
        remote.say("x", "asha", f"number {n} #QLabs")
        clock.go(milliseconds=10)
    items, cursor, pages = read_all(opened("x"), tag("x"))
    assert [item.text for item in items] == [f"number {n} #QLabs" for n in range(95)]
    assert pages == 3
    clock.go(hours=1)
    remote.say("x", "asha", "one more #QLabs")
    later, _, _ = read_all(opened("x", overlap=0, sweep=10**6), tag("x"), cursor)
    assert later[-1].text == "one more #QLabs"
    assert len(later) <= 2


def test_a_post_indexed_late_below_the_cursor_is_still_read(opened: Any, remote: Remote, clock: Clock) -> None:
    bluesky = opened("bluesky")
    remote.say("bluesky", "asha.example", "on time #QLabs")
    _, cursor, _ = read_all(bluesky, tag("bluesky"))
    clock.go(minutes=5)
    remote.say("bluesky", "bryn.example", "late #QLabs", written_at=START - timedelta(minutes=2), visible_at=clock())
    items, cursor, _ = read_all(bluesky, tag("bluesky"), cursor)
    assert "late #QLabs" in [item.text for item in items]


def test_a_post_far_below_the_window_is_found_by_the_sweep(opened: Any, remote: Remote, clock: Clock) -> None:
    mastodon = opened("mastodon", overlap=60, sweep=30)
    remote.say("mastodon", "asha@fedi.example", "on time #QLabs")
    _, cursor, _ = read_all(mastodon, tag("mastodon"))
    remote.say("mastodon", "bryn@fedi.example", "hours late #QLabs", written_at=START - timedelta(hours=5))
    soon, cursor, _ = read_all(mastodon, tag("mastodon"), cursor)
    assert "hours late #QLabs" not in [item.text for item in soon]
    clock.go(seconds=31)
    swept, _, _ = read_all(mastodon, tag("mastodon"), cursor)
    assert "hours late #QLabs" in [item.text for item in swept]


def test_a_post_dated_in_the_future_does_not_hide_the_ones_after_it(opened: Any, remote: Remote, clock: Clock) -> None:
    x = opened("x", overlap=1, sweep=10**6)
    remote.say("x", "asha", "from 2030 #QLabs", written_at=START + timedelta(days=1400), visible_at=START)
    _, cursor, _ = read_all(x, tag("x"))
    clock.go(minutes=1)
    remote.say("x", "bryn", "from today #QLabs")
    items, _, _ = read_all(x, tag("x"), cursor)
    assert "from today #QLabs" in [item.text for item in items]


def test_a_cursor_that_nobody_can_read_begins_again(opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", "here #QLabs")
    for broken in ("{", "[1]", '{"top": 7}', "\0"):
        items, _, _ = read_all(opened("x"), tag("x"), broken)
        assert len(items) == 1


def test_a_page_says_what_it_covers_so_that_a_deletion_shows(opened: Any, remote: Remote, clock: Clock) -> None:
    x = opened("x")
    gone = remote.say("x", "asha", "soon gone #QLabs")
    _, cursor, _ = read_all(x, tag("x"))
    remote.delete("x", gone)
    clock.go(seconds=5)
    page = x.fetch(tag("x"), cursor)
    assert page.items == ()
    assert page.covers.since is not None
    assert page.covers.since <= START
    assert [check.standing for check in x.recheck(tag("x"), [gone, "never there"])] == [Standing.GONE, Standing.GONE]


def test_an_edit_keeps_the_identity(opened: Any, remote: Remote) -> None:
    native = remote.say("mastodon", "asha@fedi.example", "raeding #QLabs")
    remote.edit("mastodon", native, "reading #QLabs")
    (checked,) = opened("mastodon").recheck(tag("mastodon"), [native])
    assert checked.standing is Standing.PUBLIC
    assert checked.item is not None
    assert checked.item.text == "reading #QLabs"


def test_comments_are_read_as_a_whole_set_and_change_their_standing(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    held = remote.comment("Rosa", "Who pays?", standing="held")
    other = remote.comment("Tom", "What a day")
    page = blog.fetch(COMMENTS, "")
    assert page.covers.whole
    assert [(item.native_id, item.standing) for item in page.items] == [
        (held, Standing.HELD),
        (other, Standing.PUBLIC),
    ]
    remote.approve(held)
    remote.stand("wordpress", other, "spam")
    assert [(item.native_id, item.standing) for item in blog.fetch(COMMENTS, page.cursor).items] == [
        (held, Standing.PUBLIC)
    ]
    remote.stand("wordpress", held, "trash")
    standings = [check.standing for check in blog.recheck(COMMENTS, [held, other])]
    assert standings == [Standing.HIDDEN, Standing.HIDDEN]


def test_a_broken_payload_is_poison_and_the_rest_is_read(opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", "fine #QLabs")
    remote.say("x", "asha", "#QLabs", broken='{"data": [}')
    page = opened("x").fetch(tag("x"), "")
    assert [item.text for item in page.items] == ["fine #QLabs"]
    assert [poison.raw for poison in page.poison] == ['{"data": [}']


@pytest.mark.parametrize(
    "text", ["nul \0 in it #QLabs", "half \ud83d pair #QLabs", "أين؟ #QLabs", "👩‍👩‍👧 #QLabs", "e\u0301 #QLabs"]
)
def test_text_of_any_kind_is_read_as_clean_nfc(text: str, opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", text)
    (item,) = opened("x").fetch(tag("x"), "").items
    item.text.encode()
    assert "\0" not in item.text
    assert "e\u0301" not in item.text


def test_the_live_blog_is_read_again_only_as_changed_when_it_was_saved(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    with pytest.raises(Unavailable, match="not published"):
        blog.entries(BLOG, "")
    saved = datetime(2017, 7, 13, 9, 1, tzinfo=UTC)
    remote.save_blog("<h2>13 July</h2><h3>8:59am:&nbsp;We have arrived!</h3><p>Hello</p>", title="Live blog", at=saved)
    page = blog.entries(BLOG, "")
    assert [(entry.day, entry.time, entry.title, entry.text) for entry in page.entries] == [
        ("2017-07-13", "08:59", "We have arrived!", "Hello")
    ]
    assert page.changed
    assert not blog.entries(BLOG, page.cursor).changed
