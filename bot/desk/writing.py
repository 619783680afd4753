"""Posts that a person writes: the same drafts as those of the live blog, sent now or at a time, with their photos."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.desk.photos import CHANGED as PHOTOS_CHANGED
from bot.desk.photos import take_photos
from bot.desk.updates import NOT_THERE, fitted, refusal
from bot.desk.who import Done, Who, button, called, words
from bot.store import acts, drafts, events, networks, pictures
from bot.store.engine import Store
from bot.store.pictures import Choice
from bot.store.tables import event

MOST_BYTES = 15 * 2**20  # of a photo as it comes; a worker makes it small
SAID = "These very words are out there, or in another draft. Change them: X takes nothing twice."


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing a post, and the draft that it became (0 if it became none)."""

    done: Done
    post_id: int = 0


@button
def write_post(
    store: Store, who: Who, event_id: int, text: str, names: Collection[str], key: str = "", question_id: int = 0
) -> Written:
    """A post of somebody's own for these networks: a draft that waits for approval.

    The same `key` again (a button pressed twice) leads to the first draft instead of a second one. `question_id` is
    the question that it tells of, if it does: when that one is gone, so is the draft.
    """
    tidy = words(text, "The post")
    if isinstance(tidy, Done):
        return Written(tidy)
    with store.write() as tx:
        now, marked = store.now(tx), acts.mark(who.id, f"write {event_id}", key) if key else ""
        before = acts.begin(tx, now, marked) if marked else None
        if before:
            return Written(Done(True, "It is a draft already."), int(before))
        wordings = _wordings(tx, event_id, tidy, names)
        if isinstance(wordings, Done):
            if marked:
                acts.forget(tx, marked)
            return Written(wordings)
        waits = "your approval: it was written here"
        more = {"edited_by": who.name, "waits_for": waits, "question_id": question_id or None}
        post_id = drafts.add(tx, now, event_id, "notice", wordings, who.name, **more)
        if marked:
            acts.keep(tx, marked, str(post_id))
        return Written(Done(True, "A draft. Look at it as each network will show it, then send it."), post_id)


def _wordings(tx: Connection, event_id: int, text: str, names: Collection[str]) -> list[drafts.Wording] | Done:
    limits, possible = networks.limits(tx), events.announced_on(tx, event_id)
    chosen = [name for name in possible if name in names and name in limits]
    if not chosen:
        return Done(False, "Choose at least one network. Nothing was written down.")
    parts = fitted(dict.fromkeys(chosen, text), limits, events.links_of(tx, event_id))
    if isinstance(parts, Done):
        return parts
    return [
        drafts.Wording(name, parts[name], problem=SAID if name == "x" and drafts.said(tx, name, parts[name]) else "")
        for name in chosen
    ]


@button
def send_at(
    store: Store, who: Who, post_id: int, revision: int, at: datetime, names: Collection[str] = (),
    photos: Sequence[Choice] = (),
) -> Done:  # fmt: skip
    """A post that a person wrote goes out by itself at that time, to these networks, unless somebody holds it."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.kind != "notice":
            return NOT_THERE
        if revision != row.revision or row.state != "draft":
            return refusal(row)
        if not names:
            return Done(False, "Choose at least one network. Nothing was changed.")
        now, ends = store.now(tx), tx.execute(select(event.c.ends).where(event.c.id == row.event_id)).scalar_one()
        if at <= now:
            return Done(False, "That time is over. Choose a later one, or send it now.")
        if ends is not None and at >= ends:
            return Done(
                False, "The event is over by then, and nothing goes out by itself any more. Send it yourself then."
            )
        if wrong := take_photos(tx, who, row, photos):
            return wrong
        if not drafts.schedule(tx, now, who.name, row, revision, at, names):
            return refusal(row)
        where = ", ".join(called(name) for name in sorted(names))
        return Done(True, f"It goes out by itself at that time: {where}. Until then anybody here can hold it.")


@button
def add_photo(store: Store, who: Who, post_id: int, revision: int, content: bytes, alt: str) -> Done:
    """A photo of a person's own for a post that a person wrote. Without a description it does not go out."""
    with store.write() as tx:
        row = drafts.get(tx, post_id)
        if row is None or row.kind != "notice":
            return NOT_THERE
        if not content:
            return Done(False, "Choose a photo first. Nothing was changed.")
        if len(content) > MOST_BYTES:
            return Done(False, f"The photo is larger than {MOST_BYTES // 2**20} MB. Choose a smaller one.")
        if len(pictures.of_post(tx, post_id)) >= pictures.MOST_KEPT:
            return Done(False, "There are enough photos with this post. Nothing was changed.")
        said = " ".join(alt.split())
        if len(said) > pictures.MOST_WORDS:
            over = len(said) - pictures.MOST_WORDS
            return Done(False, f"The description is {over:,} characters too long. Nothing was changed.")
        now = store.now(tx)
        if not drafts.pictures_edited(tx, now, who.name, row, revision):
            return PHOTOS_CHANGED
        pictures.bring(tx, now, who.name, post_id, content, said)
        return Done(True, "The photo is being prepared. It shows here in a moment.")
