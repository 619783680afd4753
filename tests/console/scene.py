"""An event in the middle of its first afternoon, as rows: what every page of the console has to show."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, insert

from bot.core import room
from bot.core.items import Limits
from bot.core.text import default_limits
from bot.store import changes, codes, events, people, sessions
from bot.store import tables as t
from bot.store.engine import Store

NOW = datetime(2017, 7, 13, 14, 11, 0, tzinfo=UTC)  # 3:11pm in London
HOSTILE = '<script>alert("boo")</script><img src=x onerror=alert(1)>'


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


def add(tx: Connection, table: Table, **values: Any) -> int:
    """One row; its id."""
    return int(tx.execute(insert(table).values(values).returning(table.c.id)).scalar_one())


def ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


class Scene:
    """Writes the rows of one event. Each method adds one thing and gives its id."""

    def __init__(self, store: Store, slug: str = "peer-support", name: str = "Q Lab peer support workshop") -> None:
        self.store = store
        self.slug = slug
        with store.write() as tx:
            events.prepare(tx)
            self.event_id = add(
                tx, t.event, slug=slug, name=name, timezone="Europe/London", starts=ago(180), ends=ago(-1440),
                options={
                    "hashtags": ["QLabs"],
                    "themes": ["Access", "Buy-in and culture", "Evidence", "Workforce"],
                    "announce": {"mode": "grace", "seconds": 60, "networks": ["x", "mastodon", "bluesky"]},
                    "contact_routes": "Call 999 in an emergency, or Samaritans on 116 123.",
                },
            )  # fmt: skip

    def networks(self) -> None:
        rules = {name: default_limits(name) for name in ("x", "mastodon", "bluesky", "wordpress")}
        with self.store.write() as tx:
            for name, limits in rules.items():
                self._network(tx, name, limits)

    @staticmethod
    def _network(tx: Connection, name: str, limits: Limits) -> None:
        health = [{"level": "ok", "what": "Connected.", "fix": ""}]
        tx.execute(
            insert(t.network).values(
                name=name, account="@theQCommunity", limits=asdict(limits), health=health, checked_at=ago(1),
                paid=name == "x", budget_usd=50.0 if name == "x" else None, spent_usd=3.2 if name == "x" else 0.0,
            )
        )  # fmt: skip

    def source(self, network: str, kind: str, address: str, **more: Any) -> int:
        with self.store.write() as tx:
            values = {"last_good": ago(0.1), "due": ago(-0.5)} | more
            return add(tx, t.source, event_id=self.event_id, network=network, kind=kind, address=address, **values)

    def item(self, text: str, network: str = "mastodon", minutes: float = 5, **more: Any) -> int:
        with self.store.write() as tx:
            return self._item(tx, text, network, minutes, **more)

    def _item(self, tx: Connection, text: str, network: str, minutes: float, **more: Any) -> int:
        n = len(text) * 1000 + int(minutes * 60)
        values = {
            "native_id": f"{network}-{n}-{text[:40]}", "author_id": f"{network}-{text[:12]}",
            "author_name": "Dana Whitlock", "author_handle": "@dana@health.example",
            "url": "https://health.example/@dana/1", "lang": "en", "written_at": ago(minutes), "seen_at": ago(minutes),
        }  # fmt: skip
        return add(tx, t.item, network=network, text=text, **(values | more))

    def placed(self, item_id: int, kind: str, theme: str = "", question_id: int | None = None) -> int:
        with self.store.write() as tx:
            return add(
                tx,
                t.placement,
                event_id=self.event_id,
                item_id=item_id,
                kind=kind,
                theme=theme,
                question_id=question_id,
            )

    def question(
        self, text: str, network: str = "mastodon", minutes: float = 5, theme: str = "", state: str = "waiting",
        also: tuple[tuple[str, str], ...] = (), author: dict[str, Any] | None = None, **more: Any,
    ) -> int:  # fmt: skip
        """A question and the items that ask it; `also` are (network, wording) of those who asked it after."""
        with self.store.write() as tx:
            values = {"asked_at": ago(minutes), "theme": theme, "state": state, "times_asked": 1 + len(also)} | more
            question_id = add(tx, t.question, event_id=self.event_id, text=text, **values)
            asked = [(network, text, minutes), *((n, said, minutes - 1 - i) for i, (n, said) in enumerate(also))]
            for where, said, at in asked:
                item_id = self._item(tx, said, where, at, **(author or {}))
                add(
                    tx, t.placement, event_id=self.event_id, item_id=item_id, kind="question", theme=theme,
                    question_id=question_id, lane=more.get("lane", "open"),
                )  # fmt: skip
            changes.record(tx, NOW, "", "asked", event_id=self.event_id, kind="question", ref=question_id)
            return question_id

    def thought(self, text: str, theme: str = "", network: str = "bluesky", minutes: float = 8, **more: Any) -> int:
        item_id = self.item(text, network, minutes, **more)
        self.placed(item_id, "thought", theme)
        return item_id

    def entry(self, title: str, text: str, minutes: float, **more: Any) -> int:
        with self.store.write() as tx:
            source_id = add(
                tx, t.source, event_id=self.event_id, network="wordpress", kind="liveblog",
                address=f"https://q.example/blog/{title[:20]}-{minutes}/", last_good=NOW,
            )  # fmt: skip
            return add(
                tx, t.entry, event_id=self.event_id, source_id=source_id, day="2017-07-13", time="15:10",
                at=ago(minutes), title=title, text=text, link="https://q.example/blog/live-blog/", state="new",
                seen_at=ago(minutes), **more,
            )  # fmt: skip

    def post(self, entry_id: int | None, kind: str = "update", words: str = "Words", **more: Any) -> int:
        """A post with one version for each of three networks."""
        versions = more.pop("versions", {name: {} for name in ("x", "mastodon", "bluesky")})
        with self.store.write() as tx:
            values = {"created_at": ago(1), "changed_at": ago(1)} | more
            post_id = add(tx, t.post, event_id=self.event_id, kind=kind, entry_id=entry_id, **values)
            for name, said in versions.items():
                add(tx, t.version, **({"post_id": post_id, "network": name, "parts": [words]} | said))
            changes.record(tx, NOW, "", f"{kind} drafted", event_id=self.event_id, kind="post", ref=post_id)
            return post_id

    def delivery(self, post_id: int, network: str, state: str = "sent", **more: Any) -> int:
        with self.store.write() as tx:
            values = {
                "action": "create", "key": f"{post_id}-{network}-{state}", "text": "Words", "created_at": ago(1),
                "sent_at": ago(0.5) if state == "sent" else None, "url": f"https://{network}.example/1",
                "remote_id": f"{network}-{post_id}" if state == "sent" else "",
            }  # fmt: skip
            return add(
                tx, t.delivery, event_id=self.event_id, post_id=post_id, network=network, state=state, **(values | more)
            )

    def screen(self, name: str, secret: str, question_id: int | None = None) -> int:
        """A room screen with an address of its own, and what it points at."""
        with self.store.write() as tx:
            return add(
                tx, t.screen, event_id=self.event_id, name=name, hash=sessions.digest(secret), question_id=question_id,
                shown_at=ago(4), shown_by="Joe Okafor", created_at=ago(100), created_by="Amira Khan",
            )  # fmt: skip

    def person(self, name: str, role: str) -> int:
        with self.store.write() as tx:
            return people.add(tx, NOW, name, role)

    def session(self, person_id: int) -> str:
        with self.store.write() as tx:
            return sessions.start(tx, self.store.now(tx), person_id, timedelta(hours=12))


def workshop(scene: Scene) -> dict[str, int]:
    """The afternoon of the mock-ups; the ids by name."""
    scene.networks()
    scene.source("x", "hashtag", "QLabs")
    scene.source("mastodon", "hashtag", "QLabs")
    scene.source(
        "bluesky", "hashtag", "QLabs", failures=3, last_good=ago(13), last_error="Bluesky did not answer in 15 s."
    )
    scene.source("wordpress", "comments", "https://q.example/blog/live-blog/")
    ids = {}
    ids["gps"] = scene.question(
        "How will GPs know which peer support groups are near them, so they can refer people without having to search?",
        "x", 19, "Access",
        also=(
            ("x", "Is there a map of peer support my GP can use?"),
            ("mastodon", "Our practice has no idea what’s local. Directory?"),
            ("wordpress", "Where does a GP look up a group?"),
        ),
    )  # fmt: skip
    ids["funding"] = scene.question(
        "What would it take for a commissioner to fund peer support for three years rather than one pilot at a time?",
        "mastodon", 2, "Buy-in and culture",
    )  # fmt: skip
    ids["leeds"] = scene.question(
        "I have lived with bipolar for 12 years and my group in Leeds closed. You can ring me on 07700 900123. "
        "Where do people like me go now?",
        "wordpress", 5, "Access", flags=["personal_data"],
        author={"author_name": "Anonymous", "author_handle": "", "url": "https://q.example/blog/live-blog/#comment-7"},
    )  # fmt: skip
    ids["pay"] = scene.question(
        "Should peer support workers have a pay band and supervision, or does that turn lived experience into just "
        "another job?", "bluesky", 11, "Workforce",
        author={"author_name": "Marcus Oyelaran", "author_handle": "@marcus.example"},
    )  # fmt: skip
    ids["spam"] = scene.question(
        "Why pay more for supplements? #QLabs #health", "x", 13, flags=["spam"],
        author={"author_name": "", "author_handle": "", "lang": ""},
    )  # fmt: skip
    ids["arabic"] = scene.question(
        "كيف يمكننا دعم الناس في منازلهم؟", "mastodon", 17, "Access",
        author={"author_name": "ليلى", "author_handle": "@layla@social.example", "lang": "ar"},
    )  # fmt: skip
    ids["private"] = scene.question(
        "I do not think anybody would notice if I was gone. Still following.", "mastodon", 6, lane="private",
        flags=["distress"], author={"author_name": "Sam Ellery", "author_handle": "@sam@social.example"},
    )  # fmt: skip
    ids["room"] = scene.question(
        "How do we reach people who have never heard the words “peer support”?", "x", 40, "Access", "room",
        position=1.0, raised_at=ago(4), moved_at=ago(4), moved_by="Joe Okafor",
        approved=room.mark("How do we reach people who have never heard the words “peer support”?"),
    )  # fmt: skip
    ids["next"] = scene.question(
        "Who decides what counts as evidence: services, or the people who use them?", "bluesky", 35, "Evidence", "room",
        position=2.0, raised_at=ago(3), moved_at=ago(3), moved_by="Joe Okafor",
        approved=room.mark("Who decides what counts as evidence: services, or the people who use them?"),
    )  # fmt: skip
    ids["screen"] = scene.screen("Main hall", "the-main-hall", ids["room"])
    ids["annexe"] = scene.screen("Annexe", "the-annexe")
    scene.question("Is there tea?", "x", 60, state="parked", moved_at=ago(50), moved_by="Joe Okafor")
    scene.question("When do we start?", "x", 120, state="answered", outcome="aloud", moved_at=ago(100))
    scene.question("Test?", "x", 140, state="dismissed", moved_at=ago(130), moved_by="Amira Khan")
    with scene.store.write() as tx:
        ids["code"] = codes.make(tx, NOW, scene.event_id, ago(-240), 5, "Amira Khan")
    return ids | _thoughts(scene) | _updates(scene)


def _thoughts(scene: Scene) -> dict[str, int]:
    cards = "We printed our groups on the back of appointment cards. Referrals doubled in a month."
    ids = {
        "map": scene.thought(cards, "Access"),
        "pay thought": scene.thought("Paying expenses on the day kept our volunteers.", "Workforce", "x", 12),
        "trust": scene.thought("Trust comes from the person at the next desk.", "Buy-in and culture", "mastodon", 21),
        "other": scene.thought("Lovely to follow this from Cardiff.", "", "wordpress", 30),
    }
    noise = scene.item("Good morning everyone! 100% ready_to go #QLabs", "x", 70)
    scene.placed(noise, "noise")
    return ids | {"noise": noise}


def _updates(scene: Scene) -> dict[str, int]:
    cake = scene.entry("A well deserved cake and coffee break", "Back soon. Tell us what you think.", 1)
    ids = {
        "draft": scene.post(
            cake, words="3:10pm · A well deserved cake and coffee break\n\nBack soon. Tell us what you think. #QLabs",
            go_at=NOW + timedelta(seconds=42),
        )
    }  # fmt: skip
    themes = scene.entry("Spotting common themes", "Each table trying to spot the common themes.", 11)
    ids["approval"] = scene.post(themes, words="3:00pm · Spotting common themes #QLabs", waits_for="your approval")
    fears = scene.entry("First task: Hopes and fears", "Quotes from the tables.", 101)
    ids["held"] = scene.post(fears, held_by="Priya Nair", held_at=ago(90), waits_for="held")
    pairs = scene.entry("In pairs, thinking about the peer support challenges", "A range of perspectives.", 51)
    ids["sent"] = scene.post(pairs, state="approved", approved_at=ago(50))
    for name in ("x", "mastodon", "bluesky"):
        scene.delivery(ids["sent"], name)
    read = scene.entry("Time to read the research", "The briefing notes are shared.", 83)
    ids["failed"] = scene.post(read, state="approved", approved_at=ago(82))
    ids["refused"] = scene.delivery(ids["failed"], "x", "refused", error="X says that this was posted before.")
    scene.delivery(ids["failed"], "mastodon")
    scene.delivery(ids["failed"], "bluesky")
    start = scene.entry("We’ve started!", "Welcome.", 131)
    ids["unsure"] = scene.post(start, state="approved", approved_at=ago(130))
    ids["asking"] = scene.delivery(
        ids["unsure"], "x", "asking", error="The connection broke before X answered.", started_at=ago(130), looks=3
    )
    scene.delivery(ids["unsure"], "mastodon")
    talk = scene.entry("Discussion", "After the reading, people are too eager to discuss.", 61)
    ids["talk"] = scene.post(talk, state="approved", approved_at=ago(60))
    for name in ("x", "mastodon"):
        scene.delivery(ids["talk"], name)
    before = {
        "day": "2017-07-13",
        "time": "14:10",
        "title": "Discussion",
        "text": "After the reading, people are to eager to discuss.",
    }
    ids["correction"] = scene.post(
        talk, "correction", "2:10pm · Discussion: people are too eager to discuss.", corrects=ids["talk"],
        waits_for="your decision: the entry changed after it was sent", detail={"before": before},
        versions={"mastodon": {"action": "edit", "chosen": True}, "x": {"action": "create", "chosen": False}},
    )  # fmt: skip
    return ids
