"""Rows put into words: times, names of networks and states, sentences of the history."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup, escape
from sqlalchemy import Row

from bot.core.flags import hide
from bot.core.rights import NAMES
from bot.store.board import COUNTED

NETWORKS = {
    "x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "wordpress": "Blog comment", "feed": "Feed",
    "floor": "From the floor",
}  # fmt: skip
PLACES = NETWORKS | {"wordpress": "the blog", "feed": "the feed", "floor": "the floor"}
SYSTEMS = NETWORKS | {"wordpress": "Blog"}
BADGES = {"x": "x", "mastodon": "mastodon", "bluesky": "bluesky", "wordpress": "blog", "feed": "feed", "floor": "floor"}
KINDS = {"hashtag": "#{}", "mentions": "mentions of {}", "comments": "comments", "liveblog": "live blog"}
STATES = {
    "waiting": "Waiting",
    "room": "For the room",
    "parked": "Parked",
    "answered": "Answered",
    "followup": "To follow up",
    "dismissed": "Dismissed",
    "merged": "Put with another question",
    "gone": "Deleted by its author",
}
ROLES = NAMES
ROLE_WORDS = {
    "viewer": "Sees everything, changes nothing.",
    "facilitator": "Sorts questions, puts them before the room, answers in writing.",
    "comms": "As a facilitator, and decides what goes out.",
    "lead": "Everything on this event, with hidden details, the private lane and people.",
    "owner": "Everything, on every event.",
}
FLAGS = {
    "personal_data": ("Personal data", "warn", "Contact details are hidden from everyone."),
    "distress": ("May be in distress", "bad", "This person may need help now. Say where to get it."),
    "abuse": ("Abusive words", "bad", "Abusive words."),
    "spam": ("Possible spam", "bad", "This looks like advertising."),
    "medical_advice": ("Asks for medical advice", "warn", "Asks for medical advice about one person."),
    "link": ("Has a link", "warn", "Has a link."),
}
THEME_ICONS = ("access", "buyin", "evidence", "workforce")
HIDDEN = re.compile(r"\[([^\[\]]{3,40} hidden)\]")


def zone(name: str) -> ZoneInfo:
    """The event's time zone; UTC if its name is not known here."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def clock(at: datetime | None, tz: str, seconds: bool = False) -> str:
    """The time of day as the blog writes it: 3:10pm."""
    if at is None:
        return "never"
    local = at.astimezone(zone(tz))
    return f"{local.hour % 12 or 12}:{local:%M}{f':{local:%S}' if seconds else ''}{'am' if local.hour < 12 else 'pm'}"


def clock24(at: datetime, tz: str) -> str:
    """The time of day there as a field for times takes it: 15:10."""
    return f"{at.astimezone(zone(tz)):%H:%M}"


def local(at: datetime, tz: str) -> str:
    """Day and time there as a field for both takes them: 2017-07-13T15:10."""
    return f"{at.astimezone(zone(tz)):%Y-%m-%dT%H:%M}"


def next_clock(word: str, now: datetime, tz: str) -> datetime | None:
    """The next time that the clock there shows 15:45, in UTC; None for what is no time of day."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", word.strip())
    if not found:
        return None
    there = now.astimezone(zone(tz)).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    then = there if there > now else there + timedelta(days=1)
    return then.astimezone(UTC)


def day(at: datetime, tz: str) -> str:
    """The day there, in words: 13 July."""
    local = at.astimezone(zone(tz))
    return f"{local.day} {local:%B}"


def when(at: datetime | None, tz: str, now: datetime) -> str:
    """The time of day, with the day if it is not today there."""
    if at is None:
        return "never"
    local, today = at.astimezone(zone(tz)), now.astimezone(zone(tz))
    if local.date() == today.date():
        return clock(at, tz)
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local.day} {local:%b}{year}, {clock(at, tz)}"


def ago(at: datetime | None, tz: str, now: datetime) -> str:
    """Under one hour "4 min ago", else the time."""
    if at is None:
        return "never"
    seconds = (now - at).total_seconds()
    if seconds < -60:
        return when(at, tz, now)
    if seconds < 5:
        return "now"
    if seconds < 60:
        return f"{int(seconds)} s ago"
    return f"{int(seconds // 60)} min ago" if seconds < 3600 else when(at, tz, now)


def lasting(seconds: float) -> str:
    """A span as people say it: 42 s, 4 min, 2 h 5 min."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def stamp(at: datetime | None) -> str:
    """An instant for a ``datetime`` attribute."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def minute(at: datetime) -> str:
    """An instant of a whole minute, for an address."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def network(name: str) -> str:
    """The name of a network on screen."""
    return NETWORKS.get(name, name)


def place(name: str) -> str:
    """Where a post stands, after "on" or "from"."""
    return PLACES.get(name, name)


def system(name: str) -> str:
    """The name of a network as a whole, not of what is read there."""
    return SYSTEMS.get(name, name)


