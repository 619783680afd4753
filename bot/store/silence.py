"""Who asked us to stop answering gets no answer from us, also after what they wrote is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.core.items import Item
from bot.core.silence import Wish, wish
from bot.store import changes, outbox
from bot.store.engine import insert_new
from bot.store.hashes import mark_of, secret
from bot.store.tables import erased


def heed(tx: Connection, now: datetime, items: Iterable[Item]) -> None:
    """Do at once what new messages to us ask for, in the order in which they were written."""
    asking = [(one, asked) for one in items if one.author_id and (asked := wish(one.text)) is not None]
    for one, asked in sorted(asking, key=lambda pair: pair[0].written_at or now):
        mark = _mark(tx, one.network, one.author_id)
        if asked is Wish.START:
            tx.execute(delete(erased).where(erased.c.hash == mark))
        else:
            insert_new(tx, erased, [{"hash": mark, "at": now}], erased.c.hash)
            outbox.hush(tx, one.network, one.author_id)
        changes.record(tx, now, "", f"asked to {asked.value}", kind="network", network=one.network)


def wanted(tx: Connection, network: str, author_id: str) -> bool:
    """Whether that person asked us to stop, and not to start again since."""
    if not author_id:
        return False
    mark = select(erased.c.hash).where(erased.c.hash == _mark(tx, network, author_id))
    return tx.execute(mark).first() is not None


def _mark(tx: Connection, network: str, author_id: str) -> str:
    return mark_of(secret(tx), network, "silent:" + author_id)
