"""What a person must be told of a live blog that is typed by hand: lines that were not taken for what they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.headings import Clock
from bot.core.openings import BOLD, ITEM, PLAIN, Line, begins, sets_day

NONE = (
    "No live blog was found there: it is no feed (RSS, Atom, JSON), has no entries of WordPress's Liveblog plugin, no "
    "schema.org LiveBlogPosting, and no headings or lines that begin with a time. Give the address of the live blog."
)
_ALIASES = {"MEZ": "CET", "MESZ": "CEST", "UTC": "GMT", "WEST": "BST", "WET": "GMT"}
_EITHER = {"ET": "EST", "CT": "CST", "MT": "MST", "PT": "PST"}  # in summer and in winter


def odd_lines(read: Sequence[Line], rank: int) -> list[str]:
    """A sentence for each kind of line that looks like the start of an entry or a day, and was not taken for one."""
    headed = [line for line in read if line.block.head and not line.block.item]
    others = [line for line in headed if line.starts_entry and not line.programme and not begins(line, rank)]
    typed = [line for line in read if rank <= BOLD and line.rank == PLAIN and not line.programme and line.starts_entry]
    misfits = [line for line in headed if sets_day(line, rank) and line.day and not line.day.fits]
    bold_days = [line for line in headed if rank < BOLD == line.rank and line.day and not line.starts_entry]
    other_kind = "bold lines" if rank < BOLD else "headings"
    return [
        *_misread(read),
        *_sentence(
            others, f"begins with a time, but most entries here do not begin with {other_kind}", "make it alike"
        ),
        *_sentence(
            [line for line in typed if line.clock and line.clock.firm],
            "begins with a time and is neither a heading nor bold, so it was read as text",
            "make it like the others if it is an entry",
        ),
        *_sentence(misfits, "names a weekday that its date does not have", "correct the date or the weekday"),
        *_sentence(bold_days, "looks like a day but is not a heading", "make it a heading if it begins a day"),
    ]


def _misread(read: Sequence[Line]) -> list[str]:
    headed = [line for line in read if line.block.head and not line.block.item]
    spans = [line for line in headed if line.clock and line.clock.span]
    no_times = [line for line in headed if line.clock and not line.clock.time and not line.clock.span]
    no_dates = [line for line in headed if line.day and not line.day.day]
    return [
        *_sentence(spans, "gives a span of time and was read as a programme, not as an update", "check that it is one"),
        *_sentence(no_times, "looks like a time that no clock shows", "correct it on the blog"),
        *_sentence(no_dates, "looks like a date that no calendar has", "correct it on the blog"),
    ]


def odd_clocks(clocks: Sequence[tuple[Clock, str]]) -> list[str]:
    """Where most times carry am or pm, one without may be twelve hours off."""
    bare = [words for clock, words in clocks if not clock.marked and clock.time and 0 < _hour(clock) <= 12]
    marked = sum(clock.marked for clock, _ in clocks)
    return _about(bare, "has no am or pm", "add it") if marked > len(bare) else []


def odd_zones(clocks: Sequence[tuple[Clock, str]], zone: ZoneInfo, year: int) -> list[str]:
    """Times of another time zone than the blog's are read on the blog's clock, and a person should know."""
    own = {datetime(year, month, 1, 12, tzinfo=zone).tzname() for month in (1, 7)}
    other = [
        words
        for clock, words in clocks
        if clock.zone and not {clock.zone, _ALIASES.get(clock.zone), _EITHER.get(clock.zone)} & own
    ]
    fix = f"times are read in {zone.key}: set the event's timezone if that is wrong"
    return _about(other, "names another time zone than the blog's", fix)


def no_live_blog(read: Sequence[Line], *, live: bool) -> list[str]:
    """Why a page was not taken for a live blog; nothing if it is empty, or is one (`live`) that has not begun."""
    misread = _misread(read)
    if misread:
        return misread
    timed = [line for line in read if line.starts_entry and (line.rank < ITEM or line.title)]
    if len(timed) < 2:
        return [NONE] if read and not live else []
    said = timed[0].words[:60]
    return [
        f"{len(timed)} lines begin with a time (“{said}”), but they read like a programme or a timetable: "
        "if it is a live blog, say so in the title of the page, for example with the words “live blog”."
    ]


def rolled_days(count: int, posted: date) -> list[str]:
    """The sentence for times that run over more days than headings name."""
    return [
        f"The times run over {count + 1} days but no heading says which: they are counted from {posted:%-d %B %Y}, "
        "the day of the post. Put a heading with the date above each day."
    ]


def _hour(clock: Clock) -> int:
    return clock.time.hour if clock.time else 0


def _sentence(found: Iterable[Line], what: str, fix: str) -> list[str]:
    return _about([line.words for line in found], what, fix)


def _about(heads: Sequence[str], what: str, fix: str) -> list[str]:
    if not heads:
        return []
    first = heads[0] if len(heads[0]) <= 60 else heads[0][:59] + "…"
    count = "One line" if len(heads) == 1 else f"Each of {len(heads)} lines"
    return [f"{count} {what}: “{first}”; {fix}."]
