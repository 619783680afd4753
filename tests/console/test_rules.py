"""The overview says of each network what it lets us do, at what price, and what becomes of a lost answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace

import pytest
from sqlalchemy import update

from bot.console.rules import abilities
from bot.core.limits import DEFAULTS
from bot.store import networks
from bot.store import tables as t
from bot.store.engine import Store
from tests.console.conftest import Browser

SignIn = Callable[..., Browser]
SAYS = {
    "x": ("280 characters a post, a link counts as 23.", "A post costs $0.015, with a link $0.20.",
          "What was posted can be deleted but not edited.", "never sent again by itself"),
    "mastodon": ("500 characters a post, a link counts as 23.", "Posting costs nothing.",
                 "What was posted can be edited and deleted.", "else a person is asked"),
    "bluesky": ("300 characters a post, links count in full.", "Posting costs nothing.",
                "What was posted can be deleted but not edited.", "the key of its record tells"),
    "wordpress": ("65,525 characters a reply, links count in full.", "the blog knows the same words"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAYS)
def test_limits_price_and_promise_of_a_network_stand_in_sentences(name: str) -> None:
    said = " ".join(abilities(asdict(DEFAULTS[name])))
    assert [words for words in SAYS[name] if words not in said] == []
    assert "it was not asked yet" in said
    assert "it was not asked yet" not in " ".join(abilities(asdict(replace(DEFAULTS[name], assumed=False))))


def test_the_overview_shows_what_each_row_says(browse: SignIn, ids: dict[str, int], store: Store) -> None:
    rules = replace(DEFAULTS["mastodon"], length=5000, assumed=False, promise="It goes out once.")
    with store.write() as tx:
        networks.set_limits(tx, "mastodon", rules)
    page = browse("facilitator").get("/e/peer-support/overview").text
    assert "5,000 characters a post, a link counts as 23." in page
    assert "It goes out once." in page


def test_limits_that_a_newer_version_has_written_are_read_without_what_is_not_known(
    ids: dict[str, int], store: Store
) -> None:
    with store.write() as tx:
        kept = asdict(DEFAULTS["bluesky"]) | {"smells": 5}
        tx.execute(update(t.network).where(t.network.c.name == "bluesky").values(limits=kept))
        assert networks.limits(tx)["bluesky"] == DEFAULTS["bluesky"]
