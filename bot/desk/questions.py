"""What facilitators do with a question beside moving it: reading it, wording, theme, notes, groups."""

from __future__ import annotations

from typing import Any

from bot.core import room
from bot.core.flags import personal_data
from bot.core.lanes import PRIVATE, lane_of
from bot.core.text import clean
from bot.desk.moves import SAYS
from bot.desk.who import CLAIM_LASTS, GONE, Done, Who, button, words
from bot.store import changes, lane, questions
from bot.store.engine import Store

BY_HAND = ("personal_data", "distress", "abuse", "spam", "medical_advice")  # flags that a person may add


@button
def claim(store: Store, who: Who, question_id: int) -> Done:
    """Say that one is reading it; lapses by itself after two minutes and locks nobody out."""
    with store.write() as tx:
        now = store.now(tx)
        row = questions.get(tx, question_id)
        if row is None:
            return GONE
        goes_on = row.claimed_by == who.id and row.claimed_until > now
        if questions.claim(tx, now, who.id, row, now + CLAIM_LASTS):
            if goes_on:  # nothing new to the others
                return Done(True, "The others see that you are reading it.")
            changes.record(tx, now, who.name, "claimed", event_id=row.event_id, kind="reading", ref=question_id)
            return Done(True, "The others see that you are reading it.")
        return Done(False, "Somebody else is reading it.")


@button
def release(store: Store, who: Who, question_id: int) -> Done:
    """Stop reading it."""
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or not questions.release(tx, who.id, question_id):
            return Done(False, "You were not reading it.")
        changes.record(tx, store.now(tx), who.name, "released", event_id=row.event_id, kind="reading", ref=question_id)
        return Done(True, "Released.")


@button
def reword(store: Store, who: Who, question_id: int, wording: str) -> Done:
    """Write the words that the room will see; what was asked stays beside them."""
    tidy = words(clean(wording), "The wording", 500)
    if isinstance(tidy, Done):
        return tidy
    if personal_data(tidy):
        return Done(False, "The wording still gives a phone number or an address away. Leave it out: the room sees it.")
    approved = room.mark(room.shown(tidy, ""))
    done = "Reworded for the room."
    return _beside(store, who, question_id, "reworded", done, wording=tidy, wording_by=who.name, approved=approved)


@button
def set_theme(store: Store, who: Who, question_id: int, theme: str) -> Done:
    """Put it under one of the event's themes, or under none."""
    sentence = f"Theme: {theme}." if theme else "No theme."
    return _beside(store, who, question_id, "theme set", sentence, theme=theme[:80])


@button
def set_flag(store: Store, who: Who, question_id: int, flag: str, on: bool = True) -> Done:
    """Mark it as one that must be reworded before the room sees it, or take back such a mark that a person made."""
    if flag not in BY_HAND:
        return Done(False, "There is no such flag. Nothing was changed.")
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        if (flag in row.flags) == on:
            return Done(False, "It is as it was: somebody was first.")
        if not on and any(flag in one.flags for one in questions.items_of(tx, question_id)):
            return Done(False, "Its words themselves raise this flag, so it stays. Reword the question for the room.")
        flags = sorted({*row.flags, flag}) if on else [one for one in row.flags if one != flag]
        questions.change_words(tx, question_id, flags=flags)
        now, what = store.now(tx), "flagged" if on else "unflagged"
        changes.record(tx, now, who.name, what, event_id=row.event_id, kind="question", ref=question_id, flag=flag)
        if on and lane_of([flag]) == PRIVATE and row.lane != PRIVATE:
            lane.close(tx, now, who.name, row, [flag])
            return Done(True, "Flagged, and kept private: only event leads see it now, and they were told.")
        return Done(True, "Flagged. The room sees it once it is reworded." if on else "The flag is off.")


def _beside(store: Store, who: Who, question_id: int, what: str, sentence: str, **values: Any) -> Done:
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        questions.change_words(tx, question_id, **values)
        now = store.now(tx)
        change_id = changes.record(tx, now, who.name, what, event_id=row.event_id, kind="question", ref=question_id)
        return Done(True, sentence, change_id)


@button
def merge(store: Store, who: Who, question_id: int, into_id: int) -> Done:
    """Two that ask the same become one; every asker gets the answer."""
    with store.write() as tx:
        row, into = questions.get(tx, question_id), questions.get(tx, into_id)
        if row is None or into is None or "gone" in (row.state, into.state):
            return GONE
        if PRIVATE in (row.lane, into.lane):
            return Done(False, "What is kept private is not put together with anything. Nothing was changed.")
        if row.event_id != into.event_id or row.id == into.id or "merged" in (row.state, into.state):
            return Done(False, "These two cannot be put together. Choose another open question of this event.")
        change_id = questions.merge(tx, store.now(tx), who.name, row, into)
        return Done(True, SAYS["merged"], change_id)


@button
def add_note(store: Store, who: Who, question_id: int, text: str) -> Done:
    """Leave a note for the team."""
    tidy = words(clean(text), "The note", 2000)
    if isinstance(tidy, Done):
        return tidy
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None:
            return GONE
        now = store.now(tx)
        questions.add_note(tx, now, who.name, question_id, tidy)
        changes.record(tx, now, who.name, "note added", event_id=row.event_id, kind="question", ref=question_id)
        return Done(True, "Note kept.")


@button
def show_hidden(store: Store, who: Who, question_id: int) -> Done:
    """Open hidden phone numbers and addresses; it is written down."""
    return _beside(store, who, question_id, "hidden details opened", "Opened. This was written down.")
