"""What a rehearsal asks of the database: is anything still on its way, and what came of it all?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from bot.store import pictures
from bot.store.tables import delivery, item, placement, post, question

_ON_ITS_WAY = ("queued", "sending", "unsure")


@dataclass(frozen=True, slots=True)
class Tally:
    """What there is to show: entries announced by network, what waits for a person, what is stored."""

    announced: Mapping[str, int]
    answered: Mapping[str, int]
    corrections: int
    removals: int
    asking: int
    questions: int
    items: int


def on_its_way(tx: Connection) -> int:
    """How many drafts will go out by themselves and how many deliveries are open; none that waits for a person."""
    drafts = select(func.count()).select_from(post).where(post.c.state == "draft", post.c.go_at.is_not(None))
    sending = select(func.count()).select_from(delivery).where(delivery.c.state.in_(_ON_ITS_WAY))
    return int(tx.execute(drafts).scalar_one()) + int(tx.execute(sending).scalar_one())


def without_photos(tx: Connection) -> list[Row[Any]]:
    """The updates that wait for a person because of a photo, oldest first."""
    stopped = [f"your approval: {why}" for why in (pictures.NO_WORDS, pictures.NOT_HAD)]
    rows = select(post).where(post.c.state == "draft", post.c.kind == "update", post.c.waits_for.in_(stopped))
    return list(tx.execute(rows.order_by(post.c.id)).all())


def stored(tx: Connection, network: str, native_id: str) -> bool:
    """Whether that item was read."""
    there = select(item.c.id).where(item.c.network == network, item.c.native_id == native_id)
    return tx.execute(there).first() is not None


def question_of(tx: Connection, network: str, native_id: str) -> int | None:
    """The question that the item asks, None as long as it asks none."""
    asked = (
        select(placement.c.question_id)
        .join(item, item.c.id == placement.c.item_id)
        .where(item.c.network == network, item.c.native_id == native_id, placement.c.question_id.is_not(None))
    )
    found = tx.execute(asked).scalars().first()
    return int(found) if found is not None else None


def tally(tx: Connection) -> Tally:
    """What the rehearsal came to so far."""
    first_parts = (
        select(post.c.kind, delivery.c.network, func.count())
        .join(post, post.c.id == delivery.c.post_id)
        .where(delivery.c.state == "sent", delivery.c.action == "create", delivery.c.part == 1)
        .group_by(post.c.kind, delivery.c.network)
    )
    sent: dict[str, dict[str, int]] = {}
    for kind, network, count in tx.execute(first_parts).all():
        sent.setdefault(kind, {})[network] = count
    waiting = select(post.c.kind, func.count()).where(post.c.state == "draft").group_by(post.c.kind)
    drafts: dict[str, int] = {row[0]: row[1] for row in tx.execute(waiting).all()}
    asking = select(func.count()).select_from(delivery).where(delivery.c.state == "asking")
    return Tally(
        announced=sent.get("update", {}),
        answered=sent.get("answer", {}),
        corrections=drafts.get("correction", 0),
        removals=drafts.get("withdrawal", 0),
        asking=int(tx.execute(asking).scalar_one()),
        questions=int(tx.execute(select(func.count()).select_from(question)).scalar_one()),
        items=int(tx.execute(select(func.count()).select_from(item)).scalar_one()),
    )
