"""The workshop with X on its double over HTTP: 32 entries go out once, and what people write is stored once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import deliver
from bot.networks.rehearsal.address import ACCOUNTS
from bot.networks.rehearsal.script import Act, Cue, acts, settings_text
from bot.rehearse import Player
from bot.settings import load
from bot.store import schema
from bot.store.engine import Store
from bot.store.tables import delivery, item, network, placement, sighting, source
from bot.worker import Worker
from tests.doubles.x_billing import Kind
from tests.doubles.x_server import XServer
from tests.flows.program import free_port
from tests.flows.x_remote import CREATE, RemoteWithX, made, settings_with_x, unhurried
from tests.networks.x_scene import US, Clock

TICK = 31.0  # seconds; the search of X ends half a minute ago
PATIENCE = 40  # ticks
HOURS_LATER = timedelta(hours=2)
NAME_US = {"gp-1", "risk-2", "x-q-vote", "x-bye", "late mention", "sooner mention", "plain mention"}


class House:
    """A worker in this process, ticked by hand, on a clock that only this test moves."""

    def __init__(self, folder: Path, server: XServer, clock: Clock) -> None:
        text = settings_text().replace("var/rehearsal", folder.as_posix())
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{free_port()}").replace("seconds = 2,", "seconds = 30,")
        file = folder / "settings.toml"
        file.write_text(settings_with_x(text, server).replace("poll_seconds = 1", "poll_seconds = 30\nfirst_read = 5"))
        settings = load(file, server.secrets())
        self.clock = clock
        self.store = Store(settings.database, clock)
        schema.migrate(self.store)
        self.worker = Worker(self.store, settings)

    def tick(self, seconds: float = TICK) -> None:
        """Time passes, and the worker does what became due."""
        self.clock.forward(seconds=seconds)
        for name in self.worker.readers:
            self.worker.read(name)
        self.worker.illustrate()
        deliver.end_grace(self.store)
        for name in self.worker.senders:
            self.worker.send(name)

    def rows(self, wanted: Any) -> list[Any]:
        """What a query gives."""
        with self.store.read() as tx:
            return list(tx.execute(wanted).all())

    def close(self) -> None:
        """Let go of everything."""
        self.worker.stop()
        self.store.close()


class Editors(Player):
    """Plays the script on the clock of the house; `also` happens on X beside what the script says."""

    def __init__(self, remote: RemoteWithX, house: House, also: dict[str, Callable[[], None]]) -> None:
        super().__init__(remote, house.store, print, speed=1e9)
        self.house, self.also, self.began = house, also, house.clock()

    def _do(self, cue: Cue) -> None:
        clock = self.house.clock
        clock.at = max(clock.at, self.began + cue.offset)
        super()._do(cue)
        if isinstance(cue.what, Act) and cue.what.id in self.also:
            self.also.pop(cue.what.id)()

    def _write(self, act: Act) -> None:
        now = self.house.clock()
        self._remote.say(
            act.network, act.by or ACCOUNTS[act.network], act.text, name=act.name, lang=act.lang, slug=act.id,
            standing=act.standing, own=act.do == "own", repost=act.do == "repost",
            written_at=now - timedelta(minutes=act.minutes_late), visible_at=now,
        )  # fmt: skip
        self.house.tick()

    def _wait(self, ready: Callable[[], bool], otherwise: str) -> bool:
        for _ in range(PATIENCE):
            if ready():
                return True
            self.house.tick()
        self._missed(otherwise)
        return False


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer(Clock()) as made_here:
        yield unhurried(made_here)


@pytest.fixture
def house(tmp_path: Path, server: XServer) -> Iterator[House]:
    assert isinstance(server.clock, Clock)
    opened = House(tmp_path, server, server.clock)
    yield opened
    opened.close()


class Crowd:
    """What happens on X beside the script: late posts, edits, deletions, reposts, a mention without the tag."""

    def __init__(self, remote: RemoteWithX, house: House) -> None:
        self.remote, self.house, self.x = remote, house, remote.x

    def native(self, slug: str) -> str:
        """The id of what was written under that name."""
        return self.remote.told[slug].native_id

    def also(self) -> dict[str, Callable[[], None]]:
        """What happens after which act of the script."""
        return {
            "x-thought-1": self.a_late_post, "ar-1": self.a_late_mention, "gp-1": self.an_edit_at_once,
            "cost-2": self.an_edit_after_the_overlap, "x-q-vote": self.a_deletion_after_hours,
            "x-bye": self.a_plain_mention,
        }  # fmt: skip

    def say(self, slug: str, text: str, late: float = 0.0) -> None:
        """Written now, and found by searches so many seconds later."""
        now = self.house.clock()
        self.remote.say("x", "late_example", text, slug=slug, written_at=now, visible_at=now + timedelta(seconds=late))

    def a_late_post(self) -> None:
        self.say("late", "Will there be a recording for those who work nights? #QLabs", late=150)
        self.house.tick()
        self.say("sooner", "Could the slides be read out? #QLabs")
        for _ in range(6):
            self.house.tick()

    def a_late_mention(self) -> None:
        self.say("late mention", f"@{US} is the building step free?", late=120)
        self.house.tick()
        self.say("sooner mention", f"@{US} where is the nearest station? #QLabs")
        for _ in range(5):
            self.house.tick()

    def an_edit_at_once(self) -> None:
        self.x.edit(self.native("gp-1"), f"@{US} How do you get GPs to refer people to peer support groups? #QLabs")
        self.house.tick()

    def an_edit_after_the_overlap(self) -> None:
        for _ in range(8):
            self.house.tick()
        self.x.edit(self.native("cost-2"), "what does it cost to run a peer support group for two years? #qlabs")
        self.house.tick(700)

    def a_deletion_after_hours(self) -> None:
        self.house.clock.at += HOURS_LATER
        self.house.tick()
        self.x.delete(self.native("ur-1"))
        self.house.tick(700)

    def a_plain_mention(self) -> None:
        self.say("plain mention", f"@{US} will the notes be published?")
        for _ in range(3):
            self.house.tick()


def ids(house: House, wanted: Any) -> set[int]:
    """The numbers that a query gives."""
    return {row[0] for row in house.rows(wanted)}


@pytest.mark.timeout(600)
def test_the_workshop_goes_out_on_x_once_and_what_people_write_there_is_stored_once(
    tmp_path: Path, house: House, server: XServer
) -> None:
    remote = RemoteWithX(tmp_path / "remote.db", server, house.clock)
    crowd = Crowd(remote, house)
    editors = Editors(remote, house, crowd.also())
    editors.begin()
    report = editors.play()
    remote.close()
    assert report.missed == []
    assert editors.also == {}

    posts = list(made(server).values())
    updates, answers = [text for text, parent in posts if not parent], [text for text, parent in posts if parent]
    assert len(updates) == len(set(updates)) == 32
    assert len(posts) == len(server.called(CREATE)), "each was asked for once"
    assert len(answers) == 1
    states = {(row.state, row.action) for row in house.rows(select(delivery))}
    assert states == {("sent", "create")}

    written = {one.native_id: one.slug for one in remote.told.values() if not one.own and not one.repost}
    stored = house.rows(select(item).where(item.c.network == "x"))
    assert sorted(row.native_id for row in stored) == sorted(written)
    by_slug = {written[row.native_id]: row for row in stored}
    gone = {slug for slug, row in by_slug.items() if row.standing == "gone"}
    assert gone == {"delete-me", "ur-1"}
    assert {by_slug[slug].text for slug in gone} == {""}
    assert by_slug["gp-1"].text.endswith("peer support groups? #QLabs")
    assert by_slug["cost-2"].text.endswith("for two years? #qlabs")
    expected = {act.id for act in acts() if act.network == "x" and act.expect == "question"}
    expected |= {"late", "sooner", "late mention", "sooner mention", "plain mention"}
    asking = select(placement.c.item_id).where(placement.c.question_id.is_not(None))
    naming = select(sighting.c.item_id).join(source).where(source.c.network == "x", source.c.kind == "mentions")
    assert {slug for slug, row in by_slug.items() if row.id in ids(house, asking)} == expected
    assert {slug for slug, row in by_slug.items() if row.id in ids(house, naming)} == NAME_US

    bill, (books,) = server.bill(), house.rows(select(network).where(network.c.name == "x"))
    print(
        {kind.value: line.count for kind, line in bill.lines.items()},
        f"{bill.total:.3f} billed, {books.spent_usd:.3f} booked",
    )
    assert bill.count(Kind.POST, Kind.POST_WITH_LINK) == 32
    assert bill.count(Kind.SUMMONED_REPLY) == 1
    assert bill.total <= books.spent_usd + 1e-6
    assert books.reserved_usd == pytest.approx(0)
