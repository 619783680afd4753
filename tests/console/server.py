"""The console on loopback, as browsers and streams reach it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.console.app import ConsoleOptions, create_app
from bot.store.engine import Store


@contextmanager
def serving(store: Store, public_url: str = "") -> Iterator[str]:
    """The address of a running console; it is stopped at the end. `public_url` is where browsers think it is."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    app = create_app(store, ConsoleOptions(public_url or url, secure=public_url.startswith("https:")))
    config = uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 20
    while not server.started:
        if time.monotonic() > until:
            raise TimeoutError("the console did not start within 20 s")
        time.sleep(0.02)
    try:
        yield url
    finally:
        app.state.console.ticker.end()
        server.should_exit = True
        thread.join(20)


def serve(url: str, port: int) -> None:
    """Serve the console over that database until the process ends: the body of a process of its own."""
    app = create_app(Store(url), ConsoleOptions(f"http://127.0.0.1:{port}", secure=False))
    uvicorn.run(app, port=port, log_level="error")
