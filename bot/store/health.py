"""The figures of the overview."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from bot.core.lanes import OPEN
from bot.store import lane
from bot.store.tables import change, quarantine, question, source


def latest(tx: Connection, event_id: int, n: int = 12, private: bool = False) -> Sequence[Row[Any]]:
    """What happened last in an event, or to all of them, newest first. Readings come and go and are left out.

    What is private is told only to those who may see it.
    """
    mine = or_(change.c.event_id == event_id, change.c.event_id.is_(None))
    rows = select(change).where(mine, change.c.kind != "reading")
    if not private:
        rows = rows.where(lane.seen_by_all())
    return tx.execute(rows.order_by(change.c.id.desc()).limit(n)).all()


def oldest_waiting(tx: Connection, event_id: int) -> datetime | None:
    """When the question was asked that waits longest."""
    waiting = select(func.min(question.c.asked_at)).where(question.c.event_id == event_id)
    return tx.execute(waiting.where(question.c.state == "waiting", question.c.lane == OPEN)).scalar()


def asked(tx: Connection, event_id: int) -> int:
    """How many questions there are, whatever became of them; those put together count once."""
    there = select(func.count()).where(question.c.event_id == event_id, question.c.lane == OPEN)
    return int(tx.execute(there.where(question.c.state.not_in(("merged", "gone")))).scalar_one())


def raised(tx: Connection, event_id: int) -> int:
    """How many questions were taken to the room."""
    there = select(func.count()).where(question.c.event_id == event_id, question.c.raised_at.is_not(None))
    return int(tx.execute(there).scalar_one())


def quarantined(tx: Connection, event_id: int) -> int:
    """How many things of this event's sources could not be read and are kept in their raw form."""
    of_event = select(source.c.id).where(source.c.event_id == event_id)
    return int(tx.execute(select(func.count()).where(quarantine.c.source_id.in_(of_event))).scalar_one())
