"""The page of one question, and its buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Row
from starlette.responses import Response

from bot import desk
from bot.console.ask import Ask, Missing
from bot.core.lanes import OPEN, PRIVATE, reasons, set_reply
from bot.desk import Done, Preview, Who
from bot.store import board, ledger, reach, screens, search
from bot.store.engine import Store

Move = Callable[..., Done]
MOVES: dict[str, Move] = {
    "to-room": desk.to_room,
    "park": desk.park,
    "dismiss": desk.dismiss,
    "wait": desk.wait,
    "answered": desk.answered,
    "decline": desk.decline,
    "dealt-with": desk.dealt_with,
}
TABLES = [f"Table {number}" for number in range(1, 9)]
MOST_ANSWER = 10_000  # characters
SHOWN = 20  # of those who ask one question


def show(ask: Ask, **more: Any) -> Response:
    """One question with everything that belongs to it. `more` replaces values, as a preview does."""
    with ask.store.read() as tx:
        now = ask.store.now(tx)
        frame = board.frame(tx, ask.slug)
        card = board.one(tx, now, frame.event.id, ask.number("id")) if frame else None
        if frame is None or card is None or not in_sight(ask, card.row):
            raise Missing
        row, private = card.row, ask.who.may("private")
        values: dict[str, Any] = {
            "card": card,
            "contexts": {i.id: board.in_context(tx, i, private) for i in card.items},
            "notes": board.notes(tx, row.id),
            "history": board.history(tx, "question", row.id),
            "similar": search.alike(tx, row),
            "others": _others(ask, tx, row),
            "theirs": {i.id: board.of_author(tx, row.event_id, i) for i in card.items[:SHOWN]},
            "answers": ledger.told(tx, board.answers(tx, row.id)),
            "into": board.one(tx, now, frame.event.id, row.merged_into) if row.merged_into else None,
            "needing": ledger.needing(tx, frame.event.id),
            "unreached": reach.unreached(tx, row.id),
            "askers": len(reach.asking(tx, row.id)),
            "on_screen": screens.standing(tx, now, row.event_id).where(row.id) if row.state == "room" else "",
        }
    values["others"] = [one for one in values["others"] if one.id not in {other.id for other, _ in values["similar"]}]
    raised = {flag for one in card.items for flag in one.flags}
    values |= {
        "BY_HAND": desk.BY_HAND,
        "by_hand": [one for one in row.flags if one in desk.BY_HAND and one not in raised],
    }
    values |= {"find": ask.query("find"), "hands": [ask.who.name, *TABLES]}
    said = set_reply(card.row.flags, frame.event.options.get("contact_routes") or "") if row.lane == PRIVATE else ""
    values |= {"text": said, "previews": None, "opened": False, "problem": "", "wording": "", "unworded": ""}
    values |= {"reasons": reasons, "ending": desk.Ending()} | more
    return ask.show("question.html", frame=frame, now=now, **values)


def _others(ask: Ask, tx: Connection, row: Row[Any]) -> list[Row[Any]]:
    """Open questions to put together with this one: what was searched for, else those of its theme."""
    found = ask.query("find")
    others = search.open_questions(tx, row.event_id, found) if found else board.similar(tx, row)
    return [one for one in others if one.id != row.id]


def act(ask: Ask) -> Response:
    """One button of a question: one call to the desk."""
    action, question_id = str(ask.request.path_params["action"]), ask.number("id")
    _of_this_event(ask, question_id)
    store, who, seen = ask.store, ask.who, ask.word("seen", 12)
    if action in MOVES:
        return ask.done(MOVES[action](store, who, question_id, seen=seen), undo=True)
    if action == "preview":
        return _preview(ask, question_id)
    if action == "answer":
        return _answer(ask, question_id, seen)
    if action == "reword":
        return _reword(ask, question_id)
    if action == "show-hidden":
        done = desk.show_hidden(store, who, question_id)
        return show(ask, opened=True) if done.ok else ask.done(done)
    if action == "merge":
        return ask.done(desk.merge(store, who, question_id, ask.form_number("into")), undo=True)
    if action in BESIDE:
        return ask.done(BESIDE[action](store, who, question_id, ask), undo=action == "follow-up")
    raise Missing


BESIDE: dict[str, Callable[[Store, Who, int, Ask], Done]] = {
    "claim": lambda store, who, question_id, _ask: desk.claim(store, who, question_id),
    "release": lambda store, who, question_id, _ask: desk.release(store, who, question_id),
    "flag": lambda store, who, question_id, ask: desk.set_flag(
        store, who, question_id, ask.word("flag", 40), not ask.word("off", 1)
    ),
    "theme": lambda store, who, question_id, ask: desk.set_theme(store, who, question_id, ask.word("theme", 80)),
    "up": lambda store, who, question_id, _ask: desk.earlier(store, who, question_id),
    "down": lambda store, who, question_id, _ask: desk.later(store, who, question_id),
    "follow-up": lambda store, who, question_id, ask: desk.follow_up(
        store, who, question_id, ask.word("seen", 12), ask.given("owner"), ask.given("day")
    ),
    "hand": lambda store, who, question_id, ask: desk.hand_over(store, who, question_id, ask.word("to", 200)),
    "private": lambda store, who, question_id, _ask: desk.keep_private(store, who, question_id),
    "to-questions": lambda store, who, question_id, _ask: desk.put_among_questions(store, who, question_id),
    "to-thoughts": lambda store, who, question_id, _ask: desk.put_among_thoughts(store, who, question_id),
    "split": lambda store, who, question_id, ask: desk.split_off(store, who, question_id, ask.form_number("item")),
    "note": lambda store, who, question_id, ask: desk.add_note(store, who, question_id, ask.word("text")),
}


ACTIONS: dict[str, Callable[..., object]] = MOVES | {
    "preview": desk.preview_answer,
    "answer": desk.answer,
    "reword": desk.reword,
    "show-hidden": desk.show_hidden,
    "merge": desk.merge,
    "claim": desk.claim,
    "release": desk.release,
    "theme": desk.set_theme,
    "flag": desk.set_flag,
    "note": desk.add_note,
    "follow-up": desk.follow_up,
    "up": desk.earlier,
    "down": desk.later,
    "hand": desk.hand_over,
    "split": desk.split_off,
    "private": desk.keep_private,
    "to-questions": desk.put_among_questions,
    "to-thoughts": desk.put_among_thoughts,
    "dealt-with": desk.dealt_with,
}


def _of_this_event(ask: Ask, question_id: int) -> None:
    """A question of another event is not reached through this one's address."""
    with ask.store.read() as tx:
        frame = board.frame(tx, ask.slug)
        card = board.one(tx, ask.store.now(tx), frame.event.id, question_id) if frame else None
        if card is None or not in_sight(ask, card.row):
            raise Missing


