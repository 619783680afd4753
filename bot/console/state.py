"""How a post stands, in a word, an icon and a reason; the worst network decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.console.view import place
from bot.store.ledger import Told


@dataclass(frozen=True, slots=True)
class State:
    """`rank` says how much a post needs somebody. `tag` is a kind of tag: "", ok, warn, bad."""

    word: str
    icon: str
    rank: int
    tag: str = ""
    reason: str = ""
    goes_at: datetime | None = None
    done_at: datetime | None = None


def state_of(told: Told, now: datetime, paused: bool, turns: Mapping[int, datetime]) -> State:
    """How a post stands now. `turns` says when each draft that counts down goes out."""
    if told.post.state == "draft":
        return _draft(told, now, paused, turns.get(told.post.id))
    if told.post.state == "withdrawn":
        by = f"by {told.post.withdrawn_by}" if told.post.withdrawn_by else "the blog took it back"
        left = told.post.kind in ("correction", "withdrawal")
        return State("Left as it is" if left else "Not posted", "x", 0, reason=by)
    return _approved(told, now, paused)


def _draft(told: Told, now: datetime, paused: bool, turn: datetime | None) -> State:
    post = told.post
    if post.kind == "withdrawal":
        return State("Taken off the blog", "warn", 8, "warn", "Choose what to do")
    if post.kind == "correction":
        return State("Changed after sending", "edit", 8, "warn", "Choose what to do")
    if post.held_by:
        return State(f"Held by {post.held_by}", "pause", 5, reason="")
    if post.go_at is None:
        why = post.waits_for.removeprefix("your approval").lstrip(": ")
        return State("Needs approval", "warn", 7, "warn", why[:1].upper() + why[1:])
    if paused:
        return State("Paused", "pause", 4, "bad", "Posting is paused")
    if turn is None:
        return State("Waits for its photo", "refresh", 6, reason="It is being fetched from the blog")
    if turn <= now:
        return State("Going out now", "send", 4)
    reason = "Others go first: updates are spaced out" if turn > post.go_at else "You can still hold it"
    return State("Goes out soon", "park", 6, reason=reason, goes_at=turn)


def _approved(told: Told, now: datetime, paused: bool) -> State:
    by_state: dict[str, list[str]] = {}
    for one in told.deliveries:
        names = by_state.setdefault(one.state, [])
        if place(one.network) not in names:
            names.append(place(one.network))
    if "asking" in by_state:
        return State("Was this sent?", "warn", 10, "bad", f"Check {_and(by_state['asking'])}")
    if "refused" in by_state:
        error = next((one.error for one in told.deliveries if one.state == "refused"), "")
        return State(f"Failed on {_and(by_state['refused'])}", "warn", 9, "bad", _first_sentence(error))
    if "unsure" in by_state:
        return State("Checking", "refresh", 3, "", f"Did {_and(by_state['unsure'])} take it?")
    if "queued" in by_state or "sending" in by_state:
        return _under_way(told, now, paused)
    return _settled(told, by_state)


def _under_way(told: Told, now: datetime, paused: bool) -> State:
    if paused:
        return State("Paused", "pause", 4, "bad", "Posting is paused")
    late = [one for one in told.deliveries if one.state == "queued" and one.error and one.due > now]
    if late:
        names = dict.fromkeys(place(one.network) for one in late)
        return State(f"Waits for {_and(names)}", "park", 3, "warn", late[0].error)
    return State("Sending", "send", 3)


def _settled(told: Told, by_state: dict[str, list[str]]) -> State:
    sent = by_state.get("sent", [])
    if sent:
        where = f"{len(sent)} networks" if len(sent) != 1 else sent[0]
        last = max((one.sent_at for one in told.deliveries if one.sent_at), default=None)
        return State("Sent", "check", 1, "ok", where, done_at=last)
    if by_state:
        return State("Not posted", "x", 0, reason="Nothing went out")
    problem = next((said.problem for said in told.versions if said.problem), "")
    return State("Not posted", "warn", 2, "warn", problem or "No network was chosen")


def ways_out(doubt: Row[Any]) -> list[tuple[str, str, str]]:
    """How a person can settle a doubt of the live blog: (choice, words on the button, kind of button)."""
    entries, known = len(doubt.detail.get("entries", ())), len(doubt.detail.get("known", ()))
    if not entries and not known:
        return [("known", "I have looked at it", "")]
    if not entries:
        return [("gone", "Taken off the blog: decide about the posts", "btn-danger")]
    if not known:
        return [("announce", "Announce as new", "btn-primary"), ("known", "Announce nothing", "")]
    if doubt.kind == "format" and entries == known:
        edited = ("announce", "They were edited: draft corrections", "")
        return [("known", "Only the layout changed: announce nothing", "btn-primary"), edited]
    new = ("announce", "New entries; the old ones were taken off", "")
    return [("known", "The same entries: announce nothing", "btn-primary"), new]


def _and(names: Iterable[str]) -> str:
    words = list(names)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _first_sentence(text: str) -> str:
    return text.split(". ")[0][:160]
