"""What facilitators do with an item: call it a question or a thought, read it out, give it a theme."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.core.items import Kind
from bot.desk.who import GONE, Done, Who, button
from bot.store import changes, placements
from bot.store.engine import Store


@button
def make_question(store: Store, who: Who, event_id: int, item_id: int) -> Done:
    """Turn a thought, or what was taken for chatter, into a question in the queue."""
    with store.write() as tx:
        if not placements.make_question(tx, store.now(tx), who.name, event_id, item_id):
            return GONE
        return Done(True, "Now in the queue as a question.", _newest(tx, item_id))


@button
def make_thought(store: Store, who: Who, event_id: int, item_id: int) -> Done:
    """Say that it offers something instead of asking."""
    with store.write() as tx:
        if placements.rejudge(tx, store.now(tx), who.name, event_id, item_id, Kind.THOUGHT):
            return Done(True, "Now among the thoughts.", _newest(tx, item_id))
        return Done(False, "It stands in the queue with others who ask the same. Dismiss it there, or leave it.")


@button
def read_out(store: Store, who: Who, event_id: int, item_id: int) -> Done:
    """Note that a thought was read out in the room."""
    with store.write() as tx:
        if placements.mark_read_out(tx, store.now(tx), who.name, event_id, item_id):
            return Done(True, "Marked as read out.")
        return GONE


@button
def unread(store: Store, who: Who, event_id: int, item_id: int) -> Done:
    """Note that a thought was not read out after all."""
    with store.write() as tx:
        if placements.mark_read_out(tx, store.now(tx), who.name, event_id, item_id, read=False):
            return Done(True, "Still to be read out.")
        return GONE


@button
def set_thought_theme(store: Store, who: Who, event_id: int, item_id: int, theme: str) -> Done:
    """Put a thought under one of the event's themes, or under none."""
    with store.write() as tx:
        if placements.set_theme(tx, store.now(tx), who.name, event_id, item_id, theme[:80]):
            return Done(True, f"Theme: {theme}." if theme else "No theme.")
        return GONE


def _newest(tx: Connection, item_id: int) -> int:
    row = changes.newest_of(tx, "item", item_id)
    return int(row.id) if row is not None else 0
