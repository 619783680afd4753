"""A real Bluesky on loopback, started by ``bluesky/start.sh``, as tests hold it."""

from __future__ import annotations

import base64
import fcntl
import hmac
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, make_url, text

from bot.core.items import Action, Delivery, Source
from bot.networks.base import Options
from bot.networks.bluesky import Bluesky
from bot.store.outbox import new_key
from tests.components import install, lacking
from tests.networks.memory import DictMemory
from tests.networks.servers import LosingProxy

SCRIPT = Path(__file__).parent / "bluesky" / "start.sh"
FOLDER = "/var/tmp/backchannel-bluesky"
POST = "app.bsky.feed.post"
ACCOUNTS = "qcommunity,asha,bryn,dora"
DATABASE = "bluesky"
SIGNED_WITH = b"jwt-secret"  # what the packages of its makers sign tokens with in tests
Open = Callable[..., Bluesky]


class RealBluesky:
    """One running network. `accounts` holds did, handle and app_password by name: qcommunity, asha, bryn, dora."""

    def __init__(self, folder: str, said: dict[str, Any]) -> None:
        self.folder = folder
        self.url: str = said["pds"]
        self.port: int = said["port"]
        self.password: str = said["password"]
        self.accounts: dict[str, dict[str, str]] = said["accounts"]
        self._http = httpx.Client(timeout=30, trust_env=False)

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()

    def get(self, who: str, nsid: str, **params: Any) -> dict[str, Any]:
        """What a query answers to that account. Raises HTTPStatusError."""
        return self._said(self._http.get(f"{self.url}/xrpc/{nsid}", params=params, headers=self._signed(who)))

    def call(self, who: str, nsid: str, **body: Any) -> dict[str, Any]:
        """What a procedure answers to that account. Raises HTTPStatusError."""
        return self._said(self._http.post(f"{self.url}/xrpc/{nsid}", json=body, headers=self._signed(who)))

    def _signed(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.accounts[who]['token']}"}

    @staticmethod
    def _said(answer: httpx.Response) -> dict[str, Any]:
        answer.raise_for_status()
        said: dict[str, Any] = answer.json() if answer.content else {}
        return said

    def did(self, who: str) -> str:
        """The DID of an account."""
        return self.accounts[who]["did"]

    def say(self, who: str, words: str, **more: Any) -> dict[str, str]:
        """A post of somebody's, its uri and cid. `more` goes into the record."""
        record = {"$type": POST, "text": words, "createdAt": datetime.now(UTC).isoformat(), **more}
        made = self.call(who, "com.atproto.repo.createRecord", repo=self.did(who), collection=POST, record=record)
        return {"uri": made["uri"], "cid": made["cid"]}

    def say_all(self, who: str, records: list[dict[str, Any]]) -> list[str]:
        """Many posts at once; their addresses."""
        uris: list[str] = []
        for start in range(0, len(records), 100):
            kind = "com.atproto.repo.applyWrites#create"
            writes = [{"$type": kind, "collection": POST, "value": one} for one in records[start : start + 100]]
            made = self.call(who, "com.atproto.repo.applyWrites", repo=self.did(who), writes=writes)
            uris += [one["uri"] for one in made["results"]]
        return uris

    def remove(self, who: str, *uris: str) -> None:
        """Posts of somebody's go."""
        for uri in uris:
            key = uri.rpartition("/")[2]
            self.call(who, "com.atproto.repo.deleteRecord", repo=self.did(who), collection=POST, rkey=key)

    def stored(self, who: str) -> dict[str, dict[str, Any]]:
        """The newest hundred posts in an account's repository, by address."""
        said = self.get(who, "com.atproto.repo.listRecords", repo=self.did(who), collection=POST, limit=100)
        return {one["uri"]: one["value"] for one in said["records"]}

    def wait(self, uris: list[str], *, shown: bool = True) -> None:
        """Until the AppView shows these posts, or shows none of them any more; the last one usually comes last."""
        waiting = list(reversed(uris))
        for _ in range(300):
            found = self.get("bryn", "app.bsky.feed.getPosts", uris=waiting[:25])["posts"]
            if len(found) == (len(waiting[:25]) if shown else 0):
                waiting = waiting[25:]
                if not waiting:
                    return
            else:
                time.sleep(0.1)
        raise AssertionError(f"{len(waiting)} posts are {'not shown' if shown else 'still shown'}")

    def spend(self, who: str) -> None:
        """All writes that the server lets an account have in this hour; nothing is written."""
        writes = [{"$type": "com.atproto.repo.applyWrites#create", "collection": POST, "value": {}}] * 900
        url, body = f"{self.url}/xrpc/com.atproto.repo.applyWrites", {"repo": self.did(who), "writes": writes}
        said = [self._http.post(url, json=body, headers=self._signed(who)).status_code for _ in range(2)]
        assert said == [400, 429], "more than may be done at once, and yet each counts as three points of 5,000"

    def expired(self, token: str) -> str:
        """That token as it is after its two hours, signed as the server signs."""
        head, body, _ = token.split(".")
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        said |= {"iat": said["iat"] - 7300, "exp": said["iat"] - 100}
        both = f"{head}.{_unpadded(json.dumps(said).encode())}"
        return f"{both}.{_unpadded(hmac.digest(SIGNED_WITH, both.encode(), 'sha256'))}"

    def says_of(self, token: str) -> str:
        """The error that a token is answered with, "" if it is good."""
        signed = {"Authorization": f"Bearer {token}"}
        answer = self._http.get(f"{self.url}/xrpc/com.atproto.server.getSession", headers=signed)
        return str(answer.json().get("error", ""))

    def blob(self, who: str, link: str) -> bytes:
        """A picture in an account's repository, as anybody may fetch it."""
        params = {"did": self.did(who), "cid": link}
        answer = self._http.get(f"{self.url}/xrpc/com.atproto.sync.getBlob", params=params)
        answer.raise_for_status()
        return answer.content

    def lag(self, milliseconds: int) -> None:
        """From now on the search shows posts only so long after they were indexed."""
        self._http.get(f"http://localhost:{self.port + 3}/lag", params={"ms": milliseconds}).raise_for_status()

    def options(self, who: str = "qcommunity", *, url: str = "", password: str = "", **extra: Any) -> Options:
        """What the network is opened with, as that account."""
        account = self.accounts[who]
        secrets = {"app_password": password or account["app_password"]}
        return Options(url or self.url, account["handle"], secrets, extra)


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Between(LosingProxy):
    """A proxy before the real server which, unlike others, is also where the server then says that it is."""

    def __call__(self, sock: socket.socket) -> None:
        """Hold one connection, with the server's port in the answer made our own."""
        with _Renaming(sock, self.port) as renaming:
            super().__call__(renaming)


