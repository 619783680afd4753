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


def _refusal(row: Row[Any]) -> Done:
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
        return Done(False, f"Held by {row.held_by} already.") if row.held_by else _refusal(row)


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
        return Done(False, "It is not held.") if row.state == "draft" else _refusal(row)


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
        parts = _fitted(texts, networks.limits(tx), events.links_of(tx, row.event_id))
        if isinstance(parts, Done):
            return parts
        if drafts.edit(tx, store.now(tx), who.name, row, revision, parts):
            return Done(True, "Kept. It goes out when somebody approves it.")
        return _refusal(row)


def _fitted(
    texts: Mapping[str, str], limits: Mapping[str, Limits], links: Mapping[str, str]
) -> dict[str, tuple[str, ...]] | Done:
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
            return _refusal(row)
        if networks is not None and not networks:
            return Done(False, "Choose at least one network. Nothing was sent.")
        if row.kind in ("correction", "withdrawal") and not any(one.chosen for one in drafts.versions(tx, post_id)):
            return Done(False, "Say for at least one network what to do. Nothing was sent.")
        if wrong := take_photos(tx, who, row, photos):
            return wrong
        if not drafts.approve(tx, store.now(tx), who.name, row, revision, networks):
            return _refusal(row)
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
        return _refusal(row)


@button
def back_to_draft(store: Store, who: Who, post_id: int) -> Done:
    """Change one's mind about a withdrawn post."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None:
            return NOT_THERE
        if drafts.back_to_draft(tx, store.now(tx), who.name, row):
            return Done(True, "A draft again. It waits for approval.")
        return _refusal(row) if row.state == "approved" else Done(False, "It is a draft already.")


@button
def correct(
    store: Store,
    who: Who,
    post_id: int,
    revision: int,
    choices: Mapping[str, str],
    texts: Mapping[str, str],
    photos: Sequence[Choice] = (),
) -> Done:
    """Decide a correction or a withdrawal per network: edit, create (a new post), delete, or leave."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.corrects is None:
            return NOT_THERE
        written = {name: texts[name] for name, do in choices.items() if do in ("edit", "create") and name in texts}
        parts = _fitted(written, networks.limits(tx), events.links_of(tx, row.event_id))
        if isinstance(parts, Done):
            return parts
        wordings = []
        for said in drafts.versions(tx, post_id):
            do, words = choices.get(said.network, "leave"), parts.get(said.network, tuple(said.parts))
            there = drafts.out_there(tx, row.corrects, said.network)
            wrong = _wrong(do, said.network, networks.limits(tx)[said.network], there, len(words))
            if do == "create" and words == drafts.words_there(tx, row.corrects, said.network):
                wrong = f"{called(said.network)} says just that already. Change the words there, or leave it."
            if wrong:
                return Done(False, wrong)
            wordings.append(_decided(said, do, words, there))
        if not any(one.chosen for one in wordings):
            return withdraw_as_left(tx, store, who, row, revision)
        if revision != row.revision or row.state != "draft":
            return _refusal(row)
        if any(one.chosen and one.action != "delete" for one in wordings) and (
            wrong_photos := take_photos(tx, who, row, photos)
        ):
            return wrong_photos
        drafts.set_versions(tx, post_id, wordings)
        drafts.approve(tx, store.now(tx), who.name, row, revision, None)
        return Done(True, "On its way.")


def _decided(said: Row[Any], do: str, parts: tuple[str, ...], there: Sequence[str]) -> drafts.Wording:
    words = ("",) * len(there) if do == "delete" else parts
    target = there[0] if do in ("edit", "delete") else ""
    action = said.action if do == "leave" else do
    return drafts.Wording(said.network, words, action, said.link, target, chosen=do != "leave")


def _wrong(do: str, network: str, rules: Limits, there: Sequence[str], pieces: int) -> str:
    name = called(network)
    if do == "edit" and not rules.edits:
        return f"{name} cannot edit a post. Delete it, post a correction, or leave it."
    if do == "delete" and not rules.deletes:
        return f"{name} cannot delete a post. Post a correction, or leave it."
    if do in ("edit", "delete") and not (there and all(there)):
        return f"We have no address of the first post on {name}, so there is nothing to {do}. Wait for it, or leave it."
    if do == "edit" and pieces != len(there):
        return (
            f"The first post on {name} has {len(there)} part{'s' if len(there) != 1 else ''} and these words need "
            f"{pieces}; an edit replaces part by part. Post the new wording too, delete the post, or leave it."
        )
    return "" if do in ("edit", "delete", "create", "leave") else f"{do} is nothing that can be done on {name}."


def withdraw_as_left(tx: Connection, store: Store, who: Who, row: Row[Any], revision: int) -> Done:
    """Everything is left as it is out there: the correction is settled."""
    if drafts.withdraw(tx, store.now(tx), who.name, row, revision):
        return Done(True, "Left as it is.")
    return _refusal(row)
