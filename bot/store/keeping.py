"""How long things are kept: an event's own time, less for what is private, less for what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from bot.core.lanes import PRIVATE
from bot.store import changes, erasure, lookup
from bot.store.tables import (
    block,
    change,
    delivery,
    doubt,
    enclosure,
    entry,
    event,
    item,
    note,
    placement,
    post,
    quarantine,
    question,
    screen,
    sighting,
    source,
    version,
)

DONE = "kept no longer"
PRIVATE_DAYS, RAW_DAYS = 7, 14  # where the settings of an event were read by an older program
MOST = 500  # items that one transaction lets go of


def days(row: Row[Any], name: str, usual: int) -> timedelta:
    """How long an event keeps something, by the name of its setting."""
    return timedelta(days=row.options.get(name, usual))


def let_go(tx: Connection, now: datetime) -> int:
    """Everything whose time is over goes, with a line in the history for each event; how many items and raw rows."""
    gone = sum(forget_event(tx, now, row) for row in end_of_keeping(tx, now))
    for row in tx.execute(select(event).order_by(event.c.id)).all():
        gone += _noted(tx, now, row, "private", erasure.erase_items(tx, now, _private(tx, now, row)))
        gone += _noted(tx, now, row, "raw", _forget_raw(tx, now, row))
        if row.ends is None:
            gone += _noted(tx, now, row, "old", erasure.erase_items(tx, now, _old(tx, now, row)))
    return gone + _forget_raw_of_nobody(tx, now)


def _noted(tx: Connection, now: datetime, row: Row[Any], kept: str, count: int) -> int:
    if count:
        changes.record(tx, now, "", DONE, event_id=row.id, kind="event", ref=row.id, kept=kept, items=count)
    return count


def _private(tx: Connection, now: datetime, row: Row[Any]) -> Sequence[int]:
    """What is in the private lane for longer than that is kept."""
    there = select(item.c.id).join(placement, placement.c.item_id == item.c.id)
    there = there.join(question, question.c.id == placement.c.question_id)
    before = now - days(row, "private_days", PRIVATE_DAYS)
    old = there.where(question.c.event_id == row.id, question.c.lane == PRIVATE, item.c.seen_at <= before)
    return tx.execute(old.where(item.c.standing != "gone").limit(MOST)).scalars().all()


def _old(tx: Connection, now: datetime, row: Row[Any]) -> Sequence[int]:
    """What an event without an end gathered longer ago than it keeps things."""
    there = select(item.c.id).join(placement, placement.c.item_id == item.c.id)
    before = now - timedelta(days=row.retention_days)
    old = there.where(placement.c.event_id == row.id, item.c.seen_at < before, item.c.standing != "gone")
    return tx.execute(old.limit(MOST)).scalars().all()


def _forget_raw(tx: Connection, now: datetime, row: Row[Any]) -> int:
    """What could not be read and was kept as it came."""
    mine = select(source.c.id).where(source.c.event_id == row.id)
    before = now - days(row, "raw_days", RAW_DAYS)
    raw = delete(quarantine).where(quarantine.c.source_id.in_(mine), quarantine.c.at <= before)
    return tx.execute(raw).rowcount


def _forget_raw_of_nobody(tx: Connection, now: datetime) -> int:
    """Mentions belong to no event: theirs is kept as long as the event keeps it that does so longest."""
    events = tx.execute(select(event).where(event.c.active)).all()
    longest = max((days(row, "raw_days", RAW_DAYS) for row in events), default=timedelta(days=RAW_DAYS))
    shared = select(source.c.id).where(source.c.event_id.is_(None))
    raw = delete(quarantine).where(quarantine.c.source_id.in_(shared), quarantine.c.at <= now - longest)
    count = tx.execute(raw).rowcount
    if count:
        changes.record(tx, now, "", DONE, kind="event", kept="raw", items=count)
    return count


def clearings(tx: Connection, event_id: int, n: int = 5) -> Sequence[Row[Any]]:
    """When something of an event was let go of because its time was over, the last first."""
    done = select(change).where(change.c.kind == "event", change.c.what == DONE, change.c.ref == event_id)
    return tx.execute(done.order_by(change.c.id.desc()).limit(n)).all()


def end_of_keeping(tx: Connection, now: datetime) -> list[Row[Any]]:
    """The events whose time of keeping is over and that still hold something."""
    rows = tx.execute(select(event).where(event.c.ends.is_not(None))).all()
    over = [row for row in rows if row.ends + timedelta(days=row.retention_days) <= now]
    return [row for row in over if _holds(tx, row.id)]


def _holds(tx: Connection, event_id: int) -> bool:
    anything = select(placement.c.id).where(placement.c.event_id == event_id).limit(1)
    entries = select(entry.c.id).where(entry.c.event_id == event_id).limit(1)
    unread = select(quarantine.c.id).join(source, source.c.id == quarantine.c.source_id)
    unread = unread.where(source.c.event_id == event_id).limit(1)
    return any(tx.execute(one).first() is not None for one in (anything, entries, unread))


def forget_event(tx: Connection, now: datetime, row: Row[Any]) -> int:
    """Delete what an event gathered from people; the number of items that went."""
    items = select(placement.c.item_id).where(placement.c.event_id == row.id)
    elsewhere = select(placement.c.item_id).where(placement.c.event_id != row.id)
    ids = list(tx.execute(items.where(placement.c.item_id.not_in(elsewhere))).scalars())
    posts = select(post.c.id).where(post.c.event_id == row.id)
    questions = select(question.c.id).where(question.c.event_id == row.id)
    sources = select(source.c.id).where(source.c.event_id == row.id)
    for statement in (
        delete(delivery).where(delivery.c.event_id == row.id),
        delete(version).where(version.c.post_id.in_(posts)),
        delete(enclosure).where(enclosure.c.post_id.in_(posts)),
        update(post).where(post.c.event_id == row.id).values(corrects=None),
        delete(post).where(post.c.event_id == row.id),
        delete(placement).where(placement.c.event_id == row.id),
        delete(block).where(block.c.event_id == row.id),
        delete(note).where(note.c.question_id.in_(questions)),
        update(question).where(question.c.event_id == row.id).values(merged_into=None),
        delete(screen).where(screen.c.event_id == row.id),  # they point at questions
        delete(question).where(question.c.event_id == row.id),
        delete(entry).where(entry.c.event_id == row.id),
        delete(doubt).where(doubt.c.event_id == row.id),
        delete(quarantine).where(quarantine.c.source_id.in_(sources)),
        delete(change).where(change.c.event_id == row.id),
    ):
        tx.execute(statement)
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        tx.execute(delete(sighting).where(sighting.c.item_id.in_(some)))
        tx.execute(delete(item).where(item.c.id.in_(some)))
    lookup.scrub(tx)
    changes.record(tx, now, "", DONE, kind="event", ref=row.id, kept="all", items=len(ids))
    return len(ids)
