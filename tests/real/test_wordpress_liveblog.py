"""The live blog on a real WordPress: one post all day, or each new post."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from tests.real.reader import Clock, Open, liveblog_of
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real


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


def test_a_category_is_read_as_a_blog_of_its_own(wordpress: RealWordPress, opened: Open) -> None:
    wordpress.post(post_title="Outside")
    category, address = wordpress.php(
        "$made = wp_insert_term('Event', 'category'); return [$made['term_id'], get_term_link($made['term_id'])];"
    )
    wordpress.post(post_title="Inside", post_category=[category])
    assert [one.title for one in opened().entries(liveblog_of(address), "").entries] == ["Inside"]
