"""Helpers on the day: a code from the event lead, a name, and they are in."""

from __future__ import annotations

from functools import partial

import structlog
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from bot.console.ask import Console, console_of
from bot.console.plain import event_names, plain_page
from bot.console.signin import address, begin, minutes
from bot.store import attempts, changes, codes, people

TRIES = 20  # wrong codes from one address within five minutes; helpers of one venue often share theirs
log = structlog.get_logger()


def form(request: Request) -> Response:
    """The page that asks for a code, and for a name; the address on a QR code brings the code."""
    console = console_of(request)
    typed = codes.tidy(request.path_params.get("code", ""))
    return plain_page(console, "join.html", code=typed, name="", error="", about="", events=event_names(console))


async def join(request: Request) -> Response:
    """Take a seat."""
    console = console_of(request)
    async with request.form(max_files=0, max_fields=10) as given:
        fields = {key: value for key, value in given.items() if isinstance(value, str)}
    return await to_thread.run_sync(partial(_join, console, request, fields))


def _join(console: Console, request: Request, fields: dict[str, str]) -> Response:
    typed, name = codes.tidy(fields.get("code", "")), fields.get("name", "").replace("\x00", "")[:200]
    limits = [(f"code at {address(request)}", TRIES)]
    again = partial(plain_page, console, "join.html", code=typed, name=name, events=event_names(console))
    with console.store.write() as tx:
        now = console.store.now(tx)
        wait = minutes(attempts.wait(tx, now, limits))
        if wait:
            return again(429, about="code", error=f"Too many wrong codes. Wait {wait} min, or ask the event lead.")
        there = codes.find(tx, now, typed)
        if there is None:
            attempts.count(tx, now, limits)
            log.warning("helper code refused", address=address(request))
            return again(
                410, about="code", error="That code does not work, or all its places are taken. Ask the event lead."
            )
        try:
            person_id = codes.join(tx, now, there, name)
        except ValueError as failure:
            return again(400, about="name", error=str(failure))
        person = people.Person(person_id, people.tidy_name(name))
        changes.record(
            tx, now, person.name, "joined", event_id=there.event_id, kind="person", ref=person_id, code=there.id
        )
    return begin(console, request, person, lasts=there.until - now)
