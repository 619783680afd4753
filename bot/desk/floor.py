"""What the room needs: a question from the floor, the order of what comes next, who is to answer."""

from __future__ import annotations

from bot.core.lanes import PRIVATE
from bot.core.text import clean
from bot.desk import moves
from bot.desk.who import GONE, Done, Who, button, words
from bot.store import changes, events, floor, questions
from bot.store.engine import Store


@button
def ask_from_floor(store: Store, who: Who, event_id: int, text: str, name: str = "", to_room: bool = False) -> Done:
    """Put a question that was asked in the room into the queue, or on the list for the room at once.

    `name` says who asked, or which table. A question that is there already is asked once more.
    """
    tidy = words(clean(text), "The question", 2000)
    if isinstance(tidy, Done):
        return tidy
    with store.write() as tx:
        now, ev = store.now(tx), events.one_event(tx, event_id)
        question_id = floor.add(tx, now, who.name, ev, tidy, " ".join(clean(name).split())[:80])
        asked = questions.get(tx, question_id)
        if asked is not None and asked.lane == PRIVATE:
            return Done(True, "Kept private: it may need care, so only event leads see it. They were told.")
        if not to_room:
            return Done(True, "Now in the queue.")
        put = moves.put(tx, now, who, question_id, "room")
        return put if put.ok else Done(True, f"Now in the queue. {put.sentence}")


@button
def earlier(store: Store, who: Who, question_id: int) -> Done:
    """Let it come before the one above it on the list for the room."""
    return _shift(store, who, question_id, up=True)


@button
def later(store: Store, who: Who, question_id: int) -> Done:
    """Let it come after the one below it on the list for the room."""
    return _shift(store, who, question_id, up=False)


def _shift(store: Store, who: Who, question_id: int, up: bool) -> Done:
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None:
            return GONE
        if row.state != "room":
            return Done(False, "It is not on the list for the room any more. Nothing was changed.")
        if not floor.shift(tx, store.now(tx), who.name, row, up):
            return Done(False, f"It is the {'first' if up else 'last'} on the list already.")
        return Done(True, "Moved up." if up else "Moved down.")


@button
def hand_over(store: Store, who: Who, question_id: int, to: str) -> Done:
    """Give it to a table or a person to answer; to nobody, if `to` is empty."""
    tidy = " ".join(clean(to).split())[:80]
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        questions.change_words(tx, question_id, handed_to=tidy, handed_by=who.name if tidy else "")
        what = "handed over" if tidy else "taken back"
        changes.record(tx, store.now(tx), who.name, what, event_id=row.event_id, kind="question", ref=question_id)
        return Done(True, f"Handed to {tidy}." if tidy else "With nobody now.")


@button
def split_off(store: Store, who: Who, question_id: int, item_id: int) -> Done:
    """Take one asker out of a group: theirs becomes a question of its own that waits."""
    with store.write() as tx:
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        if not floor.split_off(tx, store.now(tx), who.name, row, item_id):
            return Done(False, "Nobody else asks it with them, so there is nothing to split. Nothing was changed.")
        return Done(True, "Split off. It waits as a question of its own.")
