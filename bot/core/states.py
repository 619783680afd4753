"""The transition tables, and when to try again. Stored states are for ever: keep them few."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

QUESTION: Mapping[str, frozenset[str]] = {
    "waiting": frozenset({"room", "parked", "answered", "followup", "dismissed", "merged", "gone"}),
    "parked": frozenset({"waiting", "room", "answered", "followup", "dismissed", "merged", "gone"}),
    "room": frozenset({"waiting", "parked", "answered", "followup", "dismissed", "merged", "gone"}),
    "answered": frozenset({"waiting", "parked", "room", "followup", "dismissed", "merged", "gone"}),
    "followup": frozenset({"waiting", "parked", "room", "answered", "dismissed", "merged", "gone"}),
    "dismissed": frozenset({"waiting", "parked", "room", "answered", "followup", "merged", "gone"}),
    "merged": frozenset({"waiting", "parked", "room", "answered", "followup", "dismissed", "gone"}),
    "gone": frozenset(),
}

POST: Mapping[str, frozenset[str]] = {
    "draft": frozenset({"approved", "withdrawn"}),
    "approved": frozenset(),
    "withdrawn": frozenset({"draft"}),
}

DELIVERY: Mapping[str, frozenset[str]] = {
    "queued": frozenset({"sending", "cancelled", "asking"}),
    "sending": frozenset({"sent", "refused", "queued", "unsure"}),
    "unsure": frozenset({"sent", "queued", "asking"}),
    "asking": frozenset({"sent", "queued", "cancelled"}),
    "sent": frozenset(),
    "refused": frozenset({"queued", "cancelled"}),
    "cancelled": frozenset(),
}

START = {"question": "waiting", "post": "draft", "delivery": "queued"}
FINAL = {"question": {"gone"}, "post": {"approved"}, "delivery": {"sent", "cancelled"}}
OPEN_DELIVERY = ("queued", "sending", "unsure", "asking")


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take; tests use a second. A lease is at least twice the deadline."""

    deadline: timedelta = timedelta(seconds=15)
    lease: timedelta = timedelta(seconds=60)
    look_again: tuple[float, ...] = (5.0, 25.0, 90.0)  # seconds between looks for a delivery that may be out


def may(table: Mapping[str, frozenset[str]], old: str, new: str) -> bool:
    """Whether the table has that move."""
    return new in table.get(old, frozenset())


def next_attempt(now: datetime, attempts: int, spread: float, not_before: datetime | None = None) -> datetime:
    """When to try again: full jitter up to 2**attempts seconds, at most five minutes.

    `spread` is a number from 0 to 1 that the caller drew. `not_before` is the network's own word.
    """
    wait = min(300.0, 2.0 ** min(attempts, 10)) * (0.5 + spread / 2)
    then = now + timedelta(seconds=wait)
    return max(then, not_before) if not_before else then


def next_poll(
    now: datetime, every: float, failures: int, spread: float, not_before: datetime | None = None
) -> datetime:
    """When to read a source again: its own interval, longer after failures, at most five minutes."""
    if failures:
        return next_attempt(now, failures, spread, not_before)
    return now + timedelta(seconds=every)


READS_BEFORE = timedelta(days=1)  # free sources only: what is wrong shows, early questions count
READS_AFTER = timedelta(days=7)  # free sources only: late questions, edits and deletions
SLOWER = {"before": 10.0, "running": 1.0, "after": 30.0}  # than the event's own interval


def phase(now: datetime, starts: datetime | None, ends: datetime | None) -> str:
    """Where an event is in its life: ``before``, ``running`` or ``after``. No times: it runs."""
    if starts is not None and now < starts:
        return "before"
    return "after" if ends is not None and now >= ends else "running"


def reading(where: str) -> float:
    """How much slower than its own interval a source is read in that phase."""
    return SLOWER[where]
