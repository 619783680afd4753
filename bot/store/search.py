"""Finding any item of an event again, whatever it was taken for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from bot.store.tables import item, placement, question

PAGE = 50
KINDS = ("question", "thought", "noise")


def everything(
    tx: Connection, event_id: int, words: str = "", kind: str = "", network: str = "", before: int = 0
) -> tuple[Sequence[Row[Any]], int]:
    """Items of an event, newest first, that hold all of `words`; and where the next page begins (0 at the end)."""
    rows = (
        select(
            placement.c.id.label("placement_id"),
            placement.c.kind,
            placement.c.theme,
            placement.c.why,
            placement.c.question_id,
            question.c.state.label("question_state"),
            *item.c,
        )
        .join(item, item.c.id == placement.c.item_id)
        .outerjoin(question, question.c.id == placement.c.question_id)
        .where(placement.c.event_id == event_id, *(holds(word) for word in words.split()[:8]))
    )
    if kind:
        rows = rows.where(placement.c.kind == kind)
    if network:
        rows = rows.where(item.c.network == network)
    if before:
        rows = rows.where(placement.c.id < before)
    page = tx.execute(rows.order_by(placement.c.id.desc()).limit(PAGE + 1)).all()
    return page[:PAGE], page[PAGE - 1].placement_id if len(page) > PAGE else 0


def belongs(tx: Connection, event_id: int, item_id: int) -> bool:
    """Whether an item was read for that event."""
    here = select(placement.c.id).where(placement.c.event_id == event_id, placement.c.item_id == item_id)
    return tx.execute(here).first() is not None


def holds(word: str) -> ColumnElement[bool]:
    """Whether an item's text or author holds `word`, in any case. `%` and `_` are letters like others here."""
    word = word.replace("\x00", "")
    # SQLite folds the case of ASCII only, so the usual ways to write a word are asked for one by one.
    forms = {word, word.lower(), word.upper(), word.capitalize()}
    columns = (item.c.text, item.c.author_name, item.c.author_handle)
    return or_(*(column.icontains(form, autoescape=True) for form in sorted(forms) for column in columns))
