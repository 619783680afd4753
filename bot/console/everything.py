"""Searching everything: what was read, and what the team, the live blog and our posts say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.responses import Response

from bot.console.ask import Ask, Missing
from bot.core.rights import Right
from bot.store import board, ledger, passages, search

KINDS = {"question": "Questions", "thought": "Thoughts", "noise": "Everything else", "ours": "Team, blog and our posts"}
SOME = 5  # of ours, above what was read


def index(ask: Ask) -> Response:
    """Any item that was read, whatever it was taken for, and any words of ours."""
    words, kind, network = ask.query("q"), ask.query("kind"), ask.query("network", 40)
    kind = kind if kind in KINDS else ""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        found = _found(ask, tx, frame.event.id, words, kind, network)
        needing = ledger.needing(tx, frame.event.id)
        doors = sorted({source.network for source in board.sources(tx, frame.event.id) if source.kind != "liveblog"})
    asked = {"q": words, "kind": kind, "network": network}

    def address(**changed: Any) -> str:
        query = urlencode({key: value for key, value in (asked | changed).items() if value})
        return f"/e/{ask.slug}/everything" + (f"?{query}" if query else "")

    more = found.pop("more")
    return ask.show(
        "everything.html", frame=frame, now=now, needing=needing, kinds=KINDS, asked=asked, doors=doors,
        address=address, more=address(before=more) if more else "", **found,
    )  # fmt: skip


def _found(ask: Ask, tx: Connection, event_id: int, words: str, kind: str, network: str) -> dict[str, Any]:
    """A page of what was read (`rows`), or of ours; some of ours stand above a search that has no filter."""
    before, rights = ask.query_number("before"), (ask.who.may(Right.PUBLISH), ask.who.may(Right.PRIVATE))
    if kind == "ours":
        ours, more = passages.written(tx, event_id, words, *rights, before)
        return {"rows": [], "ours": ours, "ours_more": False, "more": more}
    rows, more = search.everything(tx, event_id, words, kind, network, before, private=rights[1])
    plain = bool(words) and not (kind or network or before)
    ours, others = passages.written(tx, event_id, words, *rights, n=SOME) if plain else ([], 0)
    return {"rows": rows, "ours": ours, "ours_more": bool(others), "more": more}
