"""The played event with X on its double: what people write there goes over there, all else to the rehearsal's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.rows import Post
from tests.doubles.x_faults import Fault
from tests.doubles.x_limits import Limit
from tests.doubles.x_posts import Post as Version
from tests.doubles.x_server import Call, XServer
from tests.networks.x_scene import US

CREATE = "POST /2/tweets"
BUSY = ("GET /2/tweets/search/recent", "GET /2/users/:id/mentions", CREATE)


@dataclass(frozen=True)
class Said:
    """What somebody wrote on X, under its name in the script."""

    slug: str
    native_id: str
    own: bool
    repost: bool


def unhurried(server: XServer) -> XServer:
    """With room for a two-day event that is played in minutes."""
    server.limiter.table |= {name: Limit(100_000, 100_000) for name in BUSY}
    return server


class RemoteWithX(Remote):
    """The rehearsal's remote side, but for X."""

    def __init__(self, path: Path, server: XServer, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(path, now)
        self.x = server
        self.told: dict[str, Said] = {}

    def say(self, network: str, author: str, text: str, **more: Any) -> str:
        """Somebody writes."""
        if network != "x":
            return super().say(network, author, text, **more)
        who, own = author.lstrip("@"), bool(more.get("own"))
        if more.get("repost"):
            original = next(one for one in self.told.values() if self.x.world.posts[int(one.native_id)].typed in text)
            native = self.x.repost(who, original.native_id)
        else:
            at, seen = more.get("written_at"), more.get("visible_at")
            native = self.x.post(US if own else who, text, at=at, visible_at=seen, lang=more.get("lang") or "und")
        slug = str(more.get("slug") or native)
        self.told[slug] = Said(slug, native, own, bool(more.get("repost")))
        return native

    def edit(self, network: str, native: str, text: str) -> None:
        """The author changes the words."""
        if network == "x":
            self.x.edit(native, text)
        else:
            super().edit(network, native, text)

    def stand(self, network: str, native: str, standing: str) -> None:
        """On X the author can delete, and nothing else."""
        if network != "x":
            super().stand(network, native, standing)
        elif standing == "gone":
            self.x.delete(native)
        else:
            raise ValueError(f"nothing on X can be {standing}")

    def by_slug(self, slug: str) -> Post | None:
        """What was written under that name."""
        return self._row(self.told[slug]) if slug in self.told else super().by_slug(slug)

    def said(self, network: str) -> list[Post]:
        """What everybody else wrote there, deleted ones too, oldest first."""
        if network != "x":
            return super().said(network)
        return [self._row(one) for one in self.told.values() if not one.own]

    def counted(self, network: str, what: str) -> int:
        """How many such calls there were."""
        return len(self.x.called(CREATE)) if (network, what) == ("x", "send") else super().counted(network, what)

    def _version(self, said: Said) -> Version:
        return self.x.world.posts[int(said.native_id)].versions[-1]

    def _row(self, said: Said) -> Post:
        now = self._version(said)
        handle, standing = now.author.handle, "gone" if now.deleted else "public"
        return Post(
            0, "x", said.native_id, said.slug, said.own, handle, handle, now.typed, now.lang, "", "", standing,
            said.repost, "", "", "", now.at, len(now.versions) - 1,
        )  # fmt: skip


def wanted(call: Call) -> tuple[str, str]:
    """The words of a post that was asked for, and what it answers."""
    reply = (call.body or {}).get("reply") or {}
    return call.body["text"], str(reply.get("in_reply_to_tweet_id") or "")


def made(server: XServer) -> dict[str, tuple[str, str]]:
    """What calls have put on X, by id: the words, and what they answer. What people wrote by hand is not among it."""
    return {call.sent["data"]["id"]: wanted(call) for call in server.called(CREATE) if call.status == 201}


def reached(server: XServer) -> list[tuple[str, str]]:
    """Every post that was asked for in a call that X may have acted on, as often as it was."""
    lost = {Fault.HANG_BEFORE, Fault.RESET_BEFORE}
    return [wanted(call) for call in server.called(CREATE) if call.body and call.fault not in lost]


def settings_with_x(text: str, server: XServer, **changed: str) -> str:
    """Settings (TOML) of a played event with X at the double; `changed` are lines of its table."""
    played = text.index("[networks.x]")
    end = text.index("[networks.mastodon]")
    values = {"account": f'"{US}"', "api_url": f'"{server.url}"', "mentions_price": '"owned"'} | changed
    lines = "\n".join(f"{name} = {value}" for name, value in values.items())
    text = f"{text[:played]}[networks.x]\n{lines}\n\n{text[end:]}"
    stand_in = text.find("[networks.x.rehearsal]")
    return text if stand_in < 0 else text[:stand_in] + text[text.index("[networks.mastodon.rehearsal]") :]
