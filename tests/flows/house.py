"""A house for the flows: a real database file, the played networks, and a worker's hands, on a clock that is moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from bot import announce, collect, deliver, desk, housekeep
from bot.core.limits import default_limits
from bot.core.states import Timing
from bot.desk import Who
from bot.networks import open_network
from bot.networks.base import Network, Options
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.address import BLOG
from bot.store import events, networks, outbox, schema, screens
from bot.store.engine import Store
from bot.store.events import EventPlan, SourcePlan
from bot.store.tables import delivery, item, placement, post, question

NAMES = ("x", "mastodon", "bluesky", "wordpress")
POSTERS = ("x", "mastodon", "bluesky")
START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
TIMING = Timing(timedelta(seconds=2), timedelta(seconds=5), (1.0, 2.0, 3.0))
ADA = Who(0, "Ada", "lead")
EVERY = 10.0  # seconds between two readings of a source


class Clock:
    """The time of the house; it moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def go(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)


def plan(**changed: Any) -> EventPlan:
    """One event on all four networks; `changed` are fields of the plan, or of its options."""
    options: dict[str, Any] = {
        "announce": {"mode": "grace", "seconds": 60, "networks": list(POSTERS)},
        "hashtags": ["QLabs"],
        "links": {"x": "never"},
        "themes": ["Access", "Evidence"],
    }
    own = {key: changed.pop(key) for key in ("slug", "starts", "ends", "sources", "retention_days") if key in changed}
    tag = (options | changed)["hashtags"][0]
    sources = (
        *(SourcePlan(name, "hashtag", tag, EVERY, START) for name in POSTERS),
        SourcePlan("wordpress", "comments", BLOG, EVERY, START),
        SourcePlan("wordpress", "liveblog", BLOG, EVERY, START),
    )
    values: dict[str, Any] = {
        "slug": "workshop", "starts": START - timedelta(hours=1), "ends": START + timedelta(days=2),
        "retention_days": 90, "sources": sources,
    }  # fmt: skip
    return EventPlan(name="Workshop", timezone="Europe/London", options=options | changed, **(values | own))


