"""A copy that a bridge made and its original are one post: whoever wrote it asks once and is answered once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.core.bridges import folded
from bot.core.items import Item
from bot.store.tables import delivery, item, network, placement, question

COPY = "A copy, made by a bridge, of a post that was read as well"


def ours(tx: Connection, items: list[Item]) -> set[str]:
    """The native ids of those that are our own: sent by us, copied from that by a bridge, or under a name of ours."""
    where: dict[str, set[str]] = {}
    for one in items:
        for place in filter(None, (one.native_id, one.copy_of)):
            where.setdefault(place, set()).add(one.native_id)
    wanted = list(where)
    sent = select(delivery.c.remote_id, delivery.c.url).where(
        or_(delivery.c.remote_id.in_(wanted), delivery.c.url.in_(wanted)), delivery.c.remote_id != ""
    )
    found = {place for row in tx.execute(sent) for place in row} & where.keys()
    names = {name for row in tx.execute(select(network.c.names)).scalars() for name in row}
    named = {one.native_id for one in items if folded(one.author_handle) in names}
    return named.union(*(where[place] for place in found))


def is_of_stored(tx: Connection, event_id: int, one: Item) -> bool:
    """Whether its original was read for that event as well."""
    if not one.copy_of:
        return False
    original = or_(item.c.native_id == one.copy_of, item.c.url == one.copy_of)
    here = select(item.c.id).join(placement, placement.c.item_id == item.c.id)
    there = here.where(placement.c.event_id == event_id, original, item.c.copy_of == "")
    return tx.execute(there.limit(1)).first() is not None


@dataclass(frozen=True, slots=True)
class Taken:
    """A question that was a copy's, and the words of that copy."""

    question_id: int
    text: str


def take_over(tx: Connection, event_id: int, one: Item) -> Taken | None:
    """The question that copies of a post began or joined before it was read itself: it asks that now, they do not."""
    if one.copy_of:
        return None
    rows = (
        select(placement.c.id, placement.c.question_id, item.c.text)
        .join(item, item.c.id == placement.c.item_id)
        .where(placement.c.event_id == event_id, item.c.copy_of.in_(_addresses(one.native_id, one.url)))
        .order_by(placement.c.id)
    )
    found = tx.execute(rows).all()
    asking = [row for row in found if row.question_id is not None]
    values = {"kind": "noise", "why": COPY, "question_id": None}
    tx.execute(update(placement).where(placement.c.id.in_([row.id for row in found])).values(values))
    if not asking:
        return None
    first, spare = asking[0], len(asking) - 1
    counted = update(question).where(question.c.id == first.question_id)
    tx.execute(counted.values(times_asked=question.c.times_asked - spare))
    return Taken(first.question_id, first.text)


def of(tx: Connection, row: Row[Any]) -> list[Row[Any]]:
    """The stored copies of a stored post."""
    addresses = _addresses(row.native_id, row.url)
    if row.copy_of or not addresses:
        return []
    return list(tx.execute(select(item).where(item.c.copy_of.in_(addresses))).all())


def _addresses(native_id: str, url: str) -> list[str]:
    """What bridges name an original by."""
    return [address for address in dict.fromkeys((native_id, url)) if address]
