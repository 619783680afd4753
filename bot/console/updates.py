"""Updates: what goes out, what went out, and what a person must decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from bot import desk
from bot.console import corrections, photos
from bot.console.appearance import handle
from bot.console.ask import Ask, Missing
from bot.console.previews import previews
from bot.console.state import State, state_of
from bot.console.view import next_clock, plain
from bot.console.writing import instant
from bot.desk import Done
from bot.store import board, drafts, lane, ledger, networks, pictures
from bot.store.ledger import Told

POSTING: dict[str, Callable[..., Done]] = {"pause": desk.pause, "unpause": desk.unpause}
SETTLING: dict[str, Callable[..., Done]] = {"retry": desk.retry, "was-sent": desk.was_sent}
ACTIONS: dict[str, Callable[..., Done]] = {
    "hold": desk.hold,
    "unhold": desk.unhold,
    "approve": desk.approve,
    "withdraw": desk.withdraw,
    "draft": desk.back_to_draft,
    "edit": desk.edit_update,
    "correct": desk.correct,
    "count": desk.count_reactions,
    "photos": desk.choose_photos,
    "at": desk.send_at,
    "fetch": desk.fetch_photos,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the list: the post that speaks for it, and its state."""

    told: Told
    state: State

    @property
    def title(self) -> str:
        """What the list calls it."""
        return title(self.told)

    @property
    def at(self) -> datetime:
        """When it happened at the event: the entry's own time, else when the post was written."""
        at: datetime = self.told.entry.at if self.told.entry is not None else self.told.post.created_at
        return at


def title(told: Told) -> str:
    """The heading of a post: that of its entry, else how it begins."""
    if told.entry is not None:
        return told.entry.title or plain(told.entry.text, 80) or "Entry without text"
    first = next((part for said in told.versions for part in said.parts if part), "")
    return plain(first, 80) or "Post"


def index(ask: Ask) -> Response:
    """The list; beside it, on a wide screen, the update that needs somebody most."""
    return _page(ask, None)


def show(ask: Ask, **more: Any) -> Response:
    """One update."""
    return _page(ask, ask.number("id"), **more)


def _page(ask: Ask, post_id: int | None, **more: Any) -> Response:
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        if frame is None:
            raise Missing
        posts, older = ledger.updates(tx, frame.event.id, ask.query_number("before"))
        turns = drafts.turns(tx, frame.event)
        lines = _lines(posts, lambda told: state_of(told, now, bool(frame.paused), turns))
        chosen = ledger.one(tx, frame.event.id, post_id) if post_id is not None else _first(lines)
        private = ask.who.may("private")
        kept = chosen is not None and not private and lane.touches(tx, "post_id", chosen.post.id, None)
        if (post_id is not None and chosen is None) or kept:
            raise Missing
        limits = networks.limits(tx)
        about = ledger.about_entry(tx, chosen.post.entry_id) if chosen and chosen.post.entry_id else []
        history = board.history(tx, "post", chosen.post.id) if chosen else []
        values: dict[str, Any] = {
            "doubts": ledger.doubts(tx, frame.event.id),
            "needing": ledger.needing(tx, frame.event.id),
        }
        shown = pictures.of_post(tx, chosen.post.id) if chosen else []
        decisions = corrections.decisions(tx, chosen, limits, shown, more.get("decided", {})) if chosen else []
        values["stuck"] = [row for row in ledger.asking(tx, frame.event.id, private) if row.post_kind == "answer"]
    return ask.show(
        "updates.html", frame=frame, now=now, lines=lines, chosen=chosen, detail=post_id is not None,
        state=state_of(chosen, now, bool(frame.paused), turns) if chosen else None, limits=limits, photos=shown,
        previews=previews(chosen, limits, shown) if chosen else [], decisions=decisions,
        heading=title(chosen) if chosen else "", handles={row.name: handle(row) for row in frame.networks},
        others=[one for one in about if chosen and one.post.id != chosen.post.id], history=history,
        older=f"/e/{ask.slug}/updates?before={older}" if older else "",
        **(values | {"edited": {}, "replied": {}, "decided": {}, "problem": "", "described": {}} | more),
    )  # fmt: skip


