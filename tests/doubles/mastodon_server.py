"""A strict double of a Mastodon server on loopback, and of others with its API: limits, faults, the wire.

It answers what the real one answers and refuses what the real one refuses.
"""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.doubles.mastodon_api import PAGING, TOKEN, Api, Call
from tests.doubles.mastodon_media import No, body_of
from tests.doubles.mastodon_world import Bucket, Now, iso

__all__ = ["TOKEN", "MastodonServer", "mastodon"]
PAGE = b"<!DOCTYPE html><html><head><title>We're sorry</title></head><body>Bad gateway</body></html>"
FAULTS = ("hang after", "500 after", "html 503", "half", "drip", "garbage", "slow", "429")


class MastodonServer(Api):
    """One server. `kind` is mastodon or gotosocial; `now` its clock."""

    def __init__(self, domain: str, now: Now, kind: str = "mastodon") -> None:
        super().__init__(domain, now, kind)
        self.paging, self.general = Bucket(300, 900), Bucket(300, 300)
        self.removals = Bucket(30, 1800)
        self.peer: MastodonServer | None = None  # another server, for tests that need two
        self.faults: list[tuple[str, str, str]] = []  # (method, pattern of the path, fault), each strikes once
        self._passes = 0
        self.calls: list[Call] = []
        self.hold = threading.Event()  # lets hanging answers go
        self._late: list[Call] = []
        self._serve()

    def fail(self, fault: str, method: str = "POST", path: str = ".*", *, times: int = 1, after: int = 0) -> None:
        """The next such calls go wrong, `after` that many that go well."""
        assert fault in FAULTS
        self._passes = after
        self.faults += [(method, path, fault)] * times

    def finish_late(self) -> None:
        """What was slow has its effect now."""
        for call in self._late:
            self._do(call)
        self._late = []

    def _answer(self, call: Call) -> tuple[int, Any, dict[str, str]]:
        bucket = self.paging if PAGING & call.query.keys() else self.general
        bucket = self.removals if call.method == "DELETE" else bucket
        left, ends = bucket.take(self.now())
        headers = {"X-RateLimit-Limit": str(bucket.most), "X-RateLimit-Remaining": str(max(left, 0)),
                   "X-RateLimit-Reset": ends.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}  # fmt: skip
        if left < 0:
            return 429, {"error": "Too many requests"}, headers
        try:
            return 200, self._do(call), headers
        except No as no:
            return no.status, {"error": str(no)}, headers

    def _fault(self, call: Call) -> str:
        for number, (method, path, fault) in enumerate(self.faults):
            if method == call.method and re.search(path, call.path):
                if self._passes:
                    self._passes -= 1
                    return ""
                del self.faults[number]
                return fault
        return ""

    def _serve(self) -> None:
        double = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536

            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(double.now(), usegmt=True)

            def any_method(self) -> None:
                parts = urlsplit(self.path)
                raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                call = Call(self.command, parts.path, parse_qs(parts.query), dict(self.headers.items()),
                            body_of(self.headers.get("Content-Type", ""), raw))  # fmt: skip
                double.calls.append(call)
                with contextlib.suppress(OSError):
                    double._reply(self, call)

            do_GET = do_POST = do_PUT = do_DELETE = any_method  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _reply(self, to: BaseHTTPRequestHandler, call: Call) -> None:
        fault = self._fault(call)
        if fault == "slow":
            self._late.append(call)
        status: int
        said: Any
        headers: dict[str, str]
        if fault == "html 503":
            status, said, headers = 503, PAGE, {"Content-Type": "text/html"}
        elif fault == "429":
            status, said = 429, {"error": "Too many requests"}
            headers = {"X-RateLimit-Reset": iso(self.now() + timedelta(minutes=4)) or ""}
        else:
            status, said, headers = self._answer(call) if fault != "slow" else (200, {}, {})
        if fault == "500 after":
            status, said = 500, {"error": "This page is not correct"}
        if fault in ("hang after", "slow"):
            self.hold.wait(10)
            to.close_connection = True
            return
        body = PAGE if fault == "garbage" else said if isinstance(said, bytes) else json.dumps(said).encode()
        to.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            to.send_header(name, value)
        to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        if fault in ("half", "drip"):
            self._badly(to, body, fault)
        else:
            to.wfile.write(body)

    def _badly(self, to: BaseHTTPRequestHandler, body: bytes, fault: str) -> None:
        to.close_connection = True
        if fault == "half":
            to.wfile.write(body[: len(body) // 2])
            return
        for place in range(len(body)):
            to.wfile.write(body[place : place + 1])
            to.wfile.flush()
            if self.hold.wait(0.1):
                return

    def close(self) -> None:
        """Stop listening."""
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def mastodon(domain: str, now: Now, kind: str = "mastodon") -> Iterator[MastodonServer]:
    """A server for the length of a test, which in the end was asked nothing that no real one knows."""
    server = MastodonServer(domain, now, kind)
    try:
        yield server
    finally:
        server.close()
    assert server.unexpected == []
