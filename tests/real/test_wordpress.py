"""Comments of a real WordPress, its faults, and finding it."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest

from bot.core.items import Standing
from bot.networks.base import Misconfigured, Options, RateLimited, Unavailable
from bot.networks.wordpress import WordPress
from tests.networks.memory import DictMemory
from tests.real.reader import Clock, Open, Stored, comments_of, liveblog_of, reply_to
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real


def test_everything_is_well_on_a_site_in_order(wordpress: RealWordPress, opened: Open) -> None:
    _, address = wordpress.post()
    network = opened()
    network.fetch(comments_of(address), "")
    lines = network.check()
    assert [line.level for line in lines] == ["ok"] * len(lines)
    said = " ".join(line.what for line in lines)
    assert "Editor Person" in said
    assert "Europe/London" in said
    assert f"Comments are open under {address}" in said


def test_a_wrong_password_is_said_although_the_site_answers_as_to_anybody(
    wordpress: RealWordPress, clock: Clock
) -> None:
    _, address = wordpress.post()
    network = WordPress(
        Options(wordpress.url, secrets={"user": "editor", "app_password": "abcd efgh"}), DictMemory(), clock
    )
    with pytest.raises(Misconfigured, match="does not accept the application password of 'editor'"):
        network.fetch(comments_of(address), "")
    assert [line.level for line in network.check()].count("fail") == 1
    network.close()


def test_a_comment_is_seen_through_its_whole_life(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    stored = Stored(opened(), comments_of(address))
    first = wordpress.comment(post, "Who invented this?")
    held = wordpress.comment(post, "Is it held?", approved=0, at="2017-07-13 08:00:00")
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Who invented this?"}
    assert stored.texts(Standing.HELD) == {"Is it held?"}
    later = wordpress.comment(post, "Newer", parent=first)
    stored.tick()
    wordpress.moderate((held, "approve"))
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Who invented this?", "Is it held?", "Newer"}
    newer = next(item for item in stored.items.values() if item.text == "Newer")
    assert newer.parent_id.endswith(f"#comment-{first}")
    assert newer.root_id == str(post)
    assert newer.url.endswith(f"#comment-{later}")
    wordpress.edit_comment(first, "Who really invented this?")
    stored.tick()
    assert "Who really invented this?" in stored.texts(Standing.PUBLIC)
    for number, status, standing in (
        (first, "spam", Standing.HIDDEN),
        (held, "trash", Standing.HIDDEN),
        (later, "delete", Standing.GONE),
    ):
        wordpress.moderate((number, status))
        stored.tick()
        assert stored.standing[f"{stored.network.key}#comment-{number}"] is standing
    wordpress.moderate((first, "approve"))
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Who really invented this?"}
    wordpress.moderate((first, "hold"))
    stored.tick()
    assert stored.texts(Standing.HELD) == {"Who really invented this?"}


def test_without_an_account_a_held_comment_is_seen_once_it_is_approved(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    stored = Stored(opened(""), comments_of(address))
    wordpress.comment(post, "Public")
    held = wordpress.comment(post, "Held", approved=0)
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Public"}
    wordpress.moderate((held, "approve"))
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Public", "Held"}
    wordpress.moderate((held, "spam"))
    stored.tick()
    assert stored.standing[f"{stored.network.key}#comment-{held}"] is Standing.HIDDEN
    wordpress.moderate((held, "delete"))
    checked = stored.network.recheck(stored.source, [f"{stored.network.key}#comment-{held}", "elsewhere#comment-1"])
    assert [(one.standing, one.item) for one in checked] == [(Standing.GONE, None)]


def test_nothing_private_of_a_visitor_is_kept(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Hello")
    network = opened()
    page = network.fetch(comments_of(address), "")
    network.send(reply_to(page.items[0], "Hello yourself"))
    memory = network.site._memory
    assert isinstance(memory, DictMemory)
    for canary in ("visitor@example.test", "203.0.113.77", "Canary", "gravatar"):
        assert canary not in repr(page) + memory.text()


@pytest.mark.parametrize("who", ["editor", ""])
def test_the_stored_set_equals_the_sites_after_every_tick_of_a_long_thread(
    wordpress: RealWordPress, opened: Open, who: str
) -> None:
    post, address = wordpress.post()
    stored = Stored(opened(who, per_page=10), comments_of(address))
    chance = random.Random(20170714)
    wordpress.comments(post, [f"Comment {number}" for number in range(23)])
    rows = wordpress.stored_comments(post)
    for tick in range(15):
        moved = chance.sample(rows, k=min(len(rows), chance.randrange(3)))
        ways = ["approve", "approve", "hold", "spam", "trash", "delete"]
        wordpress.moderate(*((row["id"], chance.choice(ways)) for row in moved))
        if chance.random() < 0.7:
            wordpress.comment(post, f"New {tick}", approved=chance.choice([1, 1, 0]))
        stored.tick()
        rows = wordpress.stored_comments(post)
        visible = {"1", "0"} if who else {"1"}
        expected = {row["content"] for row in rows if row["approved"] in visible}
        assert stored.texts(Standing.PUBLIC) | stored.texts(Standing.HELD) == expected


def test_an_edit_far_down_a_long_thread_is_seen_at_the_next_whole_walk(
    wordpress: RealWordPress, opened: Open, clock: Clock
) -> None:
    post, address = wordpress.post()
    numbers = wordpress.comments(post, [f"Comment {number}" for number in range(12)])
    stored = Stored(opened(per_page=5), comments_of(address))
    stored.tick()
    wordpress.edit_comment(numbers[0], "Edited")
    assert stored.tick().covers.whole is False
    clock.passed += timedelta(minutes=11)
    assert stored.tick().covers.whole is True
    assert "Edited" in stored.texts(Standing.PUBLIC)


@pytest.mark.parametrize(
    ("fault", "failure", "sentence"),
    [
        ("maintenance", RateLimited, "out of order for now .HTTP 503"),
        ("warning", Unavailable, "not the expected JSON, it begins '<br /> <b>Warning"),
        ("db", Unavailable, "out of order for now .HTTP 500"),
        ("rest401", Misconfigured, "lets members only"),
        ("429", RateLimited, "asks us to slow down"),
        ("slow", Unavailable, "did not answer in time"),
    ],
)
def test_a_fault_of_the_site_is_named_loses_nothing_and_passes(
    wordpress: RealWordPress, opened: Open, clock: Clock, fault: str, failure: type[Exception], sentence: str
) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Before")
    network = opened("" if fault == "rest401" else "editor", deadline=2.0)
    stored = Stored(network, comments_of(address))
    stored.tick()
    wordpress.comment(post, "During")
    wordpress.fault(fault)
    with pytest.raises(failure, match=sentence) as caught:
        stored.tick()
    if isinstance(caught.value, RateLimited):
        assert timedelta(seconds=2) < caught.value.until - clock() <= timedelta(minutes=5)
    with pytest.raises(failure):
        network.entries(liveblog_of(address), "")
    wordpress.fault("none")
    time.sleep(7 if fault == "slow" else 0)  # the server's workers sleep on after we left
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Before", "During"}


def test_a_site_without_permalinks_is_read_and_answered(wordpress: RealWordPress, opened: Open) -> None:
    wordpress.option("permalink_structure", "")
    post, address = wordpress.post()
    assert "?p=" in address
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    network.send(reply_to(asked, "Answer"))
    assert len(network.fetch(comments_of(address), "").items) == 2
    assert network.entries(liveblog_of(wordpress.url), "").entries[0].title == "Live blog"


def test_permalinks_that_change_under_way_are_found_again(wordpress: RealWordPress, opened: Open) -> None:
    post, _ = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    stored = Stored(network, comments_of(f"{wordpress.url}/?p={post}"))
    stored.tick()
    wordpress.php(
        "global $wp_rewrite; update_option('permalink_structure', ''); $wp_rewrite->init();"
        " $wp_rewrite->flush_rules(false); return 1;"
    )
    wordpress.comment(post, "And now?")
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"Question?", "And now?"}
    network.send(reply_to(next(iter(stored.items.values())), "Answer"))


def test_comments_of_a_whole_blog_are_read(wordpress: RealWordPress, opened: Open) -> None:
    for text in ("One", "Two"):
        post, _ = wordpress.post(post_title=text)
        wordpress.comment(post, text)
    stored = Stored(opened(), comments_of(wordpress.url))
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"One", "Two"}


def test_an_address_that_is_no_post_is_said(wordpress: RealWordPress, opened: Open) -> None:
    wordpress.post()
    network = opened()
    with pytest.raises(Misconfigured, match=r"There is no page at .*/nowhere/ \(HTTP 404\)"):
        network.fetch(comments_of(f"{wordpress.url}/nowhere/"), "")
    page = network.fetch(comments_of(f"{wordpress.url}/?s=search"), "")
    assert page.items == ()
    assert "neither one post nor a list of posts" in page.note
