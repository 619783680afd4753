"""One's own page: where one is signed in, and the password."""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask
from bot.desk import Done
from bot.store import people, sessions

ACTIONS: dict[str, Callable[..., Done]] = {
    "end": desk.end_own_session,
    "end-others": desk.end_other_sessions,
    "password": desk.set_password,
}


def index(ask: Ask, error: str = "") -> Response:
    """Sessions, and the form for a password."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        mine = sessions.of_people(tx, now, [ask.who.id]).get(ask.who.id, [])
        person = people.by_id(tx, ask.who.id)
    return ask.show(
        "me.html", 400 if error else 200, now=now, sessions=mine, ref=ask.ref, error=error,
        password=bool(person and person.password_hash),
    )  # fmt: skip


def act(ask: Ask) -> Response:
    """One button about oneself."""
    if ask.action == "end":
        return ask.done(desk.end_own_session(ask.store, ask.who, ask.word("ref", 64)), to="/me")
    if ask.action == "end-others":
        return ask.done(desk.end_other_sessions(ask.store, ask.who, ask.ref), to="/me")
    done: Done = desk.set_password(ask.store, ask.who, ask.word("current", 1001), ask.word("new", 1001), ask.ref)
    return ask.done(done, to="/me") if done.ok else index(ask, done.sentence)
