"""httpx under the deadline guard, the only client our own adapters use, and what headers say of coming back."""

from __future__ import annotations

import json as jsons
import select
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from bot.networks.base import Misconfigured, Unavailable
from bot.networks.guard import (
    MOST_BYTES,
    Call,
    TooLarge,
    capped,
    checked,
    connect,
    failure,
    guarded,
    origin,
    tls_context,
    within,
)

MOST_HOPS = 5
LONGEST_WAIT = timedelta(minutes=15)
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class _Stream(httpcore.NetworkStream):
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._sock.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._sock.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            return _Stream(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname))
        except OSError as error:
            self.close()
            raise httpcore.ConnectError(str(error)) from error

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
        if info == "is_readable":
            return self._sock.fileno() < 0 or bool(select.select([self._sock], [], [], 0)[0])
        return None


class _Backend(httpcore.NetworkBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            return _Stream(connect(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


class _Transport(httpx.HTTPTransport):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=20, keepalive_expiry=5.0, network_backend=_Backend()
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A form with files in it: of each its name, its bytes and their type, by the name of its field."""

    files: Mapping[str, tuple[str, bytes, str]]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. Header names are in lower case; `url` is where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed: float

    def json(self) -> Any:
        """The body as JSON. Raises ValueError if it is anything else."""
        try:
            return jsons.loads(self.body)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class Http:
    """httpx with a total deadline, no proxy from the environment, and credentials for the host of `home` alone."""

    def __init__(
        self,
        home: str,
        *,
        deadline: float = 15.0,
        credentials: Mapping[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.home = checked(home)
        self.deadline = deadline
        self._credentials = dict(credentials or {})
        context = guarded(context) if context else tls_context()
        self._client = httpx.Client(
            transport=_Transport(context),
            trust_env=False,
            headers={"User-Agent": "backchannel"},
        )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def request(
        self,
        method: str,
        url: str,
        *,
        deadline: float | None = None,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        content: bytes | None = None,
        form: Form | None = None,
        headers: Mapping[str, str] | None = None,
        follow: bool = False,
        most_bytes: int = MOST_BYTES,
        trusted: frozenset[tuple[str, int]] | None = None,
    ) -> Answer:
        """One call, redirects included, within `deadline` seconds. `follow` is for GET and HEAD.

        With `trusted` no hop leads into our own network, but to these hosts and ports.

        Raises `Unavailable` when no byte was sent, `NoAnswer` otherwise, `Misconfigured` for an address that must
        not be called. Any status is an answer.
        """
        if follow and method not in ("GET", "HEAD"):
            raise ValueError("only GET and HEAD follow redirects: others would be turned into a GET")
        started = time.monotonic()
        if json is not None:  # escaped to ASCII: httpx's own form breaks on halves of characters
            content, headers = jsons.dumps(json).encode(), {"Content-Type": "application/json", **(headers or {})}
        with within(deadline or self.deadline, trusted) as call:
            for _ in range(MOST_HOPS + 1):
                call.sent = False  # only reading follows, so the hops before had no effect
                request = self._request(method, url, params, content, headers, form)
                answer = self._send(request, call, most_bytes, started)
                onward = answer.headers.get("location") if follow and answer.status in REDIRECTS else None
                if not onward:
                    return answer
                url, params = urljoin(answer.url, onward), None
        raise Unavailable(f"{urlsplit(url).hostname} redirects in a circle.")

    def _request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        form: Form | None,
    ) -> httpx.Request:
        try:
            request = self._client.build_request(
                method,
                checked(url),
                params=params,
                content=content,
                data=form.fields if form else None,
                files=form.files if form else None,
                headers=self._headers(url, headers),
            )
            _ = request.url.host  # decoded when it is asked for, which fails for some names
            return request
        except (httpx.InvalidURL, ValueError):
            raise Misconfigured(f"{url[:200]!r} is not an address: check it where it is set.") from None

    def _headers(self, url: str, headers: Mapping[str, str] | None) -> dict[str, str]:
        return {**(headers or {}), **(self._credentials if origin(url) == origin(self.home) else {})}

    def _send(self, request: httpx.Request, call: Call, most_bytes: int, started: float) -> Answer:
        try:
            response = self._client.send(request, stream=True)
            try:
                body = capped(response.iter_bytes(), most_bytes)
            finally:
                response.close()
        except (httpx.HTTPError, httpx.StreamError, UnicodeError, OSError, TooLarge) as error:
            raise failure(error, call, request.url.host) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, body, str(request.url), time.monotonic() - started)


def wait_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """When the answer's headers say to come back (aware, UTC), at most 15 minutes from `now`; None if they do not."""
    known = {name.lower(): value.strip() for name, value in headers.items()}
    for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset", "x-rate-limit-reset"):
        if then := _instant(known.get(name, ""), now):
            return min(max(then, now), now + LONGEST_WAIT)
    return None


def _instant(value: str, now: datetime) -> datetime | None:
    if value.isascii() and value.isdigit():
        seconds = int(value[:12])  # an epoch is far above any wait
        return (
            datetime.fromtimestamp(seconds, UTC)
            if 10**9 < seconds < 10**11
            else now + timedelta(seconds=min(seconds, 86400))
        )
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            then = read(value)
            return then.replace(tzinfo=UTC) if then.tzinfo is None else then.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
