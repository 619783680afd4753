"""The lists of questions: one page in its order, what each filter would leave, where a question stands.

Nothing here costs more with the number of questions stored: pages follow an index, and counts stop at COUNTED.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, String, and_, cast, func, or_, select, true, union_all

from bot.core.lanes import OPEN
from bot.store.board import COUNTED, Card, cards, pairs
from bot.store.tables import entry, item, placement, question

PAGE = 50
TABS: dict[str, tuple[str, ...]] = {
    "waiting": ("waiting",),
    "room": ("room",),
    "parked": ("parked",),
    "answered": ("answered", "followup"),
    "dismissed": ("dismissed",),
}


@dataclass(frozen=True, slots=True)
class Filter:
    """What of a list is asked for; empty words ask for everything."""

    theme: str = ""
    network: str = ""
    only: str = ""  # many, flagged, handed
    after: str = ""  # where the page before ended
    since: datetime | None = None  # asked at that time or later


@dataclass(frozen=True, slots=True)
class Facets:
    """How many questions of a list each filter would leave, among the first COUNTED of it."""

    total: int
    many: int
    flagged: int
    handed: int = 0
    themes: dict[str, int] = field(default_factory=dict)
    networks: dict[str, int] = field(default_factory=dict)


def questions(
    tx: Connection, now: datetime, event_id: int, tab: str, asked: Filter, n: int = PAGE
) -> tuple[list[Card], str]:
    """One page of a list, and where the next one begins ("" at the end)."""
    where = _matching(asked)
    after = _beyond(tab, asked.after)
    if after is not None:
        where.append(after)
    ids = _first(event_id, tab, n + 1, where)
    page = tx.execute(select(*question.c).where(question.c.id.in_(ids)).order_by(*_sorted(tab)).limit(n + 1)).all()
    more = mark_of(tab, page[n - 1]) if len(page) > n else ""
    return cards(tx, now, page[:n]), more


def count(tx: Connection, event_id: int, tab: str, asked: Filter) -> tuple[int, int]:
    """How many questions of a list match, and how many of those stand before `asked.after`; at most COUNTED + 1."""
    where = _matching(asked)
    total = _counted(tx, _first(event_id, tab, COUNTED + 1, where))
    after = _beyond(tab, asked.after)
    if after is None:
        return total, 0
    first = _first(event_id, tab, COUNTED + 1, where)  # what stands before is among the first, or too far down to count
    passed = select(question.c.id).where(question.c.id.in_(first), ~after)
    return total, _counted(tx, passed)


def _counted(tx: Connection, ids: Select[Any]) -> int:
    return int(tx.execute(select(func.count()).select_from(ids.subquery())).scalar_one())


def facets(tx: Connection, event_id: int, tab: str) -> Facets:
    """How many questions of that list each filter would leave."""
    there = select(*question.c).where(question.c.id.in_(_first(event_id, tab, COUNTED + 1, []))).subquery()
    total, many, flagged, handed = tx.execute(
        select(
            func.count(),
            func.count().filter(there.c.times_asked > 1),
            func.count().filter(cast(there.c.flags, String) != "[]"),
            func.count().filter(there.c.handed_to != ""),
        )
    ).one()
    themes = select(there.c.theme, func.count()).group_by(there.c.theme)
    doors = (
        select(item.c.network, func.count(there.c.id.distinct()))
        .join_from(there, placement, placement.c.question_id == there.c.id)
        .join(item, item.c.id == placement.c.item_id)
        .group_by(item.c.network)
        .order_by(item.c.network)
    )
    return Facets(total, many, flagged, handed, pairs(tx.execute(themes).all()), pairs(tx.execute(doors).all()))


def saves(tx: Connection, event_id: int, n: int = 6) -> Sequence[Row[Any]]:
    """The last entries of the live blog, the newest first: what people ask about."""
    columns: list[Any] = [entry.c.id, entry.c.at, entry.c.title]
    there = select(*columns).where(entry.c.event_id == event_id, entry.c.state != "gone")
    return tx.execute(there.order_by(entry.c.at.desc(), entry.c.id.desc()).limit(n)).all()


def _first(event_id: int, tab: str, n: int, where: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """The ids of the first `n` of a list; each of its states by itself, so that an index gives them in order."""
    mine = (question.c.event_id == event_id, question.c.lane == OPEN, *where)
    ways = [
        select(question.c.id).where(question.c.state == state, *mine).order_by(*_sorted(tab)).limit(n).subquery()
        for state in TABS[tab]
    ]
    if len(ways) == 1:
        return select(ways[0].c.id)
    both = union_all(*(select(way.c.id) for way in ways)).subquery()
    return select(both.c.id)


def _matching(asked: Filter) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if asked.theme:
        where.append(question.c.theme == ("" if asked.theme == "none" else asked.theme))
    if asked.only == "many":
        where.append(question.c.times_asked > 1)
    if asked.only == "flagged":
        where.append(cast(question.c.flags, String) != "[]")
    if asked.only == "handed":
        where.append(question.c.handed_to != "")
    if asked.since is not None:
        where.append(question.c.asked_at >= asked.since)
    if asked.network:
        through = select(placement.c.id).join(item, item.c.id == placement.c.item_id)
        of_it = placement.c.question_id == question.c.id
        where.append(through.where(of_it, item.c.network == asked.network).exists())
    return where


def _order(tab: str) -> list[tuple[Any, bool, Callable[[str], Any]]]:
    """The columns a list is ordered by: whether each runs down, and how its values are read; the last one is unique."""
    unique = (question.c.id, tab != "room", _whole)
    if tab == "waiting":
        return [(question.c.times_asked, True, _whole), (question.c.asked_at, True, _instant), unique]
    if tab == "room":
        return [(question.c.position, False, float), unique]
    return [(question.c.moved_at, True, _instant), unique]


def _sorted(tab: str) -> list[ColumnElement[Any]]:
    return [column.desc() if down else column.asc() for column, down, _ in _order(tab)]


def mark_of(tab: str, row: Any) -> str:
    """The place of a question in its list, to go on after it."""
    if tab == "waiting":
        return f"{row.times_asked}~{row.asked_at.isoformat()}~{row.id}"
    if tab == "room":
        return f"{row.position!r}~{row.id}"
    return f"{row.moved_at.isoformat()}~{row.id}"


def _beyond(tab: str, mark: str) -> ColumnElement[bool] | None:
    """The condition "comes after `mark`"; None if the mark is not one of ours."""
    order, words = _order(tab), mark.split("~")
    if len(words) != len(order) or len(mark) > 100:
        return None
    try:
        values = [read(word) for (_, _, read), word in zip(order, words, strict=True)]
    except ValueError:
        return None
    ways = []
    for i, ((column, down, _), value) in enumerate(zip(order, values, strict=True)):
        same = [one[0] == v for one, v in zip(order[:i], values[:i], strict=True)]
        ways.append(and_(true(), *same, column < value if down else column > value))
    return or_(*ways)


def _whole(word: str) -> int:
    if not word.isascii() or not word.isdecimal() or len(word) > 9:
        raise ValueError("no number of a row")
    return int(word)


def _instant(word: str) -> datetime:
    at = datetime.fromisoformat(word)
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at
