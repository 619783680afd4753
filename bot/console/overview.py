"""How things stand: sources, networks, outbox, and what happened last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.console.chart import drawn
from bot.console.view import money, when
from bot.core import calling
from bot.desk import Done
from bot.store import board, figures, health, ledger, reach, spending
from bot.store.reservations import Lost
from bot.store.spending import HOURS, Spending

WISHES: dict[str, Callable[..., Done]] = {"check": desk.wish, "start": desk.start_network}


def index(ask: Ask) -> Response:
    """Tiles, alerts, sources, networks, the outbox and the latest changes."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        event_id, private = frame.event.id, ask.who.may("private")
        values: dict[str, Any] = {
            "sources": board.sources(tx, event_id),
            "outbox": ledger.outbox(tx, event_id),
            "drafts": ledger.drafts(tx, event_id),
            "asking": ledger.asking(tx, event_id, private),
            "late": ledger.late(tx, event_id, now, private),
            "doubts": ledger.doubts(tx, event_id),
            "needing": ledger.needing(tx, event_id),
            "latest": health.latest(tx, event_id, private=private),
            "oldest": health.oldest_waiting(tx, event_id),
            "asked": health.asked(tx, event_id),
            "raised": health.raised(tx, event_id),
            "themes": figures.themes(tx, event_id),
            "looks": figures.first_looks(tx, event_id),
            "too_long": figures.waiting_too_long(tx, now, event_id),
            "asks": figures.asked(tx, now, event_id),
            "poison": health.quarantined(tx, event_id),
            "came": reach.came_in(tx, event_id),
        }
        costs = {one.network: one for one in spending.of_event(tx, now, frame.event)}
    values["call"] = _call(frame.event, values["sources"], frame.networks)
    spend = {name: _spend(one, frame.event.timezone, now) for name, one in costs.items()}
    chart = drawn(values["asks"], frame.event.timezone)
    return ask.show("overview.html", frame=frame, now=now, costs=costs, spend=spend, chart=chart, **values)


def _call(event: Row[Any], sources: Sequence[Row[Any]], networks: Sequence[Row[Any]]) -> dict[str, Any]:
    """The sentences that make questions answerable: for the blog post, and for our profile on each network."""
    read = {one.network for one in sources if one.kind in ("hashtag", "mentions")}
    accounts = {name: row.account for name in calling.SOCIAL for row in networks if row.name == name and name in read}
    tags, comments = event.options.get("hashtags", []), any(one.kind == "comments" for one in sources)
    profiles: dict[str, list[str]] = {}
    for name in accounts:
        if words := calling.for_profile(tags, accounts, name):
            profiles.setdefault(words, []).append(calling.SOCIAL[name])
    return {"blog": calling.for_blog(tags, accounts, comments), "profiles": profiles}


def _spend(one: Spending, tz: str, now: datetime) -> str:
    """What a network costs, in words: spent, kept back, set aside, and where the rate of the last hours leads."""
    of = f" of {money(one.budget)}" if one.budget is not None else ""
    said = [f"Spent {money(one.spent)}{of} this month (UTC)."]
    if one.kept:
        said.append(f"{money(one.kept)} of it is kept for posts.")
    if one.reserved >= 0.0005:
        said.append(f"{money(one.reserved)} is set aside for calls that have not answered.")
    if one.lost.calls:
        said.append(_lost(one.lost))
    if one.per_hour <= 0:
        return " ".join([*said, f"Nothing was spent in the last {HOURS} hours."])
    end = "event" if one.to_event else "month"
    rate = f"At the rate of the last {HOURS} hours, {money(one.per_hour)} an hour,"
    beyond = one.budget is not None and one.forecast > one.budget
    led = f"it {'would come' if beyond else 'comes'} to {money(one.forecast)} by the end of the {end}, "
    held = "; nothing is spent beyond the budget." if beyond else "."
    return " ".join([*said, rate, f"{led}{when(one.until, tz, now)}{held}"])


def _lost(lost: Lost) -> str:
    calls = "1 call" if lost.calls == 1 else f"{lost.calls} calls"
    return f"{money(lost.usd)} of what is spent was counted for {calls} whose answer never came; the bill may be lower."


def wish(ask: Ask) -> Response:
    """Ask a worker for something: check a network, or ask a stopped one again."""
    network = ask.word("ref", 60)
    if ask.action == "start":
        return ask.done(desk.start_network(ask.store, ask.who, network))
    return ask.done(desk.wish(ask.store, ask.who, "check", network))
