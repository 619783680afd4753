"""From settings to rows: which networks are opened, which sources are read, for which events."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.limits import default_limits
from bot.core.states import Timing
from bot.networks import NETWORKS, open_network
from bot.networks.base import Network, Now, Options
from bot.settings import EventSettings, NetworkSettings, Settings
from bot.settings.tables import blog_reader
from bot.store import events, networks
from bot.store.engine import Store
from bot.store.events import EventPlan, SourcePlan

SOCIAL = ("x", "mastodon", "bluesky")


class NotPossible(Exception):
    """The settings ask for something that cannot be done; its text is one sentence with the fix."""


def timing(settings: Settings) -> Timing:
    """The time limits of the work."""
    engine = settings.engine
    looks = tuple(engine.look_again_seconds * (number + 1) for number in range(engine.unsure_looks))
    return Timing(_seconds(engine.deadline_seconds), _seconds(engine.lease_seconds), looks)


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def lay_out(tx: Connection, now: datetime, settings: Settings) -> None:
    """Make the rows of networks, events and sources say what the settings say; several programs may begin at once."""
    events.take_turn(tx)
    named = settings.networks.named()
    for name, one in named.items():
        budget = getattr(one, "monthly_budget_usd", None)
        kept = getattr(one, "reserve_for_posts_usd", 0.0)
        networks.ensure(tx, name, default_limits(name), account=one.account, budget_usd=budget, kept_usd=kept)
    plans = [_event(one, named, now) for one in settings.events]
    events.sync(tx, now, plans, _mentions(settings, named, now))


def _event(one: EventSettings, named: Mapping[str, NetworkSettings], now: datetime) -> EventPlan:
    options = one.model_dump(mode="json")
    wanted = one.announce.networks if one.announce.networks is not None else SOCIAL
    options["announce"]["networks"] = [name for name in wanted if name in named]
    return EventPlan(
        slug=one.slug, name=one.name, timezone=one.timezone, starts=one.starts, ends=one.ends,
        retention_days=one.retention_days, options=options, sources=tuple(_sources(one, named, now)),
    )  # fmt: skip


def _sources(one: EventSettings, named: Mapping[str, NetworkSettings], now: datetime) -> list[SourcePlan]:
    since, every = one.since(now), one.poll_seconds
    swept = [name for name in SOCIAL if name in named and getattr(named[name], "read", "all") == "all"]
    found = [SourcePlan(name, "hashtag", tag, every, since) for name in swept for tag in one.hashtags]
    reader = blog_reader(one.live_blog, named) if one.live_blog else ""
    if one.live_blog and reader:
        found.append(SourcePlan(reader, "liveblog", one.live_blog, every, since))
        if one.comments and reader == "wordpress":
            found.append(SourcePlan("wordpress", "comments", one.live_blog, every, since))
    return found


def _mentions(settings: Settings, named: Mapping[str, NetworkSettings], now: datetime) -> list[SourcePlan]:
    """One source per account, shared by all events."""
    every = min((one.poll_seconds for one in settings.events), default=30.0)
    return [
        SourcePlan(name, "mentions", named[name].account or "me", every, settings.events[0].since(now))
        for name in SOCIAL
        if name in named
    ]


def open_networks(settings: Settings, store: Store) -> dict[str, Network]:
    """Every network of the settings, ready to be asked. Raises NotPossible for one without an adapter."""
    return {name: _open(name, one, settings, store) for name, one in settings.networks.named().items()}


def _open(name: str, one: NetworkSettings, settings: Settings, store: Store) -> Network:
    if name not in NETWORKS and not one.stand_in:
        raise NotPossible(
            f"[networks.{name}]: this version cannot talk to {name} yet. Take the table out, or set "
            f'api_url = "rehearsal:var/rehearsal/remote.db" to have it played.'
        )
    options = Options(
        one.api_url, one.account, one.secrets(), {**one.extra(), "name": name}, settings.engine.deadline_seconds
    )
    return open_network(name, options, networks.RowMemory(store, name), _clock(store))


def _clock(store: Store) -> Now:
    def now() -> datetime:
        with store.read() as tx:
            return store.now(tx)

    return now
