"""Little servers on loopback that misbehave in one way each, and one that answers as it is told."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

Talk = Callable[[socket.socket], None]


def drip_in_the_head(sock: socket.socket) -> None:
    """One byte of a header at a time, for ever."""
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    for _ in range(600):
        sock.sendall(b"x")
        time.sleep(0.1)


def drip_in_the_body(sock: socket.socket) -> None:
    """A good head, then one byte of the body at a time."""
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n")
    for _ in range(600):
        sock.sendall(b"x")
        time.sleep(0.1)


def silent(sock: socket.socket) -> None:
    """Reads and never speaks, until the other side goes away."""
    with contextlib.suppress(TimeoutError):
        sock.settimeout(20)
        while sock.recv(65536):
            pass


def half_an_answer(sock: socket.socket) -> None:
    """Promises 100 bytes, sends 10, goes away."""
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789")


def half_a_head(sock: socket.socket) -> None:
    """Goes away in the middle of a header."""
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def hang_up(sock: socket.socket) -> None:
    """Reads the request and goes away without a word."""
    sock.recv(65536)


def gigantic(sock: socket.socket) -> None:
    """Sends more than anyone wants to hold."""
    sock.recv(65536)
    sock.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(400):
        sock.sendall(b"x" * 65536)


def self_signed(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """TLS for a server on localhost and for the one client that trusts it; needs the openssl command."""
    assert shutil.which("openssl"), "the openssl command is missing: apt-get install openssl"
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost "
            f"-addext subjectAltName=DNS:localhost -keyout {key} -out {certificate}"
        ).split(),
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, ssl.create_default_context(cafile=str(certificate))


@contextmanager
def talking(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that holds `talk` with everyone who connects; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def hold(sock: socket.socket) -> None:
        with contextlib.suppress(OSError), sock, tls.wrap_socket(sock, server_side=True) if tls else sock as inner:
            talk(inner)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listener.accept()
                threading.Thread(target=hold, args=(sock,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@dataclass
class Asked:
    """One request as it came in. `query` holds the last value of each name, `raw_query` all that was written."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    raw_query: str = ""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Reply:
    """What to answer: `body` is sent as it is if bytes or text, else as JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)

    def raw(self) -> bytes:
        """The bytes of the body."""
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


class Site:
    """An HTTP server whose `answer` decides what each request gets; `asked` keeps what came in."""

    def __init__(self, answer: Callable[[Asked], Reply]) -> None:
        self.answer = answer
        self.asked: list[Asked] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # head and body in one packet, or each answer waits 40 ms for an acknowledgement

            def handle_any(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[-1] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                asked = Asked(self.command, parts.path, query, dict(self.headers.items()), body, parts.query)
                site.asked.append(asked)
                reply = site.answer(asked)
                raw = reply.raw()
                respond = self.send_response_only if "Date" in reply.headers else self.send_response
                respond(reply.status)
                for name, value in {"Content-Length": str(len(raw)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def site(answer: Callable[[Asked], Reply]) -> Iterator[Site]:
    """A `Site` for the length of a test."""
    served = Site(answer)
    try:
        yield served
    finally:
        served.close()


class LosingProxy:
    """Passes whole requests on to `port` and, while `losing` says so, drops the answer after it has arrived.

    What `instead` gives for a request is answered in the server's place, which then never hears of it.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.losing: Callable[[bytes], bool] = lambda request: False
        self.instead: Callable[[bytes], bytes] = lambda request: b""
        self.lost = 0

    def __call__(self, sock: socket.socket) -> None:
        """Hold one connection; it carries one request, so that nothing is left to guess."""
        request = _whole_message(sock)
        if answer := self.instead(request):
            sock.sendall(answer)
            return
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
        with socket.create_connection(("127.0.0.1", self.port)) as onward:
            onward.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
            answer = b"".join(iter(lambda: onward.recv(65536), b""))
        if self.losing(request):
            self.lost += 1
            return
        sock.sendall(answer)


def _whole_message(sock: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        received += sock.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body
