"""The photos of an update on its page: what a form says of them, and the photos themselves."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.ask import Ask, Missing
from bot.store import board, pictures
from bot.store.pictures import Choice


def choices(ask: Ask) -> list[Choice]:
    """What the form says of each photo that it showed, in the order it asks for; empty if it showed none."""
    shown = [int(word) for word in ask.words("shown") if word.isascii() and word.isdecimal() and len(word) <= 9]
    ticked = set() if ask.word("without") else set(ask.words("photo"))
    said = ask.fields("alt.")
    return [Choice(one, str(one) in ticked, said.get(str(one), "")) for one in _moved(shown, ask.word("first", 10))]


def _moved(shown: list[int], first: str) -> list[int]:
    """The photo whose button was pressed comes one place earlier."""
    for place in range(1, len(shown)):
        if str(shown[place]) == first:
            shown[place - 1 : place + 1] = [shown[place], shown[place - 1]]
            break
    return shown


def image(ask: Ask) -> Response:
    """The bytes of a photo that a post of this event carries; they never change under their name."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        mark = str(ask.request.path_params["mark"])[:64]
        row = pictures.of_event(tx, frame.event.id, mark) if frame else None
    if row is None:
        raise Missing
    return Response(row.content, media_type=row.mime, headers={"Cache-Control": "private, max-age=86400, immutable"})
