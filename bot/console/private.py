"""The private lane: who may need help, for event leads alone."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.ask import Ask, Missing
from bot.core.lanes import reasons, set_reply
from bot.store import board, lane, ledger


def index(ask: Ask) -> Response:
    """What waits for a lead, with why it is here and what to answer, and what has been dealt with."""
    settled = ask.query("list") == "settled"
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        cards = lane.cards(tx, now, frame.event.id, settled)
        whys = {card.row.id: lane.why(tx, card.row.id) for card in cards}
        needing = ledger.needing(tx, frame.event.id)
    routes = frame.event.options.get("contact_routes") or ""
    return ask.show(
        "private.html", frame=frame, now=now, needing=needing, cards=cards, whys=whys, settled=settled, routes=routes,
        reasons=reasons, set_reply=set_reply,
    )  # fmt: skip
