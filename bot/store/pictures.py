"""Pictures of posts: wished for, fetched by a worker, chosen and described by a person, kept by hash."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, insert, or_, select, update

from bot.core.items import Media, Picture
from bot.store import changes, engine
from bot.store.tables import EPOCH, enclosure, entry, picture, post, source, upload

MOST = 4  # that are chosen by themselves; no network takes more
MOST_KEPT = 12  # of one entry; what a gallery holds beyond is left on the blog
MOST_WORDS = 1000  # characters of a description; the least that a network takes
LONGEST_ADDRESS = 2000
UNUSED_AFTER = timedelta(hours=1)  # bytes that a worker has just made are about to be referred to
NO_WORDS = "a photo has no description"
NOT_HAD = "a photo could not be fetched"
ON_ITS_WAY = "a photo is still being fetched"


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decided about one picture of a draft."""

    id: int
    chosen: bool
    alt: str


def wish(tx: Connection, now: datetime, post_id: int, entry_id: int, shown: Sequence[Picture]) -> None:
    """A draft carries what its entry shows. What an earlier post of the entry knows of a picture is taken over."""
    wanted = {one.url: replace(one, alt=_short(one.alt)) for one in shown if len(one.url) <= LONGEST_ADDRESS}
    shown = list(wanted.values())[:MOST_KEPT]
    there = {row.url: row for row in of_post(tx, post_id)}
    gone = [row.id for url, row in there.items() if url not in {one.url for one in shown}]
    if gone:
        tx.execute(delete(enclosure).where(enclosure.c.id.in_(gone)))
    for place, one in enumerate(shown):
        row = there.get(one.url)
        if row is None:
            _add(tx, now, post_id, entry_id, one, place)
        else:
            alt = row.alt if row.alt_by else one.alt
            tx.execute(update(enclosure).where(enclosure.c.id == row.id).values(alt=alt, place=place))


def _short(alt: str) -> str:
    return alt if len(alt) <= MOST_WORDS else alt[: MOST_WORDS - 1].rstrip() + "…"


def _add(tx: Connection, now: datetime, post_id: int, entry_id: int, one: Picture, place: int) -> None:
    values: dict[str, Any] = {"post_id": post_id, "url": one.url, "alt": one.alt, "place": place, "due": now}
    earlier = (
        select(enclosure)
        .join(post, post.c.id == enclosure.c.post_id)
        .where(post.c.entry_id == entry_id, enclosure.c.url == one.url, enclosure.c.state == "ready")
    )
    known = tx.execute(earlier.order_by(enclosure.c.id.desc()).limit(1)).one_or_none()
    if known is not None:
        values |= {"state": "ready", "hash": known.hash, "chosen": known.chosen}
        values |= {"alt": known.alt, "alt_by": known.alt_by} if known.alt_by else {}
    tx.execute(insert(enclosure).values({"chosen": place < MOST} | values))


def of_post(tx: Connection, post_id: int) -> list[Row[Any]]:
    """The pictures of a post in their order, chosen or not, with the size of those that are there."""
    return of_posts(tx, [post_id]).get(post_id, [])


