"""Finding what people wrote at the desk, on the live blog and in our posts, by the words it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, or_, select, update

from bot.core import lookup as words_of
from bot.core.lanes import PRIVATE
from bot.store import lookup
from bot.store.tables import entry, note, passage, post, question, version

PAGE = 50
NAMES: tuple[Any, ...] = (passage.c.id, passage.c.kind, passage.c.ref)
UNFOUND = 200  # of the newest whose words are not indexed yet, how many a search reads where they stand


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that somebody wrote. `kind` is wording, note, entry or what its post is: update, answer ..."""

    id: int
    kind: str
    ref: int  # the question, note, entry or post
    event_id: int
    at: datetime
    text: str
    title: str = ""
    who: str = ""
    link: str = ""
    question_id: int | None = None

    @property
    def tokens(self) -> str:
        """What it is found by; "" if it says nothing any more."""
        return words_of.tokens(self.title, self.text, self.who) if self.title or self.text else ""


def written(
    tx: Connection,
    event_id: int,
    words: str = "",
    publish: bool = False,
    private: bool = False,
    before: int = 0,
    n: int = PAGE,
) -> tuple[list[Passage], int]:
    """What was written for an event and holds all of `words`, the newest first; without `publish`, no drafts of ours.

    Nothing about what is private, unless they may see that. And the passage before which the next page begins (0 at the
    end).
    """
    wanted = words_of.asked(words)
    if words.strip() and not wanted:
        return [], 0
    where = [] if private else [_open()]
    where += [passage.c.id < before] if before else []
    found = _indexed(tx, event_id, wanted, publish, where, n + 1)
    fresh = [one for one in _unfound(tx, where) if one.event_id == event_id and _fits(one, wanted, publish)]
    page = sorted([*found, *fresh], key=lambda one: -one.id)
    return page[:n], page[n - 1].id if len(page) > n else 0


def _fits(one: Passage, wanted: Sequence[str], publish: bool) -> bool:
    held = one.tokens.split()
    if not held or (one.kind not in ("wording", "note", "entry", "answer") and not publish):
        return False
    return all(any(word.startswith(asked) for word in held) for asked in wanted)


def _open() -> ColumnElement[bool]:
    """The condition that a passage is not about a private question."""
    asked = select(question.c.id).where(question.c.lane == PRIVATE)
    noted = select(note.c.id).where(note.c.question_id.in_(asked))
    answered = select(post.c.id).where(post.c.question_id.in_(asked))
    kept = (("wording", asked), ("note", noted), ("post", answered))
    return and_(*(or_(passage.c.kind != kind, passage.c.ref.not_in(ids)) for kind, ids in kept))


def _indexed(
    tx: Connection, event_id: int, wanted: list[str], publish: bool, where: Sequence[ColumnElement[bool]], n: int
) -> Iterable[Passage]:
    sqlite = bool(wanted) and tx.dialect.name == "sqlite"
    there = passage.outerjoin(post, and_(passage.c.kind == "post", post.c.id == passage.c.ref))
    if sqlite:
        there = lookup.PASSAGES.words.join(there, passage.c.id == lookup.PASSAGES.row)
    rows = select(*NAMES).select_from(there)
    rows = rows.where(passage.c.event_id == event_id, passage.c.tokens.is_not(None), passage.c.tokens != "")
    if wanted:
        rows = rows.where(lookup.PASSAGES.matching(tx, wanted))
    if not publish:
        rows = rows.where(or_(passage.c.kind != "post", post.c.kind == "answer"))
    newest = lookup.PASSAGES.words.c.rowid if sqlite else passage.c.id
    return read(tx, tx.execute(rows.where(*where).order_by(newest.desc()).limit(n)).all()).values()


def _unfound(tx: Connection, where: Sequence[ColumnElement[bool]]) -> Iterable[Passage]:
    rows = select(*NAMES).where(passage.c.tokens.is_(None), *where)
    return read(tx, tx.execute(rows.order_by(passage.c.id.desc()).limit(UNFOUND)).all()).values()


def behind(tx: Connection) -> bool:
    """Whether something that was written is not indexed yet."""
    return tx.execute(select(passage.c.id).where(passage.c.tokens.is_(None)).limit(1)).first() is not None


def catch_up(tx: Connection, most: int = 500) -> int:
    """Index what has new words, and drop what has lost its row; how many."""
    unfound = select(*NAMES).where(passage.c.tokens.is_(None))
    newest = unfound.order_by(passage.c.id.desc()).limit(most)
    rows = tx.execute(newest.with_for_update(skip_locked=True)).all()  # whoever changes the words now waits for us
    there = read(tx, rows)
    for row in rows:
        mine, one = passage.c.id == row.id, there.get(row.id)
        if one is None:
            tx.execute(delete(passage).where(mine))
        else:
            tx.execute(update(passage).where(mine).values(tokens=one.tokens, event_id=one.event_id))
    return len(rows)


def read(tx: Connection, rows: Sequence[Row[Any]]) -> dict[int, Passage]:
    """The passages of rows (id, kind, ref), in their order, without those whose words are no longer stored."""
    found: dict[tuple[str, int], Passage] = {}
    for kind, load in LOADS.items():
        ids = {row.ref: row.id for row in rows if row.kind == kind}
        if ids:
            found |= {(kind, one.ref): one for one in load(tx, ids)}
    return {row.id: found[row.kind, row.ref] for row in rows if (row.kind, row.ref) in found}


def _wordings(tx: Connection, ids: Mapping[int, int]) -> Iterable[Passage]:
    for row in tx.execute(select(question).where(_of(question.c.id, ids))):
        at = row.moved_at or row.asked_at
        yield Passage(
            ids[row.id], "wording", row.id, row.event_id, at, row.wording, who=row.wording_by, question_id=row.id
        )


def _notes(tx: Connection, ids: Mapping[int, int]) -> Iterable[Passage]:
    rows = select(*note.c, question.c.event_id).join(question, question.c.id == note.c.question_id)
    for row in tx.execute(rows.where(_of(note.c.id, ids))):
        yield Passage(
            ids[row.id], "note", row.id, row.event_id, row.at, row.text, who=row.who, question_id=row.question_id
        )


def _entries(tx: Connection, ids: Mapping[int, int]) -> Iterable[Passage]:
    for row in tx.execute(select(entry).where(_of(entry.c.id, ids))):
        yield Passage(ids[row.id], "entry", row.id, row.event_id, row.at, row.text, row.title, link=row.link)


def _posts(tx: Connection, ids: Mapping[int, int]) -> Iterable[Passage]:
    """Each post once, in all the words that it has on the networks."""
    said: dict[int, dict[str, None]] = {}
    for row in tx.execute(select(version.c.post_id, version.c.parts).where(_of(version.c.post_id, ids))):
        said.setdefault(row.post_id, {}).update(dict.fromkeys(row.parts))
    for row in tx.execute(select(post).where(_of(post.c.id, ids))):
        text = "\n".join(said.get(row.id, ()))
        at, who = row.approved_at or row.created_at, row.approved_by
        yield Passage(ids[row.id], row.kind, row.id, row.event_id, at, text, who=who, question_id=row.question_id)


def _of(column: ColumnElement[int], ids: Mapping[int, int]) -> ColumnElement[bool]:
    return column.in_(list(ids))


LOADS: Mapping[str, Callable[[Connection, Mapping[int, int]], Iterable[Passage]]] = {
    "wording": _wordings,
    "note": _notes,
    "entry": _entries,
    "post": _posts,
}
