"""Erasing on request: one post, or all of whoever wrote it. It cannot be undone, so the page asks first."""

from __future__ import annotations

from sqlalchemy import Connection, Row

from bot.desk.who import GONE, Done, NotHere, Who, button
from bot.store import erasure
from bot.store.engine import Store

KEPT_OUT = "What is read again is not stored again."


@button
def erase(store: Store, who: Who, item_id: int, everything: bool = False) -> Done:
    """Erase a post for good; with `everything`, all that its author wrote on that network, in every event."""
    with store.write() as tx:
        row = _here(tx, who, item_id)
        if row is None:
            return GONE
        if everything and row.author_id:
            count = erasure.erase_author(tx, store.now(tx), who.name, row.network, row.author_id)
        else:
            count = int(erasure.erase_item(tx, store.now(tx), who.name, item_id))
    said = "1 post is" if count == 1 else f"{count} posts are"
    if store.empty_log():
        return Done(True, f"{said} erased. {KEPT_OUT}")
    return Done(True, f"{said} erased. {KEPT_OUT} The last copy leaves the disk within a minute.")


def _here(tx: Connection, who: Who, item_id: int) -> Row[object] | None:
    """The post, None if it is gone. Raises NotHere if the person's event never read it."""
    if who.event_id is not None and not erasure.read_for(tx, who.event_id, item_id):
        raise NotHere("That belongs to another event. Nothing was changed.")
    return erasure.stored(tx, item_id)
