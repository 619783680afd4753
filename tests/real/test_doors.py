"""The workshop on a real WordPress goes out by three doors at once: X, Mastodon and Bluesky, each at its double."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Row, select

from bot import deliver, desk
from bot.desk import Who
from bot.settings import load
from bot.store import drafts, events, schema
from bot.store.engine import Store
from bot.store.pictures import Choice
from bot.store.tables import delivery, doubt, enclosure, item, post
from bot.worker import Worker
from tests import workshop
from tests.doubles.bluesky_server import ME, PASSWORD, BlueskyServer, bluesky
from tests.doubles.mastodon_server import TOKEN, MastodonServer, mastodon
from tests.doubles.x_server import XServer
from tests.flows.program import free_port
from tests.flows.x_remote import CREATE, made, unhurried
from tests.networks.x_scene import US
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real
BEA = Who(0, "Bea", "comms")
DOORS = ("x", "mastodon", "bluesky")
DESCRIBED = "A card with words from an interview"  # what the blog does not say of one photo
UPLOADS = re.compile(r'src="/(wp-content/uploads/[^"]+)"')
PHOTOS = sorted({found for _, html in workshop.states() for found in UPLOADS.findall(html)})
ALTS = {alt or DESCRIBED for alt in re.findall(r'<img [^>]*alt="([^"]*)"', workshop.final())}
LATE = "A table of cakes and coffee cups"  # came with an edit that left the words as they were
ACCEPTED = 3  # of the four edits; the last one is left as it is
SETTINGS = """
database = "sqlite:///{folder}/backchannel.db"
[console]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
[engine]
look_again_seconds = 0.1
[networks.x]
account = "{us}"
api_url = "{x}"
[networks.mastodon]
api_url = "{mastodon}"
[networks.bluesky]
account = "qcommunity.test"
api_url = "{bluesky}"
[networks.wordpress]
api_url = "{site}"
[[events]]
slug = "peer-support"
name = "Q Lab peer support workshop"
hashtags = ["QLabs"]
live_blog = "{address}"
timezone = "Europe/London"
first_read = "all"
announce = {{ mode = "grace", seconds = 0, spacing_seconds = 0 }}
"""


def _when(record: tuple[str, dict[str, Any]]) -> str:
    return str(record[1]["value"]["createdAt"])


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Doors:
    """What is out there on each double."""

    x: XServer
    mastodon: MastodonServer
    bluesky: BlueskyServer

    def texts(self) -> dict[str, list[str]]:
        """What our account shows now, in the order in which it was posted."""
        alive = {str(one.id) for one in self.x.posts(US)}
        records = [one for one in self.bluesky.records.items() if one[0].startswith(f"at://{ME}/")]
        return {
            "x": [text for native, (text, _) in made(self.x).items() if native in alive],
            "mastodon": [one.text for one in self.mastodon.ours()],
            "bluesky": [one["value"]["text"] for _, one in sorted(records, key=_when)],
        }

    def shown(self) -> dict[str, list[str]]:
        """The descriptions of the pictures that our posts show, in the order of posting."""
        records = [one for one in self.bluesky.records.items() if one[0].startswith(f"at://{ME}/")]
        images = [one["value"].get("embed", {}).get("images", []) for _, one in sorted(records, key=_when)]
        return {
            "x": [self.x.writes.alt_texts[native] for one in self.x.posts(US) for native in one.media],
            "mastodon": [one["description"] for status in self.mastodon.ours() for one in status.media],
            "bluesky": [one["alt"] for some in images for one in some],
        }

    def created(self) -> dict[str, int]:
        """How often each was asked to make a post."""
        posts = [call for call in self.mastodon.calls if (call.method, call.path) == ("POST", "/api/v1/statuses")]
        return {
            "x": len(self.x.called(CREATE)),
            "mastodon": len(posts),
            "bluesky": len(self.bluesky.calls("putRecord")),
        }


@pytest.fixture
def out_there() -> Iterator[Doors]:
    with ExitStack() as stack:
        x = unhurried(stack.enter_context(XServer(_now)))
        yield Doors(x, stack.enter_context(mastodon("home.example", _now)), stack.enter_context(bluesky(_now)))


class House:
    """A worker on a database of its own, with real adapters for all of it, and who decides at the desk."""

    def __init__(self, folder: Path, blog: RealWordPress, address: str, doors: Doors) -> None:
        file = folder / "settings.toml"
        places = {"x": doors.x.url, "mastodon": doors.mastodon.url, "bluesky": doors.bluesky.url, "site": blog.url}
        file.write_text(SETTINGS.format(folder=folder, port=free_port(), us=US, address=address, **places))
        keys = blog.secrets()
        secrets = {"WORDPRESS_USER": keys["user"], "WORDPRESS_APP_PASSWORD": keys["app_password"]}
        secrets |= {"MASTODON_ACCESS_TOKEN": TOKEN, "BLUESKY_APP_PASSWORD": PASSWORD, **doors.x.secrets(US)}
        settings = load(file, secrets)
        self.store = Store(settings.database)
        schema.migrate(self.store)
        self.worker = Worker(self.store, settings)
        self.decided = self.described = 0
        self.left: list[str] = []  # the networks whose words an edit did not touch

    def tick(self) -> None:
        """Read the blog, end the grace, send what is due, and let the comms person decide what waits for her."""
        with self.store.write() as tx:
            events.wake(tx, self.store.now(tx))
        self.worker.read("wordpress")
        self.worker.illustrate()
        deliver.end_grace(self.store)
        self._describe()
        self.send()
        for row in self.rows(select(post).where(post.c.state == "draft", post.c.kind != "update")):
            self._decide(row)
        self.send()

    def send(self) -> None:
        """Send what is due."""
        for name in DOORS:
            self.worker.send(name)

    def _describe(self) -> None:
        """A photo without a description stops its post until she has looked at it."""
        for row in self.rows(select(post).where(post.c.state == "draft", post.c.kind == "update")):
            photos = self.rows(select(enclosure).where(enclosure.c.post_id == row.id).order_by(enclosure.c.place))
            assert [one.alt for one in photos if not one.alt] == [""], row.waits_for
            chosen = [Choice(one.id, True, one.alt or DESCRIBED) for one in photos]
            done = desk.approve(self.store, BEA, row.id, row.revision, None, chosen)
            assert done.ok, done.sentence
            self.described += 1

    def _decide(self, row: Row[Any]) -> None:
        """Edits are accepted but for the last, each network's own way; what left the blog is deleted everywhere."""
        if row.kind == "withdrawal":
            choices = dict.fromkeys(DOORS, "delete")
        elif self.decided == ACCEPTED:
            choices = dict.fromkeys(DOORS, "leave")
        else:
            choices = self._corrected(row)
            self.decided += 1
        done = desk.correct(self.store, BEA, row.id, row.revision, choices, {})
        assert done.ok, done.sentence

    def _corrected(self, row: Row[Any]) -> dict[str, str]:
        """An edit where there are edits, which also brings a photo; else the new words too, if they are new there."""
        choices = {"x": "create", "mastodon": "edit", "bluesky": "create"}
        with self.store.read() as tx:
            for one in drafts.versions(tx, row.id):
                same = tuple(one.parts) == drafts.words_there(tx, row.corrects, one.network)
                if same and choices[one.network] == "create":
                    choices[one.network] = "leave"  # an edit brings the photo that came later
        if "leave" in choices.values():
            refused = desk.correct(self.store, BEA, row.id, row.revision, dict.fromkeys(DOORS, "create"), {})
            assert "says just that already" in refused.sentence
        self.left += [name for name, do in choices.items() if do == "leave"]
        return choices

    def rows(self, wanted: Any) -> list[Row[Any]]:
        """What a query gives."""
        with self.store.read() as tx:
            return list(tx.execute(wanted).all())

    def said(self, name: str, kind: str) -> list[str]:
        """The words that were approved for a network, in the order of approval."""
        found = []
        for row in self.rows(select(post).where(post.c.kind == kind, post.c.state == "approved").order_by(post.c.id)):
            with self.store.read() as tx:
                found += [one.parts[0] for one in drafts.versions(tx, row.id) if one.network == name and one.chosen]
        return found

    def close(self) -> None:
        """Let go of everything."""
        self.worker.stop()
        self.store.close()


