"""A live blog that is one page edited all day: its entries with their wall clock, text and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.core import oddities, webpage
from bot.core.headings import Clock
from bot.core.items import Entry, EntryPage, Picture
from bot.core.manner import Update, announces_live, announces_programme, is_live
from bot.core.markup import Block, blocks, parse
from bot.core.openings import BOLD, Line, begins, ranks_to_try, read_lines, sets_day
from bot.core.typography import shown

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_BLOCK_EDITOR = "<!-- wp:"
_ROLL = 120  # minutes: a smaller step back is a slip of the editor, not a new day
_INTRODUCTION = 1500  # letters above the first time that may speak of a live blog


@dataclass(slots=True)
class _Draft:
    """An entry while the page is read: the day is known only when all headings are."""

    line: Line
    day: date | None
    title: str
    texts: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    @property
    def clock(self) -> Clock:
        """The time that it begins with."""
        return self.line.clock or Clock(time(), "")

    @property
    def minutes(self) -> int:
        """Since midnight."""
        clock = self.clock.time or time()
        return clock.hour * 60 + clock.minute

    def update(self) -> Update:
        """What is judged of it."""
        return Update(self.day, self.minutes, self.title, "\n".join(self.texts))


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it was taken apart: its lines, its title, and what stands above the live blog."""

    lines: list[Line]
    title: str
    words: str
    posted: date
    live: bool


def read_entries(
    html: str, *, timezone: str, posted: date, link: str = "", title: str = "", known: bool = False
) -> EntryPage:
    """The entries of a live blog in page order, from a post's content or from a whole page.

    `posted` is the day of the post on the blog's clock: it gives the year, and the day where no heading does.
    `known` says that the page was read as a live blog before, so that it is not judged anew.
    Raises ValueError if there is no time zone of that name.
    """
    zone = zone_of(timezone)
    page = _take_apart(html, posted, link, title, known=known)
    if page is None:
        return EntryPage((), "", title=title, link=link)
    rank, drafts = _live_drafts(page)
    if not drafts:
        doubts = oddities.no_live_blog(page.lines, live=page.live)
        return EntryPage((), "", title=page.title, link=link, doubts=tuple(doubts))
    newest_first = _newest_first(drafts)
    rolled = _give_days(drafts, posted, newest_first)
    clocks = [(draft.clock, draft.line.words) for draft in drafts]
    doubts = oddities.odd_lines(page.lines, rank) + (oddities.rolled_days(rolled, posted) if rolled else [])
    doubts += oddities.odd_clocks(clocks) + oddities.odd_zones(clocks, zone, posted.year)
    as_shown: Callable[[str], str] = shown if _BLOCK_EDITOR in html else str
    marked = _marked(drafts, rank)
    entries = tuple(_entry(draft, zone, link, as_shown, key) for draft, key in zip(drafts, marked, strict=True))
    return EntryPage(
        entries, "", newest_first=newest_first, title=page.title, link=link, doubts=tuple(doubts), marks=any(marked)
    )


def published(html: str) -> date | None:
    """The day of publication that a page tells of itself, None if it does not."""
    body = parse(html)
    return webpage.published(body) if body is not None else None


def time_text(entry: Entry) -> str:
    """The entry's time as an English blog writes it: ``3:10pm``; other words than a time as they are."""
    found = CLOCK.fullmatch(entry.time)
    if found is None:
        return entry.time
    hour, minute = int(found[1]), int(found[2])
    return f"{hour % 12 or 12}:{minute:02}{'am' if hour < 12 else 'pm'}"


def day_text(entry: Entry) -> str:
    """The entry's day as an English blog writes it: ``13 July``; other words than a day as they are."""
    try:
        day = date.fromisoformat(entry.day)
    except ValueError:
        return entry.day
    return f"{day.day} {day:%B}"


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ValueError with a sentence if there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"There is no time zone called “{name}”. Give one such as Europe/London.") from error


def _take_apart(html: str, posted: date, link: str, title: str, *, known: bool) -> _Page | None:
    body = parse(html)
    if body is None:
        return None
    whole = bool(_WHOLE_PAGE.search(html))
    root = webpage.container(body) if whole else body
    around = webpage.surroundings(body, root) if whole else ""
    lines = read_lines(blocks(root, link), posted)
    title = title or (webpage.title(body) if whole else "")
    words = f"{title}\n{around}"
    return _Page(lines, title, words, posted, known or announces_live(f"{words}\n{_introduction(lines)}"))


