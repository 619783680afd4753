"""One server that speaks Mastodon's API, and what each of its answers means."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.core.length import clean
from bot.networks.base import (
    Memory,
    Misconfigured,
    NetworkFailure,
    NoAnswer,
    Now,
    RateLimited,
    Refused,
    Unavailable,
)
from bot.networks.http import Answer, Form, Http, wait_until
from bot.networks.mastodon.instance import KEPT_FOR, Instance, described

MOST_BYTES = 16 * 2**20
WAIT = timedelta(minutes=1)  # after a 429 that does not say how long
OPEN = frozenset({408, 409, 425})  # 4xx that do not say whether it was done
NARROW = ("DELETE",)  # has a limit of its own, far below that of the other calls
MOST_SKEW = timedelta(hours=1)


class Missing(Refused):
    """The server says that there is no such thing, or that it is not for our eyes."""


class Odd(Unavailable):
    """The server did not understand what it was asked; older ones and other software know less."""


class Shut(Misconfigured):
    """The server lets us in nowhere, or not there: the token, its rights, or no token."""


class Server:
    """The API of one server. Reading raises `Unavailable` also for time-outs, since it has no effect."""

    def __init__(self, address: str, token: str, deadline: float, memory: Memory, now: Now) -> None:
        self.address = address.rstrip("/")
        self.host = urlsplit(address).netloc.lower()
        self.signed = bool(token)
        credentials = {"Authorization": f"Bearer {token}"} if token else None
        self.http = Http(self.address, deadline=deadline, credentials=credentials)
        self.ahead = timedelta(0)  # how far its clock is ahead of ours, as of its last answer
        self._memory, self._now = memory, now

    # What it is

    def instance(self, fresh: bool = False) -> Instance:
        """What it says of itself, at most a day old. An outage leaves us with what we knew."""
        kept = Instance.read((self._memory.get("instances") or {}).get(self.host))
        if kept and not fresh and self._now() - KEPT_FOR < datetime.fromisoformat(kept.at) <= self._now():
            return kept
        try:
            said = self._described()
            software = self._software(kept.software if kept else "")
        except Unavailable:
            if kept and not fresh:
                return kept
            raise
        asked = described(said, software, self.host, self._now().isoformat())
        self._memory.put("instances", {**(self._memory.get("instances") or {}), self.host: asked.write()})
        return asked

    def known(self) -> Instance | None:
        """What it said of itself the last time, without asking."""
        return Instance.read((self._memory.get("instances") or {}).get(self.host))

    def domain(self) -> str:
        """What stands behind the @ of its people; its host where it does not say."""
        try:
            return self.instance().domain
        except NetworkFailure:
            return self.host

    def _described(self) -> dict[str, Any]:
        try:
            said: dict[str, Any] = self.get("/api/v2/instance", {}, dict)
        except (Missing, Odd):
            said = self.get("/api/v1/instance", {}, dict)
        return said

    def _software(self, before: str) -> str:
        """The name in its nodeinfo, "" if it gives none: the API itself does not say what speaks it."""
        try:
            links = self.get("/.well-known/nodeinfo", {}, dict).get("links")
            hrefs = [str(one.get("href")) for one in links or [] if isinstance(one, dict)]
            same = [href for href in hrefs if urlsplit(href).path.startswith("/nodeinfo/")]
            software = self.get(urlsplit(same[-1]).path, {}, dict).get("software") if same else None
        except (Refused, Misconfigured, Odd, ValueError, TypeError):
            return ""
        except Unavailable:
            return before
        return str(software.get("name") or "").lower()[:40] if isinstance(software, dict) else ""

    # Calls

    def get(self, path: str, params: Mapping[str, Any], shape: type) -> Any:
        """GET: the JSON, which is a `shape`. Raises `Missing` for what is not there."""
        try:
            answer = self._ask("GET", path, params=params)
        except NoAnswer as failure:
            raise Unavailable(str(failure)) from None
        self._meet(answer)
        said = _json(answer)
        if not isinstance(said, shape):
            raise Unavailable(f"{self.host} answered with something that is not the expected JSON{_start(answer)}.")
        return said

    def write(
        self, method: str, path: str, json: Any = None, key: str = "", form: Form | None = None
    ) -> dict[str, Any]:
        """POST, PUT or DELETE, once. Raises `NoAnswer` when it may have had its effect."""
        answer = self._ask(method, path, json=json, form=form, headers={"Idempotency-Key": key} if key else {})
        if answer.status >= 500 or answer.status in OPEN:
            raise NoAnswer(f"{self.host} answered {answer.status}{_start(answer)}: it may have acted or not.")
        self._meet(answer, method)
        said = _json(answer)
        if not isinstance(said, dict):
            raise NoAnswer(f"{self.host} accepted it, and its answer cannot be read{_start(answer)}.")
        return said

    def _ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, **more: Any) -> Answer:
        kinds = {"Accept": "application/json", **(headers or {})}
        answer = self.http.request(method, self.address + path, most_bytes=MOST_BYTES, headers=kinds, **more)
        ahead = _date(answer, self._now()) - self._now()
        self.ahead = ahead if abs(ahead) < MOST_SKEW else timedelta(0)
        return answer

    def clock(self) -> datetime:
        """The server's time, by its last answer; ours if the two are too far apart to be believed."""
        return self._now() + self.ahead

    def _meet(self, answer: Answer, method: str = "") -> None:
        """Raise what a status means; return for 2xx."""
        status = answer.status
        if status < 300:
            return
        words = _words(answer)
        said = f": “{words}”" if words else _start(answer)
        if status == 429:
            until = wait_until(answer.headers, self._now()) or self._now() + WAIT
            whole = bool(method) and method not in NARROW
            raise RateLimited(f"{self.host} asks us to slow down (HTTP 429{said}).", until, whole=whole)
        if status >= 500 or status in OPEN:
            later = wait_until({"retry-after": answer.headers.get("retry-after", "")}, self._now())
            sentence = f"{self.host} is out of order for now (HTTP {status}{said})."
            raise RateLimited(sentence, later, whole=False) if later else Unavailable(sentence)
        if status < 400:
            there = urlsplit(answer.headers.get("location", "")).netloc or "another address"
            raise Misconfigured(f"{self.host} sends us to {there}: set its address in the settings to that one.")
        if status in (401, 403):
            self._shut(status, words, said, bool(method))
        if not words:
            raise Odd(f"{self.host} answered {status} and not as Mastodon does{said}: check its address.")
        if status in (404, 410):
            raise Missing(f"{self.host} does not have it{said}.")
        if method:
            raise Refused(f"{self.host} refused it{said}.")
        raise Odd(f"{self.host} did not understand what it was asked (HTTP {status}{said}).")

    def _shut(self, status: int, words: str, said: str, writing: bool) -> None:
        if not self.signed:
            raise Shut(f"{self.host} shows this to its members only (HTTP {status}{said}).")
        if status == 401:
            raise Shut(f"{self.host} does not accept the access token{said}: set a new MASTODON_ACCESS_TOKEN.")
        if not words:
            raise Shut(f"{self.host} lets us in nowhere (HTTP 403{said}): is there a firewall?")
        if "scope" in words.lower():
            raise Shut(f"The access token of {self.host} lacks a right{said}: make one with read and write:statuses.")
        if writing:
            raise Refused(f"{self.host} does not allow it{said}.")
        raise Shut(f"{self.host} does not let this account read{said}.")


def _json(answer: Answer) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _words(answer: Answer) -> str:
    """The server's own words for a no, "" if it is not Mastodon that speaks."""
    said = _json(answer)
    words = said.get("error_description") or said.get("error") if isinstance(said, dict) else None
    return " ".join(clean(words).split())[:200] if isinstance(words, str) else ""


def _start(answer: Answer) -> str:
    text = " ".join(clean(answer.body[:400].decode("utf-8", "replace")).split())[:60]
    return f", it begins {text!r}" if text else ", it is empty"


def _date(answer: Answer, otherwise: datetime) -> datetime:
    try:
        then = parsedate_to_datetime(answer.headers.get("date", ""))
    except (ValueError, TypeError, IndexError):
        return otherwise
    return then if then.tzinfo else then.replace(tzinfo=UTC)