def _lines(posts: Sequence[Told], judged: Callable[[Told], State]) -> list[Line]:
    """One line for each entry: an open decision speaks for it, else what needs somebody most, else the newest."""
    by_entry: dict[tuple[str, int], Line] = {}
    for told in posts:
        key = ("entry", told.post.entry_id) if told.post.entry_id else ("post", told.post.id)
        line = Line(told, judged(told))
        if key not in by_entry or line.state.rank > by_entry[key].state.rank:
            by_entry[key] = line
    return sorted(by_entry.values(), key=lambda line: (line.at, line.told.post.id), reverse=True)


def _first(lines: Sequence[Line]) -> Told | None:
    return max(lines, key=lambda line: line.state.rank).told if lines else None


def act(ask: Ask) -> Response:
    """One button of an update: one call to the desk."""
    action, post_id = str(ask.request.path_params["action"]), ask.number("id")
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None or ledger.one(tx, frame.event.id, post_id) is None:
            raise Missing
    done = _done(ask, action, post_id, ask.form_number("revision"), frame.event.timezone)
    typed = action in ("edit", "correct") or bool(ask.fields("alt."))
    if typed and not done.ok and not ask.wants_json:
        more = {"edited": ask.fields("text."), "replied": ask.fields("reply."), "decided": ask.fields("do.")}
        return show(ask, problem=done.sentence, described=ask.fields("alt."), **more)
    return ask.done(done, to=f"/e/{ask.slug}/updates/{post_id}")


def _done(ask: Ask, action: str, post_id: int, revision: int, timezone: str) -> Done:
    store, who = ask.store, ask.who
    if action == "hold":
        return desk.hold(store, who, post_id)
    if action == "unhold":
        return desk.unhold(store, who, post_id)
    if action == "approve":
        return desk.approve(store, who, post_id, revision, set(ask.words("network")), photos.choices(ask))
    if action == "withdraw":
        return desk.withdraw(store, who, post_id, revision)
    if action == "draft":
        return desk.back_to_draft(store, who, post_id)
    if action == "edit":
        return desk.edit_update(store, who, post_id, revision, ask.fields("text."))
    if action == "correct":
        choices, texts, replies = ask.fields("do."), ask.fields("text."), ask.fields("reply.")
        return desk.correct(store, who, post_id, revision, choices, texts, photos.choices(ask), replies)
    if action == "count":
        return desk.count_reactions(store, who, post_id, ask.word("network", 40))
    if action == "at":
        if (at := instant(ask.word("at", 20), timezone)) is None:
            return Done(False, "Say a day and a time, such as 14 July, 9:30. Nothing was changed.")
        return desk.send_at(store, who, post_id, revision, at, set(ask.words("network")), photos.choices(ask))
    if action == "photos":
        return desk.choose_photos(store, who, post_id, revision, photos.choices(ask))
    if action == "fetch":
        return desk.fetch_photos(store, who, post_id)
    raise Missing


def settle(ask: Ask) -> Response:
    """What is to become of a delivery that asks, or was refused. Facilitators settle those of answers."""
    action, delivery_id = str(ask.request.path_params["action"]), ask.number("id")
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        row = ledger.delivery_of(tx, frame.event.id, delivery_id) if frame else None
    if row is None:
        raise Missing
    if action == "retry":
        said = ask.word("at", 5)
        at = next_clock(said, now, frame.event.timezone) if frame and said else None
        if said and at is None:
            return ask.done(Done(False, "Say at what time to try again, such as 15:45. Nothing was changed."))
        return ask.done(desk.retry(ask.store, ask.who, delivery_id, at))
    if action == "was-sent":
        choice = ask.word("choice", 10)
        return ask.done(desk.was_sent(ask.store, ask.who, delivery_id, choice, ask.word("url", 2000)))
    raise Missing


def doubt(ask: Ask) -> Response:
    """Decide what the live blog left unclear."""
    doubt_id = ask.number("id")
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        if frame is None or doubt_id not in {row.id for row in ledger.doubts(tx, frame.event.id)}:
            raise Missing
    return ask.done(desk.settle_doubt(ask.store, ask.who, doubt_id, ask.word("choice", 10)))


def posting(ask: Ask) -> Response:
    """The switch that stops everything."""
    turn = POSTING.get(str(ask.request.path_params["action"]))
    if turn is None:
        raise Missing
    return ask.done(turn(ask.store, ask.who))
