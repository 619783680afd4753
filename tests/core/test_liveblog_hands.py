"""Live blogs in many hands are read, and pages that only look like one are not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from bot.core.items import EntryPage
from bot.core.liveblog import read_entries

PAGES = Path(__file__).parent.parent / "pages"
LIVE = sorted((PAGES / "live").glob("*.html"))
NONE = sorted((PAGES / "none").glob("*.html"))


def read(html: str, zone: str = "Europe/London", posted: str = "2024-05-14") -> EntryPage:
    return read_entries(html, timezone=zone, posted=date.fromisoformat(posted))


def expected(html: str) -> list[list[str]]:
    """Day with time, title, and how the text begins, as the comment at the end of the page says."""
    said = re.search(r"<!-- expected\n(.*)\n-->", html, re.DOTALL)
    assert said
    return [[part.strip() for part in line.split("|", 2)] for line in said[1].split("\n")]


@pytest.mark.parametrize("file", LIVE, ids=lambda file: file.stem)
def test_a_live_blog_is_read_in_the_hand_of_its_writer(file: Path) -> None:
    html = file.read_text(encoding="utf-8")
    first = re.match(r"<!-- (\S+) (\S+) -->", html)
    assert first
    page = read(html, first[1], first[2])
    found = [[f"{entry.day} {entry.time}", entry.title, entry.text] for entry in page.entries]
    wanted = expected(html)
    assert [one[:2] for one in found] == [one[:2] for one in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert one[2].startswith(other[2])
        assert bool(one[2]) == bool(other[2])
    minutes = [entry.at for entry in page.entries]
    assert minutes == sorted(minutes, reverse=page.newest_first)


@pytest.mark.parametrize("file", NONE, ids=lambda file: file.stem)
def test_what_only_looks_like_a_live_blog_is_none(file: Path) -> None:
    assert read(file.read_text(encoding="utf-8")).entries == ()


def test_a_day_at_the_end_of_the_calendar_is_told_as_none() -> None:
    page = read("<h2>31 December 9999</h2><h3>11:30pm: Late</h3><p>Hello.</p>", zone="America/New_York")
    assert [entry.day for entry in page.entries] == ["2024-05-14"]
    assert "looks like a date that no calendar has" in " ".join(page.doubts)


@pytest.mark.parametrize("inside", ["<h4>Agenda</h4>", "<h5>Our programme</h5>", "<p><b>Schedule</b></p>"])
def test_a_small_heading_inside_an_entry_does_not_take_the_entries_below_for_a_programme(inside: str) -> None:
    above = f"<h2>14 May 2024</h2><h3>10:30am: Welcome</h3><p>Hello.</p>{inside}<ul><li>10:45 talk</li></ul>"
    page = read(f"{above}<h3>11:15am: Back</h3><p>We go on.</p>")
    assert [(entry.time, entry.title) for entry in page.entries] == [("10:30", "Welcome"), ("11:15", "Back")]
