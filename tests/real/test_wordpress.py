"""The WordPress network against a real WordPress: comments, replies, the live blog, faults."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source, Standing
from bot.networks.base import Misconfigured, NoAnswer, Options, RateLimited, Refused, Unavailable
from bot.networks.wordpress import WordPress
from tests.networks.memory import DictMemory
from tests.networks.servers import LosingProxy, talking
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real

Open = Callable[..., WordPress]


class Clock:
    """Now, plus what a test has let pass."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(wordpress: RealWordPress, clock: Clock) -> Iterator[Open]:
    networks: list[WordPress] = []

    def open_one(who: str = "editor", url: str = "", deadline: float = 15.0, **extra: Any) -> WordPress:
        secrets = wordpress.secrets(who) if who else {}
        options = Options(url or wordpress.url, secrets=secrets, extra=extra, deadline=deadline)
        networks.append(WordPress(options, DictMemory(), clock))
        return networks[-1]

    yield open_one
    for network in networks:
        network.close()


def comments_of(address: str) -> Source:
    return Source(1, "wordpress", "comments", address)


def liveblog_of(address: str, since: datetime | None = None) -> Source:
    return Source(2, "wordpress", "liveblog", address, "Europe/London", since)


class Stored:
    """What a careful reader would have stored: pages folded in, suspects re-checked."""

    def __init__(self, network: WordPress, source: Source) -> None:
        self.network, self.source, self.cursor = network, source, ""
        self.items: dict[str, Item] = {}
        self.standing: dict[str, Standing] = {}

    def tick(self) -> Page:
        page = self.network.fetch(self.source, self.cursor)
        self.cursor = page.cursor
        for item in page.items:
            self.items[item.native_id] = item
            self.standing[item.native_id] = item.standing
        seen = {item.native_id for item in page.items}
        suspects = [
            native
            for native, standing in self.standing.items()
            if native not in seen
            and standing in (Standing.PUBLIC, Standing.HELD)
            and (page.covers.whole or native in page.covers.ids)
        ]
        for checked in self.network.recheck(self.source, suspects) if suspects else []:
            self.standing[checked.native_id] = checked.standing
        return page

    def texts(self, standing: Standing) -> set[str]:
        return {self.items[native].text for native, is_ in self.standing.items() if is_ is standing}


def reply_to(item: Item, text: str) -> Delivery:
    return Delivery(7, "wordpress", Action.CREATE, "key", text, reply_to=item.native_id, reply_root=item.root_id)


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
    "text",
    [
        "مرحبا بالعالم، هل هذا يعمل؟",
        "👩‍👩‍👧‍👦🏳️‍🌈 and e\u0301",
        "line one\n\nline three",
        "5 < 6 & 7 > 2 \"quoted\" 'single'",
        "x" * 65000,
    ],
)
def test_texts_of_every_kind_go_out_and_come_back(wordpress: RealWordPress, opened: Open, text: str) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    delivery = reply_to(asked, text)
    receipt = network.send(delivery)
    found = network.find(delivery)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    back = next(item for item in network.fetch(comments_of(address), "").items if item.own)
    assert back.native_id == receipt.remote_id
    assert " ".join(back.text.split())[:5] == " ".join(text.replace("e\u0301", "é").split())[:5]


