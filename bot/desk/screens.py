"""What stands on the screens in the room, and which screens there are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core import room
from bot.core.lanes import PRIVATE
from bot.desk.who import GONE, Done, Who, button, words
from bot.store import questions, screens
from bot.store.engine import Store

NO_SCREEN = Done(False, "There is no such screen any more. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Opened(Done):
    """A screen with a new address: `secret` is its last part, told only once."""

    secret: str = ""


@button
def add_screen(store: Store, who: Who, event_id: int, name: str) -> Done:
    """One more screen, with an address of its own that opens it without signing in."""
    tidy = words(name, "The name of the screen", 60)
    if isinstance(tidy, Done):
        return tidy
    with store.write() as tx:
        _, secret = screens.add(tx, store.now(tx), who.name, event_id, tidy)
        return Opened(True, f"{tidy} is ready. Open its address on the machine of the projector.", secret=secret)


@button
def renew_screen(store: Store, who: Who, screen_id: int) -> Done:
    """Another address for a screen, as when the old one got into the wrong hands."""
    with store.write() as tx:
        row = screens.get(tx, screen_id)
        if row is None:
            return NO_SCREEN
        secret = screens.renew(tx, store.now(tx), who.name, row)
        return Opened(True, f"{row.name} has a new address. The old one has ended.", secret=secret)


@button
def end_screen(store: Store, who: Who, screen_id: int) -> Done:
    """Take a screen away: its address ends."""
    with store.write() as tx:
        row = screens.get(tx, screen_id)
        if row is None:
            return NO_SCREEN
        screens.end(tx, store.now(tx), who.name, row)
        return Done(True, f"{row.name} is closed. Its address works no more.")


@button
def show_on_screen(store: Store, who: Who, screen_id: int, question_id: int, mark: str = "") -> Done:
    """Put a question of the list for the room on a screen. `mark` stands for the words that the person saw."""
    with store.write() as tx:
        row, asked = screens.get(tx, screen_id), questions.get(tx, question_id)
        if row is None:
            return NO_SCREEN
        if asked is None or asked.event_id != row.event_id:
            return GONE
        if asked.state != "room" or asked.lane == PRIVATE:
            return Done(False, "It is not on the list for the room any more. Nothing was changed.")
        said = screens.words_of(tx, asked)
        if not said:
            return Done(False, "Reword it for the room first: these words must not be shown as they are.")
        if not room.size(said):
            return Done(False, f"It is too long to be read in the room. Reword it in under {room.LONGEST} letters.")
        if room.mark(said) not in (asked.approved, mark):
            return Done(False, "Its author changed it since it was put on the list. Look at its words again.")
        questions.change_words(tx, question_id, approved=room.mark(said))
        screens.point(tx, store.now(tx), who.name, row, question_id)
        return Done(True, f"On screen: {row.name}.")


@button
def take_off_screen(store: Store, who: Who, screen_id: int) -> Done:
    """Show on that screen what one sees while nothing is asked."""
    with store.write() as tx:
        row = screens.get(tx, screen_id)
        if row is None:
            return NO_SCREEN
        screens.point(tx, store.now(tx), who.name, row, None)
        return Done(True, f"Taken off: {row.name}.")


@button
def cover_screens(store: Store, who: Who, event_id: int) -> Done:
    """The safe slide on every screen of the event, at once."""
    with store.write() as tx:
        count = screens.cover(tx, store.now(tx), who.name, event_id, True)
        return Done(True, "The safe slide is on every screen." if count else "The safe slide is on already.")


@button
def uncover_screens(store: Store, who: Who, event_id: int) -> Done:
    """Take the safe slide away: each screen shows again what it pointed at."""
    with store.write() as tx:
        count = screens.cover(tx, store.now(tx), who.name, event_id, False)
        return Done(True, "The screens show again what they showed." if count else "No screen was covered.")
