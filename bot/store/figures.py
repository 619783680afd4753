"""How the event goes, in numbers: when people ask and where, how soon somebody looks, and about what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, case, func, select

from bot.core.lanes import OPEN
from bot.store.tables import item, placement, question

QUARTER = timedelta(minutes=15)
QUARTERS = 16  # of an hour: four hours in one picture
SOON = timedelta(minutes=5)  # within this time somebody should have looked
TOO_LONG = timedelta(minutes=15)
LATE = timedelta(hours=12)  # posts are rarely read later than that after they were written


@dataclass(frozen=True, slots=True)
class Asked:
    """How often was asked in each quarter of an hour from `start` on, by network; every list is as long."""

    start: datetime
    by_network: dict[str, tuple[int, ...]]

    @property
    def totals(self) -> tuple[int, ...]:
        """All networks together."""
        return tuple(map(sum, zip(*self.by_network.values(), strict=True))) or (0,) * QUARTERS

    def from_(self, quarter: int) -> datetime:
        """When a quarter begins."""
        return self.start + quarter * QUARTER


@dataclass(frozen=True, slots=True)
class Looks:
    """How soon people looked: half of the questions waited less than `median` seconds; None if nobody looked yet."""

    median: float | None
    soon: bool


def asked(tx: Connection, now: datetime, event_id: int) -> Asked:
    """The last four hours in which people asked, by when they wrote."""
    latest = tx.execute(select(func.max(question.c.asked_at)).where(question.c.event_id == event_id)).scalar()
    quiet = latest is not None and latest < now - QUARTERS * QUARTER
    end = _quarter_of(latest if quiet and latest is not None else now) + QUARTER
    start = end - QUARTERS * QUARTER
    at = func.coalesce(item.c.written_at, item.c.seen_at)
    quarter: ColumnElement[int] = case(
        *((at < start + (i + 1) * QUARTER, i) for i in range(QUARTERS - 1)), else_=QUARTERS - 1
    )
    rows = (
        select(item.c.network, quarter.label("quarter"), func.count().label("n"))
        .join(placement, placement.c.item_id == item.c.id)
        .where(placement.c.event_id == event_id, placement.c.kind == "question", placement.c.lane == OPEN)
        .where(item.c.seen_at >= start, item.c.seen_at < end + LATE, at >= start, at < end)
        .group_by(item.c.network, quarter)
    )
    found: dict[str, list[int]] = {}
    for row in tx.execute(rows):
        found.setdefault(row.network, [0] * QUARTERS)[row.quarter] = row.n
    return Asked(start, {name: tuple(found[name]) for name in sorted(found, key=_order)})


def first_looks(tx: Connection, event_id: int) -> Looks:
    """How long the questions of an event waited for the first person who did something with them."""
    mine = (question.c.event_id == event_id, question.c.looked_seconds.is_not(None))
    count = tx.execute(select(func.count()).where(*mine)).scalar_one()
    if not count:
        return Looks(None, True)
    middle = select(question.c.looked_seconds).where(*mine).order_by(question.c.looked_seconds)
    median = float(tx.execute(middle.offset((count - 1) // 2).limit(1)).scalar_one())
    return Looks(median, median <= SOON.total_seconds())


def waiting_too_long(tx: Connection, now: datetime, event_id: int) -> int:
    """How many questions wait for longer than a quarter of an hour."""
    waiting = select(func.count()).where(question.c.event_id == event_id, question.c.state == "waiting")
    waiting = waiting.where(question.c.lane == OPEN)
    return int(tx.execute(waiting.where(question.c.asked_at < now - TOO_LONG)).scalar_one())


def themes(tx: Connection, event_id: int) -> dict[str, int]:
    """How many questions there are under each theme ("" for none), the most first; whatever became of them."""
    count = func.count()
    rows = (
        select(question.c.theme, count)
        .where(question.c.event_id == event_id, question.c.state.not_in(("merged", "gone")), question.c.lane == OPEN)
        .group_by(question.c.theme)
        .order_by(count.desc(), question.c.theme)
    )
    return {row[0]: row[1] for row in tx.execute(rows)}


def _quarter_of(at: datetime) -> datetime:
    whole = at.astimezone(UTC).replace(second=0, microsecond=0)
    return whole - timedelta(minutes=whole.minute % 15)


def _order(network: str) -> tuple[int, str]:
    """The fixed order of the networks in the picture."""
    known = ("x", "mastodon", "bluesky", "wordpress")
    return (known.index(network) if network in known else len(known)), network
