"""What the double of X charges, and what happens when the money, the month or the window is used up."""

from datetime import date, timedelta

import pytest

from tests.doubles.x_billing import Kind
from tests.doubles.x_callers import NOON, Caller, Clock
from tests.doubles.x_limits import Limit
from tests.doubles.x_server import XServer

EARLIER = NOON - timedelta(hours=1)


def mine(x: XServer, what: str = "tweets") -> str:
    return f"/2/users/{x.account('theQCommunity').id}/{what}"


def lines(x: XServer) -> dict[Kind, int]:
    return {kind: line.count for kind, line in x.bill().lines.items()}


def test_a_search_that_finds_nothing_is_free(x: XServer, app: Caller) -> None:
    app.search()
    assert (x.bill().total, x.bill().lines) == (0, {})


def test_each_post_is_charged_once_in_a_utc_day(x: XServer, app: Caller, clock: Clock) -> None:
    ids = [x.post("ann", f"#QLabs {place}", at=EARLIER) for place in range(3)]
    app.search()
    app.search()
    app.get("/2/tweets", ids=ids[0])
    assert (lines(x), x.bill().total, x.bill().repeats) == ({Kind.POST_READ: 3}, 0.015, 4)
    clock.wait(hours=11, minutes=59, seconds=59)
    app.search()
    assert x.bill().total == 0.015
    clock.wait(seconds=1)
    app.search()
    assert x.bill().total == 0.03
    assert x.bill(day=date(2026, 8, 13)).total == 0.015


def test_the_own_timeline_and_mentions_are_cheap_and_pay_for_the_search_too(
    x: XServer, app: Caller, me: Caller
) -> None:
    x.post("ann", "#QLabs @theQCommunity", at=EARLIER)
    me.get(mine(x, "mentions"))
    app.search()
    assert (lines(x), x.bill().total) == ({Kind.OWNED_READ: 1}, 0.001)


@pytest.mark.parametrize("who", ["app", "ann"])
def test_for_others_a_timeline_has_the_full_price(x: XServer, who: str) -> None:
    x.post("theQCommunity", "hello", at=EARLIER)
    x.post("theQCommunity", "hello @ann", at=EARLIER)
    caller = Caller(x, "" if who == "app" else who)
    caller.get(mine(x))
    caller.get(f"/2/users/{x.account('ann').id}/mentions")
    assert lines(x) == {Kind.POST_READ: 2}


def test_an_app_that_somebody_else_owns_pays_the_full_price(clock: Clock) -> None:
    with XServer(clock, owner="agency") as x:
        x.post("theQCommunity", "hello", at=EARLIER)
        Caller(x, "theQCommunity").get(mine(x))
        assert lines(x) == {Kind.POST_READ: 1}


def test_included_authors_are_charged_as_users(x: XServer, app: Caller) -> None:
    for place in range(3):
        x.post("ann", f"#QLabs {place}", at=EARLIER)
    x.post("bob", "#QLabs", at=EARLIER)
    app.search(expansions="author_id")
    assert (lines(x), x.bill().total) == ({Kind.POST_READ: 4, Kind.USER_READ: 2}, 0.04)
    x.meter.charges_included_users = False
    app.search(expansions="author_id,entities.mentions.username")
    assert x.bill().count(Kind.USER_READ) == 2


def test_accounts_are_charged_once_a_day(x: XServer, app: Caller, me: Caller) -> None:
    x.account("ann")
    app.get("/2/users/by", usernames="ann,nobody")
    app.get("/2/users", ids=x.account("ann").id)
    me.get("/2/users/me")
    assert (lines(x), x.bill().total) == ({Kind.USER_READ: 2}, 0.02)


def test_posts_have_the_price_of_their_kind(x: XServer, me: Caller) -> None:
    question = x.post("ann", "@theQCommunity when?")
    first = me.created("Doors open")
    me.created("See example.org")
    me.created("At noon", question)
    me.created("At noon, see https://example.org", question)
    me.created("And more", first)
    me.call("DELETE", f"/2/tweets/{first}")
    counts = {Kind.POST: 2, Kind.POST_WITH_LINK: 2, Kind.SUMMONED_REPLY: 1, Kind.DELETE: 1}
    assert (lines(x), x.bill().total) == (counts, 0.45)


def test_what_is_refused_is_free(x: XServer, me: Caller, app: Caller) -> None:
    me.created("Doors open")
    before = x.bill().total
    me.create("Doors open")
    me.create("Yes", x.post("ann", "#QLabs?"))
    me.create("x" * 300)
    app.search("-a")
    app.get("/2/tweets", ids="17")
    me.call("DELETE", "/2/tweets/17")
    assert x.bill().total == before


def test_bills_can_be_had_by_account_and_month(x: XServer, me: Caller, app: Caller, clock: Clock) -> None:
    x.post("ann", "#QLabs", at=EARLIER)
    app.search()
    me.created("one")
    clock.wait(days=30)
    Caller(x, "ann").created("two")
    assert (x.bill(account="").total, x.bill(account="theqcommunity").total, x.bill(account="ann").total) == (
        0.005,
        0.015,
        0.015,
    )
    assert (x.bill(month="2026-08").total, x.bill(month="2026-09").total) == (0.02, 0.015)


