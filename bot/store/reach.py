"""Who of those that ask can be answered by us, and why the others cannot: known before anybody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import Connection, Row, or_, select

from bot.core import consent
from bot.core.items import Limits
from bot.core.lanes import OPEN
from bot.store import networks, questions, silence
from bot.store.floor import FLOOR
from bot.store.tables import item, placement, sighting, source

IN_THE_ROOM = "This was asked in the room: say the answer there."
NO_NETWORK = "This network is not set up any more."
NO_REPLIES = "This network takes no replies from us."
LEFT_ALONE = "Their profile asks programs to leave them alone, and they did not name this account: answer by hand."
HELD = "This waits for approval on the blog: an answer would stand below words nobody can read. Approve it there first."
STOPPED = "They asked this account to stop answering them, so nothing is sent to them."


@dataclass(frozen=True, slots=True)
class Unreached:
    """Somebody who asks and cannot be answered from here; `by_hand` is an address where a person may, if there is."""

    network: str
    handle: str
    why: str
    by_hand: str


def asking(tx: Connection, question_id: int) -> list[Row[Any]]:
    """The items that ask it and that can be seen, or will be once the blog approves them; first asker first."""
    return [row for row in questions.items_of(tx, question_id) if row.standing in ("public", "held")]


def unreached(tx: Connection, question_id: int) -> list[Unreached]:
    """Those who ask and cannot be answered from here."""
    limits = networks.limits(tx)
    found = [(row, why_not(tx, row, limits.get(row.network))) for row in asking(tx, question_id)]
    return [
        Unreached(row.network, row.author_handle or row.author_name, why, by_hand(row, limits.get(row.network), why))
        for row, why in found
        if why
    ]


def why_not(tx: Connection, row: Row[Any], rules: Limits | None) -> str:
    """Why an item that `questions.items_of` gave cannot be answered, in a sentence; "" if it can."""
    if row.network == FLOOR:
        return IN_THE_ROOM
    if rules is None:
        return NO_NETWORK
    if row.standing == "held":
        return HELD
    if silence.wanted(tx, row.network, row.author_id):
        return STOPPED
    if not rules.replies:
        return rules.reply_note or NO_REPLIES
    if rules.reply_needs_mention and not row.mentioned:
        return rules.reply_note
    return "" if consent.may_be_answered(row.marks, named_us=row.mentioned) else LEFT_ALONE


def by_hand(row: Row[Any], rules: Limits | None, why: str, text: str = "") -> str:
    """Where a person may answer all the same, on X with their words in it and not sent yet; "" if they should not."""
    if rules is None or why in ("", HELD, STOPPED) or not rules.replies:
        return ""
    if rules.rule != "x":
        return str(row.url)
    asked = {"in_reply_to": row.native_id} | ({"text": text} if text else {})
    return f"https://x.com/intent/post?{urlencode(asked, quote_via=quote)}"


def came_in(tx: Connection, event_id: int) -> dict[str, tuple[int, int]]:
    """How many who ask could be answered from here as they asked, and how many ask at all, by network.

    What was asked in the room is left out, and so are those who have deleted their post.
    """
    named = select(sighting.c.id).join(source, source.c.id == sighting.c.source_id)
    named = named.where(sighting.c.item_id == item.c.id, source.c.kind == "mentions")
    rows = (
        select(item.c.network, item.c.marks, or_(named.exists(), item.c.calls_us).label("mentioned"))
        .join(placement, placement.c.item_id == item.c.id)
        .where(placement.c.event_id == event_id, placement.c.question_id.is_not(None))
        .where(item.c.network != FLOOR, item.c.standing != "gone", placement.c.lane == OPEN)
    )
    limits, found = networks.limits(tx), dict[str, tuple[int, int]]()
    for row in tx.execute(rows):
        rules, (can, asking) = limits.get(row.network), found.get(row.network, (0, 0))
        reached = rules is not None and rules.replies and (row.mentioned or not rules.reply_needs_mention)
        reached = reached and consent.may_be_answered(row.marks, named_us=row.mentioned)
        found[row.network] = (can + bool(reached), asking + 1)
    return found
