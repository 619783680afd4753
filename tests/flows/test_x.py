"""From a post on X to its answer there, through rows and calls alone: what is read, paid, refused, put off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import collect, deliver, desk, housekeep, plans
from bot.core.items import Item, Page
from bot.core.limits import default_limits
from bot.core.states import Timing
from bot.desk import Who
from bot.settings import load
from bot.store import events, inbox, networks, outbox, schema, spending
from bot.store.engine import Store
from bot.store.events import EventPlan, SourcePlan
from bot.store.tables import delivery, event, item, network, question, source
from tests.doubles.x_billing import Kind
from tests.doubles.x_faults import Fault
from tests.doubles.x_server import XServer
from tests.networks.x_scene import START, US, Clock, open_x

TIMING = Timing(timedelta(seconds=2), timedelta(seconds=5), (20.0, 40.0, 60.0))
ADA = Who(0, "Ada", "lead")
OPTIONS = {"hashtags": ["QLabs"], "themes": ["Access"], "announce": {"mode": "grace", "seconds": 60, "networks": ["x"]}}


class House:
    """A worker's hands on one database, with X alone."""

    def __init__(self, folder: Path, server: XServer, clock: Clock, **extra: Any) -> None:
        self.server, self.clock = server, clock
        self.store = Store(f"sqlite:///{folder}/backchannel.db", clock)
        schema.migrate(self.store)
        plan = EventPlan(
            "workshop", "Workshop", "Europe/London", START - timedelta(hours=1), START + timedelta(days=9), 90,
            OPTIONS, (SourcePlan("x", "hashtag", "QLabs", 30.0, START),),
        )  # fmt: skip
        with self.store.write() as tx:
            networks.ensure(tx, "x", default_limits("x"), account=US, budget_usd=50.0)
            events.sync(tx, clock(), [plan], [SourcePlan("x", "mentions", US, 30.0, START)])
        memory = networks.RowMemory(self.store, "x")
        self.x, self.sender = (open_x(server, clock, memory, deadline=2.0, **extra) for _ in range(2))

    def tick(self, seconds: float = 30) -> None:
        """Time passes, and the worker does what is due."""
        self.clock.forward(seconds=seconds)
        while collect.read_one(self.store, self.x, "x", TIMING):
            pass
        while deliver.send_one(self.store, self.sender, "x", TIMING):
            pass
        while deliver.look_one(self.store, self.sender, "x", TIMING):
            pass
        housekeep.recheck(self.store, "x", self.x)

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        with self.store.read() as tx:
            return list(tx.execute(select(table).order_by(*table.primary_key)).all())

    def close(self) -> None:
        """Let go of everything."""
        self.x.close()
        self.sender.close()
        self.store.close()


@pytest.fixture
def server() -> Iterator[XServer]:
    clock = Clock()
    with XServer(clock) as made:
        yield made


@pytest.fixture
def house(tmp_path: Path, server: XServer) -> Iterator[House]:
    assert isinstance(server.clock, Clock)
    made = House(tmp_path, server, server.clock, names="questions")
    yield made
    made.close()


def test_a_question_with_tag_and_mention_is_stored_and_paid_once_and_answered(house: House) -> None:
    native = house.server.post("asha", f"@{US} who pays for the carers? #QLabs")
    house.tick(60)
    (row,) = house.rows(item)
    assert (row.native_id, row.author_handle) == (native, "@asha")
    (asked,) = house.rows(question)
    assert desk.answer(house.store, ADA, asked.id, "We all do.").ok
    house.tick()
    (sent,) = house.rows(delivery)
    assert (sent.state, sent.reply_to) == ("sent", native)
    assert [post.typed for post in house.server.posts(US)] == ["We all do."]
    bill = house.server.bill()
    assert bill.total == pytest.approx(0.001 + 0.010 + 0.010 + 0.010), "a mention, a name, our own name, a reply"
    assert house.rows(network)[0].spent_usd == pytest.approx(bill.total + 0.005), "a reply is booked as a post"


def test_who_did_not_name_us_cannot_be_answered_and_the_desk_says_so_first(house: House) -> None:
    house.server.post("asha", "Who pays for the carers? #QLabs")
    house.tick(60)
    (asked,) = house.rows(question)
    (view,) = desk.preview_answer(house.store, ADA, asked.id, "We all do.")
    assert "mentions this account" in view.problem
    native = house.rows(item)[0].native_id
    assert view.by_hand == f"https://x.com/intent/post?in_reply_to={native}&text=We%20all%20do."
    assert not desk.answer(house.store, ADA, asked.id, "We all do.").ok
    assert house.server.called("POST /2/tweets") == []


