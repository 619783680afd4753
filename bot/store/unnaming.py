"""Where somebody's name stands in words of other people: notes, wording, answers, and what is said about them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, Connection, Table, Text, cast, func, or_, select, update

from bot.core.lookup import tokens
from bot.store.tables import act, block, delivery, item, note, post, quarantine, question, screen, version

IN_PLACE = "[erased]"
LEAST = 4  # signs of a name that is looked for: shorter ones are in too many words
WORDS: tuple[tuple[Table, Column[Any]], ...] = (
    (note, note.c.text), (question, question.c.text), (question, question.c.wording), (question, question.c.handed_to),
    (item, item.c.text), (delivery, delivery.c.text), (delivery, delivery.c.error), (delivery, delivery.c.evidence),
    (block, block.c.why), (version, version.c.problem), (screen, screen.c.name),
)  # fmt: skip
OPEN = ("queued", "sending", "unsure", "asking")  # deliveries whose words a network may still be asked about


def names_of(handle: str, name: str) -> list[str]:
    """What is looked for: the handle, its local part as people write it, and a name of more than one word."""
    bare = handle.lstrip("@")
    local = "@" + bare.partition("@")[0] if bare else ""
    found = [f"@{bare}" if bare else "", bare if "@" in bare or "." in bare else "", local, name if " " in name else ""]
    whole = {one for one in found if len(one) >= LEAST}
    return sorted(whole, key=lambda one: (-len(one), one))


def unname(tx: Connection, names: Collection[str]) -> int:
    """Put "[erased]" where one of these names stands; how many rows held one. What is on its way is left as it is."""
    if not names:
        return 0
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in names), re.IGNORECASE)
    count = sum(_in_words(tx, table, column, names, pattern) for table, column in WORDS)
    return count + _in_json(tx, names, pattern) + _in_answers(tx, names) + _in_what_could_not_be_read(tx, names)


def _holding(column: Any, names: Collection[str]) -> Any:
    first, *more = (func.lower(column).contains(one.lower(), autoescape=True) for one in names)
    for one in more:
        first |= one
    return first


def _in_words(
    tx: Connection, table: Table, column: Column[Any], names: Collection[str], pattern: re.Pattern[str]
) -> int:
    rows = select(table).where(_holding(column, names))
    if table is delivery:
        rows = rows.where(delivery.c.state.not_in(OPEN))
    found = 0
    for row in tx.execute(rows).all():
        said = str(getattr(row, column.name))
        left = pattern.sub(IN_PLACE, said)
        if left == said:
            continue
        found += 1
        values: dict[str, Any] = {column.name: left}
        if table is item:
            values["tokens"] = tokens(left, row.author_name, row.author_handle)
        tx.execute(update(table).where(table.c.id == row.id).values(values))
    return found


def _in_json(tx: Connection, names: Collection[str], pattern: re.Pattern[str]) -> int:
    """In what our posts say, and in the words that a person wrote for them."""
    found = 0
    for table, column in ((version, version.c.parts), (post, post.c.detail)):
        written = [json.dumps(one)[1:-1] for one in names]  # as JSON spells signs beyond ASCII
        for row in tx.execute(select(table.c.id, column).where(_holding(cast(column, Text), written))).all():
            left = _without(row[1], pattern)
            if left != row[1]:
                found += 1
                tx.execute(update(table).where(table.c.id == row.id).values({column.name: left}))
    return found


def _without(value: Any, pattern: re.Pattern[str]) -> Any:
    if isinstance(value, str):
        return pattern.sub(IN_PLACE, value)
    if isinstance(value, list):
        return [_without(one, pattern) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, pattern) for key, one in value.items()}
    return value


def _in_answers(tx: Connection, names: Collection[str]) -> int:
    """What a button answered is kept for repeats of the press; one that names somebody is forgotten."""
    return tx.execute(act.delete().where(_holding(act.c.answer, [json.dumps(one)[1:-1] for one in names]))).rowcount


def _in_what_could_not_be_read(tx: Connection, names: Collection[str]) -> int:
    """Nobody knows who wrote it, so what names somebody, or has an address that does, goes whole."""
    bare = {name.lstrip("@") for name in names}
    held = [_holding(column, bare) for column in (quarantine.c.raw, quarantine.c.error, quarantine.c.native_id)]
    return tx.execute(quarantine.delete().where(or_(*held))).rowcount
