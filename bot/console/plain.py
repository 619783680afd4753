"""Pages for people who are not signed in, without a menu around them."""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, Response

from bot.console.ask import Console
from bot.store import board


def plain_page(console: Console, template: str, status: int = 200, **values: Any) -> Response:
    """A page that knows nobody."""
    html = console.templates.get_template(template).render(options=console.options, **values)
    return HTMLResponse(html, status)


def event_names(console: Console) -> str:
    """What is worked on here, in a few words."""
    with console.store.read() as tx:
        return ", ".join(row.name for row in board.events(tx)[:3])
