"""The server of the package ``mastodon-mock`` on loopback: somebody else's idea of Mastodon, as a second opinion.

It counts links in full, never forgets a key, and its ids hold no time; what hangs on those is left to our own double.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.flows.program import free_port

PEOPLE = {"qcommunity": "token-of-ours", "asha": "token-of-asha", "bryn": "token-of-bryn"}
PATIENCE = 60.0  # seconds that it may take to start on a busy machine


class MockServer:
    """One running server, with people who write on it by its own API."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._http = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    def call(self, who: str, method: str, path: str, **body: Any) -> Any:
        """What the API answers to that person. Raises HTTPStatusError."""
        signed = {"Authorization": f"Bearer {PEOPLE[who]}"}
        answer = self._http.request(method, path, headers=signed, json=body or None)
        answer.raise_for_status()
        return answer.json()

    def say(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        """Somebody writes; the status."""
        made: dict[str, Any] = self.call(who, "POST", "/api/v1/statuses", status=text, **more)
        return made

    def ours(self) -> list[dict[str, Any]]:
        """The posts of our account, newest first."""
        me = self.call("qcommunity", "GET", "/api/v1/accounts/verify_credentials")["id"]
        said: list[dict[str, Any]] = self.call("qcommunity", "GET", f"/api/v1/accounts/{me}/statuses?limit=40")
        return said

    def reset(self) -> None:
        """As it was at its start."""
        self._http.post("/api/v1/_mock/reset").raise_for_status()

    def is_up(self) -> bool:
        """Whether it answers."""
        try:
            return self._http.get("/api/v2/instance").status_code == 200
        except httpx.TransportError:
            return False

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()


@contextmanager
def serving(folder: Path) -> Iterator[MockServer]:
    """A server for the length of some tests."""
    port = free_port()
    accounts = [f'[[seed.accounts]]\nusername = "{name}"\naccess_token = "{token}"' for name, token in PEOPLE.items()]
    (folder / "mock.toml").write_text("\n".join([f'domain = "127.0.0.1:{port}"\nurl_scheme = "http"', *accounts]))
    words = ["serve", "--config", "mock.toml", "--host", "127.0.0.1", "--port", str(port), "--in-memory"]
    command = [sys.executable, "-m", "mastodon_mock", *words, "--log-level", "warning"]
    with (folder / "mock.log").open("w") as log:
        child = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    server = MockServer(port)
    try:
        until = time.monotonic() + PATIENCE
        while not server.is_up():
            assert child.poll() is None, (folder / "mock.log").read_text()[-2000:]
            assert time.monotonic() < until, "mastodon-mock did not start in time"
            time.sleep(0.1)
        yield server
    finally:
        server.close()
        child.terminate()
        child.wait(10)
