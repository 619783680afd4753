"""Which event a row belongs to: what keeps the events of one console apart."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, Table, func, select

from bot.store.tables import block, change, code, delivery, doubt, event, post, question, screen

# How the functions of the desk call a row, or several, and where it is kept.
ROWS: Mapping[str, Table] = {
    "event_id": event,
    "question_id": question,
    "question_ids": question,
    "block_id": block,
    "into_id": question,
    "post_id": post,
    "delivery_id": delivery,
    "doubt_id": doubt,
    "screen_id": screen,
    "change_id": change,
    "code_id": code,
}


def all_of_event(tx: Connection, name: str, ids: int | Collection[int], event_id: int) -> bool:
    """Whether none of these rows belongs to another event. A row that is not there belongs to nobody."""
    kept, wanted = ROWS[name], {ids} if isinstance(ids, int) else set(ids)
    owner = kept.c.id if kept is event else kept.c.event_id
    elsewhere = select(func.count()).select_from(kept).where(kept.c.id.in_(wanted), owner != event_id)
    return int(tx.execute(elsewhere).scalar_one()) == 0
