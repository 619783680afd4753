"""Posts, replies, threads and removals: each record under the key of its delivery, so that a repeat finds it there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from bot.core.items import Action, Delivery, Limits, Media, Receipt
from bot.core.text import problem
from bot.networks.base import Memory, NetworkFailure, NoAnswer, Now, Refused, Unavailable
from bot.networks.bluesky.answers import Said
from bot.networks.bluesky.client import Client
from bot.networks.bluesky.facets import facets_of
from bot.networks.bluesky.forms import POST, Address, instant, page_of, replied_to
from bot.networks.bluesky.reading import Reader
from bot.networks.uploads import Uploads

PUT = "com.atproto.repo.putRecord"
DELETE = "com.atproto.repo.deleteRecord"
RESOLVE = "com.atproto.identity.resolveHandle"
LOOK_FIRST = timedelta(hours=1)  # after that long, a person may have deleted what is sent again
RESOLVE_SECONDS = 3.0
MOST_MENTIONS = 10
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
THERE = "It was there already: Bluesky knows its record key."
Link = dict[str, str]  # uri and cid


class Poster:
    """Writes to our own repository. The key of a delivery is the key of its record."""

    def __init__(self, client: Client, reader: Reader, memory: Memory, now: Now) -> None:
        self._client, self._reader = client, reader
        self._memory, self._now = memory, now
        self._uploads = Uploads(memory, now)

    def send(self, delivery: Delivery, limits: Limits) -> Receipt:
        """Do it once. The same delivery again is told to be there already."""
        if delivery.action is Action.DELETE:
            return self._delete(delivery)
        if delivery.action is Action.EDIT:
            raise Refused("Bluesky does not show edits: answer the post with a correction, or delete and post anew.")
        if wrong := problem(delivery.text, limits):
            raise Refused(wrong)
        return self._looked_for(delivery) or self._put(delivery, self._record(delivery))

    def find(self, delivery: Delivery) -> Receipt | None:
        """Our record as our own server has it, which shows it at once; or the proof that a removal has happened."""
        if delivery.action is Action.DELETE:
            gone = self._mine(delivery.target) is not None and self._reader.record(delivery.target) is None
            return Receipt(delivery.target, "", self._now(), "It is gone from Bluesky.") if gone else None
        if delivery.action is Action.EDIT:
            return None
        stored = self._reader.record(str(self._address(delivery)))
        if stored is None or not _same(stored["value"], delivery):
            return None
        self._forget(delivery)
        return self._receipt(delivery, stored["value"], "Found under its record key on Bluesky.")

    # Once

    def _looked_for(self, delivery: Delivery) -> Receipt | None:
        """Long after the first call: what is there is not sent again, what may have been deleted is asked about."""
        began = delivery.started_at
        if began is None or self._now() - began < LOOK_FIRST:
            return None
        if there := self.find(delivery):
            return there
        if self._memory.get(self._mark(delivery)) is None:
            return None  # every call so far was proved to have had no effect
        self._forget(delivery)
        raise Refused(
            f"It may have been posted at {began:%H:%M} UTC and deleted by somebody since: look at Bluesky, and send it "
            "again if it should be there."
        )

    def _put(self, delivery: Delivery, record: Mapping[str, Any]) -> Receipt:
        """Write it under its key unless something is there. Whether this began is remembered until it is clear."""
        first = self._memory.get(self._mark(delivery)) is None
        if first:
            self._memory.put(self._mark(delivery), self._now().isoformat())
        address = self._address(delivery)
        body = {"repo": address.did, "collection": POST, "rkey": address.key, "record": record, "swapRecord": None}
        try:
            said = self._client.write(PUT, body)
        except NoAnswer:
            raise
        except NetworkFailure as failure:
            if isinstance(failure, Said) and failure.name == "InvalidSwap":
                return self._already(delivery)
            if first:
                self._forget(delivery)
            if isinstance(failure, Refused):
                self._uploads.forget(delivery)
            if isinstance(failure, Said) and failure.name == "BlobNotFound" and delivery.pictures:
                raise Unavailable("Bluesky has let go of a picture: it is uploaded again.") from None
            raise
        self._forget(delivery)
        self._uploads.forget(delivery)
        return self._receipt(
            delivery, record, "" if said.get("commit") else THERE
        )  # the very same is not written again

    def _already(self, delivery: Delivery) -> Receipt:
        try:
            stored = self._reader.record(str(self._address(delivery)))
        except NetworkFailure as failure:
            raise NoAnswer(f"Bluesky has a record under this key, which could not be read: {failure}") from None
        if stored is None:
            raise NoAnswer("Bluesky had a record under this key, and has it no more.")
        self._forget(delivery)
        if not _same(stored["value"], delivery):
            raise Refused("Under the record key of this post Bluesky has another one, which stays as it is.")
        return self._receipt(delivery, stored["value"], THERE)

    def _mark(self, delivery: Delivery) -> str:
        return f"begun {delivery.key}"

    def _forget(self, delivery: Delivery) -> None:
        self._memory.put(self._mark(delivery), None)

    def _upload(self, one: Media) -> dict[str, Any]:
        return self._client.upload(one.content, one.mime)

    # The record

    def _record(self, delivery: Delivery) -> dict[str, Any]:
        reply, known = self._reply(delivery)
        began = (delivery.started_at or self._now()).astimezone(UTC)
        record: dict[str, Any] = {
            "$type": POST,
            "text": delivery.text,
            "createdAt": began.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        if facets := facets_of(delivery.text, self._resolver(known)):
            record["facets"] = facets
        if reply:
            record["reply"] = reply
        if LANGUAGE.fullmatch(delivery.lang):
            record["langs"] = [delivery.lang]
        if delivery.pictures:
            record["embed"] = _shown(delivery, self._uploads.of(delivery, self._upload))
        elif delivery.link and delivery.link not in delivery.text and not delivery.previous:
            record["embed"] = _card(delivery.link)
        return record

    def _resolver(self, known: Mapping[str, str]) -> Callable[[str], str]:
        """Gives the DID behind a handle. A mention that cannot be resolved stays text: no post waits for it."""
        found = dict(known)
        asking = True

        def did_of(handle: str) -> str:
            nonlocal asking
            name = handle.lower()
            if name in found or not asking or len(found) >= MOST_MENTIONS:
                return found.get(name, "")
            try:
                did = str(self._client.read(RESOLVE, {"handle": name}, deadline=RESOLVE_SECONDS).get("did") or "")
            except Said:
                did = ""
            except NetworkFailure:
                did, asking = "", False
            found[name] = did if did.startswith("did:") else ""
            return found[name]

        return did_of

    def _reply(self, delivery: Delivery) -> tuple[dict[str, Link], dict[str, str]]:
        """Parent and root as a record names them, and the DIDs of the handles met on the way; empty for no reply."""
        native = delivery.previous or delivery.reply_to
        if not native:
            return {}, {}
        address = Address.read(native)
        if address is None or not address.is_post:
            raise Refused("That is not a post on Bluesky, so it cannot be answered there.")
        known: dict[str, str] = {}
        if self._mine(native):
            stored = self._reader.record(native)
            if stored is None:
                raise Refused("The post that this one follows is no longer on Bluesky.")
            value, cid = stored["value"], stored["cid"]
        else:
            value, cid, known = self._theirs(native, address)
        parent = {"uri": native, "cid": cid}
        return {"root": _root(value) or parent, "parent": parent}, known

    def _theirs(self, native: str, address: Address) -> tuple[dict[str, Any], str, dict[str, str]]:
        """Somebody else's post: its record, its cid, its author by handle. Raises `Refused` if we may not answer it."""
        post = self._reader.posts([native]).get(native)
        record, cid = (post.get("record"), post.get("cid")) if post else (None, None)
        if post is None or not isinstance(record, dict) or not isinstance(cid, str):
            stored = self._reader.record(native)
            if stored is None:
                raise Refused("The post has been deleted on Bluesky, so it cannot be answered there.")
            return stored["value"], stored["cid"], {}
        viewer, author = post.get("viewer"), post.get("author")
        if isinstance(viewer, dict) and viewer.get("replyDisabled"):
            raise Refused("Its author has limited who may reply, and we may not: answer in a post of its own.")
        author = author if isinstance(author, dict) else {}
        between = author.get("viewer")
        if isinstance(between, dict) and between.get("blockedBy"):
            raise Refused("Its author has blocked our account on Bluesky.")
        return record, cid, {str(author.get("handle") or "").lower(): address.did}

    # What became of it

    def _delete(self, delivery: Delivery) -> Receipt:
        address = self._mine(delivery.target)
        if address is None:
            raise Refused("That is not a post of ours on Bluesky.")
        body = {"repo": address.did, "collection": address.collection, "rkey": address.key}
        said = self._client.write(DELETE, body)
        evidence = "" if said.get("commit") else "It was gone from Bluesky already."
        return Receipt(delivery.target, "", self._now(), evidence)

    def _mine(self, native: str) -> Address | None:
        address = Address.read(native)
        return address if address and address.is_post and address.did == self._client.me.did else None

    def _address(self, delivery: Delivery) -> Address:
        return Address(self._client.me.did, POST, delivery.key)

    def _receipt(self, delivery: Delivery, record: Mapping[str, Any], evidence: str) -> Receipt:
        address = self._address(delivery)
        at: datetime = instant(record.get("createdAt")) or self._now()
        return Receipt(str(address), page_of(address, self._client.me.handle), at, evidence)


def _same(value: dict[str, Any], delivery: Delivery) -> bool:
    """Whether a record says what the delivery says, in answer to the same post."""
    return value.get("text") == delivery.text and replied_to(value)[0] == (delivery.previous or delivery.reply_to)


def _root(value: dict[str, Any]) -> Link | None:
    reply = value.get("reply")
    root = reply.get("root") if isinstance(reply, dict) else None
    if not isinstance(root, dict) or Address.read(root.get("uri")) is None or not isinstance(root.get("cid"), str):
        return None
    return {"uri": root["uri"], "cid": root["cid"]}


def _shown(delivery: Delivery, blobs: list[Any]) -> dict[str, Any]:
    images = [
        {"image": blob, "alt": one.alt, "aspectRatio": {"width": one.width, "height": one.height}}
        for one, blob in zip(delivery.pictures, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": images}


def _card(link: str) -> dict[str, Any]:
    host = urlsplit(link).hostname or link
    external = {"uri": link, "title": host.removeprefix("www."), "description": ""}
    return {"$type": "app.bsky.embed.external", "external": external}
