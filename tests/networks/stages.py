"""Where the contract is played: a network and the ways to bring about what it must cope with."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from bot.core.items import Action, Delivery, Source
from bot.networks import open_network
from bot.networks.base import Network, Options
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.address import ACCOUNTS
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, Site

PAYLOADS = Path(__file__).parent / "payloads"
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SCENES = {
    "items": "two items at each source, the first of them with the text `text` and the id `first`",
    "first is gone": "the same after the first was deleted for good",
    "blog": "the live blog with at least two entries",
    "send": "a post of ours goes out, and can be found",
    "send again": "the same delivery once more",
    "delete": "our post is deleted, and cannot be found",
    "delete again": "the same once more",
    "limited": "429 to everything, with a time to wait",
    "broken": "5xx to everything",
    "lost": "a post of ours is written, the answer is lost",
}


class Stage(Protocol):
    """A network under test. `scene` brings one of SCENES about; `made` counts our posts that are there."""

    network: Network

    def scene(self, name: str) -> None: ...
    def source(self, kind: str) -> Source: ...
    def first(self, kind: str) -> str:
        """The native id of the first item at that source."""
        ...

    def delivery(self, **more: Any) -> Delivery: ...
    def made(self) -> int: ...
    def unreachable(self) -> None:
        """From now on no connection comes about."""
        ...

    def close(self) -> None: ...


def _delivery(network: Network, text: str, reply_to: str, more: Mapping[str, Any]) -> Delivery:
    reply = reply_to if "create" not in network.acts else ""
    values: dict[str, Any] = {"text": text, "key": "3mxq2aaaaaa22", "reply_to": reply, "started_at": NOW} | dict(more)
    return Delivery(1, network.name, values.pop("action", Action.CREATE), **values)


class PlayedStage:
    """A network that the rehearsal plays."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.remote = Remote(folder / "remote.db", lambda: NOW)
        options = Options(f"rehearsal:{self.remote.path}", extra={"slow": 0.01})
        self.network = open_network(name, options, DictMemory(100), lambda: NOW)
        self._first: dict[str, str] = {}
        self._parent = self.remote.say(name, "rosa", f"@{ACCOUNTS[name]} who asked?", slug="parent")

    def scene(self, name: str) -> None:
        """Bring it about."""
        if name == "items":
            for kind in sorted(self.network.reads - {"liveblog"}):
                text = {"hashtag": "Who pays? #QLabs", "mentions": f"@{ACCOUNTS[self.name]} who pays?"}
                self._first[kind] = self.remote.say(self.name, "asha", text.get(kind, "Who pays?"), name="Asha")
                self.remote.say(self.name, "bryn", text.get(kind, "Who pays?") + " And when?")
        elif name == "first is gone":
            for native in self._first.values():
                self.remote.delete(self.name, native)
        elif name == "blog":
            html = "<h2>4 May</h2><h3>9:30am: Coffee</h3><p>Hot</p><h3>9:00am: Hello</h3><p>All</p>"
            self.remote.save_blog(html, title="Live", at=NOW)
        elif fault := {"limited": "limit", "broken": "error-before", "lost": "lost"}.get(name):
            for what in ("send", "read") if name != "lost" else ("send",):
                self.remote.plan_fault(self.name, what, fault)

    def source(self, kind: str) -> Source:
        """A source of that kind."""
        address = {"hashtag": "QLabs", "mentions": ACCOUNTS[self.name]}.get(kind, "https://q.example/blog/live-blog/")
        return Source(1, self.name, kind, address, "Europe/London")

    def first(self, kind: str) -> str:
        """The native id of the first item at that source."""
        return self._first[kind]

    def delivery(self, **more: Any) -> Delivery:
        """A post of ours as this network takes it."""
        return _delivery(self.network, "We all do.", self._parent, more)

    def made(self) -> int:
        """How many posts of ours are there."""
        return len(self.remote.posts(self.name))

    def unreachable(self) -> None:
        """No connection comes about."""
        self.remote.plan_fault(self.name, "", "drop", times=100)

    def close(self) -> None:
        """Let go of everything."""
        self.network.close()
        self.remote.close()


@dataclass(frozen=True, slots=True)
class _Exchange:
    method: str
    path: str
    query: Mapping[str, str]
    reply: Reply

    def meets(self, asked: Asked) -> bool:
        """Whether this is the answer to what was asked."""
        same = asked.method in self.method.split("|") and re.fullmatch(self.path, asked.path) is not None
        return same and all(re.fullmatch(value, asked.query.get(name, "")) for name, value in self.query.items())


class RecordedStage:
    """A real adapter before a server on loopback that answers with the payloads of tests/networks/payloads."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._served = Site(self._answer)
        self._played: list[str] = []
        said = (PAYLOADS / f"{name}.json").read_text(encoding="utf-8")
        said = said.replace("{url}", self._served.url).replace("{host}", self._served.url.removeprefix("http://"))
        self._told: dict[str, Any] = json.loads(said)
        if missing := sorted(SCENES.keys() - self._told["scenes"].keys()):
            self._served.close()
            raise AssertionError(
                f"payloads/{name}.json lacks scenes: {'; '.join(f'{m} ({SCENES[m]})' for m in missing)}"
            )
        options = self._told["options"]
        self.network = open_network(
            name,
            Options(
                options["api_url"],
                options.get("account", ""),
                options.get("secrets", {}),
                options.get("extra", {}),
                3.0,
            ),
            DictMemory(100),
            lambda: NOW,
        )
        self._made = 0
        self.unexpected: list[str] = []

    def scene(self, name: str) -> None:
        """From now on these answers come first, and what was out of order works again."""
        self._played = [name, *(before for before in self._played if before not in ("limited", "broken"))]

    def _answer(self, asked: Asked) -> Reply:
        for scene in (*self._played, ""):
            for raw in self._told["scenes"].get(scene, self._told["always"]):
                exchange = self._exchange(raw)
                if exchange.meets(asked):
                    self._made += raw.get("made", 0)
                    return exchange.reply
        self.unexpected.append(f"{asked.method} {asked.path} {asked.query}")
        return Reply(404, {"code": "rest_no_route", "message": "not in the payloads", "data": {"status": 404}})

    @staticmethod
    def _exchange(raw: Mapping[str, Any]) -> _Exchange:
        kind = {"Content-Type": "application/json; charset=UTF-8", "Connection": "close"}
        headers = kind | dict(raw.get("headers", {}))
        reply = Reply(raw.get("status", 200), raw.get("body", ""), headers)
        return _Exchange(raw.get("method", "GET"), raw["path"], raw.get("query", {}), reply)

    def source(self, kind: str) -> Source:
        """A source of that kind."""
        return Source(1, self.name, kind, self._told["sources"][kind], "Europe/London")

    def first(self, kind: str) -> str:
        """The native id of the first item at that source."""
        return str(self._told["first"][kind])

    def delivery(self, **more: Any) -> Delivery:
        """A post of ours as this network takes it."""
        return _delivery(self.network, self._told["text"], self._told["reply_to"], more)

    def made(self) -> int:
        """How many posts of ours are there by the answers that were given."""
        return self._made

    def unreachable(self) -> None:
        """Nobody listens any more."""
        self._served.close()

    def close(self) -> None:
        """Let go of everything."""
        self.network.close()
        self._served.close()
