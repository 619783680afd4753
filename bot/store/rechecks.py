"""Which stored items to ask for again: gone from a page, or not looked at for a while."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from bot.core.items import Page
from bot.store.events import near
from bot.store.tables import EPOCH, event, item, network, placement, question, sighting, source

OPEN = ("waiting", "parked", "room", "followup")


def stored_within(tx: Connection, src: Row[Any], page: Page, most: int = 50) -> list[str]:
    """Native ids stored from this source that the page speaks of but does not show: suspected gone.

    No more than can be asked for within one deadline, what was asked for longest ago first.
    """
    if not (page.covers.whole or page.covers.since or page.covers.ids):
        return []
    rows = (
        select(item.c.native_id, item.c.checked_at)
        .join(sighting, sighting.c.item_id == item.c.id)
        .where(sighting.c.source_id == src.id, item.c.standing.in_(("public", "held")))
    )
    if page.covers.since and not page.covers.whole:
        rows = rows.where(item.c.written_at >= page.covers.since)
    shown = {one.native_id for one in page.items}
    spoken_of = page.covers.ids
    missing = [
        (row.checked_at or EPOCH, row.native_id)
        for row in tx.execute(rows)
        if row.native_id not in shown and (not spoken_of or row.native_id in spoken_of)
    ]
    return [native_id for _, native_id in sorted(missing)[:most]]


def source_row(tx: Connection, source_id: int) -> Row[Any]:
    """One source as it is now."""
    return tx.execute(select(source).where(source.c.id == source_id)).one()


def due(
    tx: Connection,
    now: datetime,
    name: str,
    *,
    before: datetime | None = None,
    item_ids: Sequence[int] = (),
    most: int = 50,
) -> dict[int, list[str]]:
    """Native ids by source id: the named items, or those of open questions not asked for since `before`.

    Where asking costs money, until a week after the event.
    """
    rows = (
        select(func.max(sighting.c.source_id).label("source_id"), item.c.native_id)
        .join(sighting, sighting.c.item_id == item.c.id)
        .where(item.c.network == name, item.c.standing.in_(("public", "held", "hidden")))
        .group_by(item.c.id, item.c.native_id, item.c.checked_at, item.c.seen_at)
        .order_by(func.coalesce(item.c.checked_at, item.c.seen_at))
        .limit(most)
    )
    if item_ids:
        rows = rows.where(item.c.id.in_(list(item_ids)))
    else:
        waits = (
            select(placement.c.item_id)
            .join(question, question.c.id == placement.c.question_id)
            .where(question.c.state.in_(OPEN))
        )
        never = item.c.checked_at.is_(None) & (item.c.seen_at < before)
        paid = select(network.c.name).where(network.c.name == source.c.network, network.c.paid).correlate(source)
        of_event = or_(event.c.id == source.c.event_id, source.c.event_id.is_(None))
        still = select(event.c.id).where(event.c.active, of_event, near(now)).correlate(source)
        rows = rows.join(source, source.c.id == sighting.c.source_id).where(or_(~paid.exists(), still.exists()))
        rows = rows.where(item.c.id.in_(waits), or_(never, item.c.checked_at < before))
    found: dict[int, list[str]] = {}
    for row in tx.execute(rows):
        found.setdefault(row.source_id, []).append(row.native_id)
    return found


def done(tx: Connection, now: datetime, name: str, native_ids: Sequence[str]) -> None:
    """Remember when they were asked for."""
    mine = update(item).where(item.c.network == name, item.c.native_id.in_(list(native_ids)))
    tx.execute(mine.values(checked_at=now))
