"""Answers in writing: back to each asker, where they asked, as far as their network allows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from bot.core.items import Limits
from bot.core.text import answer_text, clean, cost_usd, length, problem
from bot.core.unlinking import as_wanted, note
from bot.desk.outcomes import Ending, columns
from bot.desk.who import GONE, Done, Who, button, words
from bot.store import drafts, events, networks, outbox, questions, reach
from bot.store.engine import Store

IN_WRITING = Ending()


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer to one asker, exactly as it would go out; `problem` says why it cannot.

    `by_hand` is an address where a person may send it all the same, where there is one; `note` says what was changed
    to keep the price low.
    """

    network: str
    item_id: int
    handle: str
    parts: tuple[str, ...]
    length: int
    limit: int
    cost_usd: float
    problem: str = ""
    by_hand: str = ""
    note: str = ""


@button
def preview_answer(store: Store, who: Who, question_id: int, text: str) -> list[Preview]:  # noqa: ARG001 (who may)
    """What each asker would get. Nothing is written."""
    with store.read() as tx:
        return _previews(tx, question_id, clean(text))


def _previews(tx: Connection, question_id: int, text: str) -> list[Preview]:
    limits = networks.limits(tx)
    rows = reach.asking(tx, question_id)
    event_id, taken = questions.event_of(tx, question_id), set[str]()
    links = events.links_of(tx, event_id) if event_id is not None else {}
    return [_preview(tx, row, text, limits, links, taken) for row in rows]


def _wording(tx: Connection, row: Row[Any], text: str, rules: Limits, use: str, taken: set[str]) -> str:
    """The words for one asker. X takes no words twice: who asks after others is named, or their answer is counted."""
    said = answer_text(as_wanted(text, rules, use), row.author_handle, rules)
    if rules.rule != "x" or not row.mentioned:
        return said
    named = [f"{row.author_handle} {said}"] if row.author_handle else []
    for one in (said, *named, *(f"{said} ({number})" for number in range(2, 100))):
        if one not in taken and not outbox.said_before(tx, row.network, one):
            taken.add(one)
            return one
    return said


def _preview(
    tx: Connection, row: Row[Any], text: str, limits: dict[str, Limits], links: Mapping[str, str], taken: set[str]
) -> Preview:
    rules = limits.get(row.network)
    name = row.author_handle or row.author_name
    if rules is None:
        return Preview(row.network, row.id, name, (), 0, 0, 0.0, reach.why_not(tx, row, rules))
    said = _wording(tx, row, text, rules, links.get(row.network, "always"), taken)
    view = Preview(
        row.network,
        row.id,
        name,
        (said,),
        length(said, rules),
        rules.length,
        cost_usd(said, rules),
        problem(said, rules),
        note=note((said,), rules),
    )
    if why := reach.why_not(tx, row, rules):
        by_hand = reach.by_hand(row, rules, why, answer_text(text, row.author_handle, rules))
        return replace(view, problem=why, by_hand=by_hand)
    return view


@button
def answer(
    store: Store,
    who: Who,
    question_id: int,
    text: str,
    networks: Collection[str] | None = None,
    seen: str = "",
    ending: Ending = IN_WRITING,
) -> Done:
    """Write to everybody who asks: the question comes to its end and the replies are queued, or nothing happened."""
    tidy = words(clean(text), "The answer")
    if isinstance(tidy, Done):
        return tidy
    with store.write() as tx:
        now = store.now(tx)
        row = questions.get(tx, question_id)
        if row is None or row.state == "gone":
            return GONE
        views = [one for one in _previews(tx, question_id, tidy) if networks is None or one.network in networks]
        sendable = [one for one in views if not one.problem]
        if not sendable:
            return Done(False, _why_none(views))
        moved = _ended(tx, now, who, row, seen, ending)
        if isinstance(moved, Done):
            return moved
        wordings = [drafts.Wording(one.network, one.parts, item_id=one.item_id, problem=one.problem) for one in views]
        detail = {"as": ending.name, "text": tidy}
        post_id = drafts.add(tx, now, row.event_id, "answer", wordings, who.name, question_id=row.id, detail=detail)
        post = drafts.get(tx, post_id)
        if post is None:
            raise LookupError(f"post {post_id} vanished inside its own transaction")
        drafts.approve(tx, now, who.name, post, post.revision, None)
        waits = " Posting is paused: it goes out when somebody turns it on again." if drafts.paused(tx) else ""
        return Done(True, _sentence(sendable, views) + waits, moved)


def _ended(tx: Connection, now: datetime, who: Who, row: Row[Any], seen: str, ending: Ending) -> int | Done:
    """The change that brought a question to its end, 0 if it was there already; a refusal if it cannot be."""
    values = columns(tx, now, row, ending)
    if isinstance(values, Done):
        return replace(values, sentence=f"{values.sentence} Your words were not sent.")
    state = ending.outcome.state
    moved = questions.move(tx, now, who.name, row.id, state, seen=seen, told=True, **values)
    if moved.change_id:
        return moved.change_id
    if row.state != state or seen not in ("", state):
        by = moved.row.moved_by if moved.row is not None else ""
        return Done(False, f"{by or 'Somebody'} was first. Your words were not sent: look again.")
    if ending.name in ("followup", "declined"):  # what was said aloud stays so, and what is in the room keeps its turn
        questions.change_words(tx, row.id, **values)
    return 0


def _why_none(views: list[Preview]) -> str:
    if not views:
        return "Nobody is left to answer: everyone who asked has deleted the post, or is on a network you left out."
    return f"Not sent. {views[0].problem}"


def _sentence(sendable: list[Preview], views: list[Preview]) -> str:
    people = "1 person" if len(sendable) == 1 else f"{len(sendable)} people"
    left = len(views) - len(sendable)
    return f"Answer on its way to {people}." + (f" {left} cannot be reached: see the question." if left else "")
