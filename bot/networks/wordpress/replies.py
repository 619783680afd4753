"""Replies under comments: written once, found again, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

from bot.core.items import Action, Delivery, Receipt, Standing
from bot.networks.base import NetworkFailure, NoAnswer, Now, Refused, Unavailable
from bot.networks.wordpress import comments as forms
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.site import Me, Site
from bot.networks.wordpress.threads import ROUTE, Threads


class Replies:
    """What our account writes under comments. A repeat is harmless: the site knows a duplicate."""

    def __init__(self, site: Site, threads: Threads, key: str, now: Now) -> None:
        self._site, self._threads, self._key, self._now = site, threads, key, now

    def send(self, delivery: Delivery, me: Me) -> Receipt:
        """Hang the reply under the comment that it answers."""
        parent = self.parent(delivery, me)
        content = forms.to_content(delivery.text, delivery.link)
        body = {"post": parent["post"], "parent": forms.number_in(self._key, delivery.reply_to), "content": content}
        try:
            made = self._site.write("POST", ROUTE, {"_fields": forms.FIELDS}, body)
        except Answered as no:
            if no.code == "comment_duplicate":
                return self._there_already(delivery, me, parent)
            if no.code == "rest_comment_closed":
                raise Refused("Comments are closed under that post: open them on the blog, then send again.") from None
            raise
        return self._receipt(made, "")

    def _there_already(self, delivery: Delivery, me: Me, parent: dict[str, Any]) -> Receipt:
        evidence = "The blog says that this very reply is there already."
        try:
            there = self.find(delivery, me)
        except NetworkFailure as failure:
            raise NoAnswer(f"{evidence} It could not be looked up: {failure}") from None
        if there:
            return replace(there, evidence=evidence)
        return Receipt("", str(parent.get("link") or ""), self._now(), evidence)

    def parent(self, delivery: Delivery, me: Me) -> dict[str, Any]:
        """The comment that is answered. WordPress would hang a reply from one that does not exist."""
        number = forms.number_in(self._key, delivery.reply_to)
        if number is None:
            raise Refused("On the blog only a comment can be answered; this is not one of its comments.")
        try:
            parent = self._threads.one(number, me)
        except Answered as no:
            if no.code == "rest_comment_invalid_id":
                raise Refused("The comment has been deleted on the blog, so it cannot be answered there.") from None
            raise Refused("The comment is not public on the blog: approve it there, then send again.") from None
        if not isinstance(parent.get("post"), int):
            raise Unavailable(f"{self._site.host} did not say which post the comment is under.")
        if forms.standing_of(parent) is not Standing.PUBLIC:
            raise Refused("The comment is not public on the blog: approve it there, then send again.")
        return parent

    def delete(self, delivery: Delivery) -> Receipt:
        """Take a reply of ours back."""
        number = forms.number_in(self._key, delivery.target)
        if number is None:
            raise Refused("That is not a comment on this blog.")
        try:
            self._trash(number)
        except Answered as no:
            if no.code not in ("rest_comment_invalid_id", "rest_already_trashed") and no.status != 410:
                raise
            return Receipt(delivery.target, "", self._now(), "It was gone from the blog already.")
        return Receipt(delivery.target, "", self._now())

    def _trash(self, number: int) -> None:
        try:
            self._site.write("DELETE", f"{ROUTE}/{number}", {"_fields": forms.FIELDS})
        except Answered as no:
            if no.code != "rest_trash_not_supported":
                raise
            self._site.write("DELETE", f"{ROUTE}/{number}", {"force": "true"})

    def find_removal(self, delivery: Delivery) -> Receipt | None:
        """The proof that a comment of ours is out of sight."""
        checks = self._threads.recheck([delivery.target])
        gone = any(check.standing in (Standing.HIDDEN, Standing.GONE) for check in checks)
        return Receipt(delivery.target, "", self._now(), "It is gone from the blog.") if gone else None

    def find(self, delivery: Delivery, me: Me) -> Receipt | None:
        """Our reply under that comment with these very words."""
        parent = forms.number_in(self._key, delivery.reply_to)
        if parent is None or delivery.action is not Action.CREATE:
            return None
        content = forms.to_content(delivery.text, delivery.link)
        query: dict[str, Any] = {"parent": parent, "per_page": 100, "orderby": "id", "order": "desc"}
        query |= {"_fields": forms.FIELDS, **({"context": "edit"} if me.moderates else {})}
        query |= {"author": me.number} if me.edits else {}
        for status in ("all", "spam") if me.moderates else ("all",) if me.edits else ("",):
            rows, _ = self._site.read(ROUTE, {**query, **({"status": status} if status else {})}, list)
            for row in rows:
                if forms.number_of(row) and row.get("author") == me.number and forms.same_words(row, content):
                    return self._receipt(row, "Found under the comment on the blog.")
        return None

    def _receipt(self, comment: dict[str, Any], evidence: str) -> Receipt:
        number = forms.number_of(comment)
        if number is None:
            raise NoAnswer(f"{self._site.host} accepted the reply and did not say its number.")
        if forms.standing_of(comment) is not Standing.PUBLIC:
            evidence = f"{evidence} It waits for approval on the blog.".strip()
        at = forms.instant(comment.get("date_gmt")) or self._now()
        return Receipt(forms.native_id(self._key, number), str(comment.get("link") or ""), at.astimezone(UTC), evidence)
