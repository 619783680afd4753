"""What our account shows on X, Mastodon and Bluesky, as each tells it to a reader by its own API."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.doubles.mastodon_server import TOKEN, MastodonServer
from tests.doubles.x_callers import Caller
from tests.doubles.x_server import XServer
from tests.networks.x_scene import US
from tests.real.bluesky import RealBluesky


@dataclass(frozen=True)
class Shown:
    """One post; `parent` is the id of the one that it answers, `alts` describe its pictures."""

    native: str
    parent: str
    text: str
    alts: tuple[str, ...] = ()


def on_x(server: XServer) -> list[Shown]:
    """Oldest first. The double tells descriptions only to those who look inside."""
    shown: list[Shown] = []
    token: dict[str, str] = {}
    caller, me = Caller(server, US), server.account(US).id
    with caller.session:
        while True:
            fields = {"tweet__fields": "referenced_tweets,attachments", "max_results": 100, **token}
            answer = caller.get(f"/2/users/{me}/tweets", **fields)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            shown += [_on_x(server, post) for post in page.get("data", [])]
            if "next_token" not in page["meta"]:
                return shown[::-1]
            token = {"pagination_token": page["meta"]["next_token"]}


def _on_x(server: XServer, post: dict[str, Any]) -> Shown:
    parents = [one["id"] for one in post.get("referenced_tweets", []) if one["type"] == "replied_to"]
    keys = post.get("attachments", {}).get("media_keys", [])
    alts = tuple(server.writes.alt_texts[key.removeprefix("3_")] for key in keys)
    return Shown(post["id"], "".join(parents), html.unescape(post["text"]), alts)


def on_mastodon(server: MastodonServer) -> list[Shown]:
    """Oldest first."""
    statuses: list[dict[str, Any]] = []
    signed = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.url, headers=signed, timeout=20, trust_env=False) as http:
        me = http.get("/api/v1/accounts/verify_credentials").raise_for_status().json()["id"]
        while True:
            below = {"max_id": statuses[-1]["id"]} if statuses else {}
            page = http.get(f"/api/v1/accounts/{me}/statuses", params={"limit": 40, **below}).raise_for_status().json()
            if not page:
                break
            statuses += page
    uris = {one["id"]: one["uri"] for one in statuses}
    return [_on_mastodon(one, uris) for one in reversed(statuses)]


def _on_mastodon(status: dict[str, Any], uris: dict[str, str]) -> Shown:
    lines = status["content"].replace("</p><p>", "\n\n").replace("<br />", "\n")
    text = html.unescape(re.sub(r"<[^>]+>", "", lines))
    alts = tuple(one["description"] for one in status["media_attachments"])
    return Shown(status["uri"], uris.get(status["in_reply_to_id"] or "", ""), text, alts)


def on_bluesky(server: RealBluesky, but: Iterable[str] = ()) -> list[Shown]:
    """Oldest first, as a follower's app gets them, without the ones that were there before (`but`)."""
    known, page = set(but), dict[str, str]()
    views: list[dict[str, Any]] = []
    while True:
        asked = {"actor": server.did("qcommunity"), "limit": 100, "filter": "posts_with_replies", **page}
        said = server.get("asha", "app.bsky.feed.getAuthorFeed", **asked)
        views += [one["post"] for one in said["feed"]]
        if "cursor" not in said:
            return [_on_bluesky(one) for one in reversed(views) if one["uri"] not in known]
        page = {"cursor": said["cursor"]}


def _on_bluesky(view: dict[str, Any]) -> Shown:
    parent = view["record"].get("reply", {}).get("parent", {}).get("uri", "")
    alts = tuple(one["alt"] for one in view.get("embed", {}).get("images", []))
    return Shown(view["uri"], parent, view["record"]["text"], alts)


def threads(shown: list[Shown]) -> list[tuple[Shown, ...]]:
    """The posts that answer none of ours, in their order, each with what hangs from it, part by part."""
    below = {one.parent: one for one in shown}
    assert len(below) == len([one for one in shown if one.parent]) + 1, "two parts hang from one"
    found = []
    for head in (one for one in shown if not one.parent):
        chain = [head]
        while chain[-1].native in below:
            chain.append(below[chain[-1].native])
        found.append(tuple(chain))
    assert sum(map(len, found)) == len(shown), "a part hangs from nothing"
    return found
