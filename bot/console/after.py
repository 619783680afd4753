"""After the event: what became of the questions, who still follows one up, and the files to take away."""

from __future__ import annotations

from starlette.responses import Response

from bot import report
from bot.console.ask import Ask, Missing
from bot.report import Pack
from bot.store import board, ledger


def index(ask: Ask) -> Response:
    """The figures, what is still open, and the downloads."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        pack = report.gather(tx, now, frame.event)
        needing = ledger.needing(tx, frame.event.id)
    return ask.show("after.html", frame=frame, now=now, needing=needing, pack=pack)


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
