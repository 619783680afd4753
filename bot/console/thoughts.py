"""What people offer instead of asking, and the buttons of everything that was read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Row
from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.desk import Done, Who
from bot.store import board, ledger, search
from bot.store.engine import Store


def index(ask: Ask) -> Response:
    """Thoughts by theme, and a summary to read out."""
    theme = ask.query("theme")
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        chosen = None if not theme else "" if theme == "none" else theme
        rows, more = board.thoughts(tx, frame.event.id, chosen, ask.query_number("before"))
        counts = board.theme_counts(tx, frame.event.id)
        needing = ledger.needing(tx, frame.event.id)
    themes = [name for name in frame.event.options.get("themes", []) if name in counts]
    themes += sorted(name for name in counts if name and name not in themes)
    query = urlencode({"theme": theme, "before": more} if theme else {"before": more})
    return ask.show(
        "thoughts.html", frame=frame, now=now, needing=needing, theme=theme, themes=themes, counts=counts,
        groups=_by_theme(rows, themes), more=f"/e/{ask.slug}/thoughts?{query}" if more else "",
        unread=[row for row in rows if not row.read_out],
    )  # fmt: skip


def _by_theme(rows: Sequence[Row[Any]], themes: Sequence[str]) -> list[tuple[str, list[Row[Any]]]]:
    groups = [(name, [row for row in rows if row.theme == name]) for name in [*themes, ""]]
    return [(name, those) for name, those in groups if those]


JUDGED: dict[str, Callable[[Store, Who, int, int], Done]] = {
    "question": desk.make_question,
    "thought": desk.make_thought,
    "read-out": desk.read_out,
    "unread": desk.unread,
    "private": desk.keep_item_private,
}
ACTIONS: dict[str, Callable[..., object]] = JUDGED | {"block": desk.block_person, "theme": desk.set_thought_theme}


def act(ask: Ask) -> Response:
    """One button of an item: one call to the desk."""
    item_id = ask.number("id")
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if ask.action not in ACTIONS or frame is None or not search.belongs(tx, frame.event.id, item_id):
            raise Missing
    if ask.action == "block":
        return ask.done(desk.block_person(ask.store, ask.who, frame.event.id, item_id, ask.word("why", 1000)))
    if ask.action == "theme":
        return ask.done(desk.set_thought_theme(ask.store, ask.who, frame.event.id, item_id, ask.word("theme", 80)))
    return ask.done(JUDGED[ask.action](ask.store, ask.who, frame.event.id, item_id), undo=True)
