"""A post that a person writes: the page where it begins, the time at which it goes out, its photos."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from starlette.datastructures import UploadFile
from starlette.responses import Response

from bot import desk, report
from bot.console.ask import Ask, Missing
from bot.console.view import zone
from bot.desk import Done
from bot.store import board, events, ledger, networks


def form(ask: Ask, text: str = "", chosen: frozenset[str] | None = None, problem: str = "") -> Response:
    """An empty post, one that tells of a question, or one that could not be kept, with the reason."""
    about = ask.form_number("question") or ask.query_number("question")
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        limits = networks.limits(tx)
        text = text or (report.retold(tx, frame.event.id, about) if about else "")
        names = [name for name in events.announced_on(tx, frame.event.id) if name in limits]
    tags = frame.event.options.get("hashtags", [])
    ticked = frozenset(names) if chosen is None else chosen
    return ask.page(
        "newpost.html", names=names, limits=limits, text=text, ticked=ticked, problem=problem, tags=tags[:1],
        key=secrets.token_hex(16), about=about,
    )  # fmt: skip


def write(ask: Ask) -> Response:
    """Make a draft of it."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
    text, chosen = ask.word("text", 10_000), frozenset(ask.words("network"))
    about = ask.form_number("question")
    made = desk.write_post(ask.store, ask.who, frame.event.id, text, chosen, ask.word("key", 64), about)
    if not made.done.ok and not ask.wants_json:
        return form(ask, text, chosen, made.done.sentence)
    return ask.done(made.done, to=f"/e/{ask.slug}/updates/{made.post_id}")


def instant(word: str, timezone: str) -> datetime | None:
    """The instant of a field for day and time, as the clock of the event shows it; None for anything else."""
    try:
        there = datetime.strptime(word.strip()[:16], "%Y-%m-%dT%H:%M").replace(tzinfo=zone(timezone))
    except ValueError:
        return None
    return there.astimezone(UTC)


def add_photo(ask: Ask) -> Response:
    """A photo from the person's own device."""
    post_id, brought = ask.number("id"), ask.form.get("photo")
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None or ledger.one(tx, frame.event.id, post_id) is None:
            raise Missing
    content = brought.file.read(desk.MOST_BYTES + 1) if isinstance(brought, UploadFile) else b""
    revision, to = ask.form_number("revision"), f"/e/{ask.slug}/updates/{post_id}"
    done: Done = desk.add_photo(ask.store, ask.who, post_id, revision, content, ask.word("alt", 5000))
    return ask.done(done, to=to)
