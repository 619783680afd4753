"""Key events on a page typed by hand, and how only they are followed."""

from __future__ import annotations

from datetime import date

import pytest

from bot.core.edits import Known
from bot.core.items import EntryPage
from bot.core.keyevents import key_events
from bot.core.liveblog import read_entries

PLAIN = "".join(f"<p>1{n}:07 Something happens. It is told here.</p>" for n in range(4))


def read(html: str) -> EntryPage:
    return read_entries(f"<h1>Live blog</h1>{html}", timezone="Europe/London", posted=date(2024, 5, 14))


@pytest.mark.parametrize(
    ("html", "keys", "marks"),
    [
        ("<h3>12:10 A</h3><h3><b>11:10 B</b></h3><h3>10:10 C</h3>", [False, True, False], True),
        ("<h3><b>12:10</b> A</h3><h3>11:10 B</h3>", [False, False], False),
        ("<h3><b>12:10 A</b></h3><h3><strong>11:10 B</strong></h3>", [False, False], False),
        ("<p><b>12:10 A</b></p><p><b>11:10 B</b></p>", [False, False], False),
        (f"<p><b>14:31 The vote is in.</b></p>{PLAIN}", [True, False, False, False, False], True),
    ],
)
def test_what_stands_out_in_bold_is_a_key_event_and_where_all_is_bold_none_is(
    html: str, keys: list[bool], marks: bool
) -> None:
    page = read(html)
    assert ([entry.key_event for entry in page.entries], page.marks) == (keys, marks)


def test_what_was_announced_is_followed_on_when_its_mark_is_taken_away() -> None:
    page = read("<h3>12:10 A</h3><h3><b>11:10 B</b></h3><h3>10:10 C</h3>")
    known = Known(1, "2024-05-14", "10:10", "C", "")
    assert [entry.title for entry in key_events(page, [known]).entries] == ["B", "C"]
    assert [entry.title for entry in key_events(page, []).entries] == ["B"]