def in_sight(ask: Ask, row: Row[Any]) -> bool:
    """Whether they may see that question: what is private is for event leads."""
    return row.lane == OPEN or ask.who.may("private")


def _preview(ask: Ask, question_id: int) -> Response:
    text = ask.word("text", MOST_ANSWER)
    previews: list[Preview] = desk.preview_answer(ask.store, ask.who, question_id, text) if text.strip() else []
    if ask.partial:
        return ask.show("preview.html", previews=previews, text=text)
    return show(ask, text=text, previews=previews, ending=_ending(ask))


def _reword(ask: Ask, question_id: int) -> Response:
    wording = ask.word("wording")
    done = desk.reword(ask.store, ask.who, question_id, wording)
    if done.ok or ask.wants_json:
        return ask.done(done)
    return show(ask, wording=wording, unworded=done.sentence)


def _answer(ask: Ask, question_id: int, seen: str) -> Response:
    text = ask.word("text", MOST_ANSWER + 1)
    networks = set(ask.words("network")) if ask.word("chosen") else None
    ending = _ending(ask)
    done = desk.answer(ask.store, ask.who, question_id, text, networks, seen, ending)
    if done.ok or ask.wants_json:
        return ask.done(done, undo=False)
    previews = desk.preview_answer(ask.store, ask.who, question_id, text) if text.strip() else []
    return show(ask, text=text, previews=previews, problem=done.sentence, ending=ending)


def _ending(ask: Ask) -> desk.Ending:
    """What the form says becomes of the question."""
    return desk.Ending(ask.word("ending", 20) or "writing", ask.given("owner"), ask.given("day"))


def undo(ask: Ask) -> Response:
    """Take the last move back."""
    return ask.done(desk.undo(ask.store, ask.who, ask.number("change")))