def test_prices_can_be_other_ones(x: XServer, me: Caller) -> None:
    x.meter.prices[Kind.DELETE] = 0.005
    me.call("DELETE", f"/2/tweets/{me.created('one')}")
    assert x.bill().total == 0.02


def test_without_credits_everything_that_costs_is_a_402(x: XServer, me: Caller, app: Caller) -> None:
    x.meter.credits_usd = 0.02
    me.created("one")
    answer = me.create("two")
    assert (answer.status_code, answer.json()["title"]) == (402, "CreditsDepleted")
    x.post("ann", "#QLabs", at=EARLIER)
    assert app.search().status_code == 200
    assert x.meter.credits_usd == 0
    assert app.search().status_code == 402
    assert app.get("/2/usage/tweets").status_code == 200
    assert len(x.posts("theQCommunity")) == 1


def test_beyond_the_cap_of_the_month_reading_is_a_429_that_no_window_explains(
    x: XServer, me: Caller, app: Caller, clock: Clock
) -> None:
    x.post("ann", "#QLabs", at=EARLIER)
    x.meter.read_cap = 1
    app.search()
    answer = app.search()
    assert (answer.status_code, answer.json()["title"]) == (429, "UsageCapExceeded")
    assert answer.json()["type"].endswith("usage-capped")
    assert int(answer.headers["x-rate-limit-remaining"]) > 400
    assert me.create("posting goes on").status_code == 201
    clock.wait(days=30)
    assert app.search().status_code == 200


def test_each_answer_says_what_is_left_of_its_window(app: Caller, me: Caller, clock: Clock) -> None:
    first, second = app.search(), app.search()
    reset = str(int((NOON + timedelta(minutes=15)).timestamp()))
    shown = [{n: h.headers[f"x-rate-limit-{n}"] for n in ("limit", "remaining", "reset")} for h in (first, second)]
    assert shown == [
        {"limit": "450", "remaining": "449", "reset": reset},
        {"limit": "450", "remaining": "448", "reset": reset},
    ]
    assert me.search().headers["x-rate-limit-limit"] == "300"
    assert app.search("-a").headers["x-rate-limit-remaining"] == "447"


def test_beyond_the_window_calls_are_refused_until_its_reset(x: XServer, app: Caller, me: Caller, clock: Clock) -> None:
    x.limiter.table["GET /2/tweets/search/recent"] = Limit(app=2, user=1)
    assert [app.search().status_code for _ in range(3)] == [200, 200, 429]
    assert [me.search().status_code for _ in range(2)] == [200, 429]
    answer = app.search()
    assert answer.json()["title"] == "Too Many Requests"
    assert answer.headers["x-rate-limit-remaining"] == "0"
    clock.wait(minutes=15, seconds=-1)
    assert app.search().status_code == 429
    clock.wait(seconds=1)
    assert app.search().status_code == 200


def test_the_429_has_two_shapes_and_may_lack_its_reset(x: XServer, me: Caller) -> None:
    x.limiter.table["POST /2/tweets"] = Limit(user=0)
    x.limiter.as_errors, x.limiter.reset_header = True, False
    answer = me.create("hello")
    assert answer.json() == {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
    assert "x-rate-limit-reset" not in answer.headers
    assert x.posts("theQCommunity") == []


def test_the_day_has_a_limit_of_its_own(x: XServer, me: Caller, clock: Clock) -> None:
    x.limiter.table["POST /2/tweets"] = Limit(user=100, app_day=2, user_day=5)
    assert [me.create(f"update {place}").status_code for place in range(3)] == [201, 201, 429]
    answer = me.create("one more")
    assert answer.headers["x-rate-limit-remaining"] == "97"
    assert answer.headers["x-app-limit-24hour-remaining"] == "0"
    assert answer.headers["x-user-limit-24hour-remaining"] == "2"
    assert answer.headers["x-app-limit-24hour-reset"] == str(int((NOON + timedelta(days=1)).timestamp()))
    clock.wait(hours=24)
    assert me.create("a new day").status_code == 201


def test_the_credit_is_told_to_the_app_and_is_less_after_each_charge(
    x: XServer, app: Caller, me: Caller, clock: Clock
) -> None:
    x.meter.credits_usd = 1.0
    me.created("One")
    assert app.get("/2/usage/credits").json()["data"] == {
        "total_balance": 0.985, "prepaid_balance": 0.985, "free_balance": 0.0, "free_grants": []
    }  # fmt: skip
    assert me.get("/2/usage/credits").status_code == 403
    x.meter.takes_after = timedelta(minutes=1)
    assert app.get("/2/usage/credits").json()["data"]["prepaid_balance"] == 1.0
    clock.wait(minutes=2)
    x.meter.tells_cents = True
    assert app.get("/2/usage/credits").json()["data"]["prepaid_balance"] in (0.98, 0.99)
    x.meter.credits_usd = -0.5
    assert app.get("/2/usage/credits").json()["data"]["total_balance"] == 0.0
