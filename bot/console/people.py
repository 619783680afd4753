"""Who works on an event: the list, invitations, helper codes, sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.console.qr import qr
from bot.core.rights import OWNER
from bot.desk import Done, Link
from bot.desk.people import GIVEN
from bot.store import board, codes, ledger, memberships, sessions

ACTIONS: dict[str, Callable[..., Done | Link]] = {
    "role": desk.set_role,
    "remove": desk.take_away,
    "link": desk.sign_in_link,
    "sign-out": desk.end_sessions,
}
HOURS = (2, 4, 8, 12)  # that a helper code may be made for


def index(ask: Ask, **more: Any) -> Response:
    """Everybody who may do something in this event, and the helper codes that work."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        rows = memberships.of_event(tx, now, frame.event.id)
        open_codes = [
            (row, _spaced(codes.letters(tx, row.id)), memberships.joined_by(tx, row.id))
            for row in codes.of_event(tx, now, frame.event.id)
        ]
        values: dict[str, Any] = {
            "people": rows,
            "codes": open_codes,
            "sessions": sessions.of_people(tx, now, [row.id for row in rows]),
            "ref": ask.ref,
            "needing": ledger.needing(tx, frame.event.id),
        }
    given = [role for role in GIVEN if role != OWNER or ask.who.role == OWNER]
    until = [(hours, now + timedelta(hours=hours)) for hours in HOURS]
    values |= {"given": given, "until": until, "link": "", "linked": "", "invited": {}, "error": ""} | more
    return ask.show("people.html", 400 if values["error"] else 200, frame=frame, now=now, **values)


def invite(ask: Ask) -> Response:
    """Let somebody work on this event; their link is shown once."""
    name, role = ask.word("name", 200), ask.word("role", 12)
    link = desk.invite(ask.store, ask.who, _event(ask), name, role)
    if not link.done.ok:
        return index(ask, error=link.done.sentence, invited={"name": name, "role": role})
    return _linked(ask, link)


def _linked(ask: Ask, link: Link) -> Response:
    if not link.token:
        return ask.done(link.done, to=f"/e/{ask.slug}/people")
    address = f"{ask.console.options.public_url.rstrip('/')}/in/{link.token}"
    return index(ask, link=address, linked=link.done.sentence)


def _event(ask: Ask) -> int:
    if ask.who.event_id is None:
        raise Missing
    return ask.who.event_id


def act(ask: Ask) -> Response:
    """One button of a person: one call to the desk."""
    store, who, event_id, person_id = ask.store, ask.who, _event(ask), ask.number("id")
    if ask.action == "link":
        return _linked(ask, desk.sign_in_link(store, who, event_id, person_id))
    to = f"/e/{ask.slug}/people"
    if ask.action == "role":
        return ask.done(desk.set_role(store, who, event_id, person_id, ask.word("role", 12)), to=to)
    if ask.action == "remove":
        return ask.done(desk.take_away(store, who, event_id, person_id), to=to)
    return ask.done(desk.end_sessions(store, who, event_id, person_id, ask.word("ref", 64)), to=to)


def make_code(ask: Ask) -> Response:
    """A new helper code."""
    done = desk.make_code(ask.store, ask.who, _event(ask), ask.form_number("hours"), ask.form_number("seats"))
    return ask.done(done, to=f"/e/{ask.slug}/people#codes")


def revoke_code(ask: Ask) -> Response:
    """A helper code works no more."""
    done = desk.revoke_code(ask.store, ask.who, _event(ask), ask.number("id"))
    return ask.done(done, to=f"/e/{ask.slug}/people#codes")


def code(ask: Ask) -> Response:
    """One helper code, large, to be scanned from a screen or from paper."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        row = codes.one(tx, now, frame.event.id, ask.number("id")) if frame else None
        if frame is None or row is None:
            raise Missing
        letters = codes.letters(tx, row.id)
    site = ask.console.options.public_url.rstrip("/")
    return ask.show(
        "code.html", frame=frame, now=now, code=row, letters=_spaced(letters), address=f"{site}/join",
        drawn=qr(f"{site}/join/{letters}", margin=4, css="qr"),
    )  # fmt: skip


def _spaced(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:]}"
