"""What the pages of the console read: the frame around every page, questions, thoughts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Select, func, select, union_all

from bot.core import consent
from bot.core.lanes import OPEN, PRIVATE
from bot.core.states import QUESTION
from bot.store.tables import change, event, item, network, note, person, placement, post, question, source, switch

NEWEST = 100  # open questions of each state that another one is compared with
COUNTED = 1000  # a count of questions or thoughts above it means "more than that"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of one event."""

    event: Row[Any]
    counts: dict[str, int]  # questions by state, each at most COUNTED + 1
    thoughts: int  # at most COUNTED + 1
    paused: Row[Any] | None  # the switch, while posting is paused
    networks: Sequence[Row[Any]]
    latest: int  # id of the newest change
    private: int = 0  # what waits in the private lane: for event leads alone


@dataclass(frozen=True, slots=True)
class Card:
    """One question as the list shows it. `first` is the oldest item that asks it."""

    row: Row[Any]
    items: tuple[Row[Any], ...]
    reader: str = ""  # who is reading it now

    @property
    def first(self) -> Row[Any] | None:
        """The item that asked first."""
        return self.items[0] if self.items else None

    @property
    def marks(self) -> frozenset[str]:
        """What those ask for whose words the question has (`core.consent.Mark`)."""
        return consent.marks_of_words(self.row.text, [(i.text, i.marks) for i in self.items])

    @property
    def unworded(self) -> bool:
        """Whether a person has to word it for the room first."""
        return not self.row.wording and bool(self.row.flags or not consent.may_be_shown(self.marks))

    @property
    def people(self) -> int:
        """How many different accounts ask it."""
        return len({(i.network, i.author_id or i.native_id) for i in self.items})

    @property
    def networks(self) -> tuple[str, ...]:
        """Where it was asked, each network once."""
        return tuple(dict.fromkeys(i.network for i in self.items))


def pairs(rows: Iterable[Any]) -> dict[Any, Any]:
    """Rows of two columns as a mapping."""
    return {row[0]: row[1] for row in rows}


def events(tx: Connection) -> Sequence[Row[Any]]:
    """The events that are worked on, the one that starts last first."""
    return tx.execute(select(event).where(event.c.active).order_by(event.c.starts.desc(), event.c.id)).all()


def frame(tx: Connection, slug: str) -> Frame | None:
    """What stands around every page of that event; None if there is no such event."""
    this = next((e for e in events(tx) if e.slug == slug), None)
    if this is None:
        return None
    offers = select(placement.c.id).where(*_open_thoughts(this.id)).join_from(placement, item)
    paused = tx.execute(select(switch).where(switch.c.paused)).first()
    networks = tx.execute(select(network).order_by(network.c.name)).all()
    latest = tx.execute(select(func.coalesce(func.max(change.c.id), 0))).scalar_one()
    thoughts = tx.execute(select(_at_most(offers))).scalar_one()
    private = tx.execute(select(_at_most(_private(this.id)))).scalar_one()
    return Frame(this, _by_state(tx, this.id), thoughts, paused, networks, latest, private)


def _by_state(tx: Connection, event_id: int) -> dict[str, int]:
    of_event = select(question.c.id).where(question.c.event_id == event_id, question.c.lane == OPEN)
    each = [_at_most(of_event.where(question.c.state == state)) for state in QUESTION]
    found = tx.execute(select(*each)).one()
    return {state: n for state, n in zip(QUESTION, found, strict=True) if n}


def _private(event_id: int) -> Select[Any]:
    waits = (question.c.event_id == event_id, question.c.state == "waiting", question.c.lane == PRIVATE)
    return select(question.c.id).where(*waits)


def _at_most(rows: Select[Any]) -> ScalarSelect[Any]:
    """How many rows there are, without counting on beyond COUNTED."""
    return select(func.count()).select_from(rows.limit(COUNTED + 1).subquery()).scalar_subquery()


def cards(tx: Connection, now: datetime, rows: Sequence[Row[Any]]) -> list[Card]:
    """Questions with who asks them and who is reading them."""
    asking = askers(tx, [row.id for row in rows])
    claims = [row.claimed_by for row in rows if row.claimed_by and row.claimed_until > now]
    names = pairs(tx.execute(select(person.c.id, person.c.name).where(person.c.id.in_(claims))).all())
    return [
        Card(row, tuple(asking.get(row.id, ())), names.get(row.claimed_by, "") if row.claimed_until > now else "")
        for row in rows
    ]


def one(tx: Connection, now: datetime, event_id: int, question_id: int) -> Card | None:
    """One question of that event, or None."""
    found = tx.execute(select(question).where(question.c.id == question_id, question.c.event_id == event_id)).all()
    return cards(tx, now, found)[0] if found else None


