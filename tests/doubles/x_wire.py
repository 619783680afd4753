"""The wire of the double of X: HTTP on loopback, and answers that hang, drip, break off or never come."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.doubles.x_faults import ALTERED, Fault, Faults
from tests.doubles.x_problems import Answer

HANGING = frozenset({Fault.HANG_BEFORE, Fault.HANG_AFTER})
RESETTING = frozenset({Fault.RESET_BEFORE, Fault.RESET_AFTER})
MOST_BODY = 8_000_000  # bytes


@dataclass
class Request:
    """One call as it came in, whole."""

    method: str
    target: str  # path and query, still quoted
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Spoken:
    """What the server wants to be said, and how that is to go wrong."""

    answer: Answer | None
    fault: Fault | None = None


Serve = Callable[[Request], Spoken]


def raw(answer: Answer) -> bytes:
    """The bytes of the body."""
    return (
        answer.body
        if isinstance(answer.body, bytes)
        else json.dumps(answer.body, ensure_ascii=False).encode("utf-8", "replace")
    )


class Wire:
    """Listens on loopback until `close`; `serve` decides what is said, `faults` how slowly it drips."""

    def __init__(self, serve: Serve, faults: Faults, port: int = 0) -> None:
        self.faults = faults
        self.closing = threading.Event()
        self.bugs: list[Exception] = []  # of the double itself
        self._serve = serve
        self._open: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", port), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Answer from now on, in threads of its own."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and hang up on everyone."""
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        wire = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # head and body in one packet, or each answer waits 40 ms for an acknowledgement

            def setup(self) -> None:
                super().setup()
                wire._open.add(self.connection)

            def finish(self) -> None:
                wire._open.discard(self.connection)
                with contextlib.suppress(OSError):
                    super().finish()

            def any_method(self) -> None:
                wire._talk(self)

            do_GET = do_POST = do_DELETE = do_PUT = do_HEAD = do_PATCH = any_method  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler

    def _talk(self, handler: BaseHTTPRequestHandler) -> None:
        length = handler.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > MOST_BODY:
            handler.send_error(413)
            return
        headers = {name.lower(): value for name, value in handler.headers.items()}
        body = handler.rfile.read(int(length))
        try:
            spoken = self._serve(Request(handler.command, handler.path, headers, body))
        except Exception as error:  # whoever holds the server hears of it at the end
            self.bugs.append(error)
            spoken = Spoken(Answer(500, b"The double of X has a bug"))
        try:
            self._say(handler, spoken)
        except OSError:  # the caller has gone, which is what many faults are for
            handler.close_connection = True

    def _say(self, handler: BaseHTTPRequestHandler, spoken: Spoken) -> None:
        fault = spoken.fault
        if fault in HANGING or spoken.answer is None or fault in RESETTING:
            handler.close_connection = True
            if fault in HANGING:
                self._hang(handler.connection)
            else:
                _reset(handler.connection)
            return
        head, body = _whole(handler, _altered(spoken.answer, fault))
        if fault in (Fault.HALF, Fault.HALF_HEAD, Fault.DRIP_HEAD, Fault.DRIP_BODY):
            handler.close_connection = True
            self._badly(handler.connection, fault, head, body)
            return
        handler.wfile.write(head + body)
        handler.wfile.flush()

    def _hang(self, sock: socket.socket) -> None:
        """Say nothing until the caller goes, the server closes, or the time is up."""
        end = time.monotonic() + self.faults.hang
        while time.monotonic() < end and not self.closing.is_set():
            readable, _, _ = select.select([sock], [], [], 0.05)
            if readable and not sock.recv(65536):
                return

    def _badly(self, sock: socket.socket, fault: Fault, head: bytes, body: bytes) -> None:
        if fault is Fault.HALF:
            sock.sendall(head + body[: len(body) // 2])
        elif fault is Fault.HALF_HEAD:
            sock.sendall(head[: len(head) // 2])
        elif fault is Fault.DRIP_HEAD:
            self._drip(sock, head + body)
        else:
            sock.sendall(head)
            self._drip(sock, body)

    def _drip(self, sock: socket.socket, content: bytes) -> None:
        end = time.monotonic() + self.faults.hang
        for place in range(len(content)):
            if self.closing.wait(self.faults.drip) or time.monotonic() > end:
                return
            sock.sendall(content[place : place + 1])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks in the middle is the caller's right; anything else is a bug and is shown."""
        try:
            raise
        except ConnectionError:
            pass
        except Exception:
            super().handle_error(request, client_address)


def _altered(answer: Answer, fault: Fault | None) -> Answer:
    other = ALTERED.get(fault) if fault else None
    return answer if other is None else replace(answer, status=other.status or answer.status, body=other.body)


def _whole(handler: BaseHTTPRequestHandler, answer: Answer) -> tuple[bytes, bytes]:
    """Head and body. HTML and empty bodies say what they are; an error is a problem document."""
    body = raw(answer)
    kind = "application/problem+json" if answer.status >= 400 else "application/json; charset=utf-8"
    if isinstance(answer.body, bytes):
        kind = "text/html; charset=utf-8"
    phrase = handler.responses.get(answer.status, ("Unknown",))[0]
    headers = {"Date": handler.date_time_string(), "Server": "tsa_o", "Content-Length": str(len(body))}
    headers |= {"Content-Type": kind} if body else {}
    lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{n}: {v}" for n, v in {**headers, **answer.headers}.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode(), body


def _reset(sock: socket.socket) -> None:
    """Go away without a word, and without the courtesies of TCP."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
