"""Finding any item of an event again, whatever it was taken for, by the words it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, select, update

from bot.core import lookup as words_of
from bot.core.groups import likeness
from bot.core.lanes import OPEN as OPEN_LANE
from bot.core.sameness import similar
from bot.store import lookup
from bot.store.tables import item, placement, question

PAGE = 50
KINDS = ("question", "thought", "noise")
OPEN = ("waiting", "room", "parked")
TELLING = 8  # of a question's words, the longest that a similar one may share
COMPARED = 200  # of the questions that share one, the newest that are compared
ALIKE = 0.4  # how much of their wording two questions share to be called similar


def everything(
    tx: Connection,
    event_id: int,
    words: str = "",
    kind: str = "",
    network: str = "",
    before: int = 0,
    private: bool = False,
) -> tuple[Sequence[Row[Any]], int]:
    """Items of an event, the last stored first, in which each of `words` begins a word of the text or its author.

    And the item before which the next page begins (0 at the end). What is private only if they may see it.
    """
    wanted = words_of.asked(words)
    if words.strip() and not wanted:
        return [], 0
    rows = _found(tx, wanted).where(placement.c.event_id == event_id)
    if not private:
        rows = rows.where(placement.c.lane == OPEN_LANE)
    if kind:
        rows = rows.where(placement.c.kind == kind)
    if network:
        rows = rows.where(item.c.network == network)
    if before:
        rows = rows.where(placement.c.item_id < before)
    page = tx.execute(rows.order_by(_newest(tx, wanted)).limit(PAGE + 1)).all()
    return page[:PAGE], page[PAGE - 1].id if len(page) > PAGE else 0


def _found(tx: Connection, wanted: list[str], any_of: bool = False) -> Select[Any]:
    columns = (
        placement.c.id.label("placement_id"),
        placement.c.kind,
        placement.c.theme,
        placement.c.why,
        placement.c.question_id,
        placement.c.block_id,
        placement.c.lane,
        question.c.state.label("question_state"),
    )
    there = placement.join(item, item.c.id == placement.c.item_id)
    there = there.outerjoin(question, question.c.id == placement.c.question_id)
    if wanted and tx.dialect.name == "sqlite":
        there = lookup.ITEMS.words.join(there, item.c.id == lookup.ITEMS.row)
    rows = select(*columns, *item.c).select_from(there)
    return rows.where(lookup.ITEMS.matching(tx, wanted, any_of)) if wanted else rows


def _newest(tx: Connection, wanted: list[str]) -> ColumnElement[Any]:
    """The last stored first, by the column that the index gives in order."""
    return (lookup.ITEMS.words.c.rowid if wanted and tx.dialect.name == "sqlite" else placement.c.item_id).desc()


def alike(tx: Connection, row: Row[Any], n: int = 6) -> list[tuple[Row[Any], float]]:
    """Open questions of the same event that share wording with this one, most alike first, with how much they share."""
    telling = sorted(words_of.asked(row.text), key=len, reverse=True)[:TELLING]
    if not telling:
        return []
    near = (
        _found(tx, telling, any_of=True)
        .with_only_columns(placement.c.question_id)
        .where(
            placement.c.event_id == row.event_id,
            placement.c.question_id.is_not(None),
            placement.c.question_id != row.id,
        )
    )
    return _ranked(tx, row, near.order_by(_newest(tx, telling)).limit(COMPARED))[:n]


def _ranked(tx: Connection, row: Row[Any], ids: Select[Any]) -> list[tuple[Row[Any], float]]:
    those = select(*question.c).where(question.c.id.in_(ids), question.c.state.in_(OPEN), question.c.lane == OPEN_LANE)
    shared = [(other, _share(row.text, other.text)) for other in tx.execute(those)]
    return sorted([one for one in shared if one[1] >= ALIKE], key=lambda one: (-one[1], -one[0].id))


def _share(a: str, b: str) -> float:
    """How much two wordings share, in their words or in what these mean."""
    return max(similar(a, b), likeness(a, b))


def open_questions(tx: Connection, event_id: int, words: str, n: int = 8) -> Sequence[Row[Any]]:
    """Open questions that somebody asked in words that hold all of `words`, the last asked first."""
    wanted = words_of.asked(words)
    if not wanted:
        return []
    ids = _found(tx, wanted).with_only_columns(placement.c.question_id).where(placement.c.event_id == event_id)
    those = select(*question.c).where(question.c.id.in_(ids), question.c.state.in_(OPEN), question.c.lane == OPEN_LANE)
    return tx.execute(those.order_by(question.c.asked_at.desc(), question.c.id.desc()).limit(n)).all()


def belongs(tx: Connection, event_id: int, item_id: int) -> bool:
    """Whether an item was read for that event."""
    here = select(placement.c.id).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    return tx.execute(here).first() is not None


def author_of(tx: Connection, event_id: int, item_id: int) -> Row[Any] | None:
    """Who wrote an item that was read for that event, None if it was not."""
    columns: list[Any] = [item.c.network, item.c.author_id, item.c.author_name, item.c.author_handle]
    there = select(*columns).join(placement, placement.c.item_id == item.c.id)
    return tx.execute(there.where(placement.c.event_id == event_id, item.c.id == item_id)).one_or_none()


def behind(tx: Connection) -> bool:
    """Whether something stored is not indexed yet."""
    return tx.execute(select(item.c.id).where(item.c.tokens.is_(None)).limit(1)).first() is not None


def catch_up(tx: Connection, most: int = 500) -> int:
    """Index what an older program stored without its words; how many items."""
    unfound = select(item.c.id, item.c.text, item.c.author_name, item.c.author_handle).where(item.c.tokens.is_(None))
    rows = tx.execute(unfound.order_by(item.c.id.desc()).limit(most)).all()
    for row in rows:
        found = words_of.tokens(row.text, row.author_name, row.author_handle)
        tx.execute(update(item).where(item.c.id == row.id).values(tokens=found))
    return len(rows)
