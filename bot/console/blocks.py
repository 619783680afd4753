"""Who and what is kept out of the lists, since when and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing, own_path
from bot.store import blocks, board, lane, ledger, search


def index(ask: Ask, **more: Any) -> Response:
    """What is blocked, what was let in again, and a form to block a word, or who wrote the item `item`."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        active, lifted = blocks.active(tx, frame.event.id), blocks.lifted(tx, frame.event.id)
        needing = ledger.needing(tx, frame.event.id)
        item_id = ask.query_number("item")
        if item_id and not ask.who.may("private") and lane.touches(tx, "item_id", item_id, frame.event.id):
            raise Missing
        author = search.author_of(tx, frame.event.id, item_id) if item_id else None
    values: dict[str, Any] = {"word": "", "why": "", "problem": "", "item_id": item_id, "author": author} | more
    values["back"] = own_path(ask.query("back")) or f"/e/{ask.slug}/blocks"
    return ask.show("blocks.html", frame=frame, now=now, needing=needing, active=active, lifted=lifted, **values)


def act(ask: Ask) -> Response:
    """Block a word, or end a block."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
    if frame is None or ask.action not in ACTIONS:
        raise Missing
    if ask.action == "lift":
        return ask.done(desk.lift_block(ask.store, ask.who, frame.event.id, ask.form_number("block")))
    word, why = ask.word("word", 500), ask.word("why", 1000)
    done = desk.block_word(ask.store, ask.who, frame.event.id, word, why)
    return ask.done(done) if done.ok or ask.wants_json else index(ask, word=word, why=why, problem=done.sentence)


ACTIONS: dict[str, Callable[..., object]] = {"word": desk.block_word, "lift": desk.lift_block}
