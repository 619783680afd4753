"""From an entry of the live blog to drafts: updates, corrections, withdrawals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.core import states
from bot.core.items import Entry, Limits, Picture
from bot.core.liveblog import day_text, time_text
from bot.core.text import problem, update_parts
from bot.core.unlinking import as_wanted
from bot.store import drafts, networks, pictures, published, wishes
from bot.store.published import Presence
from bot.store.tables import entry, event

AHEAD = timedelta(minutes=10)  # an entry's time may be this far ahead of the save before it looks like a typo
MOST_ALIKE = 20  # entries that would say the same on X
MOST_PARTS = 10  # of a thread
NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


def as_entry(row: Row[Any]) -> Entry:
    """A stored entry as the value it was read as."""
    pictures = tuple(Picture(one["url"], one["alt"]) for one in row.pictures)
    return Entry(row.day, row.time, row.at, row.title, row.text, pictures, row.key, row.link)


def _wordings(
    tx: Connection, ev: Row[Any], row: Row[Any], but: int = 0, there: Mapping[str, tuple[str, ...]] = NOTHING
) -> list[drafts.Wording]:
    """What each network would say; `but` is the draft that says it, `there` what is out already about this entry."""
    limits = networks.limits(tx)
    names = ev.options.get("announce", {}).get("networks", [])
    return [_wording(tx, ev, row, name, limits[name], but, there.get(name, ())) for name in names if name in limits]


def _wording(
    tx: Connection, ev: Row[Any], row: Row[Any], name: str, rules: Limits, but: int, there: tuple[str, ...],
    lead: str = "",
) -> drafts.Wording:  # fmt: skip
    use = ev.options.get("links", {}).get(name, "always")
    link = row.link if use == "always" else ""
    title, body = (as_wanted(words, rules, use) for words in (row.title, row.text))
    tags = ev.options.get("hashtags", [])[:1]
    most = MOST_PARTS if name in ev.options.get("announce", {}).get("threads", ()) else 1
    parts, *others = (
        update_parts(title, body, lead + when, tags, rules, link, most)
        for when in _times(as_entry(row), MOST_ALIKE if rules.rule == "x" else 0)
    )
    if others:  # X takes no words twice, and whoever approves must have seen the words that go out
        free = (one for one in (parts, *others) if not drafts.said(tx, name, one, but))
        parts = there if there in (parts, *others) else next(free, parts)
    wrong = next((said for said in (problem(part, rules) for part in parts) if said), "")
    return drafts.Wording(name, parts, link=link, problem=wrong)


def _times(one: Entry, more: int) -> Iterator[str]:
    """The time of an entry, then ways to write it that tell it from others of the same time."""
    at = time_text(one)
    yield at
    if more:
        yield f"{day_text(one)}, {at}"
    yield from (f"{at} ({number})" for number in range(2, 2 + more))


def _goes_at(now: datetime, ev: Row[Any]) -> tuple[datetime | None, str]:
    how = ev.options.get("announce", {})
    if states.phase(now, ev.starts, ev.ends) != "running":
        return None, "your approval: the event is not running"
    if how.get("mode", "grace") == "approve":
        return None, "your approval"
    return now + timedelta(seconds=how.get("seconds", 60)), ""


def draft_update(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any]) -> int:
    """A new entry: a draft for every network of its event; 0 if the event announces nowhere."""
    wordings = _wordings(tx, ev, row)
    if not wordings:
        return 0
    go_at, waits_for = _goes_at(now, ev)
    detail = {"warning": "The entry's time lies ahead of the clock. Is it a typo?"} if row.at > now + AHEAD else {}
    post_id = drafts.add(
        tx, now, ev.id, "update", wordings, entry_id=row.id, go_at=go_at, waits_for=waits_for, detail=detail
    )
    _enclose(tx, now, ev, row, post_id)
    return post_id


def _enclose(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any], post_id: int) -> None:
    """The draft carries the pictures of its entry, where the event wants that; one without words stops it."""
    if ev.options.get("announce", {}).get("pictures", False):
        pictures.wish(tx, now, post_id, row.id, as_entry(row).pictures)
        drafts.stop_for_pictures(tx, post_id)


def pictures_changed(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any]) -> None:
    """The blog describes a picture, or shows it from elsewhere: a draft takes that over and goes its way again."""
    for one in drafts.of_entry(tx, row.id):
        if one.state != "draft" or one.kind != "update" or one.edited_by:
            continue
        waited = one.waits_for == f"your approval: {pictures.NO_WORDS}"
        pictures.wish(tx, now, one.id, row.id, as_entry(row).pictures)
        if waited and not one.held_by and pictures.hinder(tx, one.id) != pictures.NO_WORDS:
            drafts.count_down(tx, now, one, *_goes_at(now, ev))
        drafts.stop_for_pictures(tx, one.id)


def entry_changed(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any], before: Entry) -> None:
    """Not sent yet: the draft follows. Sent: a correction is drafted, and a person decides."""
    about = drafts.of_entry(tx, row.id)
    update = next((post for post in about if post.kind == "update"), None)
    if update is None or update.state == "withdrawn":
        return
    if update.state == "draft":
        how = ev.options.get("announce", {})
        drafts.follow_blog(
            tx, now, update, _wordings(tx, ev, row, update.id), timedelta(seconds=how.get("seconds", 60))
        )
        if not update.edited_by:
            _enclose(tx, now, ev, row, update.id)
        return
    opened = next((post for post in about if post.kind == "correction" and post.state == "draft"), None)
    wordings = _corrections(tx, ev, row, opened.id if opened is not None else 0)
    if opened is not None and not any(one.chosen or one.parts != one_said for one, one_said in wordings):
        drafts.withdraw(tx, now, "", opened)  # the blog says again what was sent
    elif opened is not None:
        drafts.follow_blog(tx, now, opened, [one for one, _ in wordings], timedelta(0))
        _enclose(tx, now, ev, row, opened.id)
    else:
        _draft_correction(tx, now, ev, row, update, before, [one for one, _ in wordings])


def _draft_correction(
    tx: Connection,
    now: datetime,
    ev: Row[Any],
    row: Row[Any],
    update: Row[Any],
    before: Entry,
    wordings: list[drafts.Wording],
) -> None:
    detail = {"before": {"day": before.day, "time": before.time, "title": before.title, "text": before.text}}
    post_id = drafts.add(
        tx, now, ev.id, "correction", wordings, entry_id=row.id, corrects=update.id,
        waits_for="your decision: the entry changed after it was sent", detail=detail,
    )  # fmt: skip
    _count(tx, now, post_id, [one.network for one in wordings])
    _enclose(tx, now, ev, row, post_id)


def _corrections(tx: Connection, ev: Row[Any], row: Row[Any], but: int) -> list[tuple[drafts.Wording, tuple[str, ...]]]:
    """What each network could say now, beside what it says; an edit in place is suggested where it shows."""
    limits, there = networks.limits(tx), published.about_entry(tx, row.id)
    found = []
    for one in _wordings(tx, ev, row, but, {name: here.words for name, here in there.items()}):
        here = there.get(one.network)
        if here is not None:
            edits = limits[one.network].edits and bool(here.posts)
            chosen = edits and one.parts != here.words
            target, action = (_target(here), "edit") if edits else ("", "create")
            found.append((drafts.Wording(one.network, one.parts, action, one.link, target, 0, chosen), here.words))
    return found


def replies(tx: Connection, row: Row[Any]) -> dict[str, tuple[str, ...]]:
    """What a reply below the newest post about an entry could say on each network of its event."""
    ev, limits = event_of(tx, row.event_id), networks.limits(tx)
    names = (name for name in ev.options.get("announce", {}).get("networks", []) if name in limits)
    return {name: _wording(tx, ev, row, name, limits[name], 0, (), "Correction, ").parts for name in names}


def _target(here: Presence) -> str:
    return here.ids[0] if here.known else ""


def _count(tx: Connection, now: datetime, post_id: int, names: Iterable[str]) -> None:
    """Have the networks asked what people did with our posts; where asking costs money, only a person does."""
    free = [row.name for row in networks.rows(tx) if not row.paid]
    for name in names:
        if name in free:
            wishes.add(tx, now, "", "reactions", f"{post_id}:{name}")


def entry_gone(tx: Connection, now: datetime, ev: Row[Any], row: Row[Any]) -> None:
    """Not sent: withdrawn. Sent: a person decides per network whether the post goes too."""
    about = drafts.of_entry(tx, row.id)
    for post in about:
        if post.state == "draft" and post.kind != "withdrawal":
            drafts.withdraw(tx, now, "", post)
    update = next((post for post in about if post.kind == "update" and post.state == "approved"), None)
    asked = any(post.kind == "withdrawal" and (post.state != "withdrawn" or post.withdrawn_by) for post in about)
    if update is None or asked:
        return
    limits, there = networks.limits(tx), published.about_entry(tx, row.id)
    wordings = [
        drafts.Wording(name, (), "delete", target=_target(here), chosen=False)
        for name, here in there.items()
        if name in limits and limits[name].deletes and here.posts
    ]
    post_id = drafts.add(
        tx, now, ev.id, "withdrawal", wordings, entry_id=row.id, corrects=update.id,
        waits_for="your decision: the entry was taken off the blog",
        detail={"before": {"day": row.day, "time": row.time, "title": row.title, "text": row.text}},
    )  # fmt: skip
    _count(tx, now, post_id, [one.network for one in wordings])


def entry_back(tx: Connection, now: datetime, row: Row[Any]) -> bool:
    """A removed entry is on the blog again; whether it was ever to be announced."""
    about = drafts.of_entry(tx, row.id)
    for post in about:
        if post.kind == "withdrawal" and post.state == "draft":
            drafts.withdraw(tx, now, "", post)
        if post.kind == "update" and post.state == "withdrawn" and not post.withdrawn_by:
            drafts.back_to_draft(tx, now, "", post)
    return bool(about)


def out_of_step(tx: Connection, ev: Row[Any], row: Row[Any]) -> bool:
    """Whether what is out about an entry is not what the blog says, or was deleted by a person's decision."""
    about = drafts.of_entry(tx, row.id)
    update = next((post for post in about if post.kind == "update" and post.state == "approved"), None)
    if update is None:
        return False
    deleted = any(post.kind == "withdrawal" and post.state == "approved" for post in about)
    return deleted or any(one.parts != said for one, said in _corrections(tx, ev, row, 0))


def stored(tx: Connection, entry_id: int) -> Row[Any]:
    """One entry with its columns as they are now."""
    return tx.execute(select(entry).where(entry.c.id == entry_id)).one()


def event_of(tx: Connection, event_id: int) -> Row[Any]:
    """The event of an entry."""
    return tx.execute(select(event).where(event.c.id == event_id)).one()
