"""All that is told of an event afterwards, gathered once: no name of an asker, and no words that must not be told.

Nobody was asked whether they want to be named on a page or in a file, so nobody is; the address of a post names its
author, so it is left out too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.core import consent, room
from bot.core.flags import hide
from bot.core.lanes import PRIVATE
from bot.report.figures import Figures, reckon
from bot.store import board, report

FLAGGED = "Left out: it was flagged, and nobody reworded it."
ASKED_NOT_TO = "Left out: who wrote it asks not to be copied."


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. Without `words`, `why` says why they are left out."""

    id: int
    theme: str
    words: str
    why: str
    networks: tuple[str, ...]
    times: int
    state: str
    outcome: str
    asked_at: datetime
    raised_at: datetime | None
    answered_at: datetime | None
    told_at: datetime | None
    answers: tuple[str, ...]
    owner: str
    day: str

    @property
    def became(self) -> str:
        """What became of it: aloud, writing, declined, followup, or open while nothing has."""
        if self.state == "answered":
            return self.outcome or "aloud"
        if self.state == "dismissed":
            return "declined" if self.outcome == "declined" else "dismissed"
        return "followup" if self.state == "followup" else "open"


@dataclass(frozen=True, slots=True)
class Offered:
    """One thought in the words of who offered it, or why they are left out."""

    theme: str
    words: str
    why: str
    network: str
    at: datetime
    read_out: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """An event when it is over. `themes` are in the event's own order, "" (none) last."""

    event: Row[Any]
    made_at: datetime
    questions: tuple[Asked, ...]
    thoughts: tuple[Offered, ...]
    entries: tuple[Row[Any], ...]
    figures: Figures
    private: int  # how many questions are told to nobody

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes that something stands under."""
        there = {one.theme for one in self.questions} | {one.theme for one in self.thoughts}
        own = [theme for theme in self.event.options.get("themes", ()) if theme in there]
        others = sorted(there - {*own, ""})
        return (*own, *others, *([""] if "" in there else []))

    def asked(self, theme: str) -> list[Asked]:
        """The questions under a theme."""
        return [one for one in self.questions if one.theme == theme]

    def offered(self, theme: str) -> list[Offered]:
        """The thoughts under a theme."""
        return [one for one in self.thoughts if one.theme == theme]

    @property
    def followups(self) -> list[Asked]:
        """What somebody still has to come back to, the nearest day first."""
        open_ones = [one for one in self.questions if one.became == "followup"]
        return sorted(open_ones, key=lambda one: (one.day or "9999", one.asked_at))


def gather(tx: Connection, now: datetime, event: Row[Any]) -> Pack:
    """All that may be told of an event."""
    rows = report.questions(tx, event.id)
    told = [row for row in rows if row.lane != PRIVATE]
    asking = board.askers(tx, [row.id for row in told])
    answers = report.answers(tx, event.id)
    questions = tuple(_asked(row, asking.get(row.id, []), answers.get(row.id, ())) for row in told)
    thoughts = tuple(_offered(row) for row in report.thoughts(tx, event.id))
    figures = reckon(tx, event, questions, len(thoughts), [one for items in asking.values() for one in items])
    entries = tuple(report.entries(tx, event.id))
    return Pack(event, now, questions, thoughts, entries, figures, len(rows) - len(told))


def retold(tx: Connection, event_id: int, question_id: int) -> str:
    """What was asked and what the room said, as a post may tell it; "" if its words must not be told."""
    row = next((one for one in report.questions(tx, event_id) if one.id == question_id and one.lane != PRIVATE), None)
    if row is None:
        return ""
    answers = report.answers(tx, event_id).get(question_id, ())
    one = _asked(row, board.askers(tx, [question_id]).get(question_id, []), answers)
    if not one.words:
        return ""
    return "\n\n".join([f"You asked: {one.words}", *(f"The room said: {words}" for words in one.answers[-1:])])


def _asked(row: Row[Any], items: Sequence[Row[Any]], answers: Iterable[str]) -> Asked:
    marks = consent.marks_of_words(row.text, [(one.text, one.marks) for one in items])
    why = ""
    if not row.wording:
        why = FLAGGED if row.flags else "" if consent.may_be_quoted(marks) else ASKED_NOT_TO
    closed = row.state == "answered"
    return Asked(
        id=row.id, theme=row.theme, words="" if why else told(row.wording, row.text), why=why,
        networks=tuple(dict.fromkeys(one.network for one in items)), times=row.times_asked, state=row.state,
        outcome=row.outcome, asked_at=row.asked_at, raised_at=row.raised_at,
        answered_at=row.answered_at if closed else None, told_at=row.told_at,
        answers=tuple(hide(room.unnamed(one)) for one in answers) if closed else (),
        owner=row.follow_owner, day=row.follow_day,
    )  # fmt: skip


def _offered(row: Row[Any]) -> Offered:
    why = "" if consent.may_be_quoted(row.marks) else ASKED_NOT_TO
    at = row.written_at or row.seen_at
    return Offered(row.theme, "" if why else told("", row.text), why, row.network, at, row.read_out)


def told(wording: str, text: str) -> str:
    """The words of a question or thought for anybody: without names, links and contact details."""
    return hide(room.shown(wording, text))
