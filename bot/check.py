"""What is connected, missing or wrong, and the fix in a sentence. Nothing is posted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot import channels
from bot.channels import Apprised, NotTold
from bot.core.items import HealthLine, Source
from bot.core.keyevents import NO_MARKS
from bot.networks.base import Network, NetworkFailure, NoAnswer, Unavailable
from bot.settings import EventSettings, Settings
from bot.settings.tables import blog_reader
from bot.store import networks, schema
from bot.store.engine import Store

LITTLE = 500 * 1024 * 1024  # bytes
SKEW = 5.0  # seconds between the database's clock and ours


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. `level` is ok, warn or fail."""

    where: str
    level: str
    what: str
    fix: str = ""


def examine(settings: Settings, store: Store, opened: dict[str, Network]) -> Iterator[Line]:
    """All findings, as they are found."""
    yield from _settings(settings)
    yield from _database(store)
    yield from _alerts(settings)
    for name, network in opened.items():
        yield from _network(store, name, network)
    for event in settings.events:
        reader = blog_reader(event.live_blog, settings.networks.named()) if event.live_blog else ""
        if event.live_blog and reader in opened:
            yield _live_blog(event, reader, opened[reader])


def _settings(settings: Settings) -> Iterator[Line]:
    yield Line("settings", "ok", f"{settings.file} is in order.")
    for sentence in settings.advice:
        yield Line("settings", "warn", sentence)
    named = settings.networks.named()
    if not named:
        yield Line("settings", "fail", "No network is set up.", "Add a [networks.…] table to the settings.")
    for event in settings.events:
        if event.live_blog and not blog_reader(event.live_blog, named):
            fix = "Add [networks.wordpress] for a WordPress site, or [networks.feed] for any other."
            yield Line(event.slug, "warn", "The live blog is not read.", fix)
        if not event.hashtags and any(name != "wordpress" for name in named):
            yield Line(event.slug, "warn", "No hashtag is watched.", "Add hashtags to the event.")
        if event.ends is not None and event.ends < datetime.now(UTC):
            yield Line(event.slug, "warn", "The event is over: updates wait for approval.", "Check `ends`.")


def _alerts(settings: Settings) -> Iterator[Line]:
    addresses = settings.alerts.channels
    if not addresses:
        fix = "Set BACKCHANNEL_ALERTS to where you read messages: see docs/operate.md."
        yield Line("alerts", "warn", "Nobody is told outside the console when a person is needed.", fix)
        return
    try:
        Apprised(addresses)
    except ValueError as failure:
        yield Line("alerts", "fail", str(failure), "See docs/operate.md for the forms of such addresses.")
        return
    count = "1 channel is" if len(addresses) == 1 else f"{len(addresses)} channels are"
    yield Line("alerts", "ok", f"{count} told. `backchannel check --alert-test` sends a message to try them.")


def try_alerts(settings: Settings) -> None:
    """Send a message to where alerts go. Raises NotTold, with where they should go if that is not said."""
    if not settings.alerts.channels:
        raise NotTold("Nothing says where alerts go: set BACKCHANNEL_ALERTS, see docs/operate.md.")
    try:
        channels.try_out(Apprised(settings.alerts.channels))
    except ValueError as failure:
        raise NotTold(str(failure)) from failure


def _live_blog(event: EventSettings, reader: str, network: Network) -> Line:
    """What is found at the address of the live blog now; nothing is stored."""
    source = Source(0, reader, "liveblog", str(event.live_blog), event.timezone)
    try:
        page = network.entries(source, "")
    except (Unavailable, NoAnswer) as failure:  # perhaps it is there tomorrow
        fix = "Run check again once it is published. If this stays, check `live_blog` in the settings."
        return Line(event.slug, "warn", f"The live blog cannot be read now: {failure}", fix)
    except NetworkFailure as failure:
        fix = "Check `live_blog` in the settings."
        return Line(event.slug, "fail", f"The live blog cannot be read: {failure}", fix)
    if not page.entries:
        if page.doubts:
            return Line(event.slug, "warn", f"The live blog: {page.doubts[0]}", "Check `live_blog` in the settings.")
        fix = "If it has begun, check `live_blog` in the settings: what a program in the page loads is not seen."
        return Line(event.slug, "warn", "The live blog: It has no entries yet.", fix)
    last = max(page.entries, key=lambda one: one.at)
    said = last.title or last.text[:60]
    count = "1 entry" if len(page.entries) == 1 else f"{len(page.entries)} entries"
    form = page.form or "a WordPress post"
    if event.announce.only_key_events and not page.marks:
        return Line(event.slug, "warn", f"The live blog is read as {form}: {count}.", NO_MARKS)
    if event.announce.only_key_events:
        count += f", {sum(one.key_event for one in page.entries)} of them key events"
    return Line(event.slug, "ok", f"The live blog is read as {form}: {count}, the latest of {last.time} “{said}”.")


def _database(store: Store) -> Iterator[Line]:
    try:
        with store.read() as tx:
            at, now = schema.current(tx), store.now(tx)
    except SQLAlchemyError as failure:
        cause = str(getattr(failure, "orig", None) or failure).splitlines()[0]
        yield Line("database", "fail", f"It does not answer: {cause}", "Check `database` in the settings.")
        return
    yield Line("database", "ok", f"{store.url.get_backend_name()} answers, at version {at or 'none yet'}.")
    off = abs((datetime.now(UTC) - now).total_seconds())
    if off > SKEW:
        yield Line("database", "warn", f"Its clock is {off:.0f} s off ours.", "Set both clocks by NTP.")
    if store.sqlite and store.url.database:
        free = shutil.disk_usage(Path(store.url.database).resolve().parent).free
        if free < LITTLE:
            yield Line("disk", "warn", f"{free // 2**20} MB are left.", "Make room before the event.")


def _network(store: Store, name: str, network: Network) -> Iterator[Line]:
    try:
        lines = network.check()
    except NetworkFailure as failure:
        lines = [HealthLine("fail", str(failure), "Try again; if it stays, check the address and the credential.")]
    with store.write() as tx:
        networks.set_health(tx, store.now(tx), name, lines)
    for line in lines:
        yield Line(name, line.level, line.what, line.fix)
