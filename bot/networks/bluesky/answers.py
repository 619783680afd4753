"""What an answer of a Bluesky server means; decided by its `error` name rather than by its status."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.networks.base import Misconfigured, NetworkFailure, NoAnswer, RateLimited, Refused, Unavailable
from bot.networks.http import Answer, wait_until

USUAL_WAIT = timedelta(minutes=1)
OLD_TOKEN = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
CLOSED = frozenset({"AccountTakedown", "AccountDeactivated", "AccountSuspended", "RepoTakendown", "RepoDeactivated"})
ABSENT = frozenset({"RecordNotFound", "NotFound"})


class Said(Refused):
    """A no with its name, such as ``InvalidSwap`` or ``RecordNotFound``."""

    def __init__(self, message: str, name: str) -> None:
        super().__init__(message)
        self.name = name


def name_of(answer: Answer) -> str:
    """The `error` of an answer, "" if it has none: then it is not Bluesky that speaks, but something before it."""
    said = _body(answer)
    return str(said.get("error") or "") if said is not None else ""


def token_refused(answer: Answer) -> bool:
    """Whether the session, not the call, was refused: an old token is answered with 400, not with 401."""
    return answer.status in (400, 401) and name_of(answer) in OLD_TOKEN


def meaning(answer: Answer, host: str, now: datetime, *, writing: bool) -> dict[str, Any]:
    """The body of a good answer; raises what any other one means. A no of the server's own is `Said`."""
    if 200 <= answer.status < 300:
        said = _body(answer)
        if said is None:
            raise _unclear(f"{host} answered with something that is not the expected JSON{_start(answer)}.", writing)
        return said
    raise _failure(answer, host, now, writing)


def _failure(answer: Answer, host: str, now: datetime, writing: bool) -> NetworkFailure:
    status, name = answer.status, name_of(answer)
    until = wait_until(answer.headers, now)
    if status == 429:
        return RateLimited(f"{host} asks us to slow down (HTTP 429).", until or now + USUAL_WAIT)
    if status >= 500 or status < 400:
        sentence = f"{host} is out of order for now (HTTP {status}{f', {name}' if name else _start(answer)})."
        return RateLimited(sentence, until) if until and not writing else _unclear(sentence, writing and status >= 500)
    if name in CLOSED:
        return Misconfigured(f"{host} says that the account is closed ({name}): sign in there to see why.")
    if token_refused(answer):
        return Misconfigured(f"{host} does not accept the session ({name}): make a new app password.")
    if name:
        return Said(f"{host} refused it: {_message(answer) or name}.", name)
    if status in (401, 403, 451):  # a proxy before the server; its block may pass
        return Unavailable(f"{host} lets us in nowhere (HTTP {status}{_start(answer)}): something stands before it.")
    if status == 413:
        return Refused(f"{host} says that it is too large.")
    return Unavailable(f"{host} does not answer as a Bluesky server does (HTTP {status}{_start(answer)}).")


def _unclear(sentence: str, writing: bool) -> NetworkFailure:
    return NoAnswer(sentence) if writing else Unavailable(sentence)


def _body(answer: Answer) -> dict[str, Any] | None:
    try:
        said = answer.json()
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _message(answer: Answer) -> str:
    said = _body(answer) or {}
    return " ".join(str(said.get("message") or "").split())[:300].rstrip(".")


def _start(answer: Answer) -> str:
    text = " ".join(answer.body[:400].decode("utf-8", "replace").split())[:60]
    return f", it begins {text!r}" if text else ", it is empty"
