"""Something odd answers in the place of WordPress: for some minutes an outage, then a person's matter, never a loss."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.networks.base import Misconfigured, Options, Unavailable
from bot.networks.wordpress import WordPress
from bot.networks.wordpress.patience import LASTS, OVER
from bot.store import networks
from bot.store.events import SourcePlan
from tests.flows.house import EVERY, House, house, plan
from tests.networks.blog import NOW, FakeBlog, comment, comments_of, open_at, refusal, reply_to
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply

SECRETS = {"user": "ed", "app_password": "canary secret"}
Odd = Callable[[Asked], Reply | None]
PAGE = "<html><body><h1>Back soon"


def everywhere(reply: Reply) -> Odd:
    """The same for every address, as of what stands before a site."""
    return lambda asked: reply


def to_a_page_of_its_own(asked: Asked) -> Reply:
    """Everything leads to a page that says to come back later."""
    return Reply(200, PAGE) if asked.path == "/soon" else Reply(302, b"", {"Location": "/soon"})


ODDITIES: dict[str, Odd] = {
    "a redirect to nowhere": everywhere(Reply(301, b"", {"Location": ""})),
    "a page in its place": to_a_page_of_its_own,
    "a login of the host": everywhere(Reply(401, "<h1>Authorization required")),
    "a wall": everywhere(Reply(403, "<h1>Are you a robot?")),
    "nothing there": everywhere(Reply(404, "<h1>Not found")),
    "not acceptable": everywhere(Reply(406, "")),
}


class Clock:
    """A time that moves when told."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def network(there: FakeBlog, clock: Clock) -> Iterator[WordPress]:
    """A site that was read once, when all was well."""
    there.comments = [comment(1)]
    options = Options(there.server.url, secrets=SECRETS, deadline=5.0)
    opened = WordPress(options, DictMemory(), clock)
    opened.fetch(comments_of(there), "")
    yield opened
    opened.close()


@pytest.mark.parametrize("oddity", ODDITIES)
def test_what_is_odd_is_an_outage_for_some_minutes_and_then_stops_the_network(
    there: FakeBlog, network: WordPress, clock: Clock, oddity: str
) -> None:
    there.instead = ODDITIES[oddity]
    for _ in range(5):
        with pytest.raises(Unavailable, match=r"worked before, so it is tried again until 12:0[56] UTC"):
            network.fetch(comments_of(there), "")
        clock.at += LASTS / 5
    clock.at += LASTS / 5  # where to look for the API is asked at the second try
    with pytest.raises(Misconfigured):
        network.fetch(comments_of(there), "")
    there.instead = lambda asked: None
    assert len(network.fetch(comments_of(there), "").items) == 1


def test_after_a_good_answer_the_next_odd_one_is_waited_for_as_long_again(
    there: FakeBlog, network: WordPress, clock: Clock
) -> None:
    for hour in (12, 13, 14):
        there.instead = ODDITIES["a wall"]
        with pytest.raises(Unavailable, match=f"until {hour}:05 UTC"):
            network.fetch(comments_of(there), "")
        there.instead = lambda asked: None
        network.fetch(comments_of(there), "")
        clock.at += timedelta(hours=1)


def test_an_odd_answer_of_long_ago_shortens_no_patience(there: FakeBlog, network: WordPress, clock: Clock) -> None:
    there.instead = lambda asked: Reply(403, PAGE) if asked.method == "POST" else None
    with pytest.raises(Unavailable):
        network.send(reply_to(network, 1))
    clock.at += OVER
    with pytest.raises(Unavailable, match=r"until 12:20 UTC"):
        network.send(reply_to(network, 1))


def test_a_wall_before_replies_alone_is_told_though_reading_goes_on_well(
    there: FakeBlog, network: WordPress, clock: Clock
) -> None:
    there.instead = lambda asked: Reply(403, PAGE) if asked.method == "POST" else None
    with pytest.raises(Unavailable):
        network.send(reply_to(network, 1))
    clock.at += LASTS
    assert network.fetch(comments_of(there), "").items
    with pytest.raises(Misconfigured, match="firewall"):
        network.send(reply_to(network, 1))


def test_the_patience_outlives_a_restart(there: FakeBlog, network: WordPress, clock: Clock) -> None:
    there.instead = ODDITIES["a wall"]
    with pytest.raises(Unavailable):
        network.fetch(comments_of(there), "")
    clock.at += LASTS
    again = WordPress(Options(there.server.url, secrets=SECRETS), network.site._memory, clock)
    with pytest.raises(Misconfigured):
        again.fetch(comments_of(there), "")
    again.close()


@pytest.mark.parametrize("code", ["rest_not_logged_in", "incorrect_password", "rest_no_route"])
def test_what_wordpress_itself_says_needs_no_patience(there: FakeBlog, network: WordPress, code: str) -> None:
    said = refusal(404 if code == "rest_no_route" else 401, code)
    there.instead = lambda asked: said if asked.path.startswith("/wp-json") else None
    with pytest.raises(Misconfigured):
        network.fetch(comments_of(there), "")


@pytest.mark.parametrize("oddity", sorted(ODDITIES.keys() - {"a page in its place"}))  # which might be meant
def test_what_has_never_worked_is_told_at_once(there: FakeBlog, oddity: str) -> None:
    there.instead = ODDITIES[oddity]
    network = open_at(there.server.url)
    with pytest.raises(Misconfigured):
        network.fetch(comments_of(there), "")
    network.close()


@pytest.fixture
def home(tmp_path: Path, there: FakeBlog) -> Iterator[House]:
    """The program with the comments of that blog as its one source."""
    comments = SourcePlan("wordpress", "comments", there.address, EVERY)
    with house(tmp_path, plan(starts=None, ends=None, sources=(comments,))) as made:
        for one in made.networks.values():
            one.close()
        memory = networks.RowMemory(made.store, "wordpress")
        made.networks = {"wordpress": WordPress(Options(there.server.url, secrets=SECRETS), memory, made.clock)}
        yield made


def stopped(home: House) -> str:
    """Why the network is stopped, "" while it works."""
    with home.store.read() as tx:
        return next(str(row.stopped) for row in networks.rows(tx) if row.name == "wordpress")


def test_three_odd_minutes_cost_a_delay_and_ten_bring_a_person(there: FakeBlog, home: House) -> None:
    there.comments = [comment(1, "<p>Who pays for all this?</p>")]
    home.tick()
    there.instead = ODDITIES["a page in its place"]
    home.tick(times=18)
    assert stopped(home) == ""
    there.instead = lambda asked: None
    there.comments = [comment(2, "<p>Who trains the volunteers?</p>"), *there.comments]
    home.tick(times=20)
    assert len(home.questions()) == 2
    there.instead = ODDITIES["a page in its place"]
    home.tick(times=60)
    assert "is not a WordPress page" in stopped(home)
