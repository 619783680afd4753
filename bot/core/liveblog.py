"""A live blog that is one page edited all day: its entries with their wall clock, text and pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from selectolax.lexbor import LexborNode

from bot.core.headings import Clock, Day, read_day, read_time
from bot.core.items import Entry, EntryPage, Picture
from bot.core.markup import HEADINGS, Block, blocks, lines, parse
from bot.core.typography import shown

_WHOLE_PAGE = re.compile(r"<(?:!doctype|html|body)\b", re.IGNORECASE)
_BLOCK_EDITOR = "<!-- wp:"
_CONTAINERS = (".entry-content", "[itemprop=articleBody]", ".wp-block-post-content", ".post-content", "article", "main")
_OUTSIDE = frozenset(("nav", "aside", "footer", "form", "template", "noscript"))
_BOLD = 9  # a bold line ranks below every heading
_ROLL = 120  # minutes: a smaller step back is a slip of the editor, not a new day


@dataclass(slots=True)
class _Draft:
    """An entry while the page is read: the day is known only when all headings are."""

    clock: Clock
    heading: str
    day: date | None
    texts: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        clock = self.clock.time or time()
        return clock.hour * 60 + clock.minute


@dataclass(frozen=True, slots=True)
class _Line:
    """A block with what its head says."""

    block: Block
    rank: int
    clock: Clock | None
    day: Day | None

    @property
    def starts_entry(self) -> bool:
        return self.clock is not None and self.clock.time is not None


def read_entries(html: str, *, timezone: str, posted: date, link: str = "", title: str = "") -> EntryPage:
    """The entries of a live blog in page order, from a post's content or from a whole page.

    `posted` is the day of the post on the blog's clock: it gives the year, and the day where no heading does.
    Raises ValueError if there is no time zone of that name.
    """
    zone = _zone(timezone)
    body = parse(html)
    if body is None:
        return EntryPage((), "", title=title, link=link)
    whole_page = bool(_WHOLE_PAGE.search(html))
    root = _container(body) if whole_page else body
    read = [_line(block, posted) for block in blocks(root, link)]
    rank = _entry_rank(read)
    drafts, doubts = _drafts(read, rank), _odd_lines(read, rank)
    newest_first = _newest_first(drafts)
    doubts += _give_days(drafts, posted, newest_first) + _odd_clocks(drafts)
    as_shown: Callable[[str], str] = shown if _BLOCK_EDITOR in html else str
    return EntryPage(
        entries=tuple(_entry(draft, zone, link, as_shown) for draft in drafts),
        cursor="",
        newest_first=newest_first,
        title=title or (_page_title(body) if whole_page else ""),
        link=link,
        doubts=tuple(doubts),
    )


def time_text(entry: Entry) -> str:
    """The entry's time as an English blog writes it: ``3:10pm``."""
    hour, minute = (int(part) for part in entry.time.split(":"))
    return f"{hour % 12 or 12}:{minute:02}{'am' if hour < 12 else 'pm'}"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"There is no time zone called “{name}”. Give one such as Europe/London.") from error


def _line(block: Block, posted: date) -> _Line:
    if not block.head:
        return _Line(block, 0, None, None)
    day = read_day(block.head, posted)
    return _Line(block, block.level or _BOLD, read_time(day.rest if day and day.rest else block.head), day)


def _entry_rank(read: Sequence[_Line]) -> int:
    """Entries begin with headings or with bold lines, whichever the page has more of: the deepest rank that counts."""
    ranks = [line.rank for line in read if line.starts_entry]
    headings = [rank for rank in ranks if rank != _BOLD]
    return max(headings) if headings and len(headings) * 2 >= len(ranks) else _BOLD


def _begins(line: _Line, rank: int) -> bool:
    return line.starts_entry and (line.rank == _BOLD) == (rank == _BOLD)


def _sets_day(line: _Line, rank: int) -> bool:
    """A date below the rank of the entries is a heading inside one of them."""
    return line.day is not None and line.day.day is not None and line.rank <= rank


def _drafts(read: Sequence[_Line], rank: int) -> list[_Draft]:
    drafts: list[_Draft] = []
    day: date | None = None
    inside = False
    for line in read:
        if _begins(line, rank) and line.clock:
            own = line.day.day if line.day else None
            drafts.append(_Draft(line.clock, line.block.head, own or day))
            _add(drafts[-1], line.block, head=False)
            inside = True
        elif _sets_day(line, rank) and line.day:
            day, inside = line.day.day, False
        elif inside:
            _add(drafts[-1], line.block, head=True)
    return drafts


def _add(draft: _Draft, block: Block, *, head: bool) -> None:
    draft.texts += [text for text in (block.head if head else "", block.body) if text]
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