def test_who_only_quotes_us_is_answered(house: House) -> None:
    ours = house.server.post(US, "14:05 Who pays?")
    native = house.server.post("asha", "Yes, who pays for the carers? #QLabs", quotes=ours)
    house.tick(60)
    (asked,) = house.rows(question)
    (view,) = desk.preview_answer(house.store, ADA, asked.id, "We all do.")
    assert (view.problem, view.by_hand) == ("", "")
    assert desk.answer(house.store, ADA, asked.id, "We all do.").ok
    house.tick()
    (sent,) = house.rows(delivery)
    assert (sent.state, sent.reply_to) == ("sent", native)


def test_a_quote_of_what_we_sent_counts_though_its_address_does_not_name_us(house: House) -> None:
    house.server.post("asha", f"@{US} who pays?")
    house.tick(60)
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.tick()
    ours = house.rows(delivery)[0].remote_id
    with house.store.write() as tx:
        src = tx.execute(select(source).where(source.c.kind == "hashtag")).one()
        told = Item("x", "77", "Who is we? #QLabs", author_id="9", quoted_id=ours)
        inbox.keep(tx, house.clock(), src, Page((told, replace(told, native_id="78", quoted_id="5")), ""))
    assert {row.native_id: row.calls_us for row in house.rows(item)[1:]} == {"77": True, "78": False}


def test_an_edit_that_names_us_makes_a_question_answerable(house: House) -> None:
    native = house.server.post("asha", "Who pays for the carers? #QLabs")
    house.tick(60)
    house.server.edit(native, f"@{US} who pays for the carers? #QLabs")
    with house.store.write() as tx:  # the mentions are not read: only the hashtag tells
        tx.execute(update(source).where(source.c.kind == "mentions").values(active=False))
    house.tick(60)
    (view,) = desk.preview_answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    assert view.problem == ""


def test_who_quotes_somebody_else_cannot_be_answered_and_the_desk_says_so_first(house: House) -> None:
    house.server.post(
        "asha", "Who pays for the carers? #QLabs", quotes=house.server.post("bryn", f"@{US} said that we all pay.")
    )
    house.tick(60)
    asked = next(row for row in house.rows(question) if "carers" in row.text)
    (view,) = desk.preview_answer(house.store, ADA, asked.id, "We all do.")
    assert "quotes one of its posts" in view.problem


def test_the_same_answer_to_seven_askers_goes_out_seven_times_in_words_that_x_takes(house: House) -> None:
    for number in range(7):
        house.server.post(
            f"reader{number}", f"@{US} who pays for the carers? #QLabs", at=START + timedelta(seconds=number)
        )
    house.tick(120)
    (asked,) = house.rows(question)
    seen = [view.parts[0] for view in desk.preview_answer(house.store, ADA, asked.id, "We all do.")]
    assert seen == ["We all do.", *(f"@reader{number} We all do." for number in range(1, 7))]
    assert desk.answer(house.store, ADA, asked.id, "We all do.").ok
    house.tick()
    assert sorted(post.typed for post in house.server.posts(US)) == sorted(seen)
    assert {row.state for row in house.rows(delivery)} == {"sent"}


def test_an_answer_that_was_given_before_names_whom_it_is_for(house: House) -> None:
    house.server.post("asha", f"@{US} who pays for the carers?")
    house.server.post("bryn", f"@{US} when does the coffee come back?", at=START + timedelta(seconds=9))
    house.tick(60)
    for asked in house.rows(question):
        assert desk.answer(house.store, ADA, asked.id, "Ask at the desk.").ok
    house.tick()
    assert sorted(post.typed for post in house.server.posts(US)) == ["@bryn Ask at the desk.", "Ask at the desk."]


def test_a_lost_answer_is_looked_for_and_recorded_once(house: House) -> None:
    house.server.index_lag = timedelta(seconds=100)
    house.server.post("asha", f"@{US} who pays?", visible_at=START)
    house.tick(60)
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.server.faults.next(Fault.HTML_503_AFTER, "POST /2/tweets")
    house.tick(1)
    assert house.rows(delivery)[0].state == "unsure"
    for _ in range(13):
        house.tick(10)
    (row,) = house.rows(delivery)
    assert row.state == "sent"
    assert row.remote_id == str(house.server.posts(US)[0].id)
    assert len(house.server.called("POST /2/tweets")) == 1


def test_what_x_cannot_tell_is_asked_of_a_person_and_never_sent_again(house: House) -> None:
    house.server.post("asha", f"@{US} who pays?")
    house.tick(60)
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.server.faults.next(Fault.HTML_503, "POST /2/tweets")
    for _ in range(30):
        house.tick(10)
    assert house.rows(delivery)[0].state == "asking"
    assert len(house.server.called("POST /2/tweets")) == 1
    with house.store.write() as tx:
        assert outbox.settle(tx, house.clock(), "Ada", house.rows(delivery)[0].id, "queued")
    house.tick()
    assert house.rows(delivery)[0].state == "sent"
    assert len(house.server.posts(US)) == 1


