"""Pages of X: which ids a call may see, and the tokens that lead from page to page."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.doubles.x_params import Asked
from tests.doubles.x_posts import snowflake
from tests.doubles.x_problems import invalid

RECENT = timedelta(days=7)
SEARCH_LAG = timedelta(seconds=30)
LEAST_LAG = timedelta(seconds=10)
FAR = 1 << 63
WINDOW = ("query", "since_id", "until_id", "start_time", "end_time", "sort_order", "exclude")


@dataclass(frozen=True)
class Window:
    """Ids that a call may see, both ends left out."""

    after: int
    before: int


def search_window(asked: Asked, recent: bool) -> Window:
    """The window of a search. Raises Problem (400) for each of X's rules about it."""
    _not_both(asked)
    now = asked.now.replace(microsecond=0)
    since, until = asked.params.number("since_id"), asked.params.number("until_id")
    start, end = asked.params.time("start_time"), asked.params.time("end_time")
    if recent:
        _within_a_week(asked, now - RECENT)
    if end and end > asked.now - LEAST_LAG:
        message = "'end_time' must be a minimum of 10 seconds prior to the request time."
        raise invalid(f"Invalid 'end_time':'{end:%Y-%m-%dT%H:%MZ}'. {message}", end_time=f"{end:%Y-%m-%dT%H:%MZ}")
    last = end or now - SEARCH_LAG
    first = start or now - (RECENT if recent else timedelta(days=30))
    if first >= last:
        message = f"Invalid 'start_time':'{first:%Y-%m-%dT%H:%MZ}'. 'start_time' must be before 'end_time'."
        raise invalid(message, start_time=f"{first:%Y-%m-%dT%H:%MZ}")
    after = snowflake(first) - 1 if since is None else since
    return Window(after, min(snowflake(last), FAR if until is None else until))


def timeline_window(asked: Asked) -> Window:
    """The window of a timeline, which has no least age."""
    _not_both(asked)
    since, until = asked.params.number("since_id"), asked.params.number("until_id")
    start, end = asked.params.time("start_time"), asked.params.time("end_time")
    after = snowflake(start) - 1 if start else since or 0
    return Window(after, snowflake(end) if end else until or FAR)


def _not_both(asked: Asked) -> None:
    given = asked.params.plain.keys()
    if given & {"since_id", "until_id"} and given & {"start_time", "end_time"}:
        message = "Invalid use of 'since_id' or 'until_id' in conjunction with 'start_time' or 'end_time'."
        raise invalid(message, **{name: asked.params.plain[name] for name in WINDOW[1:5] if name in given})


def _within_a_week(asked: Asked, floor: datetime) -> None:
    for name in ("since_id", "until_id"):
        number = asked.params.number(name)
        if number is not None and number < snowflake(floor):
            message = f"'{name}' must be a tweet id created after {floor:%Y-%m-%dT%H:%MZ}. Please use a"
            raise invalid(f"{message} '{name}' that is larger than {snowflake(floor)}", **{name: str(number)})
    for name in ("start_time", "end_time"):
        time = asked.params.time(name)
        if time and time < floor:
            message = (
                f"Invalid '{name}':'{time:%Y-%m-%dT%H:%MZ}'. '{name}' must be on or after {floor:%Y-%m-%dT%H:%MZ}."
            )
            raise invalid(
                f"{message} Please use a '{name}' within the last 7 days.", **{name: f"{time:%Y-%m-%dT%H:%MZ}"}
            )


@dataclass(frozen=True)
class _Place:
    path: str
    asked: tuple[str | None, ...]
    before: int
    issued: datetime


class Tokens:
    """Page tokens: good for the same question only, and for `lifetime` if one is set."""

    def __init__(self) -> None:
        self.lifetime: timedelta | None = None
        self._places: dict[str, _Place] = {}

    def refuse_all(self) -> None:
        """Know none of the tokens any more that were given out."""
        self._places.clear()

    def issue(self, asked: Asked, before: int) -> str:
        """A token for what comes below the id `before`."""
        place = _Place(asked.path, _question(asked), before, asked.now)
        token = "b26v89c19zqg8o3f" + hashlib.sha256(repr(place).encode()).hexdigest()[:24]
        self._places[token] = place
        return token

    def resume(self, asked: Asked) -> int | None:
        """The id below which to go on; None on a first page. Raises Problem (400) for a token that is no good."""
        given = [name for name in ("next_token", "pagination_token") if name in asked.params.plain]
        if not given:
            return None
        token = asked.params.plain[given[0]]
        place = self._places.get(token)
        if len(given) > 1 or place is None or (place.path, place.asked) != (asked.path, _question(asked)):
            raise invalid(f"Invalid '{given[0]}':'{token}'.", **{given[0]: token})
        if self.lifetime is not None and asked.now - place.issued > self.lifetime:
            raise invalid(f"Invalid '{given[0]}':'{token}'. It has expired.", **{given[0]: token})
        return place.before


def _question(asked: Asked) -> tuple[str | None, ...]:
    return tuple(asked.params.plain.get(name) for name in WINDOW)
