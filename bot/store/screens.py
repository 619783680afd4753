"""The screens in the room: what each points at, and the slide that this makes."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core import consent, room
from bot.core.flags import personal_data
from bot.core.lanes import OPEN
from bot.store import board, changes, questions
from bot.store.board import Card
from bot.store.sessions import digest
from bot.store.tables import question, screen

UP_NEXT = 2
LOOKED_THROUGH = 20  # of the list for the room, to find what comes next


@dataclass(frozen=True, slots=True)
class Slide:
    """What a screen shows. Without `card`, what one sees while nothing is asked; `covered`: somebody hid the rest."""

    covered: bool = False
    card: Card | None = None
    words: str = ""
    size: str = ""
    up_next: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One question that stands on screens now, in the words that the room reads there."""

    card: Card
    words: str
    screens: tuple[Row[Any], ...]

    @property
    def where(self) -> str:
        """The names of its screens: Main hall, Annexe."""
        return ", ".join(one.name for one in self.screens)


@dataclass(frozen=True, slots=True)
class Standing:
    """The screens of an event, the oldest first, and what the room reads on them now."""

    screens: tuple[Row[Any], ...] = ()
    shown: tuple[Shown, ...] = ()

    @property
    def covered(self) -> bool:
        """Whether somebody hid the words of a screen."""
        return any(one.covered for one in self.screens)

    def where(self, question_id: int) -> str:
        """The names of the screens that show that question, "" if none does."""
        return next((one.where for one in self.shown if one.card.row.id == question_id), "")


def add(tx: Connection, now: datetime, who: str, event_id: int, name: str) -> tuple[int, str]:
    """A new screen: its number, and the secret of its address, which is told only here."""
    secret = secrets.token_urlsafe(16)
    values = {"event_id": event_id, "name": name, "hash": digest(secret), "created_at": now, "created_by": who}
    number = int(tx.execute(insert(screen).values(values).returning(screen.c.id)).scalar_one())
    changes.record(tx, now, who, "screen added", event_id=event_id, kind="screen", ref=number)
    return number, secret


def renew(tx: Connection, now: datetime, who: str, row: Row[Any]) -> str:
    """Another address for a screen; the one before it ends. Gives the new secret."""
    secret = secrets.token_urlsafe(16)
    tx.execute(update(screen).where(screen.c.id == row.id).values(hash=digest(secret)))
    changes.record(tx, now, who, "screen address renewed", event_id=row.event_id, kind="screen", ref=row.id)
    return secret


def end(tx: Connection, now: datetime, who: str, row: Row[Any]) -> None:
    """Its address works no more."""
    tx.execute(update(screen).where(screen.c.id == row.id).values(ended_at=now, question_id=None))
    changes.record(tx, now, who, "screen ended", event_id=row.event_id, kind="screen", ref=row.id)


def get(tx: Connection, screen_id: int) -> Row[Any] | None:
    """One screen that has not ended, or None."""
    here = select(screen).where(screen.c.id == screen_id, screen.c.ended_at.is_(None))
    return tx.execute(here.with_for_update()).one_or_none()


def of_event(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """The screens of an event, the oldest first."""
    mine = select(screen).where(screen.c.event_id == event_id, screen.c.ended_at.is_(None))
    return tx.execute(mine.order_by(screen.c.id)).all()


def of_secret(tx: Connection, secret: str) -> Row[Any] | None:
    """The screen with that secret in its address, while it has not ended."""
    here = select(screen).where(screen.c.hash == digest(secret), screen.c.ended_at.is_(None))
    return tx.execute(here).one_or_none()


def still_open(tx: Connection, secrets_: Collection[str]) -> set[str]:
    """Which of those addresses still work, in one reading."""
    by_hash = {digest(secret): secret for secret in secrets_}
    here = select(screen.c.hash).where(screen.c.hash.in_(by_hash), screen.c.ended_at.is_(None))
    return {by_hash[found] for found in tx.execute(here).scalars()}


def point(tx: Connection, now: datetime, who: str, row: Row[Any], question_id: int | None) -> None:
    """Let a screen point at a question, or at nothing. Pointing uncovers it."""
    values = {"question_id": question_id, "shown_at": now, "shown_by": who, "covered": False}
    tx.execute(update(screen).where(screen.c.id == row.id).values(values))
    what = "put on screen" if question_id else "taken off screen"
    changes.record(tx, now, who, what, event_id=row.event_id, kind="screen", ref=row.id, question=question_id or 0)


def cover(tx: Connection, now: datetime, who: str, event_id: int, covered: bool) -> int:
    """Hide what all screens of an event show, or show it again; how many changed."""
    mine = update(screen).where(screen.c.event_id == event_id, screen.c.ended_at.is_(None))
    count = tx.execute(mine.where(screen.c.covered.is_(not covered)).values(covered=covered)).rowcount
    if count:
        what = "screens covered" if covered else "screens uncovered"
        changes.record(tx, now, who, what, event_id=event_id, kind="screen")
    return count


def words_of(tx: Connection, row: Row[Any]) -> str:
    """The words of a question as a room would see them; "" if they must not be seen there as they are."""
    if not row.wording and (row.flags or not consent.may_be_shown(questions.marks_of(tx, row))):
        return ""
    return _said(row)


def words_of_card(card: Card) -> str:
    """The same, of a question whose items have been read already."""
    return "" if card.unworded else _said(card.row)


def _said(row: Row[Any]) -> str:
    words = room.shown(row.wording, row.text)
    return "" if personal_data(words) else words


def approved_words(tx: Connection, row: Row[Any]) -> str:
    """The words of a question if it is for the room and a person approved just these; else ""."""
    words = words_of(tx, row) if (row.state, row.lane) == ("room", OPEN) else ""
    return words if words and room.mark(words) == row.approved else ""


def slide(tx: Connection, now: datetime, row: Row[Any]) -> Slide:
    """What a screen shows now. What left the list for the room, or has other words by now, is not shown."""
    if row.covered:
        return Slide(covered=True)
    card, words = _seen(tx, now, row)
    if card is None:
        return Slide()
    return Slide(False, card, words, room.size(words), _up_next(tx, row.event_id, card.row.id))


def _seen(tx: Connection, now: datetime, row: Row[Any]) -> tuple[Card | None, str]:
    """The question that the room reads on a screen, with its words; None if it reads none."""
    card = board.one(tx, now, row.event_id, row.question_id) if row.question_id and not row.covered else None
    words = approved_words(tx, card.row) if card is not None else ""
    return (card, words) if words and room.size(words) else (None, "")


def standing(tx: Connection, now: datetime, event_id: int) -> Standing:
    """What stands on which screen of an event now: just what `slide` shows there."""
    rows, found = of_event(tx, event_id), dict[int, Shown]()
    for row in rows:
        card, words = _seen(tx, now, row)
        if card is not None:
            there = found[card.row.id].screens if card.row.id in found else ()
            found[card.row.id] = Shown(card, words, (*there, row))
    return Standing(tuple(rows), tuple(found.values()))


def _up_next(tx: Connection, event_id: int, shown_id: int) -> tuple[str, ...]:
    listed = select(question).where(question.c.event_id == event_id, question.c.state == "room")
    rows = tx.execute(listed.order_by(question.c.position, question.c.id).limit(LOOKED_THROUGH)).all()
    said = (approved_words(tx, row) for row in rows if row.id != shown_id)
    return tuple([words for words in said if words][:UP_NEXT])