class House:
    """Everything but the console and the scheduler: `tick` is what a worker does when its clock strikes."""

    def __init__(
        self, folder: Path, *plans: EventPlan, faults: dict[str, Any] | None = None, at: datetime = START
    ) -> None:
        self.clock = Clock()
        self.clock.at = at
        self.file = folder / "backchannel.db"
        self.store = Store(f"sqlite:///{self.file}", self.clock)
        schema.migrate(self.store)
        self.remote = Remote(folder / "remote.db", self.clock)
        self.set_up(*plans or (plan(),))
        self.networks = {name: self._open(name, faults or {}) for name in NAMES}

    def set_up(self, *plans: EventPlan) -> None:
        """Make the rows say what the plans say."""
        with self.store.write() as tx:
            for name in NAMES:
                networks.ensure(tx, name, default_limits(name), budget_usd=50.0 if name == "x" else None)
            events.sync(tx, self.clock(), plans, [SourcePlan("x", "mentions", "theQCommunity", EVERY, START)])

    def _open(self, name: str, faults: dict[str, Any]) -> Network:
        options = Options(f"rehearsal:{self.remote.path}", extra={"faults": faults, "sweep": 1})
        return open_network(name, options, networks.RowMemory(self.store, name), self.clock)

    def close(self) -> None:
        """Let go of files."""
        for network in self.networks.values():
            network.close()
        self.remote.close()
        self.store.close()

    # -- what a worker does --------------------------------------------------------------------

    def read(self) -> None:
        """Read every source that is due."""
        for name, network in self.networks.items():
            while announce.read_blog(self.store, network, name, TIMING):
                pass
            while collect.read_one(self.store, network, name, TIMING):
                pass

    def send(self) -> None:
        """Send what may go, look for what may be out."""
        housekeep.lapse(self.store)
        deliver.end_grace(self.store)
        for name, network in self.networks.items():
            while deliver.send_one(self.store, network, name, TIMING):
                pass
            while deliver.look_one(self.store, network, name, TIMING):
                pass

    def tick(self, seconds: float = EVERY, times: int = 1) -> None:
        """Let time pass and do what became due, some times over."""
        for _ in range(times):
            self.clock.go(seconds)
            self.read()
            self.send()

    def die_while_sending(self, name: str) -> None:
        """A worker does one delivery and is gone before the receipt is written down."""
        with self.store.write() as tx:
            row = outbox.take(tx, self.clock(), TIMING.lease, name)
            assert row is not None, f"nothing to send on {name}"
            wanted = outbox.as_delivery(tx, row)
        self.networks[name].send(wanted)

    # -- what there is -------------------------------------------------------------------------

    def posts(self, *where: Any) -> list[Row[Any]]:
        """Stored posts, oldest first."""
        return self._rows(select(post).where(*where).order_by(post.c.id))

    def deliveries(self, *where: Any) -> list[Row[Any]]:
        """Stored deliveries, oldest first."""
        return self._rows(select(delivery).where(*where).order_by(delivery.c.id))

    def questions(self, *where: Any) -> list[Row[Any]]:
        """Stored questions, oldest first."""
        return self._rows(select(question).where(*where).order_by(question.c.id))

    def items(self, *where: Any) -> list[Row[Any]]:
        """Stored items, oldest first."""
        return self._rows(select(item).where(*where).order_by(item.c.id))

    def question_of(self, native_id: str) -> int:
        """The question that an item asks. Raises sqlalchemy's NoResultFound if it asks none."""
        asked = select(placement.c.question_id).join(item).where(item.c.native_id == native_id)
        return int(self._rows(asked.where(placement.c.question_id.is_not(None)))[0].question_id)

    def on_screens(self) -> list[str]:
        """What the room reads on each screen, "" where nothing is asked."""
        with self.store.read() as tx:
            (ev,) = events.all_events(tx)
            return [screens.slide(tx, self.clock(), row).words for row in screens.of_event(tx, ev.id)]

    def _rows(self, statement: Any) -> list[Row[Any]]:
        with self.store.read() as tx:
            return list(tx.execute(statement).all())

    def sent(self, name: str) -> list[str]:
        """The words of ours that are out on a network, oldest first."""
        return [one.text for one in self.remote.posts(name)]

    # -- what people do ------------------------------------------------------------------------

    def ask(self, network: str, text: str, author: str = "@grace", **more: Any) -> str:
        """Somebody writes now; the native id."""
        return self.remote.say(network, author, text, name="Grace", **more)

    def project(self, question_id: int, name: str = "Main hall") -> None:
        """A question goes to the room, and onto a new screen there."""
        (row,) = self.questions(question.c.id == question_id)
        assert desk.to_room(self.store, ADA, question_id).ok
        assert desk.add_screen(self.store, ADA, row.event_id, name).ok
        with self.store.read() as tx:
            screen = screens.of_event(tx, row.event_id)[-1]
        done = desk.show_on_screen(self.store, ADA, screen.id, question_id)
        assert done.ok, done.sentence

    def save(self, *entries: tuple[str, str, str]) -> None:
        """The editors save the live blog: entries as (time, title, text), newest first."""
        self.remote.save_blog(page(entries), title="Live blog", at=self.clock())


def page(entries: Sequence[tuple[str, str, str]]) -> str:
    """A live blog of one day as HTML."""
    blocks = [f"<h3>{time}: {title}</h3>\n<p>{text}</p>" for time, title, text in entries]
    return "\n".join(["<p>We are live-blogging today.</p>", "<h2>4 May</h2>", *blocks])


@contextmanager
def house(folder: Path, *plans: EventPlan, **more: Any) -> Iterator[House]:
    """A house that is closed in the end."""
    made = House(folder, *plans, **more)
    try:
        yield made
    finally:
        made.close()
