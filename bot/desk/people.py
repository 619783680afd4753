"""Who works on an event: inviting, roles, helper codes, and where people are signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from bot.core.rights import HELPER, NAMES, OWNER
from bot.desk.who import Done, NotAllowed, Who, button
from bot.store import changes, codes, memberships, people, sessions
from bot.store.engine import Store

INVITED = timedelta(days=3)  # how long an invitation waits
GIVEN = ("viewer", "facilitator", "comms", "lead", OWNER)  # roles that people are given; helpers come by code
LONGEST = timedelta(hours=24)  # of a helper code
NOT_THERE = Done(False, "They do not work on this event any more. Nothing was changed.")
ELSEWHERE = "Only an owner can do this: they are an owner, or work on other events too. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Link:
    """What came of it, and the secret of a link that signs a person in once, if there is one."""

    done: Done
    token: str = ""


def _note(tx: Connection, store: Store, who: Who, event_id: int, what: str, ref: int, **detail: Any) -> int:
    return changes.record(tx, store.now(tx), who.name, what, event_id=event_id, kind="person", ref=ref, **detail)


def _found(tx: Connection, store: Store, event_id: int, person_id: int) -> Row[Any] | None:
    return next((row for row in memberships.of_event(tx, store.now(tx), event_id) if row.id == person_id), None)


def _vouched(who: Who, row: Row[Any]) -> bool:
    """Whether one may act for somebody as a whole: else a lead of one event could enter the others in their name."""
    return who.role == OWNER or not (row.owner or row.elsewhere)


def _given(who: Who, role: str) -> None:
    if role not in GIVEN:
        raise ValueError(f"There is no role “{role}” to give. Nothing was changed.")
    if role == OWNER and who.role != OWNER:
        raise NotAllowed("Only an owner can make somebody an owner.")


@button
def invite(store: Store, who: Who, event_id: int, name: str, role: str) -> Link:
    """Let somebody work on an event. Who is new gets a link; who works on other events signs in as before."""
    try:
        _given(who, role)
        with store.write() as tx:
            now = store.now(tx)
            known = people.by_name(tx, people.tidy_name(name))
            if known is not None:
                return Link(_let_in(tx, store, who, event_id, known, role))
            person_id = people.add(tx, now, name, role, event_ids=[event_id])
            _note(tx, store, who, event_id, "invited", person_id, role=role)
            token = sessions.new_ticket(tx, now, person_id, INVITED)
    except ValueError as failure:
        return Link(Done(False, str(failure)))
    return Link(Done(True, f"{people.tidy_name(name)} is invited as {NAMES[role].lower()}. Send them the link."), token)


def _let_in(tx: Connection, store: Store, who: Who, event_id: int, known: people.Person, role: str) -> Done:
    if known.owner or _found(tx, store, event_id, known.id) is not None:
        return Done(False, f"{known.name} works on this event already. Change their role in the list.")
    people.appoint(tx, known.id, role, [event_id])
    _note(tx, store, who, event_id, "invited", known.id, role=role)
    return Done(True, f"{known.name} works on this event now, as {NAMES[role].lower()}, and signs in as before.")


@button
def set_role(store: Store, who: Who, event_id: int, person_id: int, role: str) -> Done:
    """Give somebody another role in an event; it holds from their next click."""
    try:
        _given(who, role)
        with store.write() as tx:
            row = _found(tx, store, event_id, person_id)
            if row is None:
                return NOT_THERE
            if row.owner and who.role != OWNER:
                raise NotAllowed("Only an owner can change the role of an owner.")
            people.appoint(tx, person_id, role, [event_id])
            _note(tx, store, who, event_id, "role changed", person_id, role=role)
    except ValueError as failure:
        return Done(False, str(failure))
    return Done(True, f"{row.name} is {NAMES[role].lower()} now.")


@button
def take_away(store: Store, who: Who, event_id: int, person_id: int) -> Done:
    """Somebody works on this event no more, and an owner on none; what they did stays in the history."""
    if person_id == who.id:
        return Done(False, "You cannot take your own access away. Ask another event lead or an owner.")
    try:
        with store.write() as tx:
            row = _found(tx, store, event_id, person_id)
            if row is None:
                return NOT_THERE
            if row.owner and who.role != OWNER:
                raise NotAllowed("Only an owner can take an owner’s access away.")
            if row.owner:
                people.shut_out(tx, person_id)
            else:
                people.leave(tx, person_id, event_id)
            _note(tx, store, who, event_id, "access taken away", person_id)
    except people.LastOwner as failure:
        return Done(False, str(failure))
    return Done(True, f"{row.name} has no access to this event any more.")


@button
def sign_in_link(store: Store, who: Who, event_id: int, person_id: int) -> Link:
    """A new link for somebody who lost theirs, or has no password."""
    with store.write() as tx:
        row = _found(tx, store, event_id, person_id)
        if row is None:
            return Link(NOT_THERE)
        if row.role == HELPER and not row.owner:
            return Link(Done(False, f"{row.name} joined by a helper code: show them the code again."))
        if not _vouched(who, row):
            raise NotAllowed(ELSEWHERE)
        token = sessions.new_ticket(tx, store.now(tx), person_id, INVITED)
        _note(tx, store, who, event_id, "sign-in link made", person_id)
        return Link(Done(True, f"Send this link to {row.name}, and to nobody else."), token)


@button
def end_sessions(store: Store, who: Who, event_id: int, person_id: int, ref: str = "") -> Done:
    """Sign somebody out on one device, or on all of them if none is named."""
    with store.write() as tx:
        row = _found(tx, store, event_id, person_id)
        if row is None:
            return NOT_THERE
        if not _vouched(who, row):
            raise NotAllowed(ELSEWHERE)
        ended = sessions.end_one(tx, person_id, ref) if ref else sessions.end_others(tx, person_id) > 0
        if not ended:
            return Done(False, f"{row.name} was signed out there already.")
        _note(tx, store, who, event_id, "signed out", person_id)
        return Done(True, f"{row.name} is signed out{' there' if ref else ' everywhere'}.")


@button
def make_code(store: Store, who: Who, event_id: int, hours: int, seats: int) -> Done:
    """A code that lets so many people sort questions for so many hours."""
    lasts = timedelta(hours=hours)
    if not timedelta(0) < lasts <= LONGEST or not 1 <= seats <= codes.MOST_SEATS:
        most = int(LONGEST.total_seconds() // 3600)
        return Done(False, f"A code is for 1 to {codes.MOST_SEATS} people and 1 to {most} hours. Nothing was made.")
    with store.write() as tx:
        now = store.now(tx)
        code_id = codes.make(tx, now, event_id, now + lasts, seats, who.name)
        changes.record(tx, now, who.name, "helper code made", event_id=event_id, kind="code", ref=code_id, seats=seats)
        return Done(True, "The code is made. Show it to the helpers.")


@button
def revoke_code(store: Store, who: Who, event_id: int, code_id: int) -> Done:
    """A code works no more, and everybody who joined by it is signed out."""
    with store.write() as tx:
        now = store.now(tx)
        out = codes.revoke(tx, now, code_id)
        if out is None:
            return Done(False, "That code was revoked before.")
        changes.record(tx, now, who.name, "helper code revoked", event_id=event_id, kind="code", ref=code_id, out=out)
        gone = "Nobody had joined by it." if not out else f"{out} helper{'s are' if out != 1 else ' is'} signed out."
        return Done(True, f"The code works no more. {gone}")
