"""nginx with the configuration that docs/nginx.conf gives, on loopback, for one console."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.components import fetched, lacking

GIVEN = Path(__file__).parent.parent / "docs" / "nginx.conf"
HOST = "questions.example.org"
AROUND = """daemon off;
master_process off;
user root;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """Where it listens, and the certificate that it shows for `HOST`."""

    plain: int
    secure: int
    certificate: Path


def executable() -> Path:
    """nginx as it is installed, else out of Debian's package without installing it: no service is started."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or fetched("nginx", "usr/sbin/nginx")
    return Path(found) if found else lacking("nginx", "nginx")


@contextmanager
def before(console: int, plain: int, secure: int) -> Iterator[Proxy]:
    """The proxy before a console at that port, listening at the two others; nothing of it is left afterwards."""
    program = executable()
    folder = Path(tempfile.mkdtemp(prefix="backchannel-nginx-"))
    certificate = _certificate(folder)
    servers = _ours(GIVEN.read_text(encoding="utf-8"), console, plain, secure, folder)
    around = AROUND.format(folder=folder, servers=servers)
    (folder / "nginx.conf").write_text(around if os.geteuid() == 0 else around.replace("user root;\n", ""))
    with (folder / "said").open("wb") as said:
        command = [str(program), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        running = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        _listens(running, secure, folder)
        yield Proxy(plain, secure, certificate)
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _ours(given: str, console: int, plain: int, secure: int, folder: Path) -> str:
    """The file as it is given, but for its ports, addresses and certificate."""
    given = re.sub(r"^ +listen \[::\].*\n", "", given, flags=re.MULTILINE)
    for was, now in (
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{secure} ssl;"),
        ("127.0.0.1:8000", f"127.0.0.1:{console}"),
        (f"/etc/letsencrypt/live/{HOST}", str(folder)),
        ("proxy_set_header Host $host;", "proxy_set_header Host $http_host;"),  # ours has a port in it
    ):
        assert was in given, was
        given = given.replace(was, now)
    return given


def _certificate(folder: Path) -> Path:
    made, key = folder / "fullchain.pem", folder / "privkey.pem"
    subject = ("-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*command, "-out", str(made), "-keyout", str(key)], check=True, capture_output=True, timeout=60)
    return made


def _listens(running: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and running.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(f"nginx did not start: {(folder / 'error.log').read_text()} {(folder / 'said').read_text()}")