def _give_days(drafts: Sequence[_Draft], posted: date, newest_first: bool) -> list[str]:
    """Entries without a day heading count from the post's day; a long step against the order is another day."""
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
    if not rolled:
        return []
    return [
        f"The times run over {rolled + 1} days but no heading says which: they are counted from {posted:%-d %B %Y}, "
        "the day of the post. Put a heading with the date above each day."
    ]


def _odd_lines(read: Sequence[_Line], rank: int) -> list[str]:
    """A sentence for each kind of line that looks like the start of an entry or a day, and was not taken for one."""
    headed = [line for line in read if line.block.head]
    spans = [line for line in headed if line.clock and line.clock.span]
    no_times = [line for line in headed if line.clock and not line.clock.time and not line.clock.span]
    others = [line for line in headed if line.starts_entry and not _begins(line, rank)]
    no_dates = [line for line in headed if line.day and not line.day.day]
    misfits = [line for line in headed if _sets_day(line, rank) and line.day and not line.day.fits]
    bold_days = [line for line in headed if rank != _BOLD == line.rank and line.day and not line.starts_entry]
    other_kind = "bold lines" if rank != _BOLD else "headings"
    return [
        *_sentence(spans, "gives a span of time and was read as a programme, not as an update", "check that it is one"),
        *_sentence(no_times, "looks like a time that no clock shows", "correct it on the blog"),
        *_sentence(
            others, f"begins with a time, but most entries here do not begin with {other_kind}", "make it alike"
        ),
        *_sentence(no_dates, "looks like a date that no calendar has", "correct it on the blog"),
        *_sentence(misfits, "names a weekday that its date does not have", "correct the date or the weekday"),
        *_sentence(bold_days, "looks like a day but is not a heading", "make it a heading if it begins a day"),
    ]


def _odd_clocks(drafts: Sequence[_Draft]) -> list[str]:
    """Where most times carry am or pm, one without may be twelve hours off."""
    bare = [draft for draft in drafts if not draft.clock.marked and 0 < draft.minutes // 60 <= 12]
    marked = sum(draft.clock.marked for draft in drafts)
    return _about([draft.heading for draft in bare], "has no am or pm", "add it") if marked > len(bare) else []


def _sentence(found: Iterable[_Line], what: str, fix: str) -> list[str]:
    return _about([line.block.head for line in found], what, fix)


def _about(heads: Sequence[str], what: str, fix: str) -> list[str]:
    if not heads:
        return []
    first = heads[0] if len(heads[0]) <= 60 else heads[0][:59] + "…"
    count = "One line" if len(heads) == 1 else f"Each of {len(heads)} lines"
    return [f"{count} {what}: “{first}”; {fix}."]


def _entry(draft: _Draft, zone: ZoneInfo, link: str, as_shown: Callable[[str], str]) -> Entry:
    day, clock = draft.day or date.min, draft.clock.time or time()
    return Entry(
        day=day.isoformat(),
        time=f"{clock:%H:%M}",
        at=datetime.combine(day, clock, tzinfo=zone).astimezone(UTC),
        title=as_shown(draft.clock.rest),
        text=as_shown("\n".join(draft.texts)),
        pictures=tuple(draft.pictures),
        link=link,
    )


def _container(body: LexborNode) -> LexborNode:
    """The element of a page that holds the live blog: the known one with most entries, else their common ancestor."""
    best, most = None, 0
    for selector in _CONTAINERS:
        for node in body.css(selector):
            count = len(_time_headings(node))
            if count > most:
                best, most = node, count
    found = _time_headings(body)
    if best is not None and most == len(found):
        return best
    return _around(found, body) if found else (best or body)


def _time_headings(node: LexborNode) -> list[LexborNode]:
    candidates = node.css(", ".join((*HEADINGS, "p")))
    return [each for each in candidates if _may_begin(each) and not _outside(each)]


def _may_begin(node: LexborNode) -> bool:
    if node.tag == "p" and node.css_first("b, strong") is None:
        return False
    clock = read_time(lines(node).partition("\n")[0])
    return clock is not None and clock.time is not None


def _outside(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in _OUTSIDE or parent.attributes.get("id") in ("comments", "respond", "sidebar"):
            return True
        parent = parent.parent
    return False


def _around(found: Sequence[LexborNode], body: LexborNode) -> LexborNode:
    """The deepest ancestor of all of them."""
    shared = _ancestors(found[0])
    for node in found[1:]:
        ids = {each.mem_id for each in _ancestors(node)}
        shared = [each for each in shared if each.mem_id in ids]
    return shared[0] if shared else body


def _ancestors(node: LexborNode) -> list[LexborNode]:
    above: list[LexborNode] = []
    parent = node.parent
    while parent is not None and parent.tag != "html":
        above.append(parent)
        parent = parent.parent
    return above


def _page_title(body: LexborNode) -> str:
    heading = body.css_first("h1")
    return lines(heading).replace("\n", " ") if heading else ""
