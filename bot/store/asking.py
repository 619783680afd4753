"""How an item becomes a question, or joins one that asks the same."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from bot.core.questions import Index, Verdict, fingerprint
from bot.store import changes
from bot.store.tables import placement, question

LOOK_BACK = 2000  # earlier questions that a new one is compared with; exact repeats are found in any number
RISKY = frozenset({"distress", "medical_advice"})


def ask(
    tx: Connection,
    now: datetime,
    event_id: int,
    placement_id: int,
    text: str,
    at: datetime,
    verdict: Verdict,
    earlier: Earlier,
) -> int:
    """Join an earlier question that asks the same as an item, or begin one; 1 if one began."""
    same = earlier.find(text)
    began = 0
    if same is None:
        lane = "private" if verdict.flags & RISKY else "open"
        values = {
            "event_id": event_id, "text": text, "theme": verdict.theme, "flags": sorted(verdict.flags), "lane": lane,
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


def mark_of_words(text: str) -> str:
    """A hash of what is asked, whatever its spelling; "" if nothing is left to compare."""
    words = fingerprint(text)
    return hashlib.sha256(words.encode()).hexdigest() if words else ""


class Earlier:
    """The questions of one event that a new one may repeat; read once a page, and only if one is new."""

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
            .where(question.c.event_id == self._event_id, question.c.fingerprint == mark, question.c.state != "gone")
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
                .order_by(question.c.id.desc())
                .limit(LOOK_BACK)
            )
            for row in self._tx.execute(recent):
                self._index.add(row.id, row.text)
        return self._index.find(text)
