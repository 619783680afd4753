"""What each answer of X means, in the failures of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.length import clean
from bot.networks.base import (
    Misconfigured,
    NetworkFailure,
    NoAnswer,
    OutOfMoney,
    RateLimited,
    Refused,
    Unavailable,
)

WORDS = ("title", "detail", "message", "type", "reason")
NO_REPLY = ("not been mentioned", "not allowed", "you can only reply")
SERVED_AGAIN = frozenset({408, 425})


class Lost(Unavailable):
    """A read whose answer did not arrive whole: no effect, and it may have been paid for."""


class Duplicate(Refused):
    """X holds this very text already."""


class NotUnderstood(Unavailable):
    """X does not understand what a read asked for, a page token that it has forgotten for instance."""


class Absent(Refused):
    """There is nothing of that id."""


class NoAccess(Misconfigured):
    """The credentials are good, and this is not for them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: `headers` with small names; `body` is None if it was no JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def good(self) -> bool:
        """A 2xx with an object in it."""
        return 200 <= self.status < 300 and isinstance(self.body, dict)

    @property
    def data(self) -> Any:
        """Its ``data``, None if absent."""
        return self.body.get("data") if isinstance(self.body, dict) else None

    @property
    def meta(self) -> Mapping[str, Any]:
        """Its ``meta``, empty if absent."""
        found = self.body.get("meta") if isinstance(self.body, dict) else None
        return found if isinstance(found, dict) else {}

    @property
    def errors(self) -> list[Mapping[str, Any]]:
        """Its ``errors``, whatever else it holds."""
        found = self.body.get("errors") if isinstance(self.body, dict) else self.body
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    @property
    def detail(self) -> str:
        """All that it says in words, on one line."""
        return " ".join(clean(" · ".join(dict.fromkeys(_said(self.body)))).split())[:300]


def _said(body: Any) -> Iterator[str]:
    if isinstance(body, list):
        for one in body[:5]:
            yield from _said(one)
    if not isinstance(body, dict):
        return
    for word in WORDS:
        if isinstance(body.get(word), str) and body[word].strip():
            yield body[word].strip()
    errors = body.get("errors")
    yield from _said(errors if isinstance(errors, list) else None)


def capped(answer: Answer) -> bool:
    """A 429 that no waiting cures: the month's cap is used up."""
    said = answer.detail.casefold()
    return answer.status == 429 and ("usagecapexceeded" in said or "usage-capped" in said)


def failure_of(answer: Answer, host: str, until: datetime | None, *, writing: bool) -> NetworkFailure | None:
    """None for a good answer, else what it means. `until` is when a limit ends."""
    if answer.good:
        return None
    if answer.status == 429 and not capped(answer):
        if until is None:
            return Unavailable(f"{host} asks for a pause.")
        return RateLimited(f"X takes no more of these calls until {until:%H:%M} UTC.", until, whole=False)
    if answer.status in (402, 429):
        return OutOfMoney(_money(answer))
    if answer.status == 401:
        return Misconfigured(
            f"X does not accept the credentials: make new ones for the app and set them. {_why(answer)}"
        )
    if answer.status == 403:
        return _forbidden(answer, writing)
    return _failed_write(answer, host) if writing else _failed_read(answer, host)


def _money(answer: Answer) -> str:
    what = "The month's cap of X is used up" if answer.status == 429 else "The credit at X is used up"
    return f"{what}: add credit in X's developer console, then start X again. Nothing is lost. {_why(answer)}"


def _why(answer: Answer) -> str:
    return f"X says: {answer.detail}" if answer.detail else f"(HTTP {answer.status})"


def _forbidden(answer: Answer, writing: bool) -> NetworkFailure:
    said = answer.detail.casefold()
    if writing and "duplicate" in said:
        return Duplicate("X has a post with these very words already: change the words, then send again.")
    if writing and "reply" in said and any(words in said for words in NO_REPLY):
        return Refused(
            "X does not let us reply here: its author has neither mentioned us nor quoted us. Reply by hand, or answer "
            f"in a post of its own. {_why(answer)}"
        )
    if writing and "deleted or not visible" in said:
        return Refused("The post to answer is no longer on X, or hidden from us.")
    return NoAccess(
        f"X does not let this account or app do that: see its state in X's developer console. {_why(answer)}"
    )


def _failed_write(answer: Answer, host: str) -> NetworkFailure:
    if 200 <= answer.status < 300 or answer.status >= 500 or answer.status in SERVED_AGAIN:
        return NoAnswer(f"{host} did not say whether it went out (HTTP {answer.status}).")
    if 300 <= answer.status < 400:
        return _elsewhere(host, answer)
    if answer.status == 404:
        return (
            Absent(f"X has no such post. {_why(answer)}") if isinstance(answer.body, dict) else _elsewhere(host, answer)
        )
    if answer.status == 409:
        return Unavailable(f"X is busy with the same thing. {_why(answer)}")
    return Refused(f"X refuses it. {_why(answer)}")


def _failed_read(answer: Answer, host: str) -> NetworkFailure:
    if 200 <= answer.status < 300:
        return Lost(f"{host} sent something that is no answer of X (HTTP {answer.status}).")
    if 300 <= answer.status < 400 or (answer.status == 404 and not isinstance(answer.body, dict)):
        return _elsewhere(host, answer)
    if answer.status == 400:
        return NotUnderstood(f"X does not understand the question. {_why(answer)}")
    if answer.status >= 500:
        return Unavailable(f"X has trouble of its own (HTTP {answer.status}).")
    return Unavailable(f"X does not answer that. {_why(answer)}")


def _elsewhere(host: str, answer: Answer) -> Misconfigured:
    return Misconfigured(
        f"{host} does not answer as X does (HTTP {answer.status}): check api_url, and whether something on the way, "
        "such as a sign-in page of this network, answers in its place."
    )
