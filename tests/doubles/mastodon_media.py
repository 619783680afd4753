"""The pictures of the double of Mastodon: uploaded, prepared for a while, shown by one post at most."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import message_from_bytes
from typing import Any

from tests.doubles.mastodon_world import Post

MOST = 4
JPEG = b"\xff\xd8\xff"


class No(Exception):
    """An answer that is not 200."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Shelf:
    """All uploads of one server. `preparing` is how often it still says that one is not ready."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.uploads: dict[str, dict[str, Any]] = {}
        self.shown: dict[str, str] = {}  # address of the post that shows it
        self.preparing = 0

    def upload(self, form: dict[str, Any]) -> dict[str, Any]:
        """A picture comes in; without an address while it is prepared."""
        if not isinstance(form.get("file"), bytes) or not form["file"].startswith(JPEG):
            raise No(422, "Validation failed: File content type is invalid")
        if len(form.get("description", "")) > 1500:
            raise No(422, "Validation failed: Description is too long")
        native = str(9000 + len(self.uploads))
        self.uploads[native] = {"id": native, "type": "image", "description": form.get("description"), "url": None}
        if not self.preparing:
            self._ready(native)
        return dict(self.uploads[native])

    def look(self, native: str) -> dict[str, Any]:
        """How far it is."""
        if native not in self.uploads:
            raise No(404, "Record not found")
        if self.preparing:
            self.preparing -= 1
        else:
            self._ready(native)
        return dict(self.uploads[native])

    def _ready(self, native: str) -> None:
        self.uploads[native]["url"] = f"https://{self.domain}/media/{native}.jpg"

    def attached(self, ids: Sequence[str], by: Post | None = None) -> list[dict[str, Any]]:
        """What a post asks to show: ready, four at most, shown by no other post."""
        if len(ids) > MOST:
            raise No(422, "Cannot attach more than 4 files. Try again!")
        there = {one["id"]: one for one in by.media} if by else {}
        return [there.get(one) or self._free(one) for one in ids]

    def _free(self, native: str) -> dict[str, Any]:
        if native not in self.uploads or native in self.shown:
            raise No(422, "Media not found or already attached to another post")
        if not self.uploads[native]["url"]:
            raise No(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        return self.uploads[native]

    def show(self, media: Sequence[dict[str, Any]], uri: str) -> None:
        """From now on they are that post's."""
        self.shown |= {one["id"]: uri for one in media}


def body_of(kind: str, raw: bytes) -> dict[str, Any]:
    """A body as JSON, or as the fields of a form with files."""
    if not kind.startswith("multipart/form-data"):
        read: dict[str, Any] = json.loads(raw) if raw else {}
        return read
    form = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + raw)
    fields: dict[str, Any] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            fields[name] = content if part.get_filename() else content.decode()
    return fields
