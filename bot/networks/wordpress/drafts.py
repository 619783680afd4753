"""Drafts on the blog: a page of ours that a person reads, changes and publishes there. Nothing here publishes."""

from __future__ import annotations

from typing import Any

from bot.core.items import Delivery, Receipt
from bot.networks.base import NoAnswer, Now, Refused
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.site import Me, Site

ROUTE = "wp/v2/posts"
FIELDS = "id,status,content"
MOST = 100  # of the account's newest posts, in which an earlier attempt is looked for
KEPT = "draft,pending,private,future,publish,trash"  # wherever a person has put it since


def mark_of(delivery: Delivery) -> str:
    """What tells the draft of one delivery from all others; readers of the page do not see it."""
    return f"<!-- backchannel {delivery.key} -->"


def write(site: Site, me: Me, delivery: Delivery, now: Now) -> Receipt:
    """Make the draft, unless an earlier attempt has. The first line of the text is its title, the rest is HTML."""
    there = find(site, me, delivery, now)
    if there is not None:
        return there
    title, _, content = delivery.text.partition("\n")
    body = {"title": title, "content": f"{content}\n{mark_of(delivery)}", "status": "draft"}
    try:
        made = site.write("POST", ROUTE, {"_fields": FIELDS}, body)
    except Answered as no:
        if no.code in ("rest_cannot_create", "rest_cannot_edit"):
            raise _may_not(site) from None
        raise
    return _receipt(site, made, now, "")


def find(site: Site, me: Me, delivery: Delivery, now: Now) -> Receipt | None:
    """The draft of an earlier attempt, wherever a person has put it since."""
    if not me.edits:
        raise _may_not(site)
    query: dict[str, Any] = {"status": KEPT, "author": me.number, "context": "edit", "per_page": MOST}
    try:
        rows, _ = site.read(ROUTE, {**query, "orderby": "id", "order": "desc", "_fields": FIELDS}, list)
    except Answered as no:
        if no.code in ("rest_forbidden_context", "rest_forbidden_status", "rest_invalid_param"):
            raise _may_not(site) from None
        raise
    mark = mark_of(delivery)
    mine = next((row for row in rows if mark in _raw(row)), None)
    return _receipt(site, mine, now, "It is on the blog already.") if mine is not None else None


def _may_not(site: Site) -> Refused:
    return Refused(
        f"The account {site.user!r} may not write posts on the blog: give it the role Author or Editor there."
    )


def _raw(row: Any) -> str:
    content = row.get("content") if isinstance(row, dict) else None
    return str(content.get("raw", "")) if isinstance(content, dict) else ""


def _receipt(site: Site, row: Any, now: Now, evidence: str) -> Receipt:
    number = row.get("id") if isinstance(row, dict) else None
    if not isinstance(number, int):
        raise NoAnswer(f"{site.host} accepted the draft and did not say its number.")
    edit = f"{site.address.rstrip('/')}/wp-admin/post.php?post={number}&action=edit"
    return Receipt(f"{site.host}#post-{number}", edit, now(), evidence)