def test_a_reply_is_threaded_and_no_markup_of_it_survives(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    number = wordpress.comment(post, "<b>Bold</b> <script>alert(1)</script> question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    assert "<" not in asked.text
    network.send(reply_to(asked, "<script>alert('us')</script> & more"))
    row = wordpress.stored_comments(post)[-1]
    assert (row["parent"], row["approved"], row["user"]) == (number, "1", wordpress.env["WP_EDITOR_ID"])
    assert "<script" not in row["content"]
    back = network.fetch(comments_of(address), "").items[0]
    assert (back.own, back.parent_id) == (True, asked.native_id)
    assert back.text.replace("‘", "'").replace("’", "'") == "<script>alert('us')</script> & more"


def test_a_reply_sent_twice_is_there_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    first, second = (network.send(reply_to(asked, "It's “an answer” & more…")) for _ in range(2))
    assert second.remote_id == first.remote_id
    assert "there already" in second.evidence
    assert len(wordpress.stored_comments(post)) == 2


def test_a_reply_whose_answer_was_lost_is_found_and_is_there_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    proxy = LosingProxy(int(wordpress.url.rsplit(":", 1)[1]))
    with talking(proxy) as port:
        network = opened(url=f"http://127.0.0.1:{port}")
        asked = network.fetch(comments_of(address.replace(wordpress.url, f"http://127.0.0.1:{port}")), "").items[0]
        delivery = reply_to(asked, "An answer")
        assert network.find(delivery) is None
        proxy.losing = lambda request: request.startswith(b"POST ")
        with pytest.raises(NoAnswer):
            network.send(delivery)
        assert proxy.lost == 1
        proxy.losing = lambda request: False
        found = network.find(delivery)
        again = network.send(delivery)
    assert found is not None
    assert again.remote_id == found.remote_id
    assert [row["content"] for row in wordpress.stored_comments(post)] == ["Question?", "An answer"]


def test_another_answer_to_the_same_comment_is_not_taken_for_ours(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    network.send(reply_to(asked, "Yes."))
    assert network.find(reply_to(asked, "Yes")) is None
    assert network.find(reply_to(asked, "No.")) is None


def test_a_reply_that_cannot_be_is_refused_in_words(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    number = wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    with pytest.raises(Refused, match="only a comment can be answered"):
        network.send(Delivery(1, "wordpress", Action.CREATE, "k", "Out of the blue"))
    wordpress.edit_post(post, comment_status="closed")
    with pytest.raises(Refused, match="Comments are closed"):
        network.send(reply_to(asked, "Too late"))
    wordpress.edit_post(post, comment_status="open")
    with pytest.raises(Refused, match=r"rest_comment_content_invalid|comment_content_column_length"):
        network.send(reply_to(asked, "y" * 66000))
    wordpress.moderate((number, "hold"))
    with pytest.raises(Refused, match="not public on the blog"):
        network.send(reply_to(asked, "Held"))
    wordpress.moderate((number, "trash"))
    with pytest.raises(Refused, match="not public on the blog"):
        network.send(reply_to(asked, "Trashed"))
    wordpress.moderate((number, "delete"))
    with pytest.raises(Refused, match="has been deleted"):
        network.send(reply_to(asked, "Deleted"))
    assert wordpress.stored_comments(post) == []


def test_an_account_that_may_not_moderate_replies_and_finds_its_held_reply(
    wordpress: RealWordPress, opened: Open
) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    wordpress.option("comment_moderation", "1")
    network = opened("author")
    asked = network.fetch(comments_of(address), "").items[0]
    delivery = reply_to(asked, "It's an answer")
    receipt = network.send(delivery)
    assert "waits for approval" in receipt.evidence
    found = network.find(delivery)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    assert network.send(delivery).remote_id == receipt.remote_id
    assert "warn" in [line.level for line in network.check()]


def test_the_sites_flood_check_means_later(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    wordpress.option("backchannel_flood", "1")
    network = opened("author")
    asked = network.fetch(comments_of(address), "").items[0]
    network.send(reply_to(asked, "One"))
    with pytest.raises(RateLimited) as caught:
        network.send(reply_to(asked, "Two"))
    assert caught.value.until > datetime.now(UTC)


def test_a_reply_of_ours_is_taken_back_once(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post()
    wordpress.comment(post, "Question?")
    network = opened()
    asked = network.fetch(comments_of(address), "").items[0]
    receipt = network.send(reply_to(asked, "Oops"))
    removal = Delivery(8, "wordpress", Action.DELETE, "k2", target=receipt.remote_id)
    assert network.find(removal) is None
    assert network.send(removal).evidence == ""
    assert wordpress.stored_comments(post)[-1]["approved"] == "trash"
    found = network.find(removal)
    assert found is not None
    assert "already" in network.send(removal).evidence
    wordpress.moderate((int(receipt.remote_id.rsplit("-", 1)[1]), "delete"))
    assert "already" in network.send(removal).evidence


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


def entry(time: str, title: str) -> str:
    return f"<h3>{time}:\u00a0{title}</h3>\n<p>Text of {title}.</p>"


def live(*entries: str) -> str:
    return "<h2>14 July – day 2</h2>\n" + "\n".join(entries)


def test_a_live_blog_edited_all_day_is_followed(wordpress: RealWordPress, opened: Open, clock: Clock) -> None:
    post, address = wordpress.post(live(entry("9:00am", "Start")), post_date="2017-07-14 08:00:00")
    network = opened()
    source = liveblog_of(address)
    page = network.entries(source, "")
    assert [(one.day, one.time, one.title, one.text) for one in page.entries] == [
        ("2017-07-14", "09:00", "Start", "Text of Start.")
    ]
    assert page.entries[0].at == datetime(2017, 7, 14, 8, 0, tzinfo=UTC)
    assert page.link == address
    assert network.entries(source, page.cursor).changed is False
    for number in range(3):  # several saves within one second
        wordpress.edit_post(post, post_content=live(entry("10:00am", f"Next {number}"), entry("9:00am", "Start")))
        page = network.entries(source, page.cursor)
        assert [one.title for one in page.entries] == [f"Next {number}", "Start"]
    time.sleep(2.1)
    page = network.entries(source, page.cursor)
    assert page.changed is False
    wordpress.php(
        "global $wpdb; $wpdb->update('wp_posts', ['post_content' => $in[1]], ['ID' => $in[0]]); return 1;",
        post,
        live(entry("11:00am", "By import")),
    )
    assert network.entries(source, page.cursor).changed is False
    clock.passed += timedelta(minutes=4)
    assert [one.title for one in network.entries(source, page.cursor).entries] == ["By import"]


def test_a_live_blog_that_is_not_public_is_never_read(wordpress: RealWordPress, opened: Open) -> None:
    post, address = wordpress.post(live(entry("9:00am", "Secret")))
    network = opened()
    source = liveblog_of(address)
    network.entries(source, "")
    for fields, word in (
        ({"post_password": "pw"}, "password"),
        ({"post_status": "draft", "post_password": ""}, "draft"),
        ({"post_status": "private"}, "private"),
    ):
        wordpress.edit_post(post, **fields)
        page = network.entries(source, "")
        assert (page.entries, page.whole) == ((), False)
        assert word in page.doubts[0]
    wordpress.edit_post(post, post_status="publish")
    assert len(network.entries(source, "").entries) == 1


def test_every_new_post_of_a_blog_is_an_entry_the_late_scheduled_ones_too(
    wordpress: RealWordPress, opened: Open
) -> None:
    wordpress.post("<p>Hello <b>all</b></p>", post_title="It&#8217;s <em>live</em>")
    wordpress.post("<p>Secret</p>", post_password="pw")
    network = opened()
    source = liveblog_of(f"{wordpress.url}/", datetime.now(UTC) - timedelta(hours=1))
    page = network.entries(source, "")
    assert [(one.title, one.text) for one in page.entries] == [("It’s live", "Hello all")]
    assert page.whole
    time.sleep(2.1)
    page = network.entries(source, page.cursor)
    assert page.changed is False
    number, _ = wordpress.post("<p>Late</p>", post_status="future", post_title="Scheduled",
                               post_date=f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d %H:%M:%S}")  # fmt: skip
    assert network.entries(source, page.cursor).changed is False
    wordpress.php(
        'global $wpdb; $wpdb->query("UPDATE wp_posts SET post_date = NOW() - INTERVAL 600 SECOND, post_date_gmt ='
        " UTC_TIMESTAMP() - INTERVAL 600 SECOND, post_modified_gmt = UTC_TIMESTAMP() - INTERVAL 900 SECOND WHERE ID ="
        " {$in[0]}\"); wp_clear_scheduled_hook('publish_future_post', [$in[0]]);"
        " wp_schedule_single_event(time() - 600, 'publish_future_post', [$in[0]]); return 1;",
        number,
    )
    assert network.entries(source, page.cursor).changed is False
    wordpress.run("cron")
    page = network.entries(source, page.cursor)
    assert {one.key: one.title for one in page.entries}[str(number)] == "Scheduled"
    assert len(page.entries) == 2


def test_comments_of_a_whole_blog_are_read(wordpress: RealWordPress, opened: Open) -> None:
    for text in ("One", "Two"):
        post, _ = wordpress.post(post_title=text)
        wordpress.comment(post, text)
    stored = Stored(opened(), comments_of(wordpress.url))
    stored.tick()
    assert stored.texts(Standing.PUBLIC) == {"One", "Two"}


def test_a_category_is_read_as_a_blog_of_its_own(wordpress: RealWordPress, opened: Open) -> None:
    wordpress.post(post_title="Outside")
    category, address = wordpress.php(
        "$made = wp_insert_term('Event', 'category'); return [$made['term_id'], get_term_link($made['term_id'])];"
    )
    wordpress.post(post_title="Inside", post_category=[category])
    assert [one.title for one in opened().entries(liveblog_of(address), "").entries] == ["Inside"]


def test_an_address_that_is_no_post_is_said(wordpress: RealWordPress, opened: Open) -> None:
    wordpress.post()
    network = opened()
    with pytest.raises(Misconfigured, match=r"There is no page at .*/nowhere/ \(HTTP 404\)"):
        network.fetch(comments_of(f"{wordpress.url}/nowhere/"), "")
    with pytest.raises(Misconfigured, match="neither one post nor a list of posts"):
        network.fetch(comments_of(f"{wordpress.url}/?s=search"), "")