def test_the_workshop_goes_out_by_three_doors_at_once_with_each_one_s_way_of_correcting(
    tmp_path: Path, wordpress: RealWordPress, out_there: Doors
) -> None:
    saves = workshop.states()
    title = workshop.timeline()["title"]
    for place, photo in enumerate(PHOTOS):
        file = Path(wordpress.folder) / "site" / photo
        file.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (640, 400 + place), (9 * place, 90, 160)).save(file)
    number, address = wordpress.post(saves[0][1], post_title=title, post_date="2017-07-12 12:50:00")
    house = House(tmp_path, wordpress, address, out_there)
    try:
        house.tick()
        for _, content in saves[1:]:
            wordpress.edit_post(number, post_content=content)
            house.tick()
        _judge(house, out_there)
    finally:
        house.close()


def _judge(house: House, out_there: Doors) -> None:
    corrections = {name: ACCEPTED - house.left.count(name) for name in DOORS}
    print(f"left as they were, since the words there are the same: {house.left}")
    made_there = {name: 32 + (0 if name == "mastodon" else corrections[name]) for name in DOORS}
    assert out_there.created() == made_there
    states = {(row.network, row.action, row.state) for row in house.rows(select(delivery))}
    assert {state for _, _, state in states} == {"sent"}
    assert {action for name, action, _ in states if name == "mastodon"} == {"create", "edit", "delete"}
    assert {action for name, action, _ in states if name != "mastodon"} == {"create", "delete"}
    texts = out_there.texts()
    for name in DOORS:
        approved, corrected = house.said(name, "update"), house.said(name, "correction")
        assert (len(approved), len(set(approved)), len(corrected)) == (32, 32, corrections[name]), name
        assert set(corrected) <= set(texts[name]), name
        assert len(texts[name]) == made_there[name] - 1, "what left the blog is gone"
        first = [text for text in texts[name] if text not in corrected]
        assert first == [text for text in approved if text in first], "in order"
        pictures = out_there.shown()[name]
        late = {LATE} if name != "mastodon" else set()
        assert set(pictures) == ALTS - late, name
        assert name != "mastodon" or len(pictures) == len(ALTS), "in place, so each is shown once"
    assert house.described == 1
    assert house.rows(select(doubt)) == []
    assert house.rows(select(item)) == [], "nothing of ours came back"
