"""The page after the event goes to the blog as a draft: once, seen by nobody else, with no copy of it kept here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import desk
from bot.store import erasure
from bot.store.tables import version
from tests.flows.house import ADA, House, house

PAGE = "<h2>Access</h2><p>The region pays.</p>"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as made:
        yield made


def kept(home: House) -> list[Any]:
    """What the store still has of the page."""
    with home.store.read() as tx:
        return [*tx.execute(select(version.c.parts)).scalars(), *(row.text for row in home.deliveries())]


def test_it_is_a_draft_on_the_blog_and_no_copy_of_it_stays(home: House) -> None:
    done = desk.draft_on_blog(home.store, ADA, 1, "You asked,\n the room said", PAGE)
    assert done.sentence.startswith("On its way to the blog, as a draft.")
    assert "The region pays." in str(kept(home))
    home.tick()
    (there,) = home.remote.posts("wordpress")
    assert (there.text, there.standing) == (f"You asked, the room said\n{PAGE}", "held")
    assert [row.state for row in home.deliveries()] == ["sent"]
    assert kept(home) == [[], ""]
    home.tick(times=3)
    assert home.items() == [], "what is ours is not read as somebody's comment"


@pytest.mark.parametrize("fault", ["lost", "error-after", "error-before"])
def test_when_the_answer_is_lost_it_is_there_once(home: House, fault: str) -> None:
    desk.draft_on_blog(home.store, ADA, 1, "You asked", PAGE)
    home.remote.plan_fault("wordpress", "send", fault)
    home.tick(1, times=20)
    assert ([row.state for row in home.deliveries()], len(home.remote.posts("wordpress"))) == (["sent"], 1)


def test_while_posting_is_paused_it_waits_and_goes_without_who_was_erased_meanwhile(home: House) -> None:
    native = home.ask("mastodon", "How can carers get peer support at work? #QLabs")
    home.tick()
    desk.pause(home.store, ADA)
    said = desk.draft_on_blog(home.store, ADA, 1, "You asked", "<p>How can carers get peer support?</p>").sentence
    assert "Posting is paused" in said
    with home.store.write() as tx:
        erasure.erase_item(tx, home.clock(), "Ada", next(row.id for row in home.items() if row.native_id == native))
    desk.unpause(home.store, ADA)
    home.tick(times=3)
    (row,) = home.deliveries()
    assert (row.state, row.error[:50]) == ("cancelled", "Somebody deleted a post or was erased meanwhile: m")
    assert kept(home) == [[], ""]
    assert home.remote.posts("wordpress") == []


def test_without_the_right_to_publish_there_is_no_draft(home: House) -> None:
    with pytest.raises(desk.NotAllowed):
        desk.draft_on_blog(home.store, desk.Who(2, "Joe", "facilitator"), 1, "You asked", PAGE)
