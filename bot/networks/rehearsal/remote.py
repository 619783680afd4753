"""The remote side of the rehearsal: what four networks and a blog would know, in one SQLite file."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.networks.base import NetworkFailure, Unavailable
from bot.networks.rehearsal.address import native_id
from bot.networks.rehearsal.rows import (
    COLUMNS,
    MENTION,
    SCHEMA,
    TAG,
    Attempt,
    Call,
    Post,
    Save,
    Shown,
    instant,
    known_standing,
    stamp,
    tidy,
    to_call,
    to_post,
    words,
)

WAIT = 30.0  # seconds that one change waits for those of other processes


class Remote:
    """The file itself. Any number of threads and processes may hold it open; every change is on disk on return."""

    def __init__(self, path: str | Path, now: Callable[[], datetime] | None = None) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._now = now or (lambda: datetime.now(UTC))
        self._lock = threading.RLock()
        self._inside = False
        self._db = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        with self._writing():
            for statement in filter(None, map(str.strip, SCHEMA.split(";"))):
                self._db.execute(statement)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock:
            if self._inside:  # part of the transaction around it
                yield
                return
            self._inside = True
            try:
                self._begin()
                yield
                self._db.execute("COMMIT")
            except sqlite3.OperationalError as error:
                raise self._unusable(error) from error
            finally:
                self._inside = False
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def _begin(self) -> None:
        """Begin a change. SQLite itself asks ten times a second at most, and a busy writer then starves us."""
        patience = time.monotonic() + WAIT
        self._db.execute("PRAGMA busy_timeout = 0")
        try:
            while not self._begun():
                if time.monotonic() > patience:
                    raise sqlite3.OperationalError("other processes did not let go of it")
                time.sleep(0.002)
        finally:
            self._db.execute(f"PRAGMA busy_timeout = {WAIT * 1000:.0f}")

    def _begun(self) -> bool:
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True

    def _all(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock:
            try:
                return self._db.execute(statement, values).fetchall()
            except sqlite3.OperationalError as error:
                if self._inside:  # the transaction around it must end by rolling back
                    raise
                raise self._unusable(error) from error

    def _unusable(self, error: sqlite3.Error) -> Unavailable:
        return Unavailable(f"The rehearsal's file {self.path} cannot be used: {error}.")

    # -- what people do there ------------------------------------------------------------------

    def say(
        self,
        network: str,
        author: str,
        text: str,
        *,
        name: str = "",
        lang: str = "",
        slug: str | None = None,
        reply_to: str = "",
        root: str = "",
        standing: str = "public",
        repost: bool = False,
        own: bool = False,
        key: str = "",
        link: str = "",
        broken: str = "",
        written_at: datetime | None = None,
        visible_at: datetime | None = None,
    ) -> str:
        """Somebody writes; the native id of the post. The same `slug` again changes nothing and answers the same id.

        `written_at` may lie below what was read already, and `visible_at` is when reads begin to show it.
        `broken` is a payload that no reader can make sense of. Raises ValueError for an unknown standing.
        """
        known_standing(standing)
        text, name = tidy(text), tidy(name)
        with self._writing():
            if slug and (there := self._all("SELECT native_id FROM post WHERE slug = ?", slug)):
                return str(there[0][0])
            n = int(str(self._all("SELECT coalesce(max(n), 0) + 1 FROM post")[0][0]))
            native = native_id(network, author, n, key if own else "")
            written = written_at or self._now()
            self._insert(
                {
                    "n": n, "network": network, "native_id": native, "slug": slug, "own": own, "author": author,
                    "name": name or author, "text": text, "lang": lang, "parent_id": reply_to, "root_id": root,
                    "standing": standing, "repost": repost, "broken": tidy(broken), "key": key, "link": link,
                    "tags": words(TAG, text), "mentions": words(MENTION, text), "written_at": stamp(written),
                    "visible_at": stamp(visible_at or min(written, self._now())),
                }
            )  # fmt: skip
        return native

    def edit(self, network: str, native: str, text: str) -> None:
        """The author changes the words. Raises KeyError if there is no such post."""
        text = tidy(text)
        self._change(
            "UPDATE post SET text = ?, tags = ?, mentions = ?, edits = edits + 1 WHERE network = ? AND native_id = ?",
            (text, words(TAG, text), words(MENTION, text), network, native),
        )

    def upload(self, network: str, mark: str, alt: str) -> int:
        """A picture arrives that no post shows yet; its number."""
        with self._writing():
            done = self._db.execute("INSERT INTO media (network, hash, alt) VALUES (?, ?, ?)", (network, mark, alt))
            return int(done.lastrowid or 0)

    def attach(self, network: str, native: str, media: Sequence[int]) -> None:
        """The post shows these pictures and no others. Raises KeyError for one that is not there, or another post's."""
        with self._writing():
            self._db.execute("UPDATE media SET post = '-' WHERE network = ? AND post = ?", (network, native))
            free = "UPDATE media SET post = ? WHERE n = ? AND network = ? AND post = ''"
            for n in media:
                if self._db.execute(free, (native, n, network)).rowcount != 1:
                    raise KeyError(f"there is no picture {n} to show on {network}")

    def shown(self, network: str, native: str) -> list[Shown]:
        """The pictures of a post, in order."""
        rows = self._all("SELECT hash, alt FROM media WHERE network = ? AND post = ? ORDER BY n", network, native)
        return [Shown(str(mark), str(alt)) for mark, alt in rows]

    def stand(self, network: str, native: str, standing: str) -> None:
        """A moderator or the author puts it where it belongs: public, held, spam, trash or gone."""
        known_standing(standing)
        self._change("UPDATE post SET standing = ? WHERE network = ? AND native_id = ?", (standing, network, native))

    def delete(self, network: str, native: str) -> None:
        """The author deletes it for good."""
        self.stand(network, native, "gone")

    def approve(self, native: str) -> None:
        """A moderator of the blog lets a comment through: old id, old date."""
        self.stand("wordpress", native, "public")

    def comment(self, author: str, text: str, *, standing: str = "public", **more: str) -> str:
        """Somebody comments on the blog; the native id. `more` is name, lang, slug, reply_to or root."""
        return self.say("wordpress", author, text, standing=standing, **more)  # type: ignore[arg-type]

    def save_blog(self, html: str, *, title: str = "", slug: str | None = None, at: datetime | None = None) -> int:
        """The editors press Update; the revision, which is a new one even if nothing changed."""
        with self._writing():
            if slug and (there := self._all("SELECT revision FROM save WHERE slug = ?", slug)):
                return int(str(there[0][0]))
            done = self._db.execute(
                "INSERT INTO save (slug, title, html, saved_at) VALUES (?, ?, ?, ?)",
                (slug, tidy(title), tidy(html), stamp(at or self._now())),
            )
            return int(done.lastrowid or 0)

    def _insert(self, values: dict[str, object]) -> None:
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO post ({', '.join(values)}) VALUES ({marks})", tuple(values.values()))  # noqa: S608

    def _change(self, statement: str, values: tuple[object, ...]) -> None:
        with self._writing():
            if self._db.execute(statement, values).rowcount != 1:
                raise KeyError(f"there is no post {values[-1]} on {values[-2]}")

    # -- what can be read ----------------------------------------------------------------------

    def blog(self) -> Save | None:
        """The blog post as it stands, None before its first save."""
        rows = self._all("SELECT revision, title, html, saved_at FROM save ORDER BY revision DESC LIMIT 1")
        return next((Save(int(str(r)), str(t), str(h), instant(s)) for r, t, h, s in rows), None)

    def published(self) -> datetime:
        """When the blog post was saved first. Raises LookupError before that."""
        for (saved,) in self._all("SELECT saved_at FROM save ORDER BY revision LIMIT 1"):
            return instant(saved)
        raise LookupError("the blog post was never saved")

    def one(self, network: str, native: str) -> Post | None:
        """The post of that id, deleted ones too."""
        return next(iter(self._posts("network = ? AND native_id = ?", network, native)), None)

    def by_slug(self, slug: str) -> Post | None:
        """The post that was written under that slug."""
        return next(iter(self._posts("slug = ?", slug)), None)

    def posts(self, network: str, *, gone: bool = False) -> list[Post]:
        """What was sent there through the contract, oldest first; with `gone` also what was deleted."""
        return [post for post in self.ours(network, gone=gone) if post.key]

    def ours(self, network: str, *, gone: bool = False) -> list[Post]:
        """Everything of our own account, also what a person wrote there by hand, oldest first."""
        return self._posts("network = ? AND own = 1 AND (? OR standing != 'gone')", network, gone)

    def answers(self, network: str, native: str) -> list[Post]:
        """What everybody else wrote right under a post and did not delete, oldest first."""
        return self._posts("network = ? AND parent_id = ? AND own = 0 AND standing != 'gone'", network, native)

    def said(self, network: str) -> list[Post]:
        """What everybody else wrote there, deleted ones too, oldest first."""
        return self._posts("network = ? AND own = 0", network)

    def tagged(self, network: str, tag: str, after: tuple[datetime, int], until: datetime, limit: int) -> list[Post]:
        """Visible public posts with that hashtag, from `after` (time, n) upward, oldest first."""
        return self._window(network, "instr(tags, ?)", (f" {tag.lstrip('#').lower()} ",), after, until, limit)

    def mentioning(
        self, network: str, account: str, after: tuple[datetime, int], until: datetime, limit: int
    ) -> list[Post]:
        """Visible public posts that name the account or reply to it, from `after` (time, n) upward, oldest first."""
        ours = "parent_id IN (SELECT p.native_id FROM post p WHERE p.network = post.network AND p.own = 1)"
        return self._window(
            network,
            f"own = 0 AND (instr(mentions, ?) OR {ours})",
            (f" {account.lstrip('@').lower()} ",),
            after,
            until,
            limit,
        )

    def comments(self, until: datetime) -> list[Post]:
        """The comments that a moderator sees in the list: approved and held, by id."""
        return self._posts(
            "network = 'wordpress' AND standing IN ('public', 'held') AND visible_at <= ?", stamp(until), order="n"
        )

    def _window(
        self,
        network: str,
        which: str,
        values: tuple[str, ...],
        after: tuple[datetime, int],
        until: datetime,
        limit: int,
    ) -> list[Post]:
        moment, n = stamp(after[0]), after[1]
        return self._posts(
            f"network = ? AND standing = 'public' AND visible_at <= ? AND (written_at, n) > (?, ?) AND {which}",
            network, stamp(until), moment, n, *values, limit=limit,
        )  # fmt: skip

    def _posts(self, where: str, *values: object, order: str = "written_at, n", limit: int = -1) -> list[Post]:
        statement = f"SELECT {COLUMNS} FROM post WHERE {where} ORDER BY {order} LIMIT ?"  # noqa: S608 fixed names
        return [to_post(row) for row in self._all(statement, *values, limit)]

    # -- calls and faults ----------------------------------------------------------------------

    @contextmanager
    def call(self, network: str, what: str, key: str, at: datetime) -> Iterator[Attempt]:
        """One call, its effect and its line in the log in one transaction; a failure is logged, then goes on up."""
        attempt, failure = Attempt(), None
        with self._writing():
            try:
                yield attempt
            except NetworkFailure as raised:
                failure = raised
                attempt.outcome = f"{type(raised).__name__}: {raised}"
            self._db.execute(
                "INSERT INTO call (at, network, what, key, effect, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                (stamp(at), network, what, key, attempt.effect, attempt.outcome),
            )
        if failure is not None:
            raise failure

    def calls(self, network: str = "", what: str = "", *, key: str = "") -> list[Call]:
        """The log, oldest first; `what` is matched from its beginning ("send", "read hashtag")."""
        rows = self._all(
            "SELECT n, at, network, what, key, effect, outcome FROM call WHERE (? = '' OR network = ?)"
            " AND substr(what, 1, ?) = ? AND (? = '' OR key = ?) ORDER BY n",
            network, network, len(what), what, key, key,
        )  # fmt: skip
        return [to_call(row) for row in rows]

    def counted(self, network: str, what: str) -> int:
        """How many such calls there were."""
        rows = self._all(
            "SELECT count(*) FROM call WHERE network = ? AND substr(what, 1, ?) = ?", network, len(what), what
        )
        return int(str(rows[0][0]))

    def plan_fault(self, network: str, what: str, kind: str, times: int = 1) -> None:
        """The next `times` calls of that kind ("send", "read" ...) meet that fault, before any drawn one."""
        with self._writing():
            self._db.execute(
                "INSERT INTO fault (network, what, kind, times) VALUES (?, ?, ?, ?)", (network, what, kind, times)
            )

    def take_fault(self, network: str, what: str) -> str:
        """The planned fault that this call meets, used up by asking; "" if there is none."""
        with self._writing():
            rows = self._all(
                "SELECT n, kind FROM fault WHERE network = ? AND times > 0 AND substr(?, 1, length(what)) = what"
                " ORDER BY n LIMIT 1",
                network, what,
            )  # fmt: skip
            for n, kind in rows:
                self._db.execute("UPDATE fault SET times = times - 1 WHERE n = ?", (n,))
                return str(kind)
        return ""

    # -- the player's own notes ----------------------------------------------------------------

    def note(self, key: str, value: str) -> None:
        """Write down how far the script has come."""
        with self._writing():
            self._db.execute("INSERT OR REPLACE INTO note (key, value) VALUES (?, ?)", (key, value))

    def noted(self, key: str, default: str = "") -> str:
        """What was written down under that key."""
        return next((str(value) for (value,) in self._all("SELECT value FROM note WHERE key = ?", key)), default)
