"""Killed again and again beside a real WordPress; X, Mastodon and Bluesky are played.

``BACKCHANNEL_KILLS=20`` plays the whole script and kills that often; without it a first part is played, with 3 kills.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.networks.rehearsal.script import Act, Save, cues
from bot.rehearse import Player
from bot.store import rehearsed
from bot.store.tables import delivery, entry, item, source
from tests.flows.house import POSTERS
from tests.flows.program import played
from tests.flows.test_kill import KILLS, Campaign, judge
from tests.real.wordpress import RealWordPress

pytestmark = pytest.mark.real
BEGINNING = 30  # cues
STATUS = {"held": 0, "spam": "spam", "trash": "trash"}
MOVES = {"approve": "approve", "trash": "trash", "spam": "spam", "delete": "delete"}


class Editor(Player):
    """Plays the script with the blog and its comments on the real site."""

    site: RealWordPress
    post: int
    comments: dict[str, int]

    def begin(self) -> None:
        """The post is there already."""

    def _save(self, save: Save) -> None:
        saved = datetime.now(UTC)
        self.site.edit_post(self.post, post_content=save.html)
        read = self._wait(lambda: self._holds(save.entries, saved), f"The save of step {save.step} was not read")
        if read:
            self._wait(self._settled, f"What the save of step {save.step} caused was not all sent")

    def _holds(self, entries: int, saved: datetime) -> bool:
        with self._store.read() as tx:
            there = tx.execute(select(func.count()).where(entry.c.state != "gone")).scalar_one()
            good = tx.execute(select(func.min(source.c.last_good)).where(source.c.kind == "liveblog")).scalar_one()
        return there == entries and good is not None and (good - saved).total_seconds() > 2.5

    def _write(self, act: Act) -> None:
        if act.network != "wordpress":
            super()._write(act)
        elif act.do == "say":
            self.comments[act.id] = self.site.comment(self.post, act.text, approved=STATUS.get(act.standing, 1))

    def _change(self, act: Act) -> None:
        number = self.comments.get(act.target)
        if number is None:
            super()._change(act)
            return
        self._wait(lambda: self._known(number), f"What {act.target} wrote was not read")
        if act.do == "edit":
            self.site.edit_comment(number, act.text)
        else:
            self.site.moderate((number, MOVES[act.do]))

    def _known(self, number: int) -> bool:
        with self._store.read() as tx:
            mine = select(item.c.id).where(
                item.c.network == "wordpress", item.c.native_id.endswith(f"#comment-{number}")
            )
            return tx.execute(mine).first() is not None


@dataclass
class RealCampaign(Campaign):
    """The campaign with one door that is real."""

    site: RealWordPress = field(kw_only=True)
    post: int = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        secrets = self.site.secrets()
        words = f"WORDPRESS_USER={secrets['user']}\nWORDPRESS_APP_PASSWORD={secrets['app_password']}\n"
        (self.folder / "settings.env").write_text(words)
        (self.folder / "settings.env").chmod(0o600)
        player = Editor(self.remote, self.store, print, speed=200, patience=90, act_at_desk=False)
        player.site, player.post, player.comments = self.site, self.post, {}
        self.player = player

    def replies(self) -> list[str]:
        """What our account wrote under the post, each with the comment it answers."""
        rows = self.site.stored_comments(self.post)
        return [f"{row['parent']} {row['content']}" for row in rows if int(row["user"])]


@pytest.mark.timeout(120 + 60 * max(KILLS, 4))
def test_killed_beside_a_real_blog_it_loses_nothing_and_posts_nothing_twice(
    tmp_path: Path, wordpress: RealWordPress
) -> None:
    first = next(cue.what for cue in cues() if isinstance(cue.what, Save))
    post, address = wordpress.post(first.html, post_title=first.title, post_date="2017-07-12 12:50:00")

    def settings(folder: Path, port: int) -> str:
        text = played(folder, port)
        begins = text.index("[networks.wordpress.rehearsal]")
        text = text[:begins].replace(f'[networks.wordpress]\napi_url = "rehearsal:{folder.as_posix()}/remote.db"',
                                     f'[networks.wordpress]\napi_url = "{wordpress.url}"')  # fmt: skip
        assert wordpress.url in text
        return text.replace("https://q.example/blog/live-blog/", address).replace(
            "deadline_seconds = 1.5\nlease_seconds = 3", "deadline_seconds = 5\nlease_seconds = 11"
        )

    upto = len(cues()) if KILLS else BEGINNING
    campaign = RealCampaign(tmp_path, KILLS or 3, upto, settings, site=wordpress, post=post)
    try:
        campaign.run()
        found = judge(campaign, POSTERS)
        sent = campaign.store
        with sent.read() as tx:
            on_the_blog = delivery.c.network == "wordpress"
            answers = tx.execute(select(func.count()).where(on_the_blog, delivery.c.state == "sent")).scalar_one()
            assert rehearsed.on_its_way(tx) == 0
        time.sleep(1)
        replies = campaign.replies()
    finally:
        campaign.close()
    found |= {"replies on the blog": len(replies), "replies twice": len(replies) - len(set(replies))}
    print(found)
    assert campaign.player.report.missed == []
    faults = {"lost", "twice", "unknown to us", "not queued", "wrong receipt", "resting", "items twice"}
    faults |= {"asking without a reason", "replies twice"}
    assert {name: found[name] for name in faults if found[name]} == {}
    assert len(replies) == answers
    assert found["kills"] == (KILLS or 3)
    assert found["posts"] >= len(POSTERS) * 6
    if KILLS:
        assert found["updates"] == 32
        assert replies
