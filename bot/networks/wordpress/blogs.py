"""Which form the live blog on a WordPress site has: one post, all posts, the Liveblog plugin, or no post."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.forms import NAMES, PLUGIN
from bot.core.items import EntryPage, Source
from bot.core.liveblog import zone_of
from bot.networks.base import Misconfigured, Now, RateLimited, Unavailable
from bot.networks.documents import Documents, read_cursor
from bot.networks.plugin import NoLiveBlog, read_plugin
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.posts import read_blog, read_post
from bot.networks.wordpress.site import NoPost, Place, Site

NAMESPACE = "liveblog/v1"


def read_live_blog(
    site: Site, documents: Documents, source: Source, cursor: str, now: Now, reread: timedelta
) -> EntryPage:
    """The live blog as it stands. What it was read as once, its cursor says, and it stays that."""
    try:
        place = site.place(source.address)
    except NoPost:
        return documents.read(source, cursor)
    if not place.number:
        return read_blog(site, place, source, cursor, now, reread)
    before = read_cursor(cursor)
    if before.get("form") == PLUGIN:
        return _plugin(site, place, source, before, now)
    if "page" in before:
        return _structured(documents, source, str(before["page"]))
    page = read_post(site, place, source, cursor, now, reread)
    if page.entries or before.get("live") or not page.cursor:  # without a cursor it is not public
        return page
    return _elsewhere(site, documents, place, source, now) or page


def _elsewhere(site: Site, documents: Documents, place: Place, source: Source, now: Now) -> EntryPage | None:
    """The entries of a post that has none in its words: those of the plugin, or those that its page tells."""
    if site.offers(NAMESPACE):
        try:
            page = _plugin(site, place, source, {}, now)
        except NoLiveBlog:
            page = EntryPage((), "")
        if page.entries:
            return page
    try:
        page = _structured(documents, source, "")
    except RateLimited:
        raise
    except Unavailable:  # the post itself was read, and is judged by its words
        return None
    return page if page.entries else None


def _structured(documents: Documents, source: Source, cursor: str) -> EntryPage:
    """What the page of a post tells as schema.org; what is typed on it, its words have told before."""
    page = documents.read(source, cursor, alone=True)
    if not cursor and page.form != NAMES["schema"]:
        return EntryPage((), "")
    return replace(page, cursor=json.dumps({"page": page.cursor}))


def _plugin(site: Site, place: Place, source: Source, before: Mapping[str, Any], now: Now) -> EntryPage:
    def ask(route: str) -> Mapping[str, Any]:
        try:
            said: Mapping[str, Any] = site.read(route, {}, dict)[0]
            return said
        except Answered as no:
            if no.code == "rest_liveblog_not_found" and not before:
                raise NoLiveBlog from None
            raise Unavailable(f"{site.host} does not show the entries of its Liveblog plugin ({no.code}).") from None
        except Misconfigured:
            if site.offers(NAMESPACE):
                raise
            raise Unavailable(f"{site.host} has no Liveblog plugin any more: switch it on again.") from None

    zone = zone_of(site.timezone() or source.timezone)
    page, after = read_plugin(ask, place.number, zone, source.address, before, now())
    return replace(page, cursor=json.dumps({**after, "form": PLUGIN}))
