"""What changed since last time: what is announced, what is an edit, and what stops for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core.edits import Changes, Known, changed_words, compare
from bot.core.items import Entry, EntryPage, Picture

LONG = "The group shares what it found out about peer support in the last two months."
OTHER = "Around fifty people arrive at the venue and write a card about what they hope for."
REWRITTEN = "Nothing of it was kept: these words are about quite another topic."


def entry(time: str, title: str, text: str = "", day: str = "2017-07-13", key: str = "", picture: str = "") -> Entry:
    pictures = (Picture(picture),) if picture else ()
    at = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)
    return Entry(day, time, at, title, text, pictures, key)


def page(*entries: Entry, **more: object) -> EntryPage:
    return replace(EntryPage(entries, ""), **more)  # type: ignore[arg-type]


def known(*entries: Entry) -> list[Known]:
    return [Known(n + 1, e.day, e.time, e.title, e.text, e.key, e.pictures, n) for n, e in enumerate(entries)]


def quiet(changes: Changes) -> bool:
    return not (changes.new or changes.edited or changes.gone or changes.doubts)


A, B, C = entry("15:00", "Feedback", LONG), entry("14:10", "Discussion"), entry("13:00", "Welcome", OTHER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (A, entry("15:00", "Feedback from all", LONG)),
        (A, entry("16:00", "Feedback", LONG)),
        (A, entry("16:30", "What we heard", LONG)),
        (A, entry("15:00", "Feedback", LONG + " More of it.")),
        (A, entry("15:00", "Feedback", LONG, day="2017-07-14")),
        (B, entry("14:10", "Discussions")),
        (B, entry("14:40", "Discussion")),
        (B, entry("14:10", "Discussion", "Text follows.")),
        (B, entry("14:10", "Discussion", picture="/cake.jpg")),
        (B, entry("14:10", "", "Discussion. It went on for longer than anybody had thought it would.")),
    ],
)
def test_a_correction_is_an_edit_of_its_entry(before: Entry, after: Entry) -> None:
    stood = [A, B, C]
    now = [after if each is before else each for each in stood]
    changes = compare(known(*stood), page(*now))
    assert [(stored.title, read) for stored, read in changes.edited] == [(before.title, after)]
    assert (changes.new, changes.gone, changes.doubts) == ((), (), ())
    assert len(changes.same) == 2


@pytest.mark.parametrize(
    "after",
    [
        [A, C, B],
        [entry("15:00", "Feedback", LONG.replace(" ", "\u00a0\n")), B, C],
        [A, entry("14:10", "Discussion"), entry("13:00", "Welcome", OTHER)],
    ],
)
def test_order_and_layout_are_no_edits(after: list[Entry]) -> None:
    assert quiet(compare(known(A, B, C), page(*after)))


def test_a_picture_in_another_size_is_the_same_picture() -> None:
    before, after = entry("09:00", "x", picture="/a-1024x768.jpg?w=1"), entry("09:00", "x", picture="/a.jpg")
    assert quiet(compare(known(before), page(after)))


def test_new_entries_come_oldest_first_wherever_they_stand() -> None:
    late, top = entry("13:30", "Written up late", "Short."), entry("15:20", "Cake", "Short.")
    assert compare(known(A, B, C), page(top, A, B, late, C)).new == (late, top)
    assert compare(known(C, B, A), page(C, late, B, A, top, newest_first=False)).new == (late, top)


@pytest.mark.parametrize(
    ("after", "kind"),
    [
        ([A, A, B, C], "copy"),
        ([entry("15:30", "Feedback", LONG), A, B, C], "copy"),
        ([A, entry("14:10", "Discussion", "Twice, other text."), B, C], "copy"),
        ([A, entry("14:50", "Tea"), C], "which"),
        ([entry("15:00", "Feedback", OTHER), B, entry("13:00", "Welcome", LONG)], "which"),
        (
            [entry("15:00", "Feedback", REWRITTEN), B, C],
            "which",
        ),
        ([], "vanished"),
        ([entry("09:00", "Next day", "Morning!", day="2017-07-14")], "vanished"),
        ([entry(f"16:{n:02}", f"Pasted {n}", f"{n} {LONG}") for n in range(6)] + [A, B, C], "format"),
    ],
)
def test_what_is_not_certain_stops_for_a_person(after: list[Entry], kind: str) -> None:
    changes = compare(known(A, B, C), page(*after))
    assert kind in {doubt.kind for doubt in changes.doubts}
    assert changes.edited == ()
    assert changes.gone == ()
    assert not set(changes.new) & {entry for doubt in changes.doubts for entry in doubt.entries}
    if kind != "vanished":
        assert changes.new == ()


def test_a_day_heading_that_moves_many_entries_is_asked_about_once() -> None:
    moved = [replace(each, day="2017-07-14") for each in (A, B, C)]
    changes = compare(known(A, B, C), page(*moved))
    assert [(doubt.kind, len(doubt.entries)) for doubt in changes.doubts] == [("days", 3)]
    assert (changes.new, changes.edited, changes.gone) == ((), (), ())


def test_one_entry_taken_away_is_gone_and_is_not_announced_when_it_returns() -> None:
    stored = known(A, B, C)
    assert compare(stored, page(A, C)).gone == (stored[1],)
    assert compare(stored, page(A, C, whole=False)).gone == ()
    stored[1] = replace(stored[1], gone=True)
    assert quiet(compare(stored, page(A, C)))
    back = compare(stored, page(A, B, C))
    assert quiet(back)
    assert back.back == ((stored[1], B),)


def test_ids_of_the_source_decide_alone_where_there_are_any() -> None:
    old = known(entry("09:00", "One", key="1"), entry("09:05", "Two", key="2"))
    after = page(
        entry("09:00", "One", key="3"),
        entry("11:00", "Quite new", LONG, key="2"),
        entry("9:05".zfill(5), "Two", key="2"),
    )
    changes = compare(old, after)
    assert [each.key for each in changes.new] == ["3"]
    assert [(stored.key, read.title) for stored, read in changes.edited] == [("2", "Quite new")]
    assert [each.key for each in changes.gone] == ["1"]
    assert [doubt.kind for doubt in changes.doubts] == ["copy"]


def test_a_page_that_did_not_change_says_nothing() -> None:
    assert quiet(compare(known(A, B, C), EntryPage((), "", changed=False)))


def test_what_the_page_itself_doubts_is_passed_on() -> None:
    changes = compare([], page(A, doubts=("Look at this.",)))
    assert [(doubt.kind, doubt.sentence) for doubt in changes.doubts] == [("page", "Look at this.")]
    assert changes.new == (A,)


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("Time to read", "Time to read", [("same", "Time to read")]),
        (
            "Time to raed it",
            "Time to read it",
            [("same", "Time to"), ("removed", "raed"), ("added", "read"), ("same", "it")],
        ),
        ("", "All new", [("added", "All new")]),
        ("All old", "", [("removed", "All old")]),
        ("", "", []),
    ],
)
def test_changed_words_show_what_to_read(old: str, new: str, runs: list[tuple[str, str]]) -> None:
    assert changed_words(old, new) == runs


def test_changed_words_of_two_long_texts_are_quick() -> None:
    old, new = "a b " * 50_000, "b a " * 50_000
    assert {kind for kind, _ in changed_words(old, new)} >= {"removed", "added"}
