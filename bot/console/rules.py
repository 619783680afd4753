"""Rules put into words: what a network lets us do and promises, what an author asks of readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row

from bot.console.view import money
from bot.core.consent import may_be_shown
from bot.store.networks import as_limits

MARKS = {
    "no_bots": ("Wants no bots", "Their profile asks programs to leave them alone."),
    "no_copies": ("Wants no copies", "Their profile asks not to be copied or indexed: quote it nowhere."),
    "no_finding": ("Not to be found", "They do not want to be found by search: quote it on no public page."),
    "no_strangers": ("For members", "They ask not to be shown to people who are not signed in: give the link instead."),
    "warned": ("Content warning", "Posted behind a content warning."),
}


def asked_for(marks: Iterable[str], shown: bool = True) -> list[tuple[str, str]]:
    """What an author asks of readers, as (tag, sentence); without `shown` just what keeps the words from the room."""
    held = [mark for mark in sorted(marks) if mark in MARKS and (shown or not may_be_shown([mark]))]
    return [MARKS[mark] for mark in held]


def to_read_out(rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Those that were not read out yet and whose authors do not ask for anything else."""
    return [row for row in rows if not row.read_out and may_be_shown(row.marks)]


def abilities(kept: Mapping[str, Any]) -> list[str]:
    """What a network lets us do, from the limits on its row: length, links, price, changes, replies, promise."""
    rules = as_limits(kept)
    links = "links count in full" if rules.rule in ("bluesky", "plain") else f"a link counts as {rules.url_length}"
    assumed = " These are its published rules: it was not asked yet." if rules.assumed else ""
    can = {"edited": rules.edits, "deleted": rules.deletes}
    may = " and ".join(word for word, true in can.items() if true)
    not_ = " or ".join(word for word, true in can.items() if not true)
    changes = " but ".join(filter(None, [may and f"be {may}", not_ and f"not {'be ' * (not may)}{not_}"]))
    price = f"A post costs {money(rules.cost_usd)}, with a link {money(rules.cost_with_link_usd)}."
    said = [
        f"{rules.length:,} characters a {'reply' if rules.rule == 'plain' else 'post'}, {links}.{assumed}",
        price if rules.cost_usd else "Posting costs nothing.",
        f"What was posted can {changes}.",
        rules.reply_note,
        rules.promise,
    ]
    return [sentence for sentence in said if sentence]


ALL = {"asked_for": asked_for, "to_read_out": to_read_out, "abilities": abilities}
