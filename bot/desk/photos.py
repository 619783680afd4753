"""The photos of a draft: which ones go, in which order, in which words. Without words for each, nothing goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row

from bot.core.text import clean
from bot.desk.who import Done, Who, button, called
from bot.store import drafts, networks, pictures
from bot.store.engine import Store
from bot.store.pictures import Choice

CHANGED = Done(False, "It changed while you looked. Read it again, then decide; nothing was changed.")
HINDERED = {
    pictures.NO_WORDS: "A photo has no description. Describe it, or send without it. Nothing was sent.",
    pictures.NOT_HAD: "A photo could not be fetched. Try again, or send without it. Nothing was sent.",
    pictures.ON_ITS_WAY: "A photo is still being fetched. Wait a moment, or send without it. Nothing was sent.",
}


@button
def choose_photos(store: Store, who: Who, post_id: int, revision: int, photos: Sequence[Choice]) -> Done:
    """Keep which photos go with a draft, in this order and in these words."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.state != "draft":
            return CHANGED
        tidy = _tidied(tx, row, photos)
        if isinstance(tidy, Done):
            return tidy
        if not drafts.pictures_edited(tx, store.now(tx), who.name, row, revision):
            return CHANGED
        pictures.choose(tx, who.name, post_id, tidy)
        return Done(True, "Kept. It goes out when somebody approves it.")


@button
def fetch_photos(store: Store, who: Who, post_id: int) -> Done:
    """Fetch again what could not be fetched."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.state != "draft":
            return CHANGED
        if pictures.again(tx, store.now(tx), who.name, post_id):
            return Done(True, "It is fetched again. Look here in a moment.")
        return Done(False, "All photos are there.")


def take_photos(tx: Connection, who: Who, row: Row[Any], photos: Sequence[Choice]) -> Done | None:
    """Take over the photos of a draft that is about to go out; why it must not go, if its photos are not ready."""
    tidy = _tidied(tx, row, photos)
    if isinstance(tidy, Done):
        return tidy
    why = pictures.hinder(tx, row.id, tidy)
    if why:
        return Done(False, HINDERED[why])
    pictures.choose(tx, who.name, row.id, tidy)
    return None


def _tidied(tx: Connection, row: Row[Any], photos: Sequence[Choice]) -> list[Choice] | Done:
    """The choices with plain descriptions that every network of the draft takes."""
    limits = networks.limits(tx)
    mine = {one.network: limits[one.network] for one in drafts.versions(tx, row.id) if one.network in limits}
    tidy = [replace(one, alt=" ".join(clean(one.alt).split())) for one in photos]
    longest = max((len(one.alt) for one in tidy if one.chosen), default=0)
    for name, rules in mine.items():
        most = min(rules.alt_length, pictures.MOST_WORDS)
        if longest > most:
            over = f"{longest - most:,} characters too long for {called(name)}"
            return Done(False, f"A description is {over}, which takes {most:,}. Nothing was changed.")
    return tidy
