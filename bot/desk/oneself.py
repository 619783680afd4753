"""What people do about themselves: where they are signed in, and their password."""

from __future__ import annotations

from bot.desk import passwords
from bot.desk.who import Done, Who, button
from bot.store import people, sessions
from bot.store.engine import Store


@button
def end_own_session(store: Store, who: Who, ref: str) -> Done:
    """Sign out on another device."""
    with store.write() as tx:
        ended = sessions.end_one(tx, who.id, ref)
    return Done(ended, "You are signed out there." if ended else "You were signed out there already.")


@button
def end_other_sessions(store: Store, who: Who, ref: str) -> Done:
    """Sign out everywhere but here, which is the session with that ref; links that were not used are void too."""
    with store.write() as tx:
        count = sessions.end_others(tx, who.id, ref)
    if not count:
        return Done(True, "You are signed in nowhere else.")
    return Done(True, f"You are signed out on {count} other device{'s' if count != 1 else ''}.")


@button
def set_password(store: Store, who: Who, current: str, new: str, ref: str) -> Done:
    """Choose a password. Who has one says it first; then every other session ends."""
    with store.read() as tx:
        person = people.by_id(tx, who.id)
    if person is None or (person.password_hash and not passwords.matches(person.password_hash, current)):
        return Done(False, "That is not your present password. Nothing was changed.")
    try:
        kept = passwords.hashed(new, person.name)
    except ValueError as failure:
        return Done(False, str(failure))
    with store.write() as tx:
        people.keep_password(tx, who.id, kept)
        sessions.end_others(tx, who.id, ref)
    return Done(True, "Your password is kept. Everywhere else you are signed out.")
