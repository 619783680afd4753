"""The whole loop on a real WordPress: X, Mastodon and Bluesky are played, everything else is real."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from sqlalchemy import select

from bot import desk, serve
from bot.console.app import ConsoleOptions, create_app
from bot.networks.rehearsal import Remote
from bot.store.tables import delivery, doubt, entry, item, placement, post, question
from tests import workshop
from tests.networks.servers import LosingProxy, talking
from tests.real.house import House, of_blog
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real
SOCIAL = ("x", "mastodon", "bluesky")


class Played(House):
    """A house whose X, Mastodon and Bluesky are played, in a file that can be looked into."""

    def __init__(self, folder: Path, site: str, address: str, secrets: dict[str, str]) -> None:
        played = f"rehearsal:{folder}/remote.db"
        tables = {name: {"api_url": played, "account": "qcommunity.example"} for name in SOCIAL}
        tables["wordpress"] = {"api_url": site}
        super().__init__(folder, tables, of_blog(secrets), live_blog=address, announce="pictures = false")
        self.remote = Remote(folder / "remote.db")

    def tick(self) -> None:
        """Read the blog once, end the grace, send what is due."""
        self.read("wordpress")
        self.send()

    def until(self, true: Callable[[], bool], seconds: float = 20) -> None:
        """Tick until it is so."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it did not come to pass in time"
            self.tick()

    def close(self) -> None:
        """Let go of everything."""
        super().close()
        self.remote.close()


@pytest.fixture
def opened(tmp_path: Path, wordpress: RealWordPress) -> Iterator[Callable[..., Played]]:
    houses: list[Played] = []

    def open_one(address: str, site: str = "") -> Played:
        houses.append(Played(tmp_path, site or wordpress.url, address, wordpress.secrets()))
        return houses[-1]

    yield open_one
    for house in houses:
        house.close()


def test_the_workshop_replayed_save_by_save_is_announced_once_entry_by_entry(
    wordpress: RealWordPress, opened: Callable[..., Played]
) -> None:
    saves = workshop.states()
    number, address = wordpress.post(
        saves[0][1], post_title=workshop.timeline()["title"], post_date="2017-07-12 12:50:00"
    )
    house = opened(address)
    house.tick()
    for _, content in saves[1:]:
        wordpress.edit_post(number, post_content=content)
        house.tick()

    for name in SOCIAL:
        sent = [one for one in house.remote.posts(name) if one.own]
        assert len(sent) == 32, name
        assert len({one.text for one in sent}) == 32, name
    kinds = {kind: house.count(post.c.kind == kind) for kind in ("update", "correction", "withdrawal")}
    assert kinds == {"update": 32, "correction": 4, "withdrawal": 1}
    assert house.count(post.c.kind != "update", post.c.state != "draft") == 0
    assert house.count(delivery.c.state == "sent") == house.count(delivery.c.id > 0) == 3 * 32
    assert house.count(entry.c.state == "new") == 31
    assert house.count(entry.c.state == "gone") == 1
    assert house.count(doubt.c.id > 0) == 0


def test_a_first_read_announces_nothing_old(wordpress: RealWordPress, opened: Callable[..., Played]) -> None:
    _, address = wordpress.post(workshop.final(), post_date="2017-07-12 12:50:00")
    house = opened(address)
    house.tick()
    assert house.count(entry.c.state == "old") == 31
    assert house.count(post.c.id > 0) == 0


