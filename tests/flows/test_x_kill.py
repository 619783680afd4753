"""Killed again and again beside the double of X, nothing is lost there and nothing goes out twice.

``BACKCHANNEL_KILLS=20`` plays the whole script and kills that often; without it a first part is played, with 3 kills.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select

from bot.networks.rehearsal.script import cues
from bot.rehearse import Player
from bot.store.tables import delivery, item, network
from tests.doubles.x_faults import Fault
from tests.doubles.x_server import XServer
from tests.flows.program import played
from tests.flows.test_kill import KILLS, Campaign, judge
from tests.flows.x_remote import CREATE, RemoteWithX, made, reached, settings_with_x, unhurried

BEGINNING = 34  # cues
SLOW = (Fault.DRIP_BODY,) * 4  # the post is out, and its receipt takes a while: kills hit the time between
LOST = (Fault.RESET_AFTER, Fault.HTML_503_AFTER, Fault.HANG_AFTER)
PLAYED = ("mastodon", "bluesky", "wordpress")


@dataclass
class XCampaign(Campaign):
    """The campaign with X on the double."""

    server: XServer = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.remote.close()
        self.remote = RemoteWithX(self.folder / "remote.db", self.server)
        self.player = Player(self.remote, self.store, print, speed=200, patience=90)
        secrets = self.folder / "settings.env"
        secrets.write_text("".join(f"{name}={value}\n" for name, value in self.server.secrets().items()))
        secrets.chmod(0o600)

    def rows(self) -> list[Row[Any]]:
        """Every post of ours for X."""
        with self.store.read() as tx:
            ours = select(delivery).where(delivery.c.network == "x", delivery.c.action == "create")
            return list(tx.execute(ours.order_by(delivery.c.id)).all())

    def stored(self) -> list[str]:
        """The ids of the items of X."""
        with self.store.read() as tx:
            return list(tx.execute(select(item.c.native_id).where(item.c.network == "x")).scalars())

    def spent(self) -> float:
        """USD in our books, with what is still set aside for calls that were cut off."""
        with self.store.read() as tx:
            row = tx.execute(select(network).where(network.c.name == "x")).one()
        return float(row.spent_usd + row.reserved_usd)


def judge_x(campaign: XCampaign) -> dict[str, int]:
    """What was lost, doubled or mistaken on X, by what X itself holds."""
    there, asked, rows = made(campaign.server), Counter(reached(campaign.server)), campaign.rows()
    sent = {row.remote_id: (row.text, row.reply_to) for row in rows if row.state == "sent"}
    doubtful = [(row.text, row.reply_to) for row in rows if row.state == "asking"]
    ours = {(row.text, row.reply_to) for row in rows}
    return {
        "X deliveries": len(rows),
        "X posts": len(there),
        "X lost": len(sent.keys() - there.keys()),
        "X wrong receipt": sum(there.get(native, words) != words for native, words in sent.items()),
        "X twice": sum(n - 1 for n in Counter(there.values()).values()),
        "X asked for again": sum(n - 1 for n in asked.values()),
        "X unknown to us": sum(words not in ours for words in there.values()),
        "X asking": len(doubtful),
        "X asking though out": sum(words in there.values() for words in doubtful),
        "X faults met": sum(call.fault is not None for call in campaign.server.called(CREATE)),
        "X items twice": len(campaign.stored()) - len(set(campaign.stored())),
    }


@pytest.fixture
def server() -> Iterator[XServer]:
    with XServer() as made_here:
        yield unhurried(made_here)


@pytest.mark.timeout(120 + 60 * max(KILLS, 4))
def test_killed_beside_x_it_loses_nothing_and_posts_nothing_twice(tmp_path: Path, server: XServer) -> None:
    server.index_lag = timedelta(seconds=0.7)
    server.faults.drip, server.faults.hang = 0.004, 10.0
    server.faults.draw(11, 0.5, SLOW + LOST, CREATE)

    def settings(folder: Path, port: int) -> str:
        text = settings_with_x(played(folder, port), server)
        return text.replace("poll_seconds = 1", "poll_seconds = 1\nfirst_read = 5")

    upto = len(cues()) if KILLS else BEGINNING
    campaign = XCampaign(tmp_path, KILLS or 3, upto, settings, server=server)
    try:
        campaign.run()
        found = judge(campaign, PLAYED) | judge_x(campaign)
        bill = server.bill().total
        spent = campaign.spent()
    finally:
        campaign.close()
    print(found, f"billed {bill:.3f}, booked {spent:.3f} USD")
    assert campaign.player.report.missed == []
    faults = {"lost", "twice", "unknown to us", "not queued", "wrong receipt", "resting", "items twice"}
    faults |= {"asking without a reason", "X asking though out"}
    faults |= {f"X {name}" for name in ("lost", "wrong receipt", "twice", "asked for again", "unknown to us")}
    assert {name: found[name] for name in faults | {"X items twice"} if found[name]} == {}
    assert found["kills"] == (KILLS or 3)
    assert found["X posts"] >= 6
    assert found["X faults met"] >= 3
    assert bill <= spent + 1e-6, "what X bills is in our books"
    if KILLS:
        assert found["updates"] == 32
        assert found["X posts"] + found["X asking"] >= 32
