"""Posts and accounts as X puts them into JSON: short links, entities for signs, notes for what is long."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from bot.core.length import weighted_length
from bot.core.links import CASHTAG, hashtag_spans, mention_spans, url_spans
from tests.doubles.x_params import RENAMED
from tests.doubles.x_posts import EDIT_TIME, MOST_EDITS, Account, Post, World

SHORT = 280
SHORT_LINK = "https://t.co/"
WITH_SCHEME = re.compile(r"https?://", re.IGNORECASE)


def iso(at: datetime) -> str:
    """A time as X writes it: UTC, whole seconds, then ".000Z"."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def escaped(text: str) -> str:
    """With & < > as HTML entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def short_link(address: str) -> str:
    """The t.co link of an address, always the same one."""
    return SHORT_LINK + hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:10]


def shortened(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text with t.co links, and the entities that say what they stand for."""
    pieces, links, at, length = [], [], 0, 0
    for span in url_spans(text):
        whole = span.text if WITH_SCHEME.match(span.text) else f"http://{span.text}"
        link = short_link(whole)
        pieces += [text[at : span.start], link]
        start = length + span.start - at
        length, at = start + len(link), span.end
        shown = WITH_SCHEME.sub("", whole)
        display = shown if len(shown) <= 27 else shown[:26] + "…"
        links.append({"start": start, "end": length, "url": link, "expanded_url": whole, "display_url": display})
    return "".join([*pieces, text[at:]]), links


def entities(text: str, links: Sequence[dict[str, Any]], world: World) -> dict[str, Any]:
    """What X found in a text with t.co links; offsets are code points before signs become HTML entities."""
    found: dict[str, Any] = {"urls": list(links)} if links else {}
    tags = [{"start": span.start, "end": span.end, "tag": span.text[1:]} for span in hashtag_spans(text)]
    symbols = [{"start": hit.start(), "end": hit.end(), "tag": hit.group(1)} for hit in CASHTAG.finditer(text)]
    people = []
    for span in mention_spans(text):
        person = world.accounts.get(span.text[1:].lower())
        if person:
            people.append({"start": span.start, "end": span.end, "username": person.handle, "id": person.id})
    return {**found, **dict(_named(hashtags=tags, cashtags=symbols, mentions=people))}


def _named(**many: list[dict[str, Any]]) -> Iterable[tuple[str, list[dict[str, Any]]]]:
    return ((name, found) for name, found in many.items() if found)


def _cut(text: str, links: Sequence[dict[str, Any]], link: str) -> str:
    """What fits of a long text into a short one: X ends it with a sign and a link to the whole."""
    end, at = f"… {link}", min(len(text), SHORT)
    while weighted_length(text[:at] + end) > SHORT or any(one["start"] < at < one["end"] for one in links):
        at -= 1
    return text[:at].rstrip() + end


def texts(post: Post, world: World) -> dict[str, Any]:
    """`text`, its `entities`, and `note_tweet` if the text is too long for one."""
    key = (post.id, len(world.accounts))  # a new account may be one that the text mentions
    if key not in world.rendered:
        world.rendered[key] = _texts(post, world)
    return world.rendered[key]


def _whole(post: Post) -> str:
    """The text as it is kept: behind a quote stands the address of what is quoted, which people see as a card."""
    quoted = post.quotes
    return post.text + (f" https://twitter.com/{quoted.author.handle}/status/{quoted.id}" if quoted else "")


def _texts(post: Post, world: World) -> dict[str, Any]:
    text, links = shortened(_whole(post))
    if weighted_length(post.typed) <= SHORT:
        return {"text": escaped(text), "entities": entities(text, links, world)}
    note = {"text": escaped(text), "entities": entities(text, links, world)}
    cut = _cut(text, links, short_link(f"https://x.com/i/web/status/{post.id}"))
    kept = [link for link in links if link["end"] < len(cut) and cut[link["start"] : link["end"]] == link["url"]]
    return {"text": escaped(cut), "entities": entities(cut, kept, world), "note_tweet": note}


def _references(post: Post) -> list[dict[str, str]]:
    kinds = (("replied_to", post.reply_to), ("quoted", post.quotes), ("retweeted", post.repost_of))
    return [{"type": kind, "id": str(other.id)} for kind, other in kinds if other]


def _controls(post: Post) -> dict[str, Any]:
    first = post.versions[0]
    return {
        "edits_remaining": MOST_EDITS + 1 - len(post.versions),
        "is_edit_eligible": post.reply_to is None,
        "editable_until": iso(first.at + EDIT_TIME),
    }


def post_json(post: Post, fields: Iterable[str], world: World) -> dict[str, Any]:
    """A post in the old words: id, text and history always, the rest as asked, nothing that is empty."""
    every = {
        **texts(post, world),
        "author_id": post.author.id,
        "conversation_id": str(post.conversation),
        "created_at": iso(post.at),
        "edit_controls": _controls(post),
        "in_reply_to_user_id": post.reply_to.author.id if post.reply_to else None,
        "lang": post.lang,
        "referenced_tweets": _references(post),
        "reply_settings": "everyone",
        "possibly_sensitive": False,
        "public_metrics": dict.fromkeys(("retweet_count", "reply_count", "like_count", "quote_count"), 0)
        | post.metrics,
        "attachments": {"media_keys": [f"3_{media}" for media in post.media]} if post.media else None,
    }
    history = [str(version.id) for version in post.versions]
    shown = {"id": str(post.id), "text": every.pop("text"), "edit_history_tweet_ids": history}
    return shown | {name: every[name] for name in sorted(fields) if every.get(name) not in (None, [], {})}


def user_json(account: Account, fields: Iterable[str]) -> dict[str, Any]:
    """An account: id, name and username always, the rest as asked."""
    every: dict[str, Any] = {
        "protected": account.protected,
        "verified": account.premium,
        "verified_type": "blue" if account.premium else "none",
        "description": "",
        "created_at": "2012-05-01T09:00:00.000Z",
        "profile_image_url": "https://pbs.twimg.com/profile_images/1/normal.png",
        "public_metrics": dict.fromkeys(("followers_count", "following_count", "tweet_count", "listed_count"), 0),
        "url": "",
        "location": "",
    }
    shown = {"id": account.id, "name": account.name, "username": account.handle}
    return shown | {name: every[name] for name in sorted(fields) if name in every}


def in_new_words(body: Any) -> Any:
    """The same answer in the new words."""
    if isinstance(body, list):
        return [in_new_words(one) for one in body]
    if isinstance(body, dict):
        return {RENAMED.get(name, name): in_new_words(value) for name, value in body.items()}
    return body