def askers(tx: Connection, question_ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """The items that ask each question, the oldest first."""
    asked: dict[int, list[Row[Any]]] = {}
    rows = (
        select(placement.c.question_id, *item.c)
        .join(item, item.c.id == placement.c.item_id)
        .where(placement.c.question_id.in_(list(question_ids)))
        .order_by(func.coalesce(item.c.written_at, item.c.seen_at), item.c.id)
    )
    for row in tx.execute(rows):
        asked.setdefault(row.question_id, []).append(row)
    return asked


def in_context(tx: Connection, row: Row[Any], private: bool = False) -> Row[Any] | None:
    """What an item replies to, if we have read it, and if it is not `private` or they may see that."""
    if not row.parent_id:
        return None
    above = select(item).where(item.c.network == row.network, item.c.native_id == row.parent_id)
    hidden = select(placement.c.id).where(placement.c.item_id == item.c.id, placement.c.lane == PRIVATE)
    return tx.execute(above if private else above.where(~hidden.exists())).one_or_none()


def notes(tx: Connection, question_id: int) -> Sequence[Row[Any]]:
    """What the team noted beside a question, oldest first."""
    return tx.execute(select(note).where(note.c.question_id == question_id).order_by(note.c.id)).all()


def history(tx: Connection, kind: str, ref: int) -> Sequence[Row[Any]]:
    """What happened to one thing, newest first, at most 100."""
    of_it = select(change).where(change.c.kind == kind, change.c.ref == ref)
    return tx.execute(of_it.order_by(change.c.id.desc()).limit(100)).all()


def similar(tx: Connection, row: Row[Any], n: int = 6) -> Sequence[Row[Any]]:
    """Other open questions that might be put together with this one: of the newest, those of its theme first."""
    newest = [
        select(question.c.id)
        .where(question.c.event_id == row.event_id, question.c.state == state, question.c.lane == OPEN)
        .order_by(question.c.asked_at.desc(), question.c.id.desc())
        .limit(NEWEST)
        .subquery()
        for state in ("waiting", "room", "parked")
    ]
    open_ones = union_all(*(select(one.c.id) for one in newest)).subquery()
    others = (
        select(*question.c)
        .where(question.c.id.in_(select(open_ones.c.id)), question.c.id != row.id)
        .order_by((question.c.theme == row.theme).desc(), question.c.asked_at.desc(), question.c.id.desc())
    )
    return tx.execute(others.limit(n)).all()


def of_author(tx: Connection, event_id: int, row: Row[Any]) -> dict[str, int]:
    """How many questions of an event the author of an item asks, by state; {} if the network does not say who it is."""
    if not row.author_id:
        return {}
    wrote = select(item.c.id).where(item.c.network == row.network, item.c.author_id == row.author_id)
    asks = select(placement.c.question_id).where(placement.c.event_id == event_id, placement.c.item_id.in_(wrote))
    states = select(question.c.state, func.count()).where(question.c.id.in_(asks))
    return pairs(tx.execute(states.group_by(question.c.state)).all())


def answers(tx: Connection, question_id: int) -> Sequence[Row[Any]]:
    """The answers that were written to a question, newest first."""
    of_it = select(post).where(post.c.question_id == question_id, post.c.kind == "answer")
    return tx.execute(of_it.order_by(post.c.id.desc())).all()


def theme_counts(tx: Connection, event_id: int) -> dict[str, int]:
    """How many thoughts there are under each theme."""
    per = select(placement.c.theme, func.count()).join(item, item.c.id == placement.c.item_id)
    return pairs(tx.execute(per.where(*_open_thoughts(event_id)).group_by(placement.c.theme)).all())


def thoughts(
    tx: Connection, event_id: int, theme: str | None = None, before: int = 0, n: int = 100
) -> tuple[Sequence[Row[Any]], int]:
    """Thoughts, newest first, and where the next page begins (0 at the end). `theme` None asks for all."""
    rows = _offers(event_id)
    if theme is not None:
        rows = rows.where(placement.c.theme == theme)
    if before:
        rows = rows.where(placement.c.id < before)
    page = tx.execute(rows.order_by(placement.c.id.desc()).limit(n + 1)).all()
    return page[:n], page[n - 1].placement_id if len(page) > n else 0


def sources(tx: Connection, event_id: int) -> Sequence[Row[Any]]:
    """What is read for an event."""
    mine = (source.c.event_id == event_id) | source.c.event_id.is_(None)  # mentions serve every event
    of_event = select(source).where(mine, source.c.active)
    return tx.execute(of_event.order_by(source.c.network, source.c.kind, source.c.address)).all()


def _offers(event_id: int) -> Select[Any]:
    return (
        select(placement.c.id.label("placement_id"), placement.c.theme, placement.c.read_out, *item.c)
        .join(item, item.c.id == placement.c.item_id)
        .where(*_open_thoughts(event_id))
    )


def _open_thoughts(event_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        placement.c.event_id == event_id,
        placement.c.kind == "thought",
        placement.c.question_id.is_(None),
        placement.c.lane == OPEN,
        placement.c.block_id.is_(None),
        item.c.standing == "public",
        item.c.own.is_(False),
        item.c.repost.is_(False),
    )
