"""What is known of an event when it is over: the rows that its exports, its page and its figures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.core.lanes import OPEN
from bot.store.tables import delivery, entry, event, item, placement, post, question

OUT = ("gone", "merged")  # deleted by its author; told with the question it went into
ANSWERS = (None, "writing", "aloud")  # what an answer was sent as, if it says what the room said


def event_of(tx: Connection, slug: str) -> Row[Any] | None:
    """The event of that name, also one that rests by now; None if there is none."""
    return tx.execute(select(event).where(event.c.slug == slug)).one_or_none()


def questions(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """All questions that can be told of, as they came in."""
    there = select(question).where(question.c.event_id == event_id, question.c.state.not_in(OUT))
    return tx.execute(there.order_by(question.c.asked_at, question.c.id)).all()


def thoughts(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """What people offered in public and nobody keeps out, as it came in; without what carries a flag."""
    rows = (
        select(placement.c.theme, placement.c.read_out, *item.c)
        .join(item, item.c.id == placement.c.item_id)
        .where(
            placement.c.event_id == event_id, placement.c.kind == "thought", placement.c.question_id.is_(None),
            placement.c.block_id.is_(None), item.c.standing == "public", item.c.own.is_(False),
            item.c.repost.is_(False), placement.c.lane == OPEN,
        )
    )  # fmt: skip
    found = tx.execute(rows.order_by(func.coalesce(item.c.written_at, item.c.seen_at), item.c.id)).all()
    return [row for row in found if not row.flags]


def answers(tx: Connection, event_id: int) -> dict[int, list[str]]:
    """The words that answered each question in writing and that are out, oldest first, by question."""
    out = select(delivery.c.id).where(delivery.c.post_id == post.c.id, delivery.c.state == "sent").exists()
    rows = select(post.c.question_id, post.c.detail).where(
        post.c.event_id == event_id, post.c.kind == "answer", post.c.state == "approved", out
    )
    found: dict[int, list[str]] = {}
    for row in tx.execute(rows.order_by(post.c.id)):
        if row.detail.get("as") in ANSWERS and row.detail.get("text"):
            found.setdefault(row.question_id, []).append(row.detail["text"])
    return found


def entries(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """The entries of its live blog that stand, in their order in time."""
    there = select(entry).where(entry.c.event_id == event_id, entry.c.state != "gone")
    return tx.execute(there.order_by(entry.c.at, entry.c.id)).all()


def sent(tx: Connection, event_id: int) -> dict[tuple[str, str], int]:
    """How many posts are out, by what they are and the network; a thread is one."""
    rows = (
        select(post.c.kind, delivery.c.network, func.count())
        .join(post, post.c.id == delivery.c.post_id)
        .where(
            delivery.c.event_id == event_id, delivery.c.state == "sent", delivery.c.action == "create",
            delivery.c.part == 1,
        )
        .group_by(post.c.kind, delivery.c.network)
    )  # fmt: skip
    return {(row[0], row[1]): row[2] for row in tx.execute(rows)}


def pages(tx: Connection, event_id: int, n: int = 3) -> Sequence[Row[Any]]:
    """The pages that were sent to the blog as drafts, the newest first."""
    rows = select(post).where(post.c.event_id == event_id, post.c.kind == "page")
    return tx.execute(rows.order_by(post.c.id.desc()).limit(n)).all()
