"""A web address that keeps what is sent to it: where a message channel or a watcher outside would stand."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener:
    """What came, as (method, path, body), and the status that is answered."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, Any]] = []
        self.status = 200
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                listener.came.append((self.command, self.path, json.loads(body) if body else None))
                self.send_response(listener.status)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST  # noqa: N815 (the name that http.server calls)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing: pytest shows what matters."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]

    @property
    def messages(self) -> list[tuple[str, str]]:
        """Title and body of each message that came."""
        return [(body["title"], body["message"]) for method, _path, body in self.came if method == "POST"]


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener on loopback while it is wanted."""
    made = Listener()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()
        thread.join(10)
