"""Before somebody's words are erased: what goes, what stays, and the button."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.store import board, erasure, ledger

ACTIONS: dict[str, Callable[..., object]] = {"post": desk.erase, "person": desk.erase}


def index(ask: Ask) -> Response:
    """What would be erased, and where our answers to that person stand."""
    item_id = ask.number("id")
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        row = erasure.stored(tx, item_id)
        if frame is None or row is None or not erasure.read_for(tx, frame.event.id, item_id):
            raise Missing
        written = erasure.written_by(tx, row)
        replies = erasure.replies_to(tx, row)
        needing = ledger.needing(tx, frame.event.id)
    return ask.show("erase.html", frame=frame, now=now, needing=needing, row=row, written=written, replies=replies)


def act(ask: Ask) -> Response:
    """Erase it."""
    done = desk.erase(ask.store, ask.who, ask.number("id"), everything=ask.action == "person")
    return ask.done(done, to=f"/e/{ask.slug}/questions" if done.ok else "")
