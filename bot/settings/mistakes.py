"""What can be wrong with settings, as sentences: one mistake for every key, each with its fix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from bot.settings.forms import STAND_IN, aware, shown, zone
from bot.settings.tables import Networks, NetworkSettings, Settings

EXAMPLE = "config/backchannel.example.toml"
_QUIET = ("database", "password", "secret", "token", "key")  # values that are never repeated on a screen

_TYPES = {
    "string_type": ("is not a text.", "Put it in quotes."),
    "int_type": ("is not a whole number.", "Write digits alone, without quotes."),
    "int_from_float": ("is not a whole number.", "Write digits alone, without quotes."),
    "float_type": ("is not a number.", "Write digits, with a point if you need one, without quotes."),
    "finite_number": ("is not a number.", "Write digits, with a point if you need one, without quotes."),
    "bool_type": ("is neither true nor false.", "Write true or false, without quotes."),
    "tuple_type": ("is not a list.", "Put the values in brackets: [ ... ]."),
    "dict_type": ("is not a table.", "Write a table: { key = value }."),
    "model_type": ("is not a table.", "Write it as a table: [name] and below it one key a line."),
    "datetime_type": ("is not a time.", "Write it without quotes, such as 2017-07-12T12:00:00+01:00."),
}
_BOUNDS = {
    "greater_than": ("is too small.", "Write more than {gt}."),
    "greater_than_equal": ("is too small.", "Write {ge} or more."),
    "less_than_equal": ("is too large.", "Write {le} or less."),
    "literal_error": ("is not known here.", "Write {expected}."),
}


class Mistake(NamedTuple):
    """One thing that is wrong: in which file, at which key (``events[0].timezone``), and how to put it right."""

    file: str
    key: str
    wrong: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.wrong} {self.fix}"


class SettingsError(Exception):
    """The settings cannot be used. `mistakes` holds all that is wrong; the text prints them, one a line."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


def of_fields(file: str, errors: list[ErrorDetails]) -> Iterator[Mistake]:
    """What the types of the tables say: at most one mistake for each key."""
    told: set[str] = set()
    for error in errors:
        place = _place(error["loc"])
        key = dotted(place)
        if key not in told:
            told.add(key)
            yield Mistake(file, key, *_sentences(error, place))


