"""A live blog at any public address, asked for only if it changed; nothing is posted there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from bot.core.items import Checked, Delivery, EntryPage, HealthLine, Limits, Page, Receipt, Source
from bot.core.limits import default_limits
from bot.networks.base import Memory, Misconfigured, NoAnswer, Now, Options, RateLimited, Refused, Unavailable
from bot.networks.feed import forms
from bot.networks.feed.feeds import NotReadable
from bot.networks.http import Answer, Http, wait_until

MOST_BYTES = 8 * 2**20
WAIT = timedelta(minutes=1)


class Feed:
    """RSS, Atom, JSON Feed, schema.org LiveBlogPosting, and pages typed by hand."""

    name: ClassVar[str] = "feed"
    reads: ClassVar[frozenset[str]] = frozenset({"liveblog"})
    acts: ClassVar[frozenset[str]] = frozenset()
    safe_repeat = timedelta(0)

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self.deadline = options.deadline
        self._now = now
        self._open: dict[str, Http] = {}

    def entries(self, source: Source, cursor: str) -> EntryPage:
        """The live blog as it stands. A feed or structured data show a window: what left it is not gone."""
        before = _read(cursor)
        answer = self._ask(source.address, before)
        if answer.status == 304:
            return EntryPage((), cursor, changed=False)
        undated = {key: datetime.fromisoformat(at) for key, at in before.get("seen", {}).items()}
        was, now = str(before.get("form", "")), self._now()
        try:
            form, page = forms.read_document(
                answer.body, source.address, source.timezone, now, form=was, undated=undated
            )
        except NotReadable as broken:
            raise Unavailable(f"The feed at {source.address} {broken}.") from None
        except ValueError as error:
            raise Misconfigured(str(error)) from None
        if was and form != was:
            found = forms.NAMES.get(form, "none of the forms of live blog")
            sentence = f"The live blog was {forms.NAMES[was]} and is now {found}: give its new address in the settings."
            return EntryPage((), cursor, whole=False, doubts=(sentence,))
        if not form:
            page = replace(page, whole=False, doubts=page.doubts or (forms.NONE,))
        digest = forms.digest(page)
        seen = {one.key: one.at.isoformat() for one in page.entries} if form in ("feed", "json") else {}
        after = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        after |= {"form": form if page.entries else was, "digest": digest, "seen": seen}  # type: ignore[dict-item]
        changed = digest != before.get("digest")
        return replace(page, cursor=json.dumps(after), changed=changed, form=forms.NAMES.get(form, ""))

    def _ask(self, address: str, before: dict[str, Any]) -> Answer:
        headers = {"If-None-Match": before.get("etag"), "If-Modified-Since": before.get("modified")}
        known = {name: str(value) for name, value in headers.items() if value}
        http = self._open.setdefault(address, Http(address, deadline=self.deadline))
        try:
            answer = http.request("GET", address, headers=known, follow=True, most_bytes=MOST_BYTES)
        except NoAnswer as failure:
            raise Unavailable(str(failure)) from None
        host = urlsplit(address).netloc
        if answer.status in (429, 503):
            until = wait_until(answer.headers, self._now()) or self._now() + WAIT
            raise RateLimited(f"{host} asks us to slow down (HTTP {answer.status}).", until, whole=False)
        if answer.status not in (200, 304):
            raise Unavailable(f"{address} answered with HTTP {answer.status}: check the address of the live blog.")
        return answer

    def fetch(self, source: Source, cursor: str) -> Page:
        """A feed has no questions to read."""
        raise Refused("A feed has neither hashtags nor comments to read.")

    def recheck(self, source: Source, native_ids: Sequence[str]) -> list[Checked]:
        """Nothing of a feed is stored as an item, so there is nothing to ask for."""
        return []

    def send(self, delivery: Delivery) -> Receipt:
        """Nothing can be posted to a feed."""
        raise Refused("Nothing can be posted to a feed.")

    def find(self, delivery: Delivery) -> Receipt | None:
        """Nothing of ours is ever there."""
        return None

    def limits(self) -> Limits:
        """A feed takes no posts."""
        return replace(default_limits(self.name), assumed=False)

    def names(self) -> frozenset[str]:
        """We have no account there."""
        return frozenset()

    def check(self) -> list[HealthLine]:
        """A feed needs no account; its address is judged when it is read."""
        return [HealthLine("ok", "Feeds and public pages need no account.")]

    def close(self) -> None:
        """Let go of connections."""
        for http in self._open.values():
            http.close()


def _read(cursor: str) -> dict[str, Any]:
    try:
        said = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
