"""One event with three real adapters before their doubles: X, two servers of Mastodon, Bluesky; the blog is played."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot import housekeep
from bot.networks import open_network
from bot.networks.base import Options
from bot.store import events, networks
from bot.store.events import SourcePlan
from tests.doubles.bluesky_server import PASSWORD, BlueskyServer, bluesky
from tests.doubles.mastodon_server import TOKEN, MastodonServer, mastodon
from tests.doubles.x_server import XServer
from tests.flows.house import EVERY, POSTERS, START, House, house, plan
from tests.flows.x_remote import unhurried
from tests.networks.x_scene import EXTRA, US

ACCOUNTS = {"x": US, "mastodon": "me", "bluesky": "qcommunity.test"}
TICK = 31.0  # seconds; the search of X ends half a minute ago


@dataclass
class Doors:
    """The house and the three places where people are; `other` is a second server of Mastodon."""

    house: House
    x: XServer
    mastodon: MastodonServer
    other: MastodonServer
    bluesky: BlueskyServer

    def tick(self, seconds: float = TICK, times: int = 1) -> None:
        """Let time pass and do what became due."""
        self.house.tick(seconds, times)

    def ours(self) -> dict[str, list[str]]:
        """The words of ours that are out, by network, oldest first."""
        return {
            "x": [post.typed for post in self.x.posts(US)],
            "mastodon": [post.text for post in self.mastodon.ours()],
            "bluesky": [record["text"] for record in self.bluesky.ours()],
        }


@contextmanager
def doors(folder: Path, **changed: Any) -> Iterator[Doors]:
    """Three doors for the length of a test; `changed` are options of the event."""
    event = plan(starts=None, ends=None, **changed)
    with ExitStack() as stack:
        home = stack.enter_context(house(folder, event))
        x = unhurried(stack.enter_context(XServer(home.clock)))
        near, far = (stack.enter_context(mastodon(f"{name}.example", home.clock)) for name in ("home", "other"))
        sky = stack.enter_context(bluesky(home.clock))
        made = Doors(home, x, near, far, sky)
        _open(made)
        with home.store.write() as tx:
            mentions = [SourcePlan(name, "mentions", account, EVERY, START) for name, account in ACCOUNTS.items()]
            events.sync(tx, home.clock(), [event], mentions)
        for name in POSTERS:
            housekeep.examine(home.store, name, home.networks[name])
        yield made


def _open(made: Doors) -> None:
    home, secrets = made.house, made.x.secrets(US)
    keys = {name.removeprefix("X_").lower(): value for name, value in secrets.items()}
    options = {
        "x": Options(made.x.url, US, keys, {**EXTRA, "names": "questions"}, 5.0),
        "mastodon": Options(made.mastodon.url, "", {"access_token": TOKEN}, {"also_read": [made.other.url]}, 5.0),
        "bluesky": Options(made.bluesky.url, ACCOUNTS["bluesky"], {"app_password": PASSWORD}, {}, 5.0),
    }
    for name, wanted in options.items():
        home.networks[name].close()
        home.networks[name] = open_network(name, wanted, networks.RowMemory(home.store, name), home.clock)
