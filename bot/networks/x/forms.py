"""Posts of X as items: both dialects of its field names, edits, long texts, short links put back."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.items import Item, Poison
from bot.core.length import clean
from bot.networks.x.calling import NOBODY, Me, names, quotes, without_card

NETWORK = "x"
FIELDS = ",".join(
    (
        "created_at", "author_id", "conversation_id", "in_reply_to_user_id", "referenced_tweets", "note_tweet",
        "entities", "lang", "edit_controls", "edit_history_tweet_ids",
    )
)  # fmt: skip
SNOWFLAKES_BEGAN = 1288834974657  # Unix milliseconds
FIRST_SNOWFLAKE = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
LONGEST_ID = 20
NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
OLD_LANGUAGES = {"in": "id", "iw": "he", "ji": "yi"}


class Unreadable(ValueError):
    """A post that is not one."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as X gave it: `version` is the id of this version, the item's own id that of the first."""

    version: str
    item: Item
    replied_to: str = ""
    edited: bool = False
    newest: str = ""  # id of the latest version, by the history


def snowflake(at: datetime) -> int:
    """The smallest id that a post of that moment could have."""
    since_then = (at - FIRST_SNOWFLAKE) // timedelta(milliseconds=1)
    return max(0, since_then) << 22


def time_of(native: str | int) -> datetime:
    """When the post of that id was written, to the millisecond."""
    return FIRST_SNOWFLAKE + timedelta(milliseconds=int(native) >> 22)


def number(native: Any) -> int:
    """An id as a number, 0 for what is none: as text, "99" would come after "100"."""
    said = str(native) if isinstance(native, str | int) and not isinstance(native, bool) else ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= LONGEST_ID else 0


def address(native: str, account: str = "") -> str:
    """Where people see it."""
    return f"https://x.com/{account or 'i'}/status/{native}"


def read(raw: Any, me: Me = NOBODY) -> Post:
    """A post as an item; `me` is our own account. Raises Unreadable."""
    if not isinstance(raw, Mapping) or not number(raw.get("id")):
        raise Unreadable("X sent a post without an id")
    version = str(raw["id"])
    history = _either(raw, "edit_history_tweet_ids", "edit_history_post_ids")
    ids = [str(one) for one in history if number(one)] if isinstance(history, Sequence) else []
    native = min([version, *ids], key=number)
    references, text = _references(raw), text_of(raw)
    quoted = references.get("quoted", "")
    item = Item(
        NETWORK,
        native,
        without_card(text, quoted),
        author_id=_word(raw, "author_id"),
        written_at=_written_at(raw.get("created_at"), native),
        url=address(native),
        lang=language(_word(raw, "lang")),
        parent_id=references.get("replied_to", "") or references.get("quoted", ""),
        root_id=_word(raw, "conversation_id"),
        own=bool(me.id) and _word(raw, "author_id") == me.id,
        repost="retweeted" in references,
        quoted_id=quoted,
        calls_us=names(raw, text, me) or quotes(text, quoted, me),
    )
    newest = max([version, *ids], key=number)
    return Post(version, item, references.get("replied_to", ""), len(ids) > 1, newest)


def read_all(rows: Any, me: Me = NOBODY) -> tuple[list[Post], tuple[Poison, ...]]:
    """All that can be read; the rest is kept as it came. An edited post counts once, in its latest version."""
    posts: dict[str, Post] = {}
    poison = []
    for raw in rows if isinstance(rows, list) else []:
        try:
            post = read(raw, me)
        except Unreadable as error:
            said = json.dumps(raw, ensure_ascii=False)[:65536]
            poison.append(Poison(_word(raw, "id") if isinstance(raw, Mapping) else "", said, f"{error}."))
            continue
        known = posts.get(post.item.native_id)
        if known is None or number(known.version) < number(post.version):
            posts[post.item.native_id] = post
    return list(posts.values()), tuple(poison)


def named(item: Item, names: Mapping[str, tuple[str, str]]) -> Item:
    """The item with its author's handle and name, where they are known."""
    handle, name = names.get(item.author_id, ("", ""))
    return replace(item, author_handle=handle, author_name=name) if handle or name else item


def text_of(raw: Mapping[str, Any]) -> str:
    """The whole text, as people see it: unescaped once, with X's short links put back. Raises Unreadable."""
    note = _either(raw, "note_tweet", "note_post")
    whole = note if isinstance(note, Mapping) and isinstance(note.get("text"), str) else raw
    text = whole.get("text")
    if not isinstance(text, str):
        raise Unreadable("X sent a post without a text")
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    for short, long in _links(whole.get("entities")) or _links(raw.get("entities")):
        text = text.replace(short, long)
    return clean(unicodedata.normalize("NFC", text))


def _links(entities: Any) -> list[tuple[str, str]]:
    found = entities.get("urls") if isinstance(entities, Mapping) else None
    links = []
    for one in found if isinstance(found, list) else []:
        short, long = (one.get("url"), one.get("expanded_url")) if isinstance(one, Mapping) else (None, None)
        if isinstance(short, str) and isinstance(long, str) and short.startswith("http") and long:
            links.append((short, long))
    # One short link may be the beginning of another.
    return sorted(dict(links).items(), key=lambda pair: -len(pair[0]))


def language(said: str) -> str:
    """X's word for a language as a BCP 47 tag, empty where it does not know."""
    return "" if said in NO_LANGUAGE else OLD_LANGUAGES.get(said, said)


def _either(raw: Mapping[str, Any], old: str, new: str) -> Any:
    return raw[old] if raw.get(old) is not None else raw.get(new)


def _word(raw: Mapping[str, Any], name: str) -> str:
    said = raw.get(name)
    return clean(str(said))[:500] if isinstance(said, str | int) and not isinstance(said, bool) else ""


def _references(raw: Mapping[str, Any]) -> dict[str, str]:
    found = _either(raw, "referenced_tweets", "referenced_posts")
    rows = [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []
    return {_word(one, "type"): _word(one, "id") for one in rows}


def _written_at(said: Any, native: str) -> datetime:
    """As X says, with or without a fraction of a second; else the time that is in the id."""
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return time_of(native)


def is_post(raw: Any) -> bool:
    """Whether that is a row with an id, which was paid for."""
    return isinstance(raw, Mapping) and bool(number(raw.get("id")))


def speaks_of(error: Mapping[str, Any]) -> str:
    """The id that an error of a lookup is about, "" if none."""
    return next((str(error[name]) for name in ("resource_id", "value") if number(error.get(name))), "")
