"""The live blog on WordPress: one post that is edited all day, or every new post of a blog or category."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from bot.core.items import Entry, EntryPage, Picture, Source
from bot.core.liveblog import read_entries
from bot.core.markup import blocks, lines, parse
from bot.networks.base import Misconfigured, Now, Unavailable
from bot.networks.wordpress.answers import Answered
from bot.networks.wordpress.comments import clean, instant
from bot.networks.wordpress.site import Place, Site

SETTLED = timedelta(seconds=2)  # two saves in one second share a modified_gmt
POST = "id,link,date,date_gmt,modified_gmt,status,title,content"
PICTURES = "_links,_embedded"
MOST_PAGES = 10


def read_post(site: Site, place: Place, source: Source, cursor: str, now: Now, reread: timedelta) -> EntryPage:
    """The entries of one post. It is asked only for its date of change while that stays the same."""
    before = _read_cursor(cursor)
    route = f"wp/v2/{place.kind}/{place.number}"
    if _fresh(before, now(), reread):
        hint, _ = site.read(route, {"_fields": "id,modified_gmt,status"}, dict)
        if hint.get("modified_gmt") == before["mark"] and hint.get("status") == "publish":
            return EntryPage((), cursor, changed=False)
    try:
        post, headers = site.read(route, {"_fields": POST}, dict)
    except Answered as no:
        return _nothing(f"The live blog cannot be read on the blog ({no.code}): publish it again.")
    if post.get("status") != "publish":
        return _nothing(f"The live blog is not public on the blog ({post.get('status')}): publish it again.")
    if _protected(post):
        return _nothing("The live blog is protected by a password: nothing of it is read.")
    html, title, posted = _rendered(post, "content"), _rendered(post, "title"), _local(post)
    zone = site.timezone() or source.timezone
    digest = _digest([html, title, zone, posted.isoformat()])
    after = _cursor(str(post.get("modified_gmt")), digest, now(), _settled([post], headers, now()))
    if digest == before.get("digest"):
        return EntryPage((), json.dumps({**json.loads(after), "live": before.get("live", False)}), changed=False)
    try:
        known = bool(before.get("live"))  # once read as a live blog, a post is not judged again
        page = read_entries(
            clean(html), timezone=zone, posted=posted.date(), link=_link(post), title=_title(title), known=known
        )
    except ValueError as error:
        raise Misconfigured(str(error)) from None
    after = json.dumps({**json.loads(after), "live": known or bool(page.entries)})
    return replace(page, cursor=after)


def read_blog(site: Site, place: Place, source: Source, cursor: str, now: Now, reread: timedelta) -> EntryPage:
    """Every public post as an entry, newest first, from a day before `source.since`.

    Posts are found as a set of ids: one that was scheduled appears late, with an old date and an old modified_gmt.
    """
    before = _read_cursor(cursor)
    params: dict[str, Any] = {"orderby": "date", "order": "desc", "per_page": 100}
    if place.only[0]:
        params[place.only[0]] = place.only[1]
    if source.since:
        params["after"] = f"{source.since - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    marks, whole, headers = _all(site, {**params, "_fields": "id,modified_gmt"}, bool(source.since))
    mark = _digest(sorted([[post.get("id"), post.get("modified_gmt")] for post in marks], key=str))
    if mark == before.get("mark") and _fresh(before, now(), reread):
        return EntryPage((), cursor, changed=False)
    fields = {**params, "_fields": f"{POST},{PICTURES}", "_embed": "wp:featuredmedia"}
    posts, whole, headers = _all(site, fields, bool(source.since))
    entries = tuple(_entry(post) for post in posts if post.get("status") == "publish" and not _protected(post))
    after = _cursor(mark, _digest([repr(entries), whole]), now(), _settled(posts, headers, now()))
    if json.loads(after)["digest"] == before.get("digest"):
        return EntryPage((), after, changed=False)
    return EntryPage(entries, after, whole=whole, link=source.address)


def public_posts(site: Site, place: Place) -> list[int]:
    """The numbers of the newest hundred posts of a blog or category, without those behind a password."""
    params: dict[str, Any] = {"per_page": 100, "_fields": "id,content.protected"}
    if place.only[0]:
        params[place.only[0]] = place.only[1]
    posts, _ = site.read(f"wp/v2/{place.kind}", params, list)
    return [_numbered(site, post)["id"] for post in posts if not _protected(_numbered(site, post))]


def _all(site: Site, params: dict[str, Any], deep: bool) -> tuple[list[dict[str, Any]], bool, Any]:
    """The posts, whether these are all, and the headers. Without a first day only the newest hundred are wanted."""
    posts: dict[int, dict[str, Any]] = {}
    for number in range(1, (MOST_PAGES if deep else 1) + 1):
        page, headers = site.read("wp/v2/posts", {**params, "page": number}, list)
        for post in page:
            posts.setdefault(_numbered(site, post)["id"], post)
        pages, total = (headers.get(name, "") for name in ("x-wp-totalpages", "x-wp-total"))
        if not page or (pages.isdecimal() and number >= int(pages)):
            break
    return list(posts.values()), total.isdecimal() and len(posts) == int(total), headers


def _numbered(site: Site, post: Any) -> dict[str, Any]:
    if not isinstance(post, dict) or not isinstance(post.get("id"), int):
        raise Unavailable(f"{site.host} lists posts that cannot be read.")
    return post


def _entry(post: dict[str, Any]) -> Entry:
    link, local = _link(post), _local(post)
    read = [block for body in [parse(clean(_rendered(post, "content")))] if body for block in blocks(body, link)]
    pictures = [*_featured(post), *(picture for block in read for picture in block.pictures)]
    return Entry(
        day=f"{local:%Y-%m-%d}",
        time=f"{local:%H:%M}",
        at=instant(post.get("date_gmt")) or local.replace(tzinfo=UTC),
        title=_title(_rendered(post, "title")),
        text="\n".join(text for block in read for text in (block.head, block.body) if text),
        pictures=tuple(dict.fromkeys(pictures)),
        key=str(post["id"]),
        link=link,
    )


def _featured(post: dict[str, Any]) -> list[Picture]:
    embedded = post.get("_embedded")
    media = embedded.get("wp:featuredmedia") if isinstance(embedded, dict) else None
    return [
        Picture(one["source_url"], clean(str(one.get("alt_text") or "")))
        for one in (media if isinstance(media, list) else ())
        if isinstance(one, dict) and isinstance(one.get("source_url"), str)
    ]


def _title(markup: str) -> str:
    body = parse(clean(markup))
    return " ".join(lines(body).split()) if body else ""


def _rendered(post: dict[str, Any], name: str) -> str:
    part = post.get(name)
    rendered = part.get("rendered") if isinstance(part, dict) else None
    if not isinstance(rendered, str):
        raise Unavailable(f"The post {post.get('id')} came without its {name}.")
    return rendered


def _protected(post: dict[str, Any]) -> bool:
    content = post.get("content")
    return bool(content.get("protected")) if isinstance(content, dict) else False


def _link(post: dict[str, Any]) -> str:
    return clean(str(post.get("link") or ""))


def _local(post: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(post.get("date")))
    except ValueError:
        raise Unavailable(f"The post {post.get('id')} came without its date.") from None


def _nothing(doubt: str) -> EntryPage:
    return EntryPage((), "", whole=False, doubts=(doubt,))


def _digest(parts: Any) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _settled(posts: list[dict[str, Any]], headers: Any, now: datetime) -> bool:
    """Whether no further save can share its second with the newest one, by the server's own clock."""
    try:
        there = parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        there = now
    newest = [saved for post in posts if (saved := instant(post.get("modified_gmt")))]
    return not newest or there - max(newest) >= SETTLED


def _cursor(mark: str, digest: str, at: datetime, settled: bool) -> str:
    return json.dumps({"mark": mark, "digest": digest, "at": at.isoformat(), "settled": settled})


def _read_cursor(cursor: str) -> dict[str, Any]:
    try:
        read = json.loads(cursor or "{}")
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}


def _fresh(before: dict[str, Any], now: datetime, reread: timedelta) -> bool:
    try:
        return bool(before["settled"]) and now - reread < datetime.fromisoformat(before["at"]) <= now
    except (KeyError, TypeError, ValueError):
        return False