class _Renaming(socket.socket):
    def __init__(self, sock: socket.socket, port: int) -> None:
        super().__init__(fileno=sock.detach())
        self._theirs, self._own = str(port).encode(), str(self.getsockname()[1]).encode()

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        return re.sub(rb"(?i)accept-encoding: [^\r]*", b"Accept-Encoding: identity", super().recv(size, flags))

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        assert len(self._own) == len(self._theirs), "the answer would change its length"
        super().sendall(bytes(data).replace(b"localhost:" + self._theirs, b"localhost:" + self._own), flags)


def _free_ports() -> int:
    """The first of four ports in a row that nobody listens on."""
    for base in range(42583, 60000, 10):
        held = []
        try:
            for number in range(4):
                held.append(socket.create_server(("127.0.0.1", base + number)))
        except OSError:
            continue
        else:
            return base
        finally:
            for one in held:
                one.close()
    raise AssertionError("no four free ports in a row")


def _run(command: str, folder: str, database: str = "") -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "BACKCHANNEL_BSKY_DIR": folder, "BACKCHANNEL_BSKY_DB": database}
    environ |= {"BACKCHANNEL_BSKY_PORT": str(_free_ports()), "BACKCHANNEL_BSKY_ACCOUNTS": ACCOUNTS}
    words = ["bash", str(SCRIPT), command]
    return subprocess.run(words, env=environ, capture_output=True, text=True, timeout=850, check=False)


def _installed(folder: str) -> None:
    """The packages, put in place once. Skips where they cannot be, but under CI they must be there."""
    done = _run("install", folder)
    if "missing:" in done.stderr and install("nodejs", "npm", "g++", "make"):
        done = _run("install", folder)
    if "missing:" in done.stderr:
        lacking("Node 20 or newer with npm, a C++ compiler and make", "nodejs npm g++ make")
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture(scope="session")
def bluesky_server(postgresql_server: str) -> Iterator[RealBluesky]:
    """A new network with three accounts, started once."""
    folder = os.environ.get("BACKCHANNEL_BSKY_DIR", FOLDER)
    with Path(f"{folder}.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # another run of the tests may hold this very folder
        _installed(folder)
        engine = create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {DATABASE}"))
        engine.dispose()
        address = make_url(postgresql_server).set(drivername="postgresql", database=DATABASE)
        started = _run("start", folder, address.render_as_string(hide_password=False))
        assert started.returncode == 0, started.stderr[-2000:]
        server = RealBluesky(folder, json.loads(started.stdout))
        yield server
        server.close()
        _run("stop", folder)


@pytest.fixture
def bluesky(bluesky_server: RealBluesky) -> Iterator[RealBluesky]:
    """The network, its search without any lag. Tests share it, so each has a hashtag of its own."""
    bluesky_server.lag(0)
    yield bluesky_server
    bluesky_server.lag(0)


@pytest.fixture(scope="session")
def bluesky_memory() -> DictMemory:
    """What our account remembers: one session for all tests, since sessions are few."""
    return DictMemory()


@pytest.fixture
def skeet(bluesky: RealBluesky, bluesky_memory: DictMemory) -> Iterator[Open]:
    """Opens the network as our account, or as the options say."""
    opened: list[Bluesky] = []

    def open_one(options: Options | None = None, memory: DictMemory | None = None) -> Bluesky:
        kept = bluesky_memory if memory is None else memory
        opened.append(Bluesky(options or bluesky.options(), kept, lambda: datetime.now(UTC)))
        return opened[-1]

    yield open_one
    for network in opened:
        network.close()


def hashtag(tag: str, since: datetime | None = None) -> Source:
    """A hashtag as a source."""
    return Source(1, "bluesky", "hashtag", tag, "Europe/London", since)


def mentions(since: datetime | None = None) -> Source:
    """The mentions of our account as a source."""
    return Source(2, "bluesky", "mentions", "qcommunity.test", "Europe/London", since)


def delivery(text: str, **more: Any) -> Delivery:
    """A post of ours, whose first call begins now."""
    began = datetime.now(UTC)
    return replace(Delivery(7, "bluesky", Action.CREATE, new_key(), text, started_at=began, attempts=1), **more)


def thread(network: Bluesky, *texts: str, **more: Any) -> list[str]:
    """The parts of one post, each sent after the one before it; their addresses."""
    ids: list[str] = []
    for words in texts:
        part = delivery(words, previous=ids[-1] if ids else "", first=ids[0] if ids else "", **more)
        ids.append(network.send(part).remote_id)
    return ids
