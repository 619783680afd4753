"""How things stand: sources, networks, outbox, and what happened last."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Forbidden, Missing
from bot.store import board, health, ledger

WISHES = {"check": "questions", "start": "updates"}


def index(ask: Ask) -> Response:
    """Tiles, alerts, sources, networks, the outbox and the latest changes."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        event_id = frame.event.id
        values: dict[str, Any] = {
            "sources": board.sources(tx, event_id),
            "outbox": ledger.outbox(tx, event_id),
            "drafts": ledger.drafts(tx, event_id),
            "asking": ledger.asking(tx, event_id),
            "late": ledger.late(tx, event_id, now),
            "doubts": ledger.doubts(tx, event_id),
            "needing": ledger.needing(tx, event_id),
            "latest": health.latest(tx, event_id),
            "oldest": health.oldest_waiting(tx, event_id),
            "asked": health.asked(tx, event_id),
            "raised": health.raised(tx, event_id),
            "themes": board.facets(tx, event_id, "waiting").themes,
            "poison": health.quarantined(tx, event_id),
        }
    return ask.show("overview.html", frame=frame, now=now, **values)


def wish(ask: Ask) -> Response:
    """Ask a worker for something: check a network, or ask a stopped one again."""
    kind = ask.word("kind", 20)
    if kind not in WISHES:
        raise Missing
    if not ask.may(WISHES[kind]):
        raise Forbidden("Starting a network again is for the comms team and the event lead.")
    return ask.done(desk.wish(ask.store, ask.who, kind, ask.word("ref", 60)))
