"""What somebody wrote and sent after their session had ended: it goes with them through signing in."""

from __future__ import annotations

import json
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.responses import Response

from bot.console.ask import Console, own_path
from bot.console.plain import event_names, plain_page

MOST_FIELDS = 300


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that was sent too late: where to, and its fields."""

    path: str
    fields: tuple[tuple[str, str], ...]

    @property
    def words(self) -> tuple[tuple[str, str], ...]:
        """The fields that a person wrote, as far as they can be told: what has a space or a line in it."""
        return tuple((name, value) for name, value in self.fields if name != "back" and value.strip().count(" "))

    @property
    def rest(self) -> tuple[tuple[str, str], ...]:
        """The other fields."""
        return tuple(pair for pair in self.fields if pair not in self.words)

    @property
    def packed(self) -> str:
        """All of it in one field of a form."""
        return json.dumps([self.path, self.fields], ensure_ascii=False)


def unpack(word: str) -> Kept | None:
    """What `packed` gave; None if it is anything else."""
    try:
        path, fields = json.loads(word)
        pairs = tuple((name, value) for name, value in fields)
    except (ValueError, TypeError):
        return None
    sound = isinstance(path, str) and path.startswith("/e/") and own_path(path) and len(pairs) <= MOST_FIELDS
    if not sound or not all(isinstance(part, str) for pair in pairs for part in pair):
        return None
    return Kept(path, pairs)


def kept(path: str, form: FormData) -> Kept | None:
    """What a form on one of an event's pages holds; None if nobody wrote anything into it."""
    fields = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str))
    found = Kept(path, fields)
    return found if path.startswith("/e/") and found.words else None


def kept_page(console: Console, form: Kept) -> Response:
    """The sign-in page with the words on it, and a second way for who has signed in somewhere else meanwhile."""
    return plain_page(console, "signin.html", 401, to="", name="", error="", kept=form, events=event_names(console))