def of_posts(tx: Connection, post_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The same of several posts at once."""
    columns = (*enclosure.c, picture.c.width, picture.c.height)
    joined = select(*columns).join(picture, picture.c.hash == enclosure.c.hash, isouter=True)
    rows = joined.where(enclosure.c.post_id.in_(post_ids)).order_by(enclosure.c.place, enclosure.c.id)
    found: dict[int, list[Row[Any]]] = {}
    for row in tx.execute(rows).all():
        found.setdefault(row.post_id, []).append(row)
    return found


def unready() -> ColumnElement[bool]:
    """Of a post: it carries a picture that is not there yet, cannot be had, or is not described."""
    lacks = or_(enclosure.c.state != "ready", enclosure.c.alt == "")
    return exists().where(enclosure.c.post_id == post.c.id, enclosure.c.chosen, lacks)


def hinder(tx: Connection, post_id: int, choices: Sequence[Choice] = ()) -> str:
    """Why its pictures keep a post from going out, in a few words, if a person chooses so; "" if they do not."""
    decided = {one.id: (one.chosen, one.alt) for one in choices}
    rows = [(row, *decided.get(row.id, (row.chosen, row.alt))) for row in of_post(tx, post_id)]
    going = [(row.state, alt) for row, goes, alt in rows if goes]
    if any(state == "failed" for state, _ in going):
        return NOT_HAD
    if any(not alt for _, alt in going):
        return NO_WORDS
    return ON_ITS_WAY if any(state == "wanted" for state, _ in going) else ""


def choose(tx: Connection, who: str, post_id: int, choices: Sequence[Choice]) -> None:
    """Take over which pictures go, in which order, and in which words."""
    there = {row.id: row for row in of_post(tx, post_id)}
    for place, one in enumerate(choices):
        row = there.get(one.id)
        if row is None:
            continue
        values: dict[str, Any] = {"chosen": one.chosen, "place": place}
        if one.alt != row.alt:
            values |= {"alt": one.alt, "alt_by": who}
        tx.execute(update(enclosure).where(enclosure.c.id == row.id).values(values))


def again(tx: Connection, now: datetime, who: str, post_id: int) -> int:
    """Wish anew for what could not be had; how many pictures."""
    failed = update(enclosure).where(
        enclosure.c.post_id == post_id, enclosure.c.state == "failed", enclosure.c.url != ""
    )  # what a person brought is not fetched from anywhere
    count = tx.execute(failed.values(state="wanted", problem="", attempts=0, due=now)).rowcount
    if count:
        _tell(tx, now, who, post_id, "photos wanted again")
    return count


def _tell(tx: Connection, now: datetime, who: str, post_id: int, what: str) -> None:
    event_id = tx.execute(select(post.c.event_id).where(post.c.id == post_id)).scalar_one()
    changes.record(tx, now, who, what, event_id=event_id, kind="post", ref=post_id)


def chosen(tx: Connection, post_id: int) -> list[dict[str, str]]:
    """What goes out with a post: hash and description of each picture, in order."""
    rows = (row for row in of_post(tx, post_id) if row.chosen and row.state == "ready")
    return [{"hash": row.hash, "alt": row.alt} for row in rows]


def media(tx: Connection, frozen: Sequence[Mapping[str, str]]) -> tuple[Media, ...]:
    """The pictures of a delivery with their bytes."""
    if not frozen:
        return ()
    rows = tx.execute(select(picture).where(picture.c.hash.in_([one["hash"] for one in frozen]))).all()
    kept = {row.hash: row for row in rows}
    return tuple(
        Media(row.hash, row.mime, row.width, row.height, one["alt"], row.content)
        for one in frozen
        for row in (kept[one["hash"]],)
    )


def bring(tx: Connection, now: datetime, who: str, post_id: int, content: bytes, alt: str) -> None:
    """A draft carries a picture that a person has; a worker prepares it like any other."""
    place = len(of_post(tx, post_id))
    values = {"post_id": post_id, "url": "", "alt": alt, "alt_by": who, "place": place, "chosen": True, "due": now}
    made = insert(enclosure).values(values).returning(enclosure.c.id)
    tx.execute(insert(upload).values(enclosure_id=tx.execute(made).scalar_one(), content=content))


# What a worker does


def brought(tx: Connection, row: Row[Any]) -> bytes | None:
    """The bytes that a person brought for a picture; None if it is to be fetched."""
    return tx.execute(select(upload.c.content).where(upload.c.enclosure_id == row.id)).scalar_one_or_none()


def take(tx: Connection, now: datetime, lease: timedelta) -> Row[Any] | None:
    """The next picture to fetch, held by the caller; None if there is none."""
    rows = engine.claim(
        tx, enclosure, now, lease, enclosure.c.state == "wanted", attempts=enclosure.c.attempts + 1
    )  # fmt: skip
    return rows[0] if rows else None


def blog_of(tx: Connection, post_id: int) -> Row[Any] | None:
    """Network and address of the live blog that shows a post's pictures; None if it is about no entry."""
    columns: list[Any] = [source.c.network, source.c.address]
    joined = select(*columns).join(entry, entry.c.source_id == source.c.id).join(post, post.c.entry_id == entry.c.id)
    return tx.execute(joined.where(post.c.id == post_id)).one_or_none()


def keep(tx: Connection, now: datetime, row: Row[Any], values: Mapping[str, Any]) -> bool:
    """The bytes are there (`values`: columns of the picture); False if another worker holds the wish by now."""
    engine.insert_new(tx, picture, [{**values, "made_at": now}], picture.c.hash)
    held = engine.finish(tx, enclosure, row, state="ready", hash=values["hash"], problem="")
    if held:
        tx.execute(delete(upload).where(upload.c.enclosure_id == row.id))
        _tell(tx, now, "", row.post_id, "photo fetched")
    return held


def later(tx: Connection, row: Row[Any], due: datetime, problem: str) -> bool:
    """It could not be had now; False if another worker holds the wish by now."""
    return engine.finish(tx, enclosure, row, due=due, problem=problem)


def fail(tx: Connection, now: datetime, row: Row[Any], problem: str) -> bool:
    """It cannot be had; False if another worker holds the wish by now."""
    held = engine.finish(tx, enclosure, row, state="failed", problem=problem, due=EPOCH)
    if held:
        tx.execute(delete(upload).where(upload.c.enclosure_id == row.id))
        _tell(tx, now, "", row.post_id, "photo not fetched")
    return held


def of_event(tx: Connection, event_id: int, mark: str) -> Row[Any] | None:
    """The bytes of that hash, if a post of the event carries them."""
    carried = exists().where(
        enclosure.c.hash == picture.c.hash, enclosure.c.post_id == post.c.id, post.c.event_id == event_id
    )
    return tx.execute(select(picture).where(picture.c.hash == mark, carried)).one_or_none()


def sweep(tx: Connection, now: datetime) -> int:
    """Delete the bytes that no post carries; how many pictures."""
    unused = ~exists().where(enclosure.c.hash == picture.c.hash)
    return tx.execute(delete(picture).where(unused, picture.c.made_at < now - UNUSED_AFTER)).rowcount