def _introduction(lines: Sequence[Line]) -> str:
    """What stands above the first time, and the headings that begin neither a day nor an entry."""
    first = next((n for n, line in enumerate(lines) if line.starts_entry), len(lines))
    said = [line.words for line in lines[:first]]
    said += [line.words for line in lines[first:] if line.block.level in (1, 2) and not line.starts_entry]
    return "\n".join(said)[:_INTRODUCTION]


def _live_drafts(page: _Page) -> tuple[int, list[_Draft]]:
    """The entries in the likeliest hand that reads like a live blog; none if no hand does."""
    programme = not page.live and any(announces_programme(words) for words in page.words.splitlines())
    for rank in ranks_to_try(page.lines):
        drafts = _drafts(page.lines, rank)
        spans = sum(line.clock is not None and line.clock.span and line.rank == rank for line in page.lines)
        taken: list[_Draft] = []
        for below in (False, True):
            some = [draft for draft in drafts if draft.line.programme == below]
            updates = [draft.update() for draft in some]
            if is_live(
                updates, live=page.live and not below, programme=programme or below, marked=rank <= BOLD, spans=spans
            ):
                taken += some
        if taken:
            return rank, [draft for draft in drafts if any(draft is one for one in taken)]
    return 0, []


def _drafts(read: Sequence[Line], rank: int) -> list[_Draft]:
    drafts: list[_Draft] = []
    day: date | None = None
    inside = False
    titles = _titles(read, rank)
    for number, line in enumerate(read):
        if begins(line, rank):
            own = line.day.day if line.day else None
            title = read[titles[number]].words if number in titles else line.title
            drafts.append(_Draft(line, own or day, title))
            drafts[-1].texts += [line.text] if line.text else []
            _add_pictures(drafts[-1], line.block)
            inside = True
        elif number in titles.values():
            continue
        elif sets_day(line, rank) and line.day:
            day, inside = line.day.day, False
        elif inside:
            drafts[-1].texts += [text for text in (line.block.head, line.block.body) if text]
            _add_pictures(drafts[-1], line.block)
    return drafts


def _titles(read: Sequence[Line], rank: int) -> dict[int, int]:
    """For times that stand alone on a typed line: the line with their title, all below them or all above."""
    alone = [n for n, line in enumerate(read) if rank >= BOLD and begins(line, rank) and line.alone]
    below = {n: n + 1 for n in alone if n + 1 < len(read) and _is_title(read[n + 1])}
    above = {n: n - 1 for n in alone if n and _is_title(read[n - 1])}
    return above if len(above) > max(len(below), len(alone) // 2) else below


def _is_title(line: Line) -> bool:
    return bool(line.block.head) and not line.starts_entry and line.day is None


def _add_pictures(draft: _Draft, block: Block) -> None:
    draft.pictures += [picture for picture in block.pictures if picture not in draft.pictures]


def _newest_first(drafts: Sequence[_Draft]) -> bool:
    """The order of most neighbours: days first, times within a day; a page that does not tell is newest first."""
    falls = rises = 0
    for above, below in pairwise(drafts):
        if above.day == below.day:
            falls += above.minutes > below.minutes
            rises += above.minutes < below.minutes
        elif above.day and below.day:
            falls += above.day > below.day
            rises += above.day < below.day
    return falls >= rises


def _give_days(drafts: Sequence[_Draft], posted: date, newest_first: bool) -> int:
    """Entries without a day heading count from the post's day; how often a long step began another."""
    day, earlier, rolled = posted, None, 0
    for draft in drafts:
        if draft.day is not None:
            continue
        if earlier is not None:
            step = draft.minutes - earlier if newest_first else earlier - draft.minutes
            if step >= _ROLL:
                day += timedelta(days=-1 if newest_first else 1)
                rolled += 1
        draft.day, earlier = day, draft.minutes
    return rolled


def _marked(drafts: Sequence[_Draft], rank: int) -> list[bool]:
    """Which entries stand out as key events: by a heading in bold among others, a bold line among plain ones."""
    bold = [draft.line.block.bold if rank < BOLD else draft.line.rank == BOLD < rank for draft in drafts]
    return [False] * len(bold) if all(bold) else bold


def _entry(draft: _Draft, zone: ZoneInfo, link: str, as_shown: Callable[[str], str], key_event: bool) -> Entry:
    day, clock = draft.day or date.min, draft.clock.time or time()
    return Entry(
        day=day.isoformat(),
        time=f"{clock:%H:%M}",
        at=datetime.combine(day, clock, tzinfo=zone).astimezone(UTC),
        title=as_shown(draft.title),
        text=as_shown("\n".join(draft.texts)),
        pictures=tuple(draft.pictures),
        link=link,
        key_event=key_event,
    )