def dotted(place: tuple[str | int, ...]) -> str:
    """``("events", 0, "slug")`` as ``events[0].slug``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")


def _place(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    place: list[str | int] = []
    for part in loc:
        if place and place[-1] == "first_read":
            break  # pydantic adds the branch of a union here
        place.append(part)
    return tuple(place)


def _sentences(error: ErrorDetails, place: tuple[str | int, ...]) -> tuple[str, str]:
    kind, ctx, name = error["type"], error.get("ctx", {}), str(place[-1])
    if kind == "wrong":
        return ctx["wrong"], ctx["fix"]
    if kind == "missing":
        return "is missing.", f"Add it; {EXAMPLE} shows how."
    if kind == "extra_forbidden":
        return _unknown(place)
    if name == "events":
        return "has no event.", "Write each event as a table that begins with [[events]]."
    if name == "first_read":
        return f"{shown(error['input'])} is not known here.", 'Write "now", "all", a time, or a number of minutes.'
    said = "" if any(word in dotted(place).lower() for word in _QUIET) else f"{shown(error['input'])} "
    wrong, fix = (_TYPES | _BOUNDS).get(kind, (f"cannot be used: {error['msg']}.", f"See {EXAMPLE}."))
    return said + wrong, fix.format(**ctx)


def _unknown(place: tuple[str | int, ...]) -> tuple[str, str]:
    name, table = str(place[-1]), _table(place)
    if secret := next((s for s in _secrets(table) if s.lower().endswith(name.lower())), None):
        fix = f"Take it out, and put {secret} in the environment, or in the .env file beside this file."
        return "is a secret, and this file is no place for one.", fix
    known = list(table.model_fields) if table else []
    if near := get_close_matches(name.lower(), known, n=1, cutoff=0.6):
        return "is not a setting.", f"Did you mean {near[0]}?"
    return "is not a setting.", f"Take it out. Known here: {', '.join(known)}."


def _secrets(table: type[BaseModel] | None) -> tuple[str, ...]:
    return table.SECRETS if table is not None and issubclass(table, NetworkSettings) else ()


def _table(place: tuple[str | int, ...]) -> type[BaseModel] | None:
    table: type[BaseModel] | None = Settings
    for part in place[:-1]:
        if isinstance(part, str) and table is not None:
            field = table.model_fields.get(part)
            table = _model(field.annotation) if field else None
    return table


def _model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model(inner))), None)


# ---- what only two keys together, or a key and the environment, can tell


def across(file: str, raw: Mapping[str, Any], given: Mapping[str, str]) -> Iterator[Mistake]:
    """What no key tells alone. `raw` may be wrong in any way; `given` holds the secrets at hand."""
    networks = _of(raw, "networks")
    yield from _engine(file, _of(raw, "engine"))
    for name, field in Networks.model_fields.items():
        model = _model(field.annotation)
        if name in networks and model is not None and issubclass(model, NetworkSettings):
            yield from _network(file, name, model, _of(networks, name), given)
    events = raw.get("events")
    slugs: dict[object, int] = {}
    blogs: dict[object, int] = {}
    for n, event in enumerate(events if isinstance(events, list) else []):
        if isinstance(event, dict):
            yield from _event(file, f"events[{n}]", event, networks)
            slug = event.get("slug")
            if isinstance(slug, str) and slugs.setdefault(slug, n) != n:
                wrong = f"{shown(slug)} is the slug of events[{slugs[slug]}] too."
                yield Mistake(file, f"events[{n}].slug", wrong, "Give each event its own.")
            blog = event.get("live_blog")
            announces = _of(event, "announce").get("networks") != []
            if isinstance(blog, str) and announces and blogs.setdefault(blog, n) != n:
                wrong = f"is the live blog of events[{blogs[blog]}] too: every entry would be posted twice."
                fix = "Name it once, or set announce = { networks = [] } for one of the two."
                yield Mistake(file, f"events[{n}].live_blog", wrong, fix)


def _of(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key)
    return value if isinstance(value, dict) else {}


def _number(table: Mapping[str, Any], key: str, model: type[BaseModel]) -> float | None:
    value = table.get(key, model.model_fields[key].default)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _engine(file: str, engine: Mapping[str, Any]) -> Iterator[Mistake]:
    model = _model(Settings.model_fields["engine"].annotation)
    assert model is not None
    lease, deadline = _number(engine, "lease_seconds", model), _number(engine, "deadline_seconds", model)
    if lease is not None and deadline is not None and lease < 2 * deadline:
        wrong = f"{lease:g} is less than twice deadline_seconds ({deadline:g}): work could be taken away mid-call."
        yield Mistake(file, "engine.lease_seconds", wrong, f"Write {2 * deadline:g} or more.")


def _network(
    file: str, name: str, model: type[NetworkSettings], table: Mapping[str, Any], given: Mapping[str, str]
) -> Iterator[Mistake]:
    key = f"networks.{name}"
    if "monthly_budget_usd" in model.model_fields:
        budget, reserve = (_number(table, part, model) for part in ("monthly_budget_usd", "reserve_for_posts_usd"))
        if budget is not None and reserve is not None and reserve > budget:
            wrong = f"{reserve:g} is more than the budget of {budget:g}, so nothing would ever be read."
            yield Mistake(file, f"{key}.reserve_for_posts_usd", wrong, f"Write {budget:g} or less.")
    if str(table.get("api_url", "")).startswith(STAND_IN):
        return
    for need in model.NEEDS:
        if need not in table:
            yield Mistake(file, f"{key}.{need}", "is missing.", f"Add it; {EXAMPLE} shows how.")
    for secret in model.SECRETS:
        if not given.get(secret, "").strip():
            wrong, fix = f"is not set, and networks.{name} needs it.", "Set it, or put it in the .env file beside "
            yield Mistake("environment", secret, wrong, f"{fix}{file}, or take [networks.{name}] out.")


def _event(file: str, key: str, event: Mapping[str, Any], networks: Mapping[str, Any]) -> Iterator[Mistake]:
    starts, ends = _instant(event, "starts"), _instant(event, "ends")
    if starts and ends and ends <= starts:
        yield Mistake(file, f"{key}.ends", "is not after starts.", "Put the later time in ends.")
    if event.get("comments") is True and "live_blog" not in event:
        yield Mistake(file, f"{key}.comments", "has no live_blog to read them under.", "Add live_blog, or write false.")
    if "live_blog" in event and not {"wordpress", "feed"} & set(networks):
        fix = "Add [networks.wordpress], or [networks.feed] for a feed."
        yield Mistake(file, f"{key}.live_blog", "has no network that reads it.", fix)
    posters = _of(event, "announce").get("networks")
    for poster in posters if isinstance(posters, list) else []:
        if poster in ("x", "mastodon", "bluesky") and poster not in networks:
            wrong, fix = f"names {poster}, which is not connected.", f"Add [networks.{poster}], or take it out."
            yield Mistake(file, f"{key}.announce.networks", wrong, fix)


def _instant(event: Mapping[str, Any], key: str) -> datetime | None:
    value = aware(event.get(key), zone(event.get("timezone")))
    return value if isinstance(value, datetime) else None
