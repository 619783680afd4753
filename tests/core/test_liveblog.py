"""Reading a live blog: what is an entry, on which day, and what a person must be told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.core.items import EntryPage
from bot.core.liveblog import published, read_entries, time_text
from bot.core.oddities import NONE

POSTED = date(2017, 7, 14)


def read(html: str, posted: date = POSTED, zone: str = "Europe/London", link: str = "") -> EntryPage:
    return read_entries(html, timezone=zone, posted=posted, link=link)


def times(html: str, posted: date = POSTED) -> list[tuple[str, str, str]]:
    return [(entry.day, entry.time, entry.title) for entry in read(html, posted).entries]


@pytest.mark.parametrize(
    ("heading", "time", "title"),
    [
        ("3:10pm: Tea", "15:10", "Tea"),
        ("3.10 PM – Tea", "15:10", "Tea"),
        ("12:30pm:\u00a0Noon hour", "12:30", "Noon hour"),
        ("12:05am Midnight", "00:05", "Midnight"),
        ("9 a.m. | Doors open", "09:00", "Doors open"),
        ("15:10 Kaffee", "15:10", "Kaffee"),
        ("15.10 Uhr: Kaffee", "15:10", "Kaffee"),
        ("14h05 : Pause", "14:05", "Pause"),
        ("kl. 14.05 Fika", "14:05", "Fika"),
        ("Noon: Lunch", "12:00", "Lunch"),
        ("3:30pm: Picking 2-4 issues", "15:30", "Picking 2-4 issues"),
        ("2:10pm - 4 things we learnt…", "14:10", "4 things we learnt…"),
        ("12:30pm: Closing remarks:", "12:30", "Closing remarks:"),
        ("\u200f15:10: הפסקת קפה", "15:10", "הפסקת קפה"),
        ("٣:١٠pm: شاي", "15:10", "شاي"),
        ("3:10pm: 👩‍👩‍👧 ☕", "15:10", "👩‍👩‍👧 ☕"),
        ("3:10pm", "15:10", ""),
    ],
)
def test_a_heading_that_begins_with_a_time_is_an_entry(heading: str, time: str, title: str) -> None:
    assert times(f"<h3>{heading}</h3><p>Text</p>") == [("2017-07-14", time, title)]
    assert times(f"<p><strong>{heading}</strong></p><p>Text</p>") == [("2017-07-14", time, title)]


@pytest.mark.parametrize(
    ("heading", "day"),
    [
        ("14 July – workshop day 2", "2017-07-14"),
        ("Friday 14th of July", "2017-07-14"),
        ("Friday, July 14, 2017", "2017-07-14"),
        ("Day 2: Friday 14 July 2017", "2017-07-14"),
        ("2017-07-14", "2017-07-14"),
        ("14.07.2017", "2017-07-14"),
        ("14/7/17", "2017-07-14"),
        ("Freitag, 14. Juli", "2017-07-14"),
        ("vendredi 14 juillet 2017", "2017-07-14"),
        ("viernes, 14 de julio de 2017", "2017-07-14"),
        ("sexta-feira, 14 de julho", "2017-07-14"),
        ("piątek 14 lipca", "2017-07-14"),
        ("1er août", "2017-08-01"),
        ("2017年7月14日", "2017-07-14"),
        ("Saturday", "2017-07-15"),
    ],
)
def test_a_heading_with_a_date_sets_the_day(heading: str, day: str) -> None:
    page = read(f"<h2>{heading}</h2><h3>9:00: Start</h3>", posted=date(2017, 7, 13))
    assert [entry.day for entry in page.entries] == [day]
    assert page.doubts == ()


@pytest.mark.parametrize(
    "html",
    [
        "<p>We start at 9:00am and close at 5:00pm.</p>",
        "<p><b>Mon</b> 9:00am - 5:00pm</p><p><strong>Mon 9:00am - 5:00pm</strong></p>",
        "<table><tr><th>9:00am</th><td><h3>9:00am: Welcome</h3></td></tr></table>",
        "<blockquote><h3>9:00am: as they wrote</h3></blockquote>",
        "<h3>24h of science</h3><h3>Noon prayers</h3><h3>14 July celebrations in Paris</h3><h3>2017</h3>",
        "<h3>\0\ud800</h3><p>\udfff</p>",
        "<<<>>></h3 <h3",
    ],
)
def test_an_ordinary_post_is_no_live_blog_and_that_is_said(html: str) -> None:
    page = read(html)
    assert (page.entries, page.doubts) == ((), (NONE,))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<script>'<h3>9:00am: x</h3>'</script><template><h3>9:00am: x</h3></template>",
        "<p>Our live blog begins on Tuesday.</p>",
    ],
)
def test_a_live_blog_that_has_not_begun_is_nothing_to_ask_about(html: str) -> None:
    assert read(html).doubts == ()


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<h3>9:00am – 9:30am Welcome</h3><h3>9:30 - 10 am: Talk</h3>", "Each of 2 lines gives a span of time"),
        ("<h3>9:75am: Typo</h3>", "no clock shows"),
        ("<h2>31 June</h2><h3>9:00: x</h3>", "no calendar has"),
        ("<h2>Monday 14 July</h2><h3>9:00: x</h3>", "names a weekday that its date does not have"),
        ("<h2>14 July</h2><h3>2:20pm: a</h3><h3>3:10: b</h3><h3>4:10pm: c</h3>", "has no am or pm"),
        ("<h3>2:20pm: a</h3><p><b>3:10pm: b</b></p>", "most entries here do not begin with bold lines"),
        ("<p><b>13 July</b></p><h3>2:20pm: a</h3>", "looks like a day but is not a heading"),
        ("<h3>9:00: b</h3><h3>17:00: a</h3><h3>16:00: a</h3><h3>15:00: a</h3>", "run over 2 days"),
    ],
)
def test_what_cannot_be_read_with_certainty_is_said_in_a_sentence(html: str, words: str) -> None:
    doubts = read(html).doubts
    assert len(doubts) == 1
    assert words in doubts[0]


def test_without_day_headings_the_days_count_from_the_post() -> None:
    newest_first = "<h3>10:00: d</h3><h3>9:00: c</h3><h3>17:00: b</h3><h3>16:00: a</h3>"
    assert [day for day, _, _ in times(newest_first)] == ["2017-07-14", "2017-07-14", "2017-07-13", "2017-07-13"]
    oldest_first = "<h3>16:00: a</h3><h3>17:00: b</h3><h3>9:00: c</h3><h3>10:00: d</h3>"
    assert [day for day, _, _ in times(oldest_first)] == ["2017-07-14", "2017-07-14", "2017-07-15", "2017-07-15"]
    assert read(newest_first).newest_first
    assert not read(oldest_first).newest_first


def test_a_mistyped_time_does_not_start_another_day() -> None:
    assert {day for day, _, _ in times("<h3>4:15pm: c</h3><h3>4:50pm: typo</h3><h3>3:00pm: a</h3>")} == {"2017-07-14"}


def test_a_year_that_is_not_given_turns_at_new_year() -> None:
    html = "<h2>1 January</h2><h3>0:10: x</h3><h2>31 December</h2><h3>23:50: y</h3>"
    assert [day for day, _, _ in times(html, date(2023, 12, 31))] == ["2024-01-01", "2023-12-31"]


def test_the_clock_change_gives_one_instant_for_hours_that_are_missing_or_twice() -> None:
    missing = read("<h2>26 March 2017</h2><h3>1:30am: x</h3>").entries[0]
    twice = read("<h2>29 October 2017</h2><h3>1:30am: x</h3>").entries[0]
    assert missing.at == datetime(2017, 3, 26, 1, 30, tzinfo=UTC)
    assert twice.at == datetime(2017, 10, 29, 0, 30, tzinfo=UTC)
    assert time_text(twice) == "1:30am"


def test_entries_inside_groups_and_after_a_line_break_are_found() -> None:
    html = (
        "<div><section><div><h2>14 July</h2></div><div><h3>2:00pm: b</h3><div>Loose <em>text</em></div></div></section>"
        "<ul><li><h3>1:00pm: a</h3><p>In a list</p></li></ul></div>"
    )
    assert [(entry.title, entry.text) for entry in read(html).entries] == [("b", "Loose text"), ("a", "In a list")]
    bold = read("<p><strong>2:00pm:&nbsp;b</strong><br>Below</p><p><b>A bold remark</b></p><h4>Aside</h4>")
    assert [(entry.title, entry.text) for entry in bold.entries] == [("b", "Below\nA bold remark\nAside")]


def test_a_date_deeper_than_the_entries_is_text_of_its_entry() -> None:
    page = read("<h2>14 July</h2><h3>2:00pm: Report</h3><h4>12 May 2016</h4><p>Then</p><h3>1:00pm: a</h3>")
    assert [entry.day for entry in page.entries] == ["2017-07-14", "2017-07-14"]
    assert page.entries[0].text == "12 May 2016\nThen"


def test_text_keeps_quotes_lists_and_emoji_and_drops_captions_and_scripts() -> None:
    html = (
        "<h3>2:00pm: b</h3><blockquote><p>Said&nbsp;so</p></blockquote><ol><li>One</li><li>Two</li></ol>"
        '<p>Nice <img class="wp-smiley" alt="🙂" src="/s.svg"><script>no()</script><br>Next</p>'
        '<figure><img src="a.jpg" alt=" A&#10;hall "><figcaption>Caption</figcaption></figure>'
        '<p><img src="data:image/gif;base64,R0" data-src="//cdn.example/b.jpg"><img src="javascript:x"></p>'
    )
    entry = read(html, link="https://q.example/blog/live/").entries[0]
    assert entry.text == "Said so\nOne\nTwo\nNice 🙂\nNext"
    assert [(p.url, p.alt) for p in entry.pictures] == [
        ("https://q.example/blog/live/a.jpg", "A hall"),
        ("https://cdn.example/b.jpg", ""),
    ]
    assert entry.link == "https://q.example/blog/live/"


def test_hostile_and_huge_pages_are_read_in_bounded_time() -> None:
    wide = read("<h3>3:10pm: Tea</h3><p>x <b>y</b></p>" * 15_000)
    assert len(wide.entries) == 15_000
    deep = read("<div>" * 5_000 + "<p>" + "<b>" * 5_000 + "3:10pm: deep")
    assert [entry.title for entry in deep.entries] == ["deep"]
    assert read("<h3>3:10pm: " + "x" * 1_000_000).entries[0].time == "15:10"


def test_surrogates_and_nuls_do_not_reach_the_text() -> None:
    entry = read("<h3>3:10pm: a\0b\ud800</h3><p>\ud83d\ude42 ok</p>").entries[0]
    assert entry.title == "ab\ufffd"
    assert entry.text == "🙂 ok"


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "Europe/London\0"])
def test_a_time_zone_that_does_not_exist_is_named(zone: str) -> None:
    with pytest.raises(ValueError, match="There is no time zone called"):
        read("<h3>3:10pm: a</h3>", zone=zone)


@pytest.mark.parametrize(
    "line",
    [
        '<time class="entry-date published" datetime="2017-07-14T08:00:00+01:00">14 July</time>',
        '<div class="wp-block-post-date"><time datetime="2017-07-14T08:00:00+01:00">14 July</time></div>',
        '<time itemprop="datePublished" datetime="2017-07-14">14 July</time>',
    ],
)
def test_the_line_with_the_date_of_a_page_gives_the_day_of_its_publication(line: str) -> None:
    assert published(f"<!doctype html><body><time datetime='2020-01-01'>Today</time>{line}</body>") == date(2017, 7, 14)