def badge(name: str) -> str:
    """Which drawn shape stands for a network."""
    return BADGES.get(name, "feed")


def source_name(row: Row[Any]) -> str:
    """A source as people call it: X, #QLabs."""
    kind = KINDS.get(row.kind, "{}").format(row.address.lstrip("#"))
    return f"{system(row.network)}, {kind}"


def author(row: Row[Any] | None) -> str:
    """Who wrote an item; without a name, only where."""
    if row is None:
        return "Someone"
    someone = "Someone in the room" if row.network == "floor" else f"Someone on {place(row.network)}"
    return row.author_name or row.author_handle or someone


def web(url: str) -> str:
    """`url` if a browser may be sent there, else ""."""
    return url if re.match(r"https?://[^\s]+$", url or "") else ""


def marked(text: str) -> Markup:
    """A text with its contact details hidden, and each hidden place marked."""
    safe = escape(hide(text))
    return Markup(HIDDEN.sub(lambda m: f"<mark>{m[1]}</mark>", str(safe)))  # noqa: S704 (escaped the line above)


def plain(text: str, most: int = 0) -> str:
    """A text with its contact details hidden, cut at a word if it is longer than `most`."""
    text = hide(text)
    if not most or len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


def tally(count: int) -> str:
    """A count of rows; those that stop counting say "more than that"."""
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


