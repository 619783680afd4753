"""A private PostgreSQL for the tests: its own data folder, a free loopback port, an unprivileged user."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.components import install, lacking

_CONF = Path("/etc/postgresql-common/createcluster.d/backchannel-tests.conf")


def binaries() -> Path:
    """The folder of initdb and pg_ctl, the newest version; installed first where we may."""
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _CONF.parent.mkdir(parents=True, exist_ok=True)
        _CONF.write_text("create_main_cluster = false\n")  # no server of the system's own
        install("postgresql")
        found = _found()
    return found or lacking("PostgreSQL", "postgresql")


def _found() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    folders += [Path(initdb).parent for initdb in [shutil.which("initdb")] if initdb]
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


@contextmanager
def running() -> Iterator[str]:
    """The address of a fresh server's `postgres` database while it runs; nothing of it is left afterwards."""
    folder, port = Path(tempfile.mkdtemp(prefix="backchannel-pg-")), _free_port()
    place, data = binaries(), folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    try:
        _run(place / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c max_connections=100 -c shared_buffers=32MB"
        _run(place / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "60", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
        finally:
            _run(place / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(*command: str | Path) -> None:
    own = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] if os.geteuid() == 0 else []
    environ = {**os.environ, "LC_ALL": "C", "HOME": "/nonexistent"}
    # the server inherits what we give it here: a pipe would never see its end
    with tempfile.TemporaryFile() as said:
        words = [*own, *map(str, command)]
        done = subprocess.run(words, env=environ, stdout=said, stderr=said, timeout=120, check=False, cwd="/")
        said.seek(0)
        assert done.returncode == 0, f"{command[0]} failed: {said.read().decode(errors='replace')}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
