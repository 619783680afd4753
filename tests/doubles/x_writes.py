"""Everything that writes to X: posts, replies, edits, deletions, pictures; and what X will not have."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.core.length import weighted_length
from bot.core.links import cashtags, has_link
from tests.doubles.x_billing import Kind, Meter
from tests.doubles.x_params import NUMBER, Asked
from tests.doubles.x_posts import Account, Post, World
from tests.doubles.x_problems import DUPLICATE, NOT_ENGAGED, NOT_YOURS, PROBLEMS, Answer, Problem, forbidden, invalid
from tests.doubles.x_render import texts

BODY = {
    "text": str,
    "reply": dict,
    "edit_options": dict,
    "media": dict,
    "quote_tweet_id": str,
    "made_with_ai": bool,
    "paid_partnership": bool,
    "nullcast": bool,
    "reply_settings": str,
}
NOT_PLAYED = frozenset(
    (
        "card_uri",
        "community_id",
        "direct_message_deep_link",
        "for_super_followers_only",
        "geo",
        "poll",
        "share_with_followers",
    )
)
REPLY = {"in_reply_to_tweet_id": str, "exclude_reply_user_ids": list, "auto_populate_reply_metadata": bool}
WHO_MAY_REPLY = frozenset(("following", "mentionedUsers", "subscribers", "verified"))
BAD_CHARACTER = re.compile("[\ufffe\ufeff\uffff\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f]")
CATEGORIES = frozenset(("tweet_image", "tweet_video", "tweet_gif", "dm_image", "dm_video", "dm_gif", "subtitles"))
MOST_OF_IMAGE = 5_000_000  # bytes


class Writes:
    """The writing half of X. Each public function takes a call and gives its answer; refusals are Problems."""

    def __init__(self, world: World, meter: Meter) -> None:
        self.world, self.meter = world, meter
        self.index_lag = timedelta(0)
        self.long_text = 25_000  # what a premium account may write; others 280
        self.reply_detail = NOT_ENGAGED  # X has used NOT_YOURS too
        self.alt_texts: dict[str, str] = {}
        self._media: dict[str, Account] = {}

    def create(self, asked: Asked) -> Answer:
        """A new post, a reply, or a new version of a post."""
        author, body = _caller(asked), _checked(asked.body, BODY, "$")
        if "quote_tweet_id" in body:
            raise forbidden(NOT_YOURS)
        typed, media = self._text(author, body), self._pictures(author, body)
        previous = self._previous(asked, author, body)
        target, left_out = self._target(author, body)
        self._refuse_twice(author, typed)
        kind = _price(author, typed, target)
        self.meter.ask(asked.now, kind)
        visible_at = asked.now + self.index_lag
        if previous:
            post = self.world.edit(previous, typed, asked.now, visible_at)
        else:
            post = self.world.write(author, typed, asked.now, visible_at, reply_to=target, left_out=left_out)
        post.media, post.nullcast = media, body.get("nullcast", False)
        self.meter.charge(asked.now, asked.who, kind, str(post.id))
        history = [str(version.id) for version in post.versions]
        text = texts(post, self.world)["text"]
        return Answer(201, {"data": {"id": str(post.id), "text": text, "edit_history_tweet_ids": history}})

    def _text(self, author: Account, body: Mapping[str, Any]) -> str:
        text: str = unicodedata.normalize("NFC", body.get("text", ""))
        bad = BAD_CHARACTER.search(text)
        if bad:
            raise invalid(f"$.text: holds the character U+{ord(bad.group()):04X}, which is not allowed")
        if not text.strip() and "media" not in body:
            raise invalid("$.text: must not be empty when there is no media", text="")
        if weighted_length(text) > (self.long_text if author.premium else 280):
            raise invalid("Your Tweet text is too long.", text=text)
        if len(cashtags(text)) > 1:
            raise invalid("A post may hold one cashtag at most.", text=text)
        if body.get("reply_settings", "verified") not in WHO_MAY_REPLY:
            raise invalid("$.reply_settings: does not have a value in the enumeration")
        return text

    def _pictures(self, author: Account, body: Mapping[str, Any]) -> tuple[str, ...]:
        media = _checked(body.get("media", {"media_ids": []}), {"media_ids": list, "tagged_user_ids": list}, "$.media")
        ids = media.get("media_ids", [])
        if ("media" in body and not ids) or len(ids) > 4 or any(self._media.get(one) is not author for one in ids):
            raise invalid("Your media IDs are invalid.", media_ids=str(ids))
        return tuple(ids)

    def _previous(self, asked: Asked, author: Account, body: Mapping[str, Any]) -> Post | None:
        if "edit_options" not in body:
            return None
        options = _checked(body["edit_options"], {"previous_post_id": str}, "$.edit_options", "previous_post_id")
        post = self._existing(options["previous_post_id"])
        good = post and post.author is author and author.premium and post is post.versions[-1] and "reply" not in body
        if not post or not good or self.world.cannot_edit(post, asked.now):
            raise forbidden("You are not permitted to edit this Tweet.")
        return post

    def _target(self, author: Account, body: Mapping[str, Any]) -> tuple[Post | None, frozenset[str]]:
        if "reply" not in body:
            return None, frozenset()
        reply = _checked(body["reply"], REPLY, "$.reply", "in_reply_to_tweet_id")
        post = self._existing(reply["in_reply_to_tweet_id"])
        if post is None or post.author.suspended or (post.author.protected and post.author is not author):
            raise forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.")
        if post.author is not author and not post.engages(author):
            raise forbidden(self.reply_detail)
        return post, frozenset(reply.get("exclude_reply_user_ids", ()))

    def _existing(self, native_id: str) -> Post | None:
        if not NUMBER.fullmatch(native_id):
            raise invalid(f"$: the id [{native_id}] does not match the regex pattern ^[0-9]{{1,19}}$")
        post = self.world.posts.get(int(native_id))
        return None if post is None or post.deleted else post

    def _refuse_twice(self, author: Account, typed: str) -> None:
        same = " ".join(typed.split())
        for post in self.world.posts.values():
            if post.author is author and not post.deleted and " ".join(post.typed.split()) == same:
                raise forbidden(DUPLICATE)

    def delete(self, asked: Asked) -> Answer:
        """Take away an own post, with all its versions."""
        author, post = _caller(asked), self._existing(asked.native_id)
        if post is None:
            detail = f"Could not find tweet with id: [{asked.native_id}]."
            problem = {"title": "Not Found Error", "detail": detail, "type": PROBLEMS + "resource-not-found"}
            raise Problem(404, {**problem, "resource_type": "tweet", "resource_id": asked.native_id, "status": 404})
        if post.author is not author:
            raise forbidden("You are not authorized to delete this Tweet.")
        self.meter.ask(asked.now, Kind.DELETE)
        self.world.delete(post)
        self.meter.charge(asked.now, asked.who, Kind.DELETE, asked.native_id)
        return Answer(200, {"data": {"deleted": True}})

    def upload(self, asked: Asked) -> Answer:
        """A small picture, in base64."""
        author = _caller(asked)
        shape = {"media": str, "media_category": str, "additional_owners": str}
        body = _checked(asked.body, shape, "$", "media", "media_category")
        try:
            content = base64.b64decode(body["media"], validate=True)
        except binascii.Error:
            raise invalid("$.media: is not base64") from None
        if body["media_category"] not in CATEGORIES or not 0 < len(content) <= MOST_OF_IMAGE:
            raise invalid("media category or size is not allowed", media_category=body["media_category"])
        number = str(1_700_000_000_000_000_000 + len(self._media))
        self._media[number] = author
        data = {"id": number, "media_key": f"3_{number}", "size": len(content), "expires_after_secs": 86400}
        return Answer(200, {"data": data})

    def describe(self, asked: Asked) -> Answer:
        """The alternative text of a picture."""
        author = _caller(asked)
        body = _checked(asked.body, {"id": str, "metadata": dict}, "$", "id", "metadata")
        alt = _checked(body["metadata"], {"alt_text": dict}, "$.metadata").get("alt_text", {})
        text = _checked(alt, {"text": str}, "$.metadata.alt_text").get("text", "")
        if self._media.get(body["id"]) is not author or len(text) > 1000:
            raise invalid("Your media ID or its alternative text is invalid.", id=body["id"])
        self.meter.ask(asked.now, Kind.ALT_TEXT)
        self.meter.charge(asked.now, asked.who, Kind.ALT_TEXT, body["id"])
        self.alt_texts[body["id"]] = text
        return Answer(200, {"data": {"id": body["id"], "associated_metadata": body["metadata"]}})


def _caller(asked: Asked) -> Account:
    assert asked.caller is not None, "the gate lets no app in here"
    return asked.caller


def _price(author: Account, typed: str, target: Post | None) -> Kind:
    if has_link(typed):
        return Kind.POST_WITH_LINK
    return Kind.SUMMONED_REPLY if target and target.author is not author else Kind.POST


def _checked(body: Any, shape: Mapping[str, type], where: str, *needed: str) -> dict[str, Any]:
    """The object, if it has the members of `shape` and no others. Raises Problem (400) otherwise."""
    if not isinstance(body, dict):
        raise invalid(f"{where}: is not an object")
    for name, value in body.items():
        if where == "$" and name in NOT_PLAYED:
            raise Problem(501, {"title": "Not played", "detail": f"The double of X does not play `{name}`."})
        if name not in shape:
            message = "is not defined in the schema and the schema does not allow additional properties"
            raise invalid(f"{where}.{name}: {message}")
        if not isinstance(value, shape[name]):
            raise invalid(f"{where}.{name}: {type(value).__name__} found, {shape[name].__name__} expected")
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise invalid(f"{where}.{name}: holds something else than strings")
    for name in needed:
        if name not in body:
            raise invalid(f"{where}.{name}: is missing but it is required")
    return body