def test_comments_held_approved_edited_trashed_and_deleted_are_each_seen(
    wordpress: RealWordPress, opened: Callable[..., Played]
) -> None:
    number, address = wordpress.post()
    house = opened(address)
    house.tick()
    late = wordpress.comment(number, "Could <b>volunteers</b> be trained as peers?", approved=0)
    house.tick()
    assert house.count(item.c.standing == "held") == 1
    wordpress.moderate((late, "approve"))
    first = wordpress.comment(number, "Who pays for peer support in primary care?")
    spam = wordpress.comment(number, "How do I book a room for my group?")
    house.tick()
    assert house.count(item.c.standing == "public") == 3
    assert house.count(question.c.state == "waiting") == 3

    wordpress.edit_comment(first, "Who pays for peer support in primary care and in schools?")
    wordpress.moderate((spam, "trash"))
    house.tick()
    assert house.count(question.c.text.contains("in schools"), question.c.edited_at.is_not(None)) == 1
    assert house.count(item.c.standing == "hidden") == 1
    assert house.count(question.c.state == "dismissed") == 1

    wordpress.moderate((spam, "approve"))
    wordpress.moderate((first, "delete"))
    house.tick()
    assert house.count(question.c.state == "waiting") == 2
    assert house.count(question.c.state == "gone", question.c.text == "") == 1
    assert house.count(item.c.standing == "gone", item.c.text == "") == 1


@contextmanager
def console_of(house: House) -> Iterator[httpx.Client]:
    """The console on loopback, and somebody who signed in by the link."""
    url = house.settings.console.public_url
    app = create_app(house.store, ConsoleOptions(url, secure=False))
    server = uvicorn.Server(uvicorn.Config(app, port=house.port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        with httpx.Client(base_url=url, headers={"Origin": url}, follow_redirects=True, trust_env=False) as person:
            assert person.post(serve.sign_in_link(house.settings, house.store)).status_code == 200
            yield person
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "the first answer is lost"])
def test_an_answer_given_in_the_console_appears_as_one_threaded_reply(
    wordpress: RealWordPress, opened: Callable[..., Played], lost: bool
) -> None:
    number, address = wordpress.post()
    asked = wordpress.comment(number, "Who pays for peer support in primary care?")
    proxy = LosingProxy(int(wordpress.url.rsplit(":", 1)[1]))
    with talking(proxy) as port:
        site = f"http://127.0.0.1:{port}"
        house = opened(address.replace(wordpress.url, site), site)
        house.tick()
        with house.store.read() as tx:
            found = tx.execute(select(question.c.id)).scalar_one()
        with console_of(house) as person:
            page = person.get(f"/e/peer-support/questions/{found}")
            assert "Who pays for peer support" in page.text
            answer = {"text": "The local NHS <trust> pays.", "network": "wordpress"}
            said = person.post(f"/e/peer-support/questions/{found}/answer", data=answer)
            assert said.status_code == 200
        before = proxy.lost
        proxy.losing = lambda request: lost and request.startswith(b"POST ") and proxy.lost == before
        house.until(lambda: house.count(delivery.c.state == "sent") == 1)

    rows = wordpress.stored_comments(number)
    replies = [row for row in rows if row["parent"] == asked]
    assert len(rows) == 2
    assert len(replies) == 1
    assert "The local NHS &lt;trust&gt; pays." in replies[0]["content"]
    assert re.search(r"#comment-\d+$", _address(house))
    assert (proxy.lost > before) is lost
    house.tick()
    assert house.count(item.c.id > 0) == 1, "our own reply came back as an item"
    assert house.count(question.c.told_at.is_not(None)) == 1


def _address(house: House) -> str:
    with house.store.read() as tx:
        return str(tx.execute(select(delivery.c.url)).scalar_one())


def test_a_thought_becomes_a_question_at_the_desk(wordpress: RealWordPress, opened: Callable[..., Played]) -> None:
    number, address = wordpress.post()
    wordpress.comment(number, "Peer support saved my evenings. Our group meets in a library.")
    house = opened(address)
    house.tick()
    with house.store.read() as tx:
        there = tx.execute(select(placement.c.event_id, placement.c.item_id, placement.c.kind)).one()
    assert there.kind == "thought"
    assert desk.make_question(house.store, desk.Who(0, "Joe"), there.event_id, there.item_id).ok
    assert house.count(question.c.state == "waiting") == 1
