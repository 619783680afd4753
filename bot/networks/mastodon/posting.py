"""What we write: posts, replies and threads with a key that makes a repeat harmless, edits in place, removals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.core.items import Action, Delivery, Limits, Media, Receipt
from bot.core.text import problem
from bot.networks.base import Memory, NoAnswer, Now, Refused, Unavailable
from bot.networks.http import Form
from bot.networks.mastodon import statuses as forms
from bot.networks.mastodon.finding import Finder, says, shows
from bot.networks.mastodon.places import Places
from bot.networks.mastodon.server import Missing, Server, Shut
from bot.networks.uploads import Uploads

SETTLES = timedelta(seconds=30)  # a call without an answer may still be at work: the key counts once it is done
MOST_OPEN = 50
AGO = timedelta(seconds=10)  # older than this call can have made it
SAME_KEY = "The server had the post of this key already."
VISIBLE = {"public": "public", "unlisted": "unlisted"}
LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")


class Poster:
    """Writes to our own server, one call at a time."""

    def __init__(self, home: Server, finder: Finder, places: Places, memory: Memory, now: Now) -> None:
        self._home, self._finder, self._places = home, finder, places
        self._memory, self._now = memory, now
        self._uploads = Uploads(memory, now)

    def send(self, delivery: Delivery, limits: Limits) -> Receipt:
        """Do it once. Raises `Refused` before anything happens for what does not fit."""
        if delivery.action is Action.DELETE:
            return self._delete(delivery)
        if wrong := problem(delivery.text, limits):
            raise Refused(wrong)
        try:
            done = self._edit(delivery) if delivery.action is Action.EDIT else None
            done = done or self._again(delivery) or self._create(delivery)
        except Refused:
            self._uploads.forget(delivery)  # a person who tries again begins anew
            raise
        self._uploads.forget(delivery)
        return done

    def _again(self, delivery: Delivery) -> Receipt | None:
        """A repeat of a call without an answer waits until that call is over, and looks first."""
        open_calls: dict[str, str] = self._memory.get("open") or {}
        if delivery.key not in open_calls:
            return None
        if self._now() - datetime.fromisoformat(open_calls[delivery.key]) < SETTLES:
            raise Unavailable(f"{self._home.host} may still be at work on it: it is asked again in a moment.")
        return self._finder.find(delivery)

    def _create(self, delivery: Delivery) -> Receipt:
        body = {**self._body(delivery), **self._pictures(delivery)}
        with self._noted(delivery.key):
            status = self._home.write("POST", "/api/v1/statuses", body, delivery.key)
            known = any(key == delivery.key for _, _, key in self._places.ours())
            at = forms.instant(status.get("created_at"))
            older = at is not None and at < self._home.clock() - AGO
            return self._finder.receipt(status, delivery, SAME_KEY if known or older else "")

    @contextmanager
    def _noted(self, key: str) -> Iterator[None]:
        try:
            yield
        except NoAnswer:
            open_calls = {**(self._memory.get("open") or {}), key: self._now().isoformat()}
            self._memory.put("open", dict(list(open_calls.items())[-MOST_OPEN:]))
            raise

    def _body(self, delivery: Delivery) -> dict[str, Any]:
        body: dict[str, Any] = {"status": delivery.text, "visibility": "public"}
        if language := LANGUAGE.match(delivery.lang.lower()):
            body["language"] = language.group()
        if delivery.previous:
            before = self._places.at_home(delivery.previous)
            if before is None:
                raise Refused("The part before this one is not on our server any more.")
            seen = "unlisted" if before.get("visibility") in VISIBLE else "direct"
            body |= {"in_reply_to_id": forms.id_of(before), "visibility": seen}
        elif delivery.reply_to:
            asked = self._places.at_home(delivery.reply_to)
            if asked is None:
                raise Refused(
                    f"{self._home.host} cannot find the post to answer: it was deleted, or its server does not answer."
                )
            # Never seen by more people than the question.
            seen = VISIBLE.get(str(asked.get("visibility")), "direct")
            body |= {"in_reply_to_id": forms.id_of(asked), "visibility": seen}
        return body

    def _pictures(self, delivery: Delivery) -> dict[str, Any]:
        """The pictures, uploaded and ready to be shown. Raises `Unavailable` while the server still works on one."""
        if not delivery.pictures:
            return {}
        ids = self._uploads.of(delivery, self._upload)
        for native in ids:
            if not self._home.get(f"/api/v1/media/{native}", {}, dict).get("url"):
                raise Unavailable(f"{self._home.host} still prepares a picture: it is asked again in a moment.")
        return {"media_ids": ids}

    def _upload(self, one: Media) -> str:
        form = Form({"file": (f"{one.hash[:16]}.jpg", one.content, one.mime)}, {"description": one.alt})
        try:
            made = self._home.write("POST", "/api/v2/media", form=form)
        except Shut as shut:  # it may read and post all the same: no reason to stop the whole network
            raise Refused(f"The picture was not taken: {shut} Its token needs write:media.") from None
        if not forms.id_of(made):
            raise NoAnswer(f"{self._home.host} accepted the picture and did not say its number.")
        return forms.id_of(made)

    def _edit(self, delivery: Delivery) -> Receipt:
        status = self._finder.current(delivery.target)
        if status is None:
            raise Refused("The post was deleted on Mastodon, so it cannot be changed.")
        link = str(status.get("url") or "")
        if says(status, forms.folded(delivery.text)) and not status.get("spoiler_text") and shows(status, delivery):
            return Receipt(delivery.target, link, self._now(), "The post said so already.")
        body = {**_as_it_was(status), "status": delivery.text, **self._pictures(delivery)}
        made = self._home.write("PUT", f"/api/v1/statuses/{forms.id_of(status)}", body)
        return Receipt(delivery.target, link, forms.instant(made.get("edited_at")) or self._now())

    def _delete(self, delivery: Delivery) -> Receipt:
        native = self._places.own_id(delivery.target)
        if not native:
            raise Refused("That is not a post of ours on Mastodon.")
        try:
            self._home.write("DELETE", f"/api/v1/statuses/{native}")
        except Missing:
            return Receipt(delivery.target, "", self._now(), "It was gone from Mastodon already.")
        return Receipt(delivery.target, "", self._now())


def _as_it_was(status: dict[str, Any]) -> dict[str, Any]:
    """What an edit must send again, or the server takes it away."""
    media = status.get("media_attachments")
    kept = {
        "media_ids": [forms.id_of(one) for one in media if forms.id_of(one)] if isinstance(media, list) else [],
        "spoiler_text": status.get("spoiler_text") or "",
        "sensitive": bool(status.get("sensitive")),
        "language": status.get("language"),
    }
    return {name: value for name, value in kept.items() if value}
