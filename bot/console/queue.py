"""The lists of questions: all at once, one at a time, on paper, and several moved together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Row
from starlette.responses import RedirectResponse, Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.console.questions import in_sight
from bot.console.view import minute
from bot.core import room
from bot.store import board, ledger, lists, screens
from bot.store.board import Card, Frame
from bot.store.lists import Filter
from bot.store.screens import Standing

TABS = {
    "waiting": "Waiting",
    "room": "For the room",
    "parked": "Parked",
    "answered": "Answered",
    "dismissed": "Dismissed",
}
ON_PAPER = 100  # questions
SPANS = {"now": timedelta(0), "15": timedelta(minutes=15), "60": timedelta(hours=1)}  # of a filter, until now


def index(ask: Ask) -> Response:
    """One list of questions, filtered; `pick` shows boxes to tick, to move several at once."""
    tab, asked = _asked(ask)
    if ask.query("since") in SPANS:
        return RedirectResponse(_addresses(ask, tab, asked)("", since=_begins(ask, SPANS[ask.query("since")])), 303)
    with ask.store.read() as tx:
        now, frame = _frame(ask, tx)
        event_id = frame.event.id
        cards, more = lists.questions(tx, now, event_id, tab, asked)
        values: dict[str, Any] = {
            "facets": lists.facets(tx, event_id, tab),
            "room": _room(tx, now, event_id),
            "sources": board.sources(tx, event_id),
            "needing": ledger.needing(tx, event_id),
            "saves": lists.saves(tx, event_id),
        }
    pick = "1" if ask.query("pick") and ask.who.may("triage") else ""
    address = _addresses(ask, tab, asked)
    return ask.show(
        "questions.html", frame=frame, now=now, tab=tab, tabs=TABS, cards=cards, asked=asked, pick=pick,
        address=lambda **changed: address("", **({"pick": pick} | changed)),
        one=address("/one"), sheet=address("/sheet"),
        more=address("", pick=pick, after=more) if more else "", **values,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """What the room reads now, and what waits to be put before it: each with the words that a screen would show.

    Words that must not be shown as they are, are ""; words that are too long for a screen have no `size`.
    """

    standing: Standing
    next: tuple[tuple[Card, str, str, str], ...]  # the question, its words, their size and their mark


def _room(tx: Connection, now: datetime, event_id: int) -> Room:
    standing = screens.standing(tx, now, event_id)
    listed = lists.questions(tx, now, event_id, "room", Filter())[0]
    waiting = [(card, screens.words_of_card(card)) for card in listed if not standing.where(card.row.id)]
    return Room(standing, tuple((card, said, said and room.size(said), room.mark(said)) for card, said in waiting))


def _asked(ask: Ask) -> tuple[str, Filter]:
    tab = ask.query("list") or "waiting"
    if tab not in TABS:
        raise Missing
    since = _instant(ask.query("since"))
    return tab, Filter(ask.query("theme"), ask.query("network"), ask.query("only"), ask.query("after"), since)


def _instant(word: str) -> datetime | None:
    """A time of the address, such as 2017-07-13T14:11Z; None if it is none."""
    try:
        return datetime.strptime(word, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _begins(ask: Ask, span: timedelta) -> str:
    """The whole minute in which a span until now begins, as it stands in an address."""
    with ask.store.read() as tx:
        return minute(ask.store.now(tx) - span)


def _frame(ask: Ask, tx: Connection) -> tuple[datetime, Frame]:
    frame = board.frame(tx, ask.slug)
    if frame is None:
        raise Missing
    return ask.store.now(tx), frame


def _addresses(ask: Ask, tab: str, asked: Filter) -> Callable[..., str]:
    """Addresses of this list, or of another page about it, with some filters changed; they begin at the first page."""
    since = minute(asked.since) if asked.since else ""
    now = {"list": tab, "theme": asked.theme, "network": asked.network, "only": asked.only, "since": since}

    def address(page: str, **changed: Any) -> str:
        words = now | changed
        words["list"] = "" if words["list"] == "waiting" else words["list"]
        query = urlencode({key: value for key, value in words.items() if value})
        return f"/e/{ask.slug}/questions{page}" + (f"?{query}" if query else "")

    return address


def one(ask: Ask) -> Response:
    """One question at a time, in the order of its list; `at` names the one that is shown."""
    tab, asked = _asked(ask)
    address = _addresses(ask, tab, asked)
    with ask.store.read() as tx:
        now, frame = _frame(ask, tx)
        event_id = frame.event.id
        at = ask.query_number("at")
        card = board.one(tx, now, event_id, at) if at else None
        if at and (card is None or not in_sight(ask, card.row)):
            raise Missing
        following, _ = lists.questions(tx, now, event_id, tab, asked, n=1)
        if card is None and following:
            return RedirectResponse(address("/one", after=asked.after, at=following[0].row.id), 303)
        total, before = lists.count(tx, event_id, tab, asked)
        needing = ledger.needing(tx, frame.event.id)
        here = card is not None and card.row.state in lists.TABS[tab]
    return ask.show(
        "one.html", frame=frame, now=now, needing=needing, tab=tab, tabs=TABS, card=card, total=total, before=before,
        listed=here, onward=address("/one", after=asked.after), again=address("/one"), whole=address(""),
        skip=address("/one", after=lists.mark_of(tab, card.row)) if card is not None and here else "",
    )  # fmt: skip


def sheet(ask: Ask) -> Response:
    """A list to print and read out, in words that may be said aloud, for a room without a network."""
    tab, asked = _asked(ask)
    with ask.store.read() as tx:
        now, frame = _frame(ask, tx)
        cards, more = lists.questions(tx, now, frame.event.id, tab, asked, n=ON_PAPER)
    fit = [card for card in cards if not card.unworded]
    return ask.show(
        "sheet.html", frame=frame, now=now, tab=tab, tabs=TABS, cards=fit, left=len(cards) - len(fit), more=bool(more),
        address=_addresses(ask, tab, asked),
    )  # fmt: skip


def floor(ask: Ask, **more: Any) -> Response:
    """Where a question from the floor is typed in."""
    return ask.page("floor.html", **({"text": "", "name": "", "problem": ""} | more))


def ask_from_floor(ask: Ask) -> Response:
    """Put a question from the floor into the queue."""
    text, name = ask.word("text"), ask.word("name", 200)
    done = desk.ask_from_floor(ask.store, ask.who, _event(ask).id, text, name, to_room=ask.word("to") == "room")
    if done.ok or ask.wants_json:
        return ask.done(done)
    return floor(ask, text=text, name=name, problem=done.sentence)


def many(ask: Ask) -> Response:
    """Move the questions that were ticked."""
    ids = [int(word) for word in ask.words("id") if word.isascii() and word.isdecimal() and len(word) <= 9]
    to, seen = ask.word("to", 12), ask.word("seen", 12)
    return ask.done(desk.move_many(ask.store, ask.who, _event(ask).id, ids, to, seen), undo=True)


def _event(ask: Ask) -> Row[Any]:
    with ask.store.read() as tx:
        return _frame(ask, tx)[1].event
