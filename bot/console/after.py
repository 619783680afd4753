"""After the event: what became of the questions, who still follows one up, and the files to take away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row
from starlette.responses import Response

from bot import desk, report
from bot.console.ask import Ask, Missing
from bot.report import Pack
from bot.store import board, keeping, ledger
from bot.store import report as report_rows


def index(ask: Ask) -> Response:
    """The figures, what is still open, and the downloads."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        pack = report.gather(tx, now, frame.event)
        needing = ledger.needing(tx, frame.event.id)
        pages = ledger.told(tx, report_rows.pages(tx, frame.event.id))
        kept = kept_for(frame.event, keeping.clearings(tx, frame.event.id))
    return ask.show("after.html", frame=frame, now=now, needing=needing, pack=pack, kept=kept, pages=pages)


def kept_for(event: Row[Any], done: Sequence[Row[Any]]) -> dict[str, Any]:
    """How long things of an event are kept: in days, until when (None without an end), and when that was done last."""
    until = event.ends + timedelta(days=event.retention_days) if event.ends else None
    private = keeping.days(event, "private_days", keeping.PRIVATE_DAYS).days
    raw = keeping.days(event, "raw_days", keeping.RAW_DAYS).days
    return {"until": until, "days": event.retention_days, "private": private, "raw": raw, "done": done}


def draft(ask: Ask) -> Response:
    """Send the page to the blog, where it waits as a draft."""
    pack = _pack(ask)
    title = f"You asked, the room said: {pack.event.name}"
    return ask.done(desk.draft_on_blog(ask.store, ask.who, pack.event.id, title, report.body(pack)))


def download(ask: Ask) -> Response:
    """One of the files, named after the event."""
    form = str(ask.request.path_params["form"])
    if form not in report.FORMS:
        raise Missing
    written, media, ending = report.FORMS[form]
    headers = {"Content-Disposition": f'attachment; filename="{ask.slug}.{ending}"'}
    return Response(written(_pack(ask)), media_type=media, headers=headers)


def _pack(ask: Ask) -> Pack:
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        return report.gather(tx, ask.store.now(tx), frame.event)
