"""The lines of a page that may begin an entry or a day, in whatever hand they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.headings import Clock, Day, read_day, read_day_within, read_time, read_time_at_end
from bot.core.manner import announces_programme
from bot.core.markup import Block

BOLD, PLAIN, ITEM = 9, 10, 11  # ranks below every heading: bold lines, lines as typed, points of a list
_LABEL = 80  # letters up to which the words behind a time are a title; more are text
_DATE_WITHIN = 40
_BREAK = re.compile(r"[.!?…]['\"”’)]*\s+\S")
_TITLE_ENDS = re.compile(r"[.:!?…|–—-]['\"”’)]*$")


@dataclass(frozen=True, slots=True)
class Line:
    """A block with what its beginning says. `title` and `text` are the words behind the time."""

    block: Block
    rank: int  # 0 if it can begin nothing
    clock: Clock | None = None
    day: Day | None = None
    title: str = ""
    text: str = ""
    programme: bool = False  # it stands below a heading such as "Agenda"

    @property
    def starts_entry(self) -> bool:
        """Whether it begins with a time that a clock shows."""
        return self.clock is not None and self.clock.time is not None

    @property
    def alone(self) -> bool:
        """Whether nothing follows its time."""
        return self.starts_entry and not self.title and not self.text

    @property
    def words(self) -> str:
        """The line as a person sees it."""
        return self.block.head or self.block.body


def read_lines(blocks: Iterable[Block], posted: date) -> list[Line]:
    """All blocks in page order, each with the time or the day that it begins with."""
    lines: list[Line] = []
    level = 0  # of the heading that announced a programme, 0 if none did
    for block in blocks:
        line = _line(block, posted)
        if _parts(line) and not (level and line.rank > level):
            level = line.rank if announces_programme(line.words) else 0
        elif line.starts_entry and line.rank and line.rank < level:
            level = 0  # "Agenda" was a small heading inside the entry above
        lines.append(_below(line) if level else line)
    return lines


def _parts(line: Line) -> bool:
    """Whether it is a heading, or a bold line, that begins neither an entry nor a day."""
    return 0 < line.rank <= BOLD and bool(line.block.head) and not line.starts_entry and line.day is None


def _below(line: Line) -> Line:
    return Line(line.block, line.rank, line.clock, line.day, line.title, line.text, programme=True)


def _line(block: Block, posted: date) -> Line:
    if block.head:
        return _headed(block, posted)
    if not block.line:
        return Line(block, 0)
    return (_led(block, posted) if block.lead else None) or _typed(block, posted)


def _headed(block: Block, posted: date) -> Line:
    rank = block.level or BOLD
    day = read_day(block.head, posted)
    clock = read_time(day.rest if day and day.rest else block.head)
    if clock is None and day is None:
        clock = read_time_at_end(block.head)
    if clock is None and day is None:
        day = read_day_within(block.head, posted)
    if clock and clock.time and day is None:
        day, clock = _dated(clock, posted)
    return Line(block, rank, clock, day, clock.rest if clock else "")


def _dated(clock: Clock, posted: date) -> tuple[Day | None, Clock]:
    """A date may follow the time: "10:15, 14 July: Coffee"."""
    day = read_day(clock.rest, posted) if clock.rest[:_DATE_WITHIN].strip("0123456789") != clock.rest else None
    if day is None or day.day is None:
        return None, clock
    return day, Clock(clock.time, day.rest, clock.marked, zone=clock.zone)


def _led(block: Block, posted: date) -> Line | None:
    """A line with a bold beginning; that is the title if it is one by its punctuation, or by what goes on after it."""
    day = read_day(block.lead, posted)
    clock = read_time(day.rest if day and day.rest else block.lead)
    if clock is not None and clock.span:
        return Line(block, BOLD, clock, day)
    if clock is None or clock.time is None:
        return None
    after = block.body[len(block.lead) :].lstrip(" ")
    if not clock.rest:
        return Line(block, BOLD, clock, day, *_label(after.lstrip(":–—-|• ")))
    bare = after.lstrip(":–—-|• ")
    if _TITLE_ENDS.search(clock.rest) or bare != after or bare[:1].isupper():
        return Line(block, BOLD, clock, day, clock.rest, bare)
    return Line(block, BOLD, clock, day, "", f"{clock.rest} {after}".strip())


def _typed(block: Block, posted: date) -> Line:
    rank = ITEM if block.item else PLAIN
    if not any(map(str.isdigit, block.body[:_DATE_WITHIN])):
        return Line(block, 0)
    day = read_day(block.body[:200], posted)
    dated = day is not None and day.rest != "" and len(block.body) <= 200
    clock = read_time(day.rest if day and dated else block.body)
    if clock is None:
        only_day = day is not None and not day.rest
        return Line(block, rank if only_day else 0, None, day if only_day else None)
    if clock.time and day is None:
        day, clock = _dated(clock, posted)
    return Line(block, rank, clock, day, *_label(clock.rest))


def _label(words: str) -> tuple[str, str]:
    """Title and text of words that nothing marks: short ones are a title, sentences are text."""
    short = len(words) <= _LABEL and not _BREAK.search(words)
    return (words, "") if short else ("", words)


def ranks_to_try(lines: Sequence[Line]) -> list[int]:
    """The hands that the page may be written in, the likeliest first."""
    headings = [line.rank for line in lines if line.starts_entry and line.rank < BOLD]
    bold = [line for line in lines if line.starts_entry and line.rank == BOLD]
    typed = [line for line in lines if line.starts_entry and line.rank == PLAIN]
    items = [line for line in lines if line.starts_entry and line.rank == ITEM]
    rivals = [line for line in bold if not line.block.item] if headings else bold
    marked = [max(headings)] if headings else []
    marked = [*marked, BOLD] if len(headings) >= len(rivals) else [BOLD, *marked]
    found = [rank for rank in marked if rank != BOLD or bold]
    plain = [rank for rank, some in ((PLAIN, typed), (ITEM, items)) if some]
    return [*plain[:1], *found, *plain[1:]] if len(typed) > 3 * len(headings + bold) else [*found, *plain]


def begins(line: Line, rank: int) -> bool:
    """Whether the line begins an entry on a page that is written in that hand."""
    if not line.starts_entry:
        return False
    if rank < BOLD:
        return line.rank < BOLD
    if rank == BOLD:
        return line.rank == BOLD
    return line.block.item == (rank == ITEM) and line.rank >= BOLD


def sets_day(line: Line, rank: int) -> bool:
    """A date below the rank of the entries is a heading inside one of them."""
    return line.day is not None and line.day.day is not None and line.rank <= rank
