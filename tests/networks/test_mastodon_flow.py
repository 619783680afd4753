"""Mastodon in the whole program, with a real database: every question once, every post once, whatever goes wrong."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import collect, desk, housekeep
from bot.networks.base import Options
from bot.networks.mastodon import Mastodon
from bot.networks.rehearsal.address import BLOG
from bot.store import networks
from bot.store.events import SourcePlan
from bot.store.tables import item
from tests import workshop
from tests.doubles.mastodon_server import TOKEN, MastodonServer, mastodon
from tests.doubles.mastodon_world import Person, Post
from tests.flows.house import ADA, EVERY, START, TIMING, House, house, plan

LIVEBLOG = SourcePlan("wordpress", "liveblog", BLOG, EVERY)
HASHTAG = SourcePlan("mastodon", "hashtag", "QLabs", EVERY, START)
GRACE = {"mode": "grace", "seconds": 0, "networks": ["mastodon"]}


@contextmanager
def joined(folder: Path, *, kind: str = "mastodon", deadline: float = 5.0) -> Iterator[tuple[House, MastodonServer]]:
    """A house whose Mastodon is real and stands before two doubles; its blog is played."""
    event = plan(announce=GRACE, starts=None, ends=None, sources=(LIVEBLOG, HASHTAG))
    with (
        house(folder, event) as home,
        mastodon("home.example", home.clock, kind) as server,
        mastodon("other.example", home.clock) as other,
    ):
        options = Options(server.url, "qcommunity", {"access_token": TOKEN}, {"also_read": [other.url]}, deadline)
        for name in ("x", "bluesky", "mastodon"):
            home.networks.pop(name).close()
        home.networks["mastodon"] = Mastodon(options, networks.RowMemory(home.store, "mastodon"), home.clock)
        server.peer = other
        yield home, server


def _words(number: int) -> str:
    return f"Question {number}: who pays for visit {number * 7919} of ward {number * 104729}? #QLabs"


@pytest.mark.parametrize("kind", ["mastodon", "gotosocial"])
def test_five_hundred_posts_with_bursts_late_ones_edits_and_removals_are_all_stored_once(
    tmp_path: Path, kind: str
) -> None:
    dice = random.Random(int(os.environ.get("BACKCHANNEL_SEED", "7")))  # another one plays another crowd
    with joined(tmp_path, kind=kind) as (home, server):
        other = server.peer
        assert other is not None
        home.tick()
        numbers = list(range(500))
        dice.shuffle(numbers)
        late, edited, deleted = (set(numbers[at : at + 25]) for at in (0, 25, 50))
        posts: dict[int, Post] = {}
        waiting: list[tuple[int, Post]] = []
        number = 0
        while number < 500:
            burst = 130 if number in (0, 250) else dice.randint(1, 12)
            for number in range(number, min(number + burst, 500)):  # noqa: B020
                here, there = (server, other) if dice.random() < 0.5 else (other, server)
                person = Person(f"p{number % 90}", "far.example")
                home.clock.go(0.05)
                post = Post(f"https://far.example/{number}", person, _words(number), home.clock())
                posts[number] = post
                if number in late:  # written now, fetched by one of the servers after a while
                    waiting.append((dice.randint(2, 30), post))
                    continue
                here.receive(post)
                if dice.random() < 0.6:
                    there.receive(post)
            number += 1
            waiting = [(turns - 1, post) for turns, post in waiting]
            for turns, post in waiting:
                if turns == 0:
                    dice.choice((server, other)).receive(post, fetched=True)
            home.tick(EVERY)
        for _turns, post in (one for one in waiting if one[0] > 0):
            server.receive(post, fetched=True)
        home.tick(EVERY)
        raised = [home.question_of(posts[one].uri) for one in sorted(deleted - late)[:2]]
        stays = home.question_of(posts[min(set(numbers) - deleted - late - edited)].uri)
        for one in (*raised, stays):
            home.project(one, f"Screen {one}")
        assert all(home.on_screens())
        for one in edited:
            posts[one].text, posts[one].edited = _words(one).replace("who pays", "who really pays"), home.clock()
        for one in deleted:
            server.delete(posts[one])
            other.delete(posts[one])
        home.tick(EVERY)
        for _ in range(3):
            home.tick(400)
        while housekeep.recheck(home.store, "mastodon", home.networks["mastodon"], timedelta(minutes=5)):
            pass
        assert [bool(words) for words in home.on_screens()] == [False, False, True]
        rows = home.items(item.c.network == "mastodon")
        assert Counter(row.native_id for row in rows) == Counter(post.uri for post in posts.values())
        gone = {row.native_id for row in rows if row.standing == "gone"}
        assert gone == {posts[one].uri for one in deleted}
        texts = {row.native_id: row.text for row in rows}
        assert {one for one in numbers if "really" in texts[posts[one].uri]} == edited
        states = Counter(row.state for row in home.questions())
        assert states == {"waiting": 474, "room": 1, "gone": 25}
        assert all(not row.text for row in home.questions() if row.state == "gone")


def test_the_workshop_goes_out_once_and_in_order_though_answers_are_lost(tmp_path: Path) -> None:
    told = workshop.timeline()
    with joined(tmp_path, deadline=0.7) as (home, server):
        for number, (step, html) in enumerate(workshop.states()):
            home.remote.save_blog(html, title=told["title"], at=datetime.fromisoformat(step["at"]))
            broken = number % 5 == 1
            if broken:
                server.fail(("500 after", "half", "garbage", "html 503", "hang after")[number // 5 % 5])
            home.tick(EVERY, times=6 if broken else 2)
            server.hold.set()
        kinds = Counter((row.kind, row.state) for row in home.posts())
        assert kinds == {("update", "approved"): 32, ("correction", "draft"): 4, ("withdrawal", "draft"): 1}
        assert {row.state for row in home.deliveries()} == {"sent"}
        texts = [post.text for post in server.ours()]
        assert len(texts) == len(set(texts)) == 32
        assert texts == [row.text for row in home.deliveries()]
        assert server.faults == []


@pytest.mark.parametrize("kind", ["mastodon", "gotosocial"])
def test_a_lost_answer_is_one_post(tmp_path: Path, kind: str) -> None:
    with joined(tmp_path, kind=kind) as (home, server):
        home.save()
        home.tick()
        server.fail("500 after")
        home.save(("9.50am", "Welcome", "Tea and biscuits at the back."))
        home.tick(times=4)
        (row,) = home.deliveries()
        assert (row.state, bool(row.evidence)) == ("sent", True)
        assert len(server.ours()) == 1


def test_where_the_key_is_ignored_and_nothing_is_found_a_person_is_asked(tmp_path: Path) -> None:
    with joined(tmp_path, kind="gotosocial") as (home, server):
        home.save()
        home.tick()
        server.fail("html 503")
        home.save(("9.50am", "Welcome", "Tea and biscuits at the back."))
        home.tick(times=8)
        (row,) = home.deliveries()
        assert row.state == "asking"
        assert server.ours() == []


def test_a_question_seen_elsewhere_is_answered_once_where_it_was_asked(tmp_path: Path) -> None:
    with joined(tmp_path) as (home, server):
        other = server.peer
        assert other is not None
        asked = other.say("Who pays for supervision? #QLabs")
        server.elsewhere[asked.uri] = asked
        home.tick(times=2)
        done = desk.answer(home.store, ADA, home.question_of(asked.uri), "Our trust does.")
        assert done.ok, done
        server.fail("500 after")
        home.tick(times=4)
        (post,) = server.ours()
        assert (post.text, post.parent) == ("@asha@other.example Our trust does.", asked.uri)
        assert {row.state for row in home.deliveries()} == {"sent"}
        assert post.uri not in {row.native_id for row in home.items()}


def test_a_limit_on_reading_delays_reading_alone(tmp_path: Path) -> None:
    with joined(tmp_path) as (home, server):
        home.save()
        home.tick()
        server.fail("429", "GET", "/timelines/")
        home.save(("9.50am", "Welcome", "Tea and biscuits at the back."))
        asked = server.say("Who pays for supervision? #QLabs")
        home.tick(times=3)
        assert len(server.ours()) == 1
        assert home.items() == []
        home.clock.go(300)
        while collect.read_one(home.store, home.networks["mastodon"], "mastodon", TIMING):
            pass
        assert [row.native_id for row in home.items()] == [asked.uri]
