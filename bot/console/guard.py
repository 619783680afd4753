"""What stands before every page: the headers a browser obeys, the forgery check, a limit on bodies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
MOST_BYTES = 512 * 1024
MOST_WITH_PHOTO = 16 * 2**20
PHOTO = re.compile(r"/e/[^/]+/updates/\d+/photo")  # the one form that a file comes with
SAFE = frozenset({"GET", "HEAD"})


def origin_of(url: str) -> str:
    """Scheme, host and port of an address as a browser writes them into ``Origin``."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    host = f"[{parts.hostname}]" if parts.hostname and ":" in parts.hostname else parts.hostname or ""
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{parts.scheme}://{host}{port}"


def forged(method: str, headers: Mapping[str, str], origin: str) -> bool:
    """Whether a request may come from a page that is not ours: such a one must not change anything."""
    if method in SAFE:
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site != "same-origin"
    return headers.get("origin") != origin


class Guard:
    """Wraps the application; `public_url` is its own address as browsers see it, from the settings."""

    def __init__(self, app: ASGIApp, public_url: str) -> None:
        self.app = app
        self.origin = origin_of(public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = MOST_WITH_PHOTO if PHOTO.fullmatch(scope["path"]) else MOST_BYTES
        refusal = self._refusal(scope["method"], headers, most)
        if refusal is not None:
            await refusal(scope, receive, _with_headers(send))
            return
        await self.app(scope, _limited(receive, most), _with_headers(send))

    def _refusal(self, method: str, headers: Headers, most: int) -> PlainTextResponse | None:
        if forged(method, headers, self.origin):
            words = f"This did not come from a page of {self.origin}, so nothing was changed. Open the page again."
            return PlainTextResponse(words, 403)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > most:
            what = "That photo is too large" if most > MOST_BYTES else "That is far too much text for one form"
            return PlainTextResponse(f"{what}. Nothing was changed.", 413)
        return None


def _limited(receive: Receive, most: int) -> Receive:
    """Stops listening to a body that has no stated length and does not end."""
    got = 0

    async def receive_some() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        return {"type": "http.disconnect"} if got > most else message

    return receive_some


def _with_headers(send: Send) -> Send:
    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return send_guarded
