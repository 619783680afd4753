"""What the pages of the console read about posts: updates, their previews, deliveries, and what needs a person."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, or_, select

from bot.core.lanes import OPEN
from bot.store.board import pairs
from bot.store.tables import delivery, doubt, entry, item, post, question, version

UPDATES = ("update", "correction", "withdrawal", "notice")
PAGE = 60


@dataclass(frozen=True, slots=True)
class Told:
    """One post with its entry, what it says on each network, and its deliveries in order."""

    post: Row[Any]
    entry: Row[Any] | None
    versions: tuple[Row[Any], ...]
    deliveries: tuple[Row[Any], ...]


def updates(tx: Connection, event_id: int, before: int = 0) -> tuple[list[Told], int]:
    """Posts about the live blog, newest first, and where the next page begins (0 at the end)."""
    rows = select(post).where(post.c.event_id == event_id, post.c.kind.in_(UPDATES))
    if before:
        rows = rows.where(post.c.id < before)
    page = tx.execute(rows.order_by(post.c.id.desc()).limit(PAGE + 1)).all()
    return told(tx, page[:PAGE]), page[PAGE - 1].id if len(page) > PAGE else 0


def one(tx: Connection, event_id: int, post_id: int) -> Told | None:
    """One post of that event, or None."""
    found = told(tx, tx.execute(select(post).where(post.c.id == post_id, post.c.event_id == event_id)).all())
    return found[0] if found else None


def about_entry(tx: Connection, entry_id: int) -> list[Told]:
    """All posts about one entry, newest first."""
    return told(tx, tx.execute(select(post).where(post.c.entry_id == entry_id).order_by(post.c.id.desc())).all())


def told(tx: Connection, posts: Sequence[Row[Any]]) -> list[Told]:
    """Posts with everything that belongs to them."""
    ids = [p.id for p in posts]
    entries = {p.entry_id for p in posts if p.entry_id}
    of_id = {e.id: e for e in tx.execute(select(entry).where(entry.c.id.in_(entries)))} if entries else {}
    says = _by_post(tx.execute(select(version).where(version.c.post_id.in_(ids)).order_by(version.c.id)).all())
    parts = select(delivery).where(delivery.c.post_id.in_(ids))
    goes = _by_post(tx.execute(parts.order_by(delivery.c.network, delivery.c.part, delivery.c.id)).all())
    return [Told(p, of_id.get(p.entry_id), says.get(p.id, ()), goes.get(p.id, ())) for p in posts]


def _by_post(rows: Iterable[Row[Any]]) -> dict[int, tuple[Row[Any], ...]]:
    grouped: dict[int, tuple[Row[Any], ...]] = {}
    for row in rows:
        grouped[row.post_id] = (*grouped.get(row.post_id, ()), row)
    return grouped


def needing(tx: Connection, event_id: int) -> int:
    """How many updates wait for a person: to be approved, checked or tried again; and open doubts."""
    stuck = exists().where(delivery.c.post_id == post.c.id, delivery.c.state.in_(("asking", "refused")))
    posts = select(func.count()).where(post.c.event_id == event_id, post.c.kind.in_(UPDATES))
    waiting = and_(post.c.state == "draft", or_(post.c.go_at.is_(None), post.c.held_by != ""))
    doubts = select(func.count()).where(doubt.c.event_id == event_id, doubt.c.state == "open")
    return int(tx.execute(posts.where(or_(waiting, stuck))).scalar_one() + tx.execute(doubts).scalar_one())


def drafts(tx: Connection, event_id: int) -> int:
    """How many drafts have not gone out and were not withdrawn."""
    return int(
        tx.execute(select(func.count()).where(post.c.event_id == event_id, post.c.state == "draft")).scalar_one()
    )


def doubts(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """What the live blog did that a person must look at, oldest first."""
    open_ones = select(doubt).where(doubt.c.event_id == event_id, doubt.c.state == "open")
    return tx.execute(open_ones.order_by(doubt.c.id)).all()


def delivery_of(tx: Connection, event_id: int, delivery_id: int) -> Row[Any] | None:
    """One delivery of that event with the kind of its post, or None."""
    columns: list[Any] = [*delivery.c, post.c.kind.label("post_kind"), post.c.question_id]
    joined = select(*columns).join(post, post.c.id == delivery.c.post_id)
    return tx.execute(joined.where(delivery.c.id == delivery_id, delivery.c.event_id == event_id)).one_or_none()


def kind_of(tx: Connection, delivery_id: int) -> str:
    """The kind of the post that a delivery belongs to, "" if there is no such delivery."""
    kind = select(post.c.kind).join(delivery, delivery.c.post_id == post.c.id).where(delivery.c.id == delivery_id)
    return tx.execute(kind).scalar_one_or_none() or ""


def outbox(tx: Connection, event_id: int) -> dict[str, int]:
    """How many deliveries there are in each state."""
    states = select(delivery.c.state, func.count()).where(delivery.c.event_id == event_id)
    return pairs(tx.execute(states.group_by(delivery.c.state)).all())


def asking(tx: Connection, event_id: int, private: bool = False) -> Sequence[Row[Any]]:
    """Deliveries that a person must settle, the oldest first, with their post's kind and question.

    Answers to what is private only if they may see it.
    """
    return _deliveries(tx, event_id, delivery.c.state.in_(("asking", "refused")), *_open(private))


def late(tx: Connection, event_id: int, now: datetime, private: bool = False) -> Sequence[Row[Any]]:
    """Deliveries that wait for their time because something stood in their way; `private` as in `asking`."""
    waits = and_(delivery.c.state == "queued", delivery.c.error != "", delivery.c.due > now)
    return _deliveries(tx, event_id, waits, *_open(private))


def _open(private: bool) -> list[ColumnElement[bool]]:
    return [] if private else [func.coalesce(question.c.lane, OPEN) == OPEN]


def _deliveries(tx: Connection, event_id: int, *where: ColumnElement[bool]) -> Sequence[Row[Any]]:
    columns: list[Any] = [*delivery.c, post.c.kind.label("post_kind"), post.c.question_id, item.c.author_name]
    rows = (
        select(*columns)
        .join(post, post.c.id == delivery.c.post_id)
        .outerjoin(item, item.c.id == delivery.c.item_id)
        .outerjoin(question, question.c.id == post.c.question_id)
        .where(delivery.c.event_id == event_id, *where)
    )
    return tx.execute(rows.order_by(delivery.c.id).limit(50)).all()
