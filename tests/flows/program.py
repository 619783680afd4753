"""The program as people start it: settings in a folder, a process of its own, killed or stopped at will."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.networks.rehearsal.script import settings_text

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def played(folder: Path, port: int) -> str:
    """Settings (TOML) with all four networks played, waits shortened, and some calls slow, so that kills hit them."""
    text = settings_text().replace("var/rehearsal", folder.as_posix()).replace("127.0.0.1:8000", f"127.0.0.1:{port}")
    for old, new in (
        ("deadline_seconds = 5", "deadline_seconds = 1.5"),
        ("lease_seconds = 15", "lease_seconds = 3"),
        ("look_again_seconds = 2", "look_again_seconds = 0.4"),
        ("tick_seconds = 0.2", "tick_seconds = 0.1"),
        ("seconds = 2,", "seconds = 0.3,"),
    ):
        assert old in text, f"the packaged settings no longer say {old}"
        text = text.replace(old, new)
    slow = 'seed = 5\nsend = 0.3\nkinds = ["slow"]\n'
    for name in ("x", "mastodon", "bluesky", "wordpress"):
        text += f"\n[networks.{name}.rehearsal]\nslow = 0.2\n[networks.{name}.rehearsal.faults]\n{slow}"
    return text


class Program:
    """`backchannel` with some words, in a process; what it says goes to files in the folder."""

    def __init__(self, folder: Path, *words: str, env: dict[str, str] | None = None) -> None:
        self._said = (folder / "said.txt").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=folder,
            stdout=self._said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT)} | (env or {}),
        )

    def kill(self) -> None:
        """As a power cut would; nothing happens if it has ended already."""
        self.process.kill()
        self.process.wait(30)
        self._said.close()

    def stop(self, within: float = 30) -> int:
        """As a supervisor would; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(within)
        self._said.close()
        return status


def call(folder: Path, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=folder,
        input=text,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def until(ready: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Wait for something to come true, and fail with words if it does not."""
    late = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < late, f"not within {seconds:g} s: {what}"
        time.sleep(0.05)
