"""What becomes of a question: said aloud, in writing, to follow up after the event, or declined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.desk.moves import SAYS, as_done, landing
from bot.desk.who import Done, Who, button
from bot.store import changes, questions
from bot.store.engine import Store

LONGEST_OWNER = 80  # characters
DECLINED_SAYS = "Declined. It will not be used."


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a question goes, and what it is kept as while it is there."""

    state: str
    kept: str = ""
    waits: bool = False


OUTCOMES: Mapping[str, Outcome] = {
    "writing": Outcome("answered", questions.WRITING),
    "aloud": Outcome("answered", questions.ALOUD),
    "accepted": Outcome("room"),
    "followup": Outcome("followup"),
    "declined": Outcome("dismissed", questions.DECLINED),
}


@dataclass(frozen=True, slots=True)
class Ending:
    """What a person says becomes of a question. `owner` and `day` (2017-07-31) are of a follow-up; None leaves them."""

    name: str = "writing"
    owner: str | None = None
    day: str | None = None

    @property
    def outcome(self) -> Outcome:
        """What that means. Raises KeyError if there is no such outcome."""
        return OUTCOMES[self.name]


def columns(tx: Connection, now: datetime, row: Row[Any] | None, ending: Ending) -> dict[str, Any] | Done:
    """What an outcome sets beside the state, or why it cannot be had."""
    if ending.name not in OUTCOMES:
        return Done(False, "There is no such outcome. Choose one of the list; nothing was changed.")
    values = landing(tx, now, row, ending.outcome.state)
    if isinstance(values, Done):
        return values
    values["outcome"] = ending.outcome.kept
    if ending.name != "followup":
        return values
    followed = _followed(ending)
    return followed if isinstance(followed, Done) else values | followed


def _followed(ending: Ending) -> dict[str, str] | Done:
    owner, day = ending.owner, ending.day
    if owner is not None and len(owner.strip()) > LONGEST_OWNER:
        return Done(False, f"Name who follows up in at most {LONGEST_OWNER} characters. Nothing was changed.")
    if day and not _is_day(day):
        return Done(False, "Write the day as 2017-07-31, or choose it from the calendar. Nothing was changed.")
    given = {"follow_owner": None if owner is None else owner.strip(), "follow_day": day}
    return {name: value for name, value in given.items() if value is not None}


def _is_day(word: str) -> bool:
    try:
        return date.fromisoformat(word).isoformat() == word
    except ValueError:
        return False


@button
def decline(store: Store, who: Who, question_id: int, seen: str = "") -> Done:
    """It is a question and will not be taken up; nobody is written to."""
    return _end(store, who, question_id, seen, Ending("declined"), DECLINED_SAYS)


@button
def follow_up(
    store: Store, who: Who, question_id: int, seen: str = "", owner: str | None = None, day: str | None = None
) -> Done:
    """Somebody will come back to it after the event: who, and by which day (2017-07-31). None leaves what there is."""
    return _end(store, who, question_id, seen, Ending("followup", owner, day), SAYS["followup"])


def _end(store: Store, who: Who, question_id: int, seen: str, ending: Ending, said: str) -> Done:
    with store.write() as tx:
        now, row = store.now(tx), questions.get(tx, question_id)
        values = columns(tx, now, row, ending)
        if isinstance(values, Done):
            return values
        state = ending.outcome.state
        if row is not None and row.state == state and seen in ("", state):
            return _beside(tx, now, who, row, values, said)
        return as_done(questions.move(tx, now, who.name, question_id, state, seen=seen, **values), state, said)


def _beside(tx: Connection, now: datetime, who: Who, row: Row[Any], values: dict[str, Any], said: str) -> Done:
    """It is there already: what stands beside the state is set."""
    questions.change_words(tx, row.id, **values)
    what = "declined" if values["outcome"] == questions.DECLINED else "follow-up set"
    return Done(True, said, changes.record(tx, now, who.name, what, event_id=row.event_id, kind="question", ref=row.id))
