"""The workshop's live blog: every entry is read, and its growth is seen save by save."""

from __future__ import annotations

import re
from datetime import date, datetime

from bot.core.edits import Changes, Known, compare
from bot.core.items import Entry, EntryPage
from bot.core.liveblog import read_entries, time_text
from tests.workshop import expected, final, states, timeline

LINK = "https://q.example/blog/live-blog/"


def read(html: str) -> EntryPage:
    return read_entries(html, timezone="Europe/London", posted=date(2017, 7, 12), link=LINK)


def stored(page: EntryPage, ids: dict[Entry, int]) -> list[Known]:
    return [
        Known(ids[e], e.day, e.time, e.title, e.text, e.key, e.pictures, position)
        for position, e in enumerate(page.entries)
    ]


def rendered(html: str) -> str:
    """As WordPress 6.5 shows it: no comments, more classes and wrappers, typographic entities."""
    html = re.sub(r"<!--.*?-->\n?", "", html)
    html = re.sub(r"<(h\d)>", r'<\1 class="wp-block-heading">', html)
    html = re.sub(r"<(ul|ol|blockquote)\b", r'<\1 data-layout="flow"', html)
    html = html.replace("<img ", '<img decoding="async" loading="lazy" ').replace("<figure", "<figure data-x='1'")
    html = re.sub(r"(?<=\w)'(?=\w)", "&#8217;", html).replace("...", "&#8230;")
    html = html.replace(":)", '<img class="wp-smiley emoji" alt="🙂" src="/smile.svg">')
    return f'<div class="wp-block-group"><div class="wp-block-group__inner-container">{html}</div></div>'


def test_31_of_31_entries_are_read_in_page_order() -> None:
    page = read(final())
    assert len(page.entries) == len(expected()) == 31
    for entry, wanted in zip(page.entries, expected(), strict=True):
        assert (entry.day, entry.time, entry.title) == (wanted["day"], wanted["time"], wanted["title"])
        assert entry.at == datetime.fromisoformat(wanted["at"])
        assert time_text(entry) == wanted["time_text"]
        text = " ".join(entry.text.split())
        assert text.startswith(wanted["text_starts"])
        assert bool(text) == bool(wanted["text_starts"])
        assert bool(entry.pictures) == bool({"image", "gallery"} & set(wanted["media"]))
    assert page.newest_first
    assert page.doubts == ()


def test_pictures_carry_their_description_and_full_address_and_captions_are_no_text() -> None:
    run_through = read(final()).entries[29]
    assert [(p.url, p.alt) for p in run_through.pictures] == [
        ("https://q.example/wp-content/uploads/2017/07/run-through.jpg", "Colleagues around a whiteboard")
    ]
    assert "Q Lab final run through" not in run_through.text


def test_a_whole_page_around_the_post_gives_the_same_entries() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>t</title></head><body><nav><h3>1:00pm: menu</h3></nav><h1>Our live blog</h1>"
        f'<main><article><div class="entry-content">{final()}</div><h3>Related posts</h3></article></main>'
        '<div id="comments"><p><b>3:10pm: I was there</b></p></div></body></html>'
    )
    whole = read(page)
    assert whole.entries == read(final()).entries
    assert whole.title == "Our live blog"


def test_the_last_save_is_the_page_byte_for_byte() -> None:
    saves = states()
    assert len(saves) == 40
    assert saves[-1][1] == final()
    for step, html in saves:
        assert len(read(html).entries) == step["entries_after"]


def replay(show: list[str]) -> list[Changes]:
    """Poll after every save and store what is seen, as the announcer does."""
    known: list[Known] = []
    seen: list[Changes] = []
    for html in show:
        page = read(html)
        changes = compare(known, page)
        ids = {entry: stored.id for stored, entry in (*changes.same, *changes.edited)}
        gone = {each.id for each in changes.gone}
        past = [each for each in known if each.gone or each.id in gone]
        next_id = max([each.id for each in known], default=0) + 1
        ids |= {entry: next_id + number for number, entry in enumerate(changes.new)}
        known = [*stored(page, ids), *(Known(**{**vars(each), "gone": True}) for each in past)]
        seen.append(changes)
    return seen


def test_save_by_save_32_are_new_4_edited_1_gone_and_nothing_else() -> None:
    seen = replay([html for _, html in states()])
    assert sum(len(c.new) for c in seen) == timeline()["announcements"]["new_entries"] == 32
    assert [entry.title for c in seen for _, entry in c.edited] == [
        "Introduction to the four challenge areas",
        "Time to read the research",
        "A well deserved cake and coffee break",
        "Problem segmentation",
    ]
    assert [known.title for c in seen for known in c.gone] == ["Fire alarm test"]
    assert [c.doubts for c in seen if c.doubts] == []
    assert [c.back for c in seen if c.back] == []


def test_two_entries_of_one_save_are_announced_oldest_first() -> None:
    pairs = [c.new for c in replay([html for _, html in states()]) if len(c.new) == 2]
    assert [[entry.time for entry in new] for new in pairs] == [["09:45", "09:47"]]


def test_an_upgrade_of_wordpress_makes_nothing_look_edited() -> None:
    seen = replay([*(html for _, html in states()), rendered(final())])
    assert len(seen[-1].same) == 31
    assert (seen[-1].new, seen[-1].edited, seen[-1].gone, seen[-1].doubts) == ((), (), (), ())


def test_the_first_read_announces_nothing_old() -> None:
    changes = compare([], read(final()), first=True)
    assert len(changes.old) == 31
    assert (changes.new, changes.edited, changes.gone, changes.doubts) == ((), (), (), ())
