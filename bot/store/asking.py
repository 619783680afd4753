"""How an item becomes a question, or joins one that asks the same."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.lanes import OPEN, PRIVATE, lane_of
from bot.core.questions import Index, Verdict, fingerprint
from bot.store import changes
from bot.store.tables import placement, question

LOOK_BACK = 2000  # earlier questions that a new one is compared with; exact repeats are found in any number
CAME = "came in private"


def ask(
    tx: Connection,
    now: datetime,
    event_id: int,
    placement_id: int,
    text: str,
    at: datetime,
    verdict: Verdict,
    earlier: Earlier,
    opened: bool = False,
) -> int:
    """Join an earlier question that asks the same as an item, or begin one; 1 if one began.

    What carries a risky flag begins a private one, unless a person has `opened` it.
    """
    if not opened and lane_of(verdict.flags) == PRIVATE:
        begin_private(tx, now, "", event_id, placement_id, text, at, verdict.flags)
        return 1
    same = earlier.find(text)
    began = 0
    if same is None:
        values = {
            "event_id": event_id, "text": text, "theme": verdict.theme, "flags": sorted(verdict.flags), "lane": OPEN,
            "fingerprint": mark_of_words(text), "asked_at": min(at, now),
        }  # fmt: skip
        same = int(tx.execute(insert(question).values(values).returning(question.c.id)).scalar_one())
        earlier.add(same, text)
        changes.record(tx, now, "", "asked", event_id=event_id, kind="question", ref=same)
        began = 1
    else:
        old = tx.execute(select(question.c.flags).where(question.c.id == same)).scalar_one()
        flags = sorted(set(old) | verdict.flags)
        more = update(question).where(question.c.id == same)
        tx.execute(more.values(times_asked=question.c.times_asked + 1, flags=flags))
        changes.record(tx, now, "", "asked again", event_id=event_id, kind="question", ref=same)
    tx.execute(update(placement).where(placement.c.id == placement_id).values(question_id=same))
    return began


def begin_private(
    tx: Connection,
    now: datetime,
    who: str,
    event_id: int,
    placement_id: int,
    text: str,
    at: datetime,
    flags: Collection[str],
) -> int:
    """An item begins a private question of its own, whatever kind it is; it is never joined with another. Its id."""
    values = {
        "event_id": event_id, "text": text, "flags": sorted(flags), "lane": PRIVATE,
        "fingerprint": mark_of_words(text), "asked_at": min(at, now),
    }  # fmt: skip
    number = int(tx.execute(insert(question).values(values).returning(question.c.id)).scalar_one())
    tx.execute(update(placement).where(placement.c.id == placement_id).values(question_id=number, lane=PRIVATE))
    changes.record(tx, now, who, CAME, event_id=event_id, kind="question", ref=number)
    return number


def leave(tx: Connection, row: Row[Any], text: str, others: Sequence[str]) -> None:
    """One who asked with `others` asks it no more: it is counted once less, and nobody speaks in that one's words."""
    values: dict[str, Any] = {"times_asked": max(1, row.times_asked - 1)}
    if row.text == text and text not in others:
        values |= {"text": others[0], "fingerprint": mark_of_words(others[0])}
    tx.execute(update(question).where(question.c.id == row.id).values(values))


def mark_of_words(text: str) -> str:
    """A hash of what is asked, whatever its spelling; "" if nothing is left to compare."""
    words = fingerprint(text)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


class Earlier:
    """The open questions of one event that a new one may repeat; read once a page, and only if one is new."""

    def __init__(self, tx: Connection, event_id: int) -> None:
        self._tx = tx
        self._event_id = event_id
        self._index: Index | None = None

    def add(self, question_id: int, text: str) -> None:
        """Take in a question that just began."""
        if self._index is not None:
            self._index.add(question_id, text)

    def find(self, text: str) -> int | None:
        """The question that asks the same, None if there is none."""
        mark = mark_of_words(text)
        if not mark:
            return None
        exact = (
            select(question.c.id, question.c.state, question.c.merged_into)
            .where(question.c.event_id == self._event_id, question.c.fingerprint == mark)
            .where(question.c.state != "gone", question.c.lane == OPEN)
            .order_by(question.c.id)
            .limit(1)
        )
        row = self._tx.execute(exact).one_or_none()
        while row is not None and row.state == "merged":
            into = select(question.c.id, question.c.state, question.c.merged_into)
            row = self._tx.execute(into.where(question.c.id == row.merged_into)).one_or_none()
        return int(row.id) if row is not None and row.state != "gone" else self._near(text)

    def _near(self, text: str) -> int | None:
        if self._index is None:
            self._index = Index()
            recent = (
                select(question.c.id, question.c.text)
                .where(question.c.event_id == self._event_id, question.c.state.not_in(("gone", "merged")))
                .where(question.c.lane == OPEN)
                .order_by(question.c.id.desc())
                .limit(LOOK_BACK)
            )
            for row in self._tx.execute(recent):
                self._index.add(row.id, row.text)
        return self._index.find(text)
