"""Components that the tests need from Debian: installed when we may, else named in a skip, under CI a failure."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest


def lacking(what: str, package: str) -> NoReturn:
    """A component is not there: CI fails, elsewhere the test is skipped and says what to install."""
    sentence = f"{what} is not installed: apt-get install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def install(*packages: str) -> bool:
    """Install Debian packages without recommendations; False where we are not root on Debian, or it failed."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    with Path("/tmp/backchannel-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # apt refuses to run twice at a time
        for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *packages]):
            done = subprocess.run(["apt-get", *command], env=environ, capture_output=True, timeout=900, check=False)
    return done.returncode == 0


def fetched(package: str, file: str) -> Path | None:
    """A file out of a Debian package that is not installed, kept for the next time; None where there is no apt."""
    kept = Path.home() / ".cache" / "backchannel-tests" / package
    if not (kept / file).exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        if os.geteuid() == 0:
            subprocess.run(["apt-get", "update", "-q"], capture_output=True, timeout=900, check=False)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, timeout=900, check=False)
            kept.mkdir(parents=True, exist_ok=True)
            for archive in Path(folder).glob("*.deb"):
                subprocess.run(["dpkg-deb", "-x", str(archive), str(kept)], check=True, timeout=300)
    return kept / file if (kept / file).exists() else None