def initials(name: str) -> str:
    """One or two letters that stand for a name."""
    words = [word for word in name.replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


def tint(name: str) -> int:
    """Which of the four colours a name has, from 1."""
    return sum(map(ord, name)) % 4 + 1


def theme_mark(theme: str, themes: list[str]) -> str:
    """Which of the four drawn marks stands for a theme: by its place among the event's themes."""
    return THEME_ICONS[themes.index(theme) % 4] if theme in themes else ""


def money(usd: float) -> str:
    """A price in US dollars."""
    return f"${usd:.3f}".rstrip("0").rstrip(".") if 0 < usd < 0.1 else f"${usd:,.2f}"


def nearness(length: int, limit: int) -> str:
    """How a count is coloured: "", near from 90 %, over."""
    if limit and length > limit:
        return "over"
    return "near" if limit and length >= 0.9 * limit else ""


def entry_diff(before: Mapping[str, str], now: Row[Any]) -> list[tuple[str, str]]:
    """What changed in an entry; its day and time are told if they are what changed."""
    other_day = now.day != before["day"]
    times = other_day or now.time != before["time"]

    def told(day: str, time: str, title: str, text: str) -> str:
        return "\n".join(filter(None, [day if other_day else "", spoken(time) if times else "", title, text]))

    old = told(before["day"], before["time"], before["title"], before["text"])
    return diff(old, told(now.day, now.time, now.title, now.text))


def spoken(time: str) -> str:
    """A time of day such as 15:50 as the blog writes it, 3:50pm; other words as they are."""
    found = re.fullmatch(r"(\d\d):(\d\d)", time)
    hour = int(found[1]) if found else 0
    return f"{hour % 12 or 12}:{found[2]}{'am' if hour < 12 else 'pm'}" if found else time


def diff(old: str, new: str) -> list[tuple[str, str]]:
    """What changed between two texts, word by word: (same | removed | added, words)."""
    a, b = re.findall(r"\S+\s*", old)[:2000], re.findall(r"\S+\s*", new)[:2000]
    pieces: list[tuple[str, str]] = []
    for how, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if how == "equal":
            pieces.append(("same", "".join(a[a1:a2])))
            continue
        if a2 > a1:
            pieces.append(("removed", "".join(a[a1:a2])))
        if b2 > b1:
            pieces.append(("added", "".join(b[b1:b2])))
    return pieces


WHAT = {
    ("question", "asked"): "arrived",
    ("question", "came in private"): "kept for event leads",
    ("question", "put among the questions"): "put it among the questions",
    ("question", "put among the thoughts"): "put it among the thoughts",
    ("question", "waiting"): "put it back in the queue",
    ("question", "room"): "put it on the list for the room",
    ("question", "parked"): "parked it",
    ("question", "answered"): "answered it",
    ("question", "followup"): "kept it to follow up",
    ("question", "dismissed"): "dismissed it",
    ("question", "declined"): "declined it",
    ("question", "follow-up set"): "said who follows it up",
    ("question", "merged"): "put it with another question",
    ("question", "added from the floor"): "added it from the floor",
    ("question", "moved up"): "moved it up",
    ("question", "moved down"): "moved it down",
    ("question", "handed over"): "handed it over",
    ("question", "taken back"): "took it back",
    ("question", "split off"): "split one asker off",
    ("several", "moved together"): "moved several questions at once",
    ("block", "blocked"): "blocked a person or a word",
    ("block", "unblocked"): "let a person or a word in again",
    ("question", "merged in"): "put another question with it",
    ("question", "taken apart"): "took a question apart again",
    ("question", "undone"): "took the last move back",
    ("question", "gone"): "deleted by its author",
    ("question", "erased"): "erased what one asker wrote",
    ("item", "erased"): "erased a post",
    ("event", "kept no longer"): "what had been kept long enough was erased",
    ("item", "gone"): "a post was deleted by its author",
    ("item", "edited"): "a post was edited by its author",
    ("question", "reworded"): "reworded it for the room",
    ("question", "theme set"): "set the theme",
    ("question", "flagged"): "flagged it",
    ("question", "unflagged"): "took a flag off",
    ("question", "note added"): "added a note",
    ("question", "hidden details opened"): "opened the hidden details",
    ("reading", "claimed"): "is reading it",
    ("reading", "released"): "stopped reading it",
    ("source", "arrived"): "new posts were read",
    ("source", "doubt"): "the live blog needs a decision",
    ("source", "doubt settled: announce"): "announced an unclear entry",
    ("source", "doubt settled: known"): "took an unclear entry as known",
    ("source", "doubt settled: gone"): "took an entry as removed",
    ("post", "update drafted"): "an update was drafted",
    ("post", "correction drafted"): "drafted: the entry changed after sending",
    ("post", "withdrawal drafted"): "drafted: the entry was taken off the blog",
    ("post", "answer drafted"): "wrote an answer",
    ("post", "page drafted"): "made a page for the blog",
    ("post", "draft follows the blog"): "the draft follows the blog",
    ("post", "notice drafted"): "wrote it here",
    ("post", "time set"): "set the time when it goes out",
    ("post", "draft edited"): "edited it",
    ("post", "held"): "held it",
    ("post", "photos edited"): "chose and described its photos",
    ("post", "photos wanted again"): "had its photos fetched again",
    ("post", "photo fetched"): "a photo was fetched from the blog",
    ("post", "photo not fetched"): "a photo could not be fetched",
    ("delivery", "delivery put off"): "moved the next try of a post",
    ("post", "reactions counted"): "a network told what people did with the posts",
    ("post", "no longer held"): "let it go again",
    ("post", "approved"): "approved it",
    ("post", "withdrawn"): "decided not to post it",
    ("post", "a draft again"): "made it a draft again",
    ("delivery", "delivery sent"): "a post was sent",
    ("delivery", "delivery queued"): "a post waits to be sent",
    ("delivery", "delivery refused"): "a post was refused",
    ("delivery", "delivery unsure"): "a post may have been sent",
    ("delivery", "delivery asking"): "asks: was this post sent?",
    ("delivery", "delivery cancelled"): "left a post out",
    ("network", "stopped"): "a network was stopped",
    ("network", "started"): "started a network again",
    ("network", "asked to stop"): "somebody asked not to be answered any more",
    ("network", "asked to start"): "somebody asked to be answered again",
    ("screen", "screen added"): "added a room screen",
    ("screen", "screen ended"): "closed a room screen",
    ("screen", "screen address renewed"): "gave a room screen a new address",
    ("screen", "put on screen"): "put a question on screen",
    ("screen", "taken off screen"): "took a question off screen",
    ("screen", "screens covered"): "put the safe slide on every screen",
    ("screen", "screens uncovered"): "took the safe slide away",
    ("person", "invited"): "invited somebody",
    ("person", "role changed"): "changed somebody’s role",
    ("person", "access taken away"): "took somebody’s access away",
    ("person", "sign-in link made"): "made a sign-in link",
    ("person", "signed out"): "signed somebody out",
    ("person", "joined"): "joined by a helper code",
    ("code", "helper code made"): "made a helper code",
    ("code", "helper code revoked"): "revoked a helper code",
    ("switch", "paused"): "paused all posting",
    ("switch", "unpaused"): "turned posting on",
}
BY_ITSELF = {
    ("post", "approved"): "Nobody held it: approved by itself",
    ("post", "withdrawn"): "Withdrawn: the blog took it back",
}


def sentence(row: Row[Any]) -> str:
    """What a change says, after the name of who did it."""
    key = (row.kind, row.what)
    words: str = WHAT.get(key, row.what) if row.who else BY_ITSELF.get(key, WHAT.get(key, row.what))
    return words if row.who else words[:1].upper() + words[1:]


ALL = {
    "clock": clock,
    "clock24": clock24,
    "local": local,
    "day": day,
    "when": when,
    "ago": ago,
    "lasting": lasting,
    "stamp": stamp,
    "network": network,
    "place": place,
    "system": system,
    "badge": badge,
    "source_name": source_name,
    "author": author,
    "web": web,
    "marked": marked,
    "plain": plain,
    "initials": initials,
    "tint": tint,
    "tally": tally,
    "minute": minute,
    "theme_mark": theme_mark,
    "money": money,
    "nearness": nearness,
    "sentence": sentence,
}
