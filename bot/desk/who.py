"""Who acts, whether they may, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from inspect import signature
from typing import Any, Concatenate, ParamSpec, TypeVar
from unicodedata import category

from bot.core import rights
from bot.core.rights import BUTTONS, Right
from bot.store import belonging, lane
from bot.store.engine import Store

CLAIM_LASTS = timedelta(minutes=2)
P = ParamSpec("P")
T = TypeVar("T")


class NotAllowed(Exception):
    """The person's role does not include this. Nothing was done; the text is one sentence."""


class NotHere(Exception):
    """What the button is about belongs to another event than the one the person works in. Nothing was done."""


@dataclass(frozen=True, slots=True)
class Who:
    """A person at the desk. `role` is one of `bot.core.rights.ROLES`: theirs in the event `event_id`.

    Without an event they act in all of them, as the rehearsal does; the console always names one.
    """

    id: int
    name: str
    role: str = "facilitator"
    event_id: int | None = None

    def may(self, right: str) -> bool:
        """Whether the role includes that right. Raises ValueError if there is no such right."""
        return rights.may(self.role, right)

    def need(self, right: str) -> None:
        """Raises NotAllowed if the role does not include that right."""
        if not self.may(right):
            raise NotAllowed("Your role does not include this. Ask the event lead if you need it.")


@dataclass(frozen=True, slots=True)
class Done:
    """Whether it was done, one sentence that says so or why not, and the change that undo needs."""

    ok: bool
    sentence: str
    change_id: int = 0
    state: str = ""  # where a question is now, if somebody moved it first


GONE = Done(False, "This is no longer here. Its author deleted it, or it was erased.")
MOST_CHARACTERS = 10_000
NAMES = {"x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "wordpress": "The blog", "feed": "The feed"}


def button(work: Callable[Concatenate[Store, Who, P], T]) -> Callable[Concatenate[Store, Who, P], T]:
    """A function of the desk that asks first: it raises NotAllowed without the right that the table names for it,
    and NotHere if an argument (`question_id`, `post_id` ...) is a row of another event, or private and not for them."""
    right, shape = BUTTONS[work.__name__], signature(work)

    @wraps(work)
    def pressed(store: Store, who: Who, /, *args: P.args, **kwargs: P.kwargs) -> T:
        if right is not None:
            who.need(right)
        given = shape.bind(store, who, *args, **kwargs).arguments
        if who.event_id is not None:
            _stay(store, who.event_id, given)
        if not who.may(Right.PRIVATE):
            _leave_alone(store, who.event_id, given)
        return work(store, who, *args, **kwargs)

    return pressed


def _stay(store: Store, event_id: int, given: dict[str, Any]) -> None:
    with store.read() as tx:
        for name in belonging.ROWS.keys() & given.keys():
            if not belonging.all_of_event(tx, name, given[name], event_id):
                raise NotHere("That belongs to another event. Nothing was changed.")


def _leave_alone(store: Store, event_id: int | None, given: dict[str, Any]) -> None:
    with store.read() as tx:
        if any(lane.touches(tx, name, given[name], event_id) for name in lane.ROWS & given.keys()):
            raise NotHere("Only event leads see that now. Nothing was changed.")


def called(network: str) -> str:
    """A network as people call it."""
    return NAMES.get(network, network)


def words(text: str, what: str, most: int = MOST_CHARACTERS) -> str | Done:
    """The text a person typed, tidied; a refusal if there is none or far too much of it."""
    tidy = text.strip()
    if not any(category(char)[0] not in "CZ" for char in tidy):  # nothing that can be seen
        return Done(False, f"{what} is empty. Write something first; nothing was changed.")
    if len(tidy) > most:
        over = len(tidy) - most
        return Done(False, f"{what} is {over:,} character{'s' if over != 1 else ''} too long. Nothing was changed.")
    return tidy