def test_a_limit_of_the_search_stops_neither_mentions_nor_posts(house: House) -> None:
    house.server.post("asha", f"@{US} who pays?")
    house.server.faults.next(Fault.TOO_MANY, "GET /2/tweets/search/recent", times=50)
    house.tick(60)
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.tick()
    assert house.rows(delivery)[0].state == "sent"
    assert len(house.server.called("GET /2/tweets/search/recent")) == 1
    by_kind = {row.kind: row for row in house.rows(source)}
    assert by_kind["hashtag"].due >= START + timedelta(minutes=15)
    assert by_kind["mentions"].failures == 0


@pytest.mark.parametrize("fault", [Fault.CREDITS_DEPLETED, Fault.USAGE_CAPPED, Fault.UNAUTHORIZED, Fault.SUSPENDED])
def test_what_waiting_does_not_cure_stops_x_and_loses_nothing(house: House, fault: Fault) -> None:
    house.server.post("asha", f"@{US} who pays?")
    house.tick(60)
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.server.faults.next(fault, "POST /2/tweets")
    house.tick(1)
    assert house.rows(network)[0].stopped
    assert house.rows(delivery)[0].state == "queued"
    calls = len(house.server.calls)
    house.tick(3600)
    assert len(house.server.calls) == calls, "a stopped network is left alone"
    with house.store.write() as tx:
        networks.start(tx, house.clock(), "Ada", "x")
    house.tick()
    assert house.rows(delivery)[0].state == "sent"


def test_at_the_cap_the_source_says_what_it_means_and_posts_go_on(house: House) -> None:
    house.server.post("asha", f"@{US} who pays?")
    house.tick(60)
    with house.store.write() as tx:
        tx.execute(update(network).values(spent_usd=40.0))
    house.server.post("bryn", f"@{US} and who cooks?")
    house.tick(60)
    assert len(house.rows(item)) == 1
    assert all("is spent" in row.note and row.failures == 0 for row in house.rows(source))
    with house.store.read() as tx:
        (costs,) = spending.of_event(tx, house.clock(), tx.execute(select(event)).one())
    assert len(costs.cap) == 2, "the overview says it of both"
    desk.answer(house.store, ADA, house.rows(question)[0].id, "We all do.")
    house.tick()
    assert house.rows(delivery)[0].state == "sent"
    with house.store.write() as tx:
        tx.execute(update(network).values(spent_usd=0.0))
    house.tick()
    assert len(house.rows(item)) == 2
    assert [row.note for row in house.rows(source)] == ["", ""]


def test_a_name_that_came_late_is_put_to_its_question(house: House) -> None:
    house.server.post("asha", "Who pays for the carers? #QLabs")
    house.server.faults.next(Fault.JSON_503, "GET /2/users")
    house.tick(60)
    assert house.rows(item)[0].author_handle == ""
    house.tick()
    assert house.rows(item)[0].author_handle == "@asha"


def test_a_deleted_question_leaves_and_its_words_with_it(house: House) -> None:
    native = house.server.post("asha", "Who pays for the carers? #QLabs")
    house.tick(60)
    house.server.delete(native)
    house.tick()
    assert house.rows(question)[0].state == "gone"
    assert house.rows(item)[0].text == ""


def test_open_questions_are_asked_after_once_a_day_and_no_more_when_their_event_is_over(house: House) -> None:
    house.server.post("asha", "Who pays for the carers? #QLabs")
    house.tick(60)
    spent = []
    for _ in range(30):
        house.tick(86400)
        house.tick(3600)
        spent.append(round(house.server.bill(day=house.clock().date()).count(Kind.POST_READ), 6))
    assert spent == [1] * 15 + [0] * 15, "until a week after the end"


def test_a_recheck_that_fails_is_put_off_and_not_repeated_at_every_tick(house: House) -> None:
    house.server.post("asha", "Who pays for the carers? #QLabs")
    house.tick(60)
    house.server.faults.next(Fault.HTML_503, "GET /2/tweets", times=1000)
    for _ in range(60):
        house.tick(20)
    assert 1 <= len(house.server.called("GET /2/tweets")) <= 2, "twenty minutes"


@pytest.mark.parametrize(("read", "kinds"), [("all", {"hashtag", "mentions"}), ("mentions", {"mentions"})])
def test_the_hashtag_of_x_can_be_left_alone_while_mentions_are_read(tmp_path: Path, read: str, kinds: set[str]) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(
        f'[networks.x]\naccount = "{US}"\napi_url = "rehearsal:r.db"\nread = "{read}"\nreserve_for_posts_usd = 7\n'
        '[[events]]\nslug = "w"\nname = "W"\nhashtags = ["QLabs"]\ntimezone = "UTC"\n'
    )
    store = Store(f"sqlite:///{tmp_path}/backchannel.db")
    schema.migrate(store)
    with store.write() as tx:
        plans.lay_out(tx, store.now(tx), load(file, {}))
        rows = tx.execute(select(source).where(source.c.network == "x", source.c.active)).all()
        kept = tx.execute(select(network.c.kept_usd)).scalar_one()
    store.close()
    assert {row.kind for row in rows} == kinds
    assert kept == 7.0
