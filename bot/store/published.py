"""What is out about an entry on each network: every post of ours there, as receipts and open deliveries tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.core.items import Reactions
from bot.core.states import OPEN_DELIVERY
from bot.store import changes
from bot.store.tables import delivery, post


@dataclass(frozen=True, slots=True)
class Published:
    """One post of ours that stands on a network, or is about to."""

    post_id: int
    ids: tuple[str, ...]  # remote ids of its parts, in order; "" for a part whose id nobody knows
    words: tuple[str, ...]  # what its parts say now, after all edits
    url: str  # of its first part, "" if nobody knows it


@dataclass(frozen=True, slots=True)
class Presence:
    """All our posts about one entry on one network, oldest first. `moving`: something of it is not settled yet."""

    posts: tuple[Published, ...]
    moving: bool

    @property
    def ids(self) -> tuple[str, ...]:
        """The remote ids of all parts of all posts."""
        return tuple(native for one in self.posts for native in one.ids)

    @property
    def words(self) -> tuple[str, ...]:
        """What the newest one says; empty if none is there any more."""
        return self.posts[-1].words if self.posts else ()

    @property
    def known(self) -> bool:
        """Whether there is something, and we could name all of it to the network."""
        return bool(self.ids) and all(self.ids)


def about(tx: Connection, row: Row[Any]) -> dict[str, Presence]:
    """What is out about the entry of a post, or about the post that it corrects, by network.

    A network where everything was deleted is named too, with no posts.
    """
    if row.entry_id is not None:
        return _present(tx, post.c.entry_id == row.entry_id)
    first = row.corrects or row.id
    return _present(tx, or_(post.c.id == first, post.c.corrects == first))


def about_entry(tx: Connection, entry_id: int) -> dict[str, Presence]:
    """What is out about an entry, by network."""
    return _present(tx, post.c.entry_id == entry_id)


def _present(tx: Connection, mine: Any) -> dict[str, Presence]:
    told = delivery.c.item_id == 0, delivery.c.state != "cancelled"
    rows = select(delivery).join(post, post.c.id == delivery.c.post_id).where(mine, *told)
    by_network: dict[str, list[Row[Any]]] = {}
    for row in tx.execute(rows.order_by(delivery.c.id)).all():
        by_network.setdefault(row.network, []).append(row)
    return {name: _presence(there) for name, there in by_network.items()}


def _presence(rows: Sequence[Row[Any]]) -> Presence:
    words: dict[int, str] = {}  # of each part that stands, by its delivery
    made = {row.id: row for row in rows if row.action == "create"}
    target_of = {row.remote_id: row.id for row in made.values() if row.remote_id}
    for row in rows:
        if row.action == "create":
            words[row.id] = row.text
        elif row.state == "refused" or target_of.get(row.target) not in words:
            continue
        elif row.action == "edit":
            words[target_of[row.target]] = row.text
        else:
            del words[target_of[row.target]]
    posts = _posts([made[number] for number in words], words)
    return Presence(tuple(posts), any(row.state in OPEN_DELIVERY for row in rows))


def _posts(parts: Iterable[Row[Any]], words: dict[int, str]) -> Iterable[Published]:
    by_post: dict[int, list[Row[Any]]] = {}
    for part in parts:
        by_post.setdefault(part.post_id, []).append(part)
    for post_id, its in by_post.items():
        its.sort(key=lambda part: part.part)
        ids = tuple(part.remote_id if part.state == "sent" else "" for part in its)
        yield Published(post_id, ids, tuple(words[part.id] for part in its), its[0].url)


# What people did with them


@dataclass(frozen=True, slots=True)
class Counted:
    """What a network said of our posts at that time: `found` is None where it did not tell, for `problem`."""

    found: Reactions | None
    at: datetime
    problem: str


def ids_about(tx: Connection, post_id: int, network: str) -> tuple[str, ...]:
    """The remote ids of all our posts that a correction is about, as far as they are known."""
    row = tx.execute(select(post).where(post.c.id == post_id)).one_or_none()
    here = about(tx, row).get(network) if row is not None else None
    return tuple(native for native in here.ids if native) if here else ()


def keep_reactions(
    tx: Connection, now: datetime, post_id: int, network: str, found: Reactions | None, problem: str
) -> None:
    """Put what a network told beside the correction that wants to know."""
    row = tx.execute(select(post).where(post.c.id == post_id).with_for_update()).one_or_none()
    if row is None:
        return
    told = {"found": asdict(found) if found is not None else None, "at": now.isoformat(), "problem": problem}
    kept = {**row.detail.get("reactions", {}), network: told}
    tx.execute(update(post).where(post.c.id == post_id).values(detail={**row.detail, "reactions": kept}))
    changes.record(tx, now, "", "reactions counted", event_id=row.event_id, kind="post", ref=post_id, network=network)


def reactions(detail: Mapping[str, Any]) -> dict[str, Counted]:
    """What is kept beside a correction, by network."""
    return {
        network: Counted(
            Reactions(**told["found"]) if told["found"] is not None else None,
            datetime.fromisoformat(told["at"]),
            told["problem"],
        )
        for network, told in detail.get("reactions", {}).items()
    }
