"""The comms team's buttons. Approve and edit hold only for the revision that the person saw."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select

from bot.core.items import Limits
from bot.core.text import clean, problem, split
from bot.core.unlinking import as_wanted
from bot.desk.photos import take_photos
from bot.desk.who import Done, Who, button, called
from bot.store import drafts, events, networks
from bot.store.engine import Store
from bot.store.pictures import Choice
from bot.store.tables import event

CHANGED = Done(False, "It changed while you looked. Read it again, then decide; nothing was sent.")
NOT_THERE = Done(False, "This update is not there any more.")
NO_DRAFT = {
    "approved": Done(False, "It was approved already. Nothing was sent twice."),
    "withdrawn": Done(False, "Somebody withdrew it. Nothing was sent."),
}


def refusal(row: Row[Any]) -> Done:
    """Why a draft that is not as the person saw it cannot be decided any more."""
    return NO_DRAFT.get(row.state, CHANGED)


@button
def hold(store: Store, who: Who, post_id: int) -> Done:
    """Stop the countdown until somebody decides."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        if drafts.hold(tx, store.now(tx), who.name, row):
            return Done(True, "Held. Nothing goes out until somebody decides.")
        return Done(False, f"Held by {row.held_by} already.") if row.held_by else refusal(row)


@button
def unhold(store: Store, who: Who, post_id: int) -> Done:
    """Let it go its way again, with a fresh countdown if the event sends by itself."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        grace = _grace(tx, row.event_id)
        if drafts.unhold(tx, store.now(tx), who.name, row, grace):
            return Done(True, "No longer held.")
        return Done(False, "It is not held.") if row.state == "draft" else refusal(row)


def _grace(tx: Connection, event_id: int) -> timedelta | None:
    options = tx.execute(select(event.c.options).where(event.c.id == event_id)).scalar_one()
    how = options.get("announce", {})
    return timedelta(seconds=how.get("seconds", 60)) if how.get("mode", "grace") == "grace" else None


@button
def edit_update(store: Store, who: Who, post_id: int, revision: int, texts: Mapping[str, str]) -> Done:
    """A person's own words for some networks. The draft stops following the blog and waits for approval."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        parts = fitted(texts, networks.limits(tx), events.links_of(tx, row.event_id))
        if isinstance(parts, Done):
            return parts
        if drafts.edit(tx, store.now(tx), who.name, row, revision, parts):
            return Done(True, "Kept. It goes out when somebody approves it.")
        return refusal(row)


def fitted(
    texts: Mapping[str, str], limits: Mapping[str, Limits], links: Mapping[str, str]
) -> dict[str, tuple[str, ...]] | Done:
    """The parts that each network takes of these texts; why not, if one of them cannot go."""
    parts: dict[str, tuple[str, ...]] = {}
    for network, text in texts.items():
        tidy, rules = clean(text).strip(), limits.get(network)
        if rules is None:
            return Done(False, f"{called(network)} is not set up. Nothing was changed.")
        tidy = as_wanted(tidy, rules, links.get(network, "always"))
        pieces = (tidy,) if not problem(tidy, rules) else split(tidy, rules)
        wrong = next((said for said in (problem(piece, rules) for piece in pieces or ("",)) if said), "")
        if wrong:
            return Done(False, f"{called(network)}: {wrong} Nothing was changed.")
        parts[network] = pieces
    return parts


@button
def approve(
    store: Store,
    who: Who,
    post_id: int,
    revision: int,
    networks: Collection[str] | None = None,
    photos: Sequence[Choice] = (),
) -> Done:
    """Send it now, to the letter, to these networks (None: to all that are chosen), with photos as chosen here."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        if revision != row.revision or row.state != "draft":
            return refusal(row)
        if networks is not None and not networks:
            return Done(False, "Choose at least one network. Nothing was sent.")
        if row.kind in ("correction", "withdrawal"):
            return Done(False, "Say for each network what to do. Nothing was sent.")
        if wrong := take_photos(tx, who, row, photos):
            return wrong
        if not drafts.approve(tx, store.now(tx), who.name, row, revision, networks):
            return refusal(row)
        paused = " Posting is paused: it goes out when somebody turns it on again." if drafts.paused(tx) else ""
        return Done(True, "On its way." + paused)


@button
def withdraw(store: Store, who: Who, post_id: int, revision: int | None = None) -> Done:
    """Do not post it."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        if drafts.withdraw(tx, store.now(tx), who.name, row, revision):
            return Done(True, "It will not be posted.")
        return refusal(row)


@button
def back_to_draft(store: Store, who: Who, post_id: int) -> Done:
    """Change one's mind about a withdrawn post."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        if drafts.back_to_draft(tx, store.now(tx), who.name, row):
            return Done(True, "A draft again. It waits for approval.")
        return refusal(row) if row.state == "approved" else Done(False, "It is a draft already.")
