"""Reading X: nothing is lost or stored twice, whatever comes late, is edited, deleted, or breaks off in the middle."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import Item, Source, Standing
from bot.networks.base import Unavailable
from tests.doubles.x_faults import Fault
from tests.doubles.x_params import Dialect
from tests.networks.x_scene import MENTIONS, START, TAG, US, Scene, scene

SEARCH = "GET /2/tweets/search/recent"


@pytest.fixture
def here() -> Iterator[Scene]:
    with scene() as made:
        yield made


def ids(items: list[Item]) -> list[str]:
    return [one.native_id for one in items]


def test_a_post_with_the_tag_is_read_whole(here: Scene) -> None:
    text = "Who pays for carers & cooks? <3 see q.org/costs?a=1 é #QLabs"
    native = here.server.post("asha", text, lang="und")
    here.clock.forward(minutes=1)
    (item,) = here.read()
    assert (item.native_id, item.author_id) == (native, here.server.account("asha").id)
    assert item.text == text.replace("q.org", "http://q.org")
    assert (item.written_at, item.lang, item.own, item.repost) == (START, "", False, False)
    assert item.url == f"https://x.com/i/status/{native}"


def test_a_long_post_is_read_to_its_end_with_its_own_links(here: Scene) -> None:
    here.server.account("asha").premium = True
    text = "Why? " * 90 + "https://q.org/end #QLabs"
    here.server.post("asha", text)
    here.clock.forward(minutes=1)
    assert here.read()[0].text == text


@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_dialect_of_field_names_is_understood(here: Scene, dialect: Dialect) -> None:
    here.server.dialect = dialect
    here.server.account("asha").premium = True
    asked = here.server.post("bryn", "Who asked? #QLabs")
    native = here.server.post("asha", "How? " * 70 + "#QLabs", reply_to=asked)
    here.server.edit(native, "How come? " * 40 + "#QLabs")
    here.clock.forward(minutes=1)
    items = {item.native_id: item for item in here.read()}
    assert items.keys() == {asked, native}
    assert items[native].text.startswith("@bryn How come?")
    assert len(items[native].text) > 300
    assert items[native].parent_id == asked
    here.server.post("cleo", "And now? #QLabs")
    here.clock.forward(minutes=1)
    before = len(here.server.called(SEARCH))
    assert len(here.read()) == 3
    assert len(here.server.called(SEARCH)) == before + 1, "the words that X knows are remembered"


def test_who_quotes_us_or_names_us_calls_us_and_who_quotes_another_does_not(here: Scene) -> None:
    ours = here.server.post(US, "14:05 Coffee is served.")
    theirs = here.server.post("bryn", "Lunch is served.")
    calls = {
        here.server.post("asha", "When is this? #QLabs", quotes=ours): True,
        here.server.post("asha", "And this? #QLabs", quotes=theirs): False,
        here.server.post("asha", f"And that, @{US.lower()}? #QLabs"): True,
        here.server.post("asha", f"Not mail@{US}.example? #QLabs"): False,
        here.server.post("asha", f"See x.com/{US}/status/{ours} for it? #QLabs", quotes=theirs): False,
    }
    here.clock.forward(minutes=1)
    items = here.read()
    assert {item.native_id: item.calls_us for item in items} == calls
    assert next(item for item in items if item.quoted_id == ours).text == "When is this? #QLabs", "the card is no word"
    assert {item.quoted_id for item in items} == {"", ours, theirs}
    assert all(one.item and one.item.calls_us is calls[one.native_id] for one in here.x.recheck(TAG, list(calls)))


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_long_post_that_quotes_and_names_us_is_known_in_every_dialect(here: Scene, dialect: Dialect) -> None:
    here.server.dialect = dialect
    here.server.account("asha").premium = True
    ours = here.server.post(US, "14:05 Coffee is served.")
    here.server.post("asha", "When? " * 60 + "#QLabs", quotes=ours)
    here.server.post("asha", "Why? " * 70 + f"@{US} #QLabs")
    here.clock.forward(minutes=1)
    items = here.read()
    assert [item.calls_us for item in items] == [True, True]
    assert all(item.text.endswith("#QLabs") for item in items)


def test_the_words_are_changed_again_when_x_goes_back_to_the_old_ones(here: Scene) -> None:
    here.server.post("asha", "Who asked? #QLabs")
    for dialect in (Dialect.NEW, Dialect.OLD, Dialect.NEW):
        here.server.dialect = dialect
        here.clock.forward(minutes=1)
        assert len(here.read()) == 1
    calls = here.server.called(SEARCH)
    assert [call.status for call in calls] == [400, 200, 400, 200, 400, 200], "one more call for each change"


def test_reposts_and_our_own_posts_are_not_paid_for(here: Scene) -> None:
    here.server.repost("bryn", here.server.post("asha", "Who pays? #QLabs"))
    here.server.post(US, "14:05 Coffee #QLabs")
    here.clock.forward(minutes=1)
    assert len(here.read()) == 1


def test_what_was_written_before_reading_began_is_not_paid_for(here: Scene) -> None:
    here.server.post("asha", "Old #QLabs", at=START - timedelta(hours=2))
    assert here.read() == []
    assert here.server.bill().total == 0


def test_posts_of_many_pages_come_once_each_and_the_newest_is_the_edge(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(250)]
    here.clock.forward(minutes=10)
    assert sorted(ids(here.read())) == sorted(made)
    assert json.loads(here.cursors[TAG.id])["newest"] == made[-1]
    here.clock.forward(minutes=1)
    overlap = here.read()
    assert 0 < len(overlap) < 250
    assert here.server.meter.posts_read(here.clock()) == 250, "the overlap is free on the same day"


def test_a_crash_between_pages_goes_on_with_the_next_page(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(150)]
    here.clock.forward(minutes=10)
    first = here.page()
    here.reopen()
    rest = here.read()
    assert sorted(ids([*first.items, *rest])) == sorted(made)


def test_a_page_that_was_not_stored_is_read_again(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(150)]
    here.clock.forward(minutes=10)
    here.page()
    lost = here.x.fetch(TAG, here.cursors[TAG.id])
    assert lost.items
    again = here.read()
    assert set(ids(list(lost.items))) <= set(ids(again))
    assert here.server.meter.posts_read(here.clock()) == len(made)


def test_a_refused_page_token_begins_the_sweep_anew_and_loses_nothing(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(150)]
    here.clock.forward(minutes=10)
    here.page()
    here.server.tokens.refuse_all()
    assert sorted(ids(here.read())) == sorted(made)


def test_a_page_without_data_that_has_a_next_one_is_gone_through(here: Scene) -> None:
    native = here.server.post("asha", "Who? #QLabs")
    here.clock.forward(minutes=1)
    here.server.faults.next(Fault.EMPTY_PAGE, SEARCH)
    assert ids(here.read()) == [native]


def test_a_page_that_does_not_say_whether_more_follows_is_kept_and_asked_for_again(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(150)]
    here.clock.forward(minutes=10)
    here.server.faults.next(Fault.NO_META, SEARCH)
    half = here.page()
    assert ids(list(half.items)) == made[:-11:-1]
    assert "whether there is more" in half.note
    assert sorted(ids(here.read())) == sorted(made)
    assert here.server.meter.posts_read(here.clock()) == len(made)


def test_an_answer_in_which_nothing_is_said_is_asked_for_again(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(150)]
    here.clock.forward(minutes=10)
    first = here.page()
    here.server.faults.next(Fault.OBJECT_200, SEARCH)
    before = here.cursors[TAG.id]
    with pytest.raises(Unavailable):
        here.page()
    assert here.cursors[TAG.id] == before
    assert sorted(ids([*first.items, *here.read()])) == sorted(made)


def test_a_post_that_is_indexed_late_comes_once(here: Scene) -> None:
    late = here.server.post("asha", "Late? #QLabs", visible_at=START + timedelta(minutes=2))
    here.clock.forward(seconds=5)
    early = here.server.post("bryn", "Early? #QLabs")
    here.clock.forward(seconds=40)
    assert ids(here.read()) == [early]
    here.clock.forward(seconds=90)
    assert set(ids(here.read())) == {early, late}
    here.clock.forward(minutes=20)
    assert here.read() == []


def test_an_edited_post_keeps_its_identity_and_shows_its_latest_words(here: Scene) -> None:
    native = here.server.post("asha", "Who pays? #QLabs")
    here.clock.forward(minutes=1)
    here.read()
    here.server.edit(native, "Who pays for carers? #QLabs")
    here.clock.forward(minutes=1)
    (item,) = here.read()
    assert (item.native_id, item.text) == (native, "Who pays for carers? #QLabs")
    (checked,) = here.x.recheck(TAG, [native])
    assert checked.item == item


def test_a_deleted_post_is_doubted_once_and_gone_when_asked(here: Scene) -> None:
    native = here.server.post("asha", "Who pays? #QLabs")
    here.clock.forward(minutes=1)
    here.read()
    here.server.delete(native)
    page = here.page()
    assert page.covers.ids == {native}
    assert here.page().covers.ids == frozenset()
    (checked,) = here.x.recheck(TAG, [native])
    assert checked.standing is Standing.GONE


def test_a_recheck_tells_gone_hidden_edited_and_unchanged_apart_and_is_free_on_the_same_day(here: Scene) -> None:
    people = ("asha", "bryn", "cleo", "dina")
    posts = {who: here.server.post(who, f"{who} asks? #QLabs") for who in people}
    here.clock.forward(minutes=1)
    here.read()
    before = here.memory.spent
    here.server.delete(posts["asha"])
    here.server.protect("bryn")
    checks = {one.native_id: one for one in here.x.recheck(TAG, [*posts.values(), "1", "not an id"])}
    assert [checks[posts[who]].standing for who in people[:3]] == [Standing.GONE, Standing.HIDDEN, Standing.PUBLIC]
    assert checks["1"].standing is Standing.GONE
    assert here.memory.spent == before
    here.clock.forward(days=1)
    here.x.recheck(TAG, [posts["dina"]])
    assert here.memory.spent == pytest.approx(before + 0.005)


def test_a_hundred_posts_are_one_request_and_those_beyond_another(here: Scene) -> None:
    made = [here.server.post("asha", f"Question {n}? #QLabs", at=START + timedelta(seconds=n)) for n in range(130)]
    here.clock.forward(minutes=5)
    assert len(here.x.recheck(TAG, made)) == 130
    assert len(here.server.called("GET /2/tweets")) == 2


def test_mentions_are_read_without_a_tag_and_a_post_with_both_is_paid_once(here: Scene) -> None:
    native = here.server.post("asha", f"@{US} who pays? #QLabs")
    here.clock.forward(minutes=1)
    assert ids(here.read(MENTIONS)) == [native]
    assert ids(here.read(TAG)) == [native]
    bill = here.server.bill()
    assert bill.total == pytest.approx(0.001 + 0.010), "one owned read, and who we are"
    assert here.memory.spent == pytest.approx(bill.total)


def test_an_idle_hour_costs_nothing(here: Scene) -> None:
    here.server.post("asha", f"@{US} who pays? #QLabs")
    here.clock.forward(minutes=1)
    here.read(MENTIONS)
    here.read(TAG)
    before = (here.server.bill().total, here.memory.spent)
    for _ in range(120):
        here.clock.forward(seconds=30)
        assert not here.page(MENTIONS).more
        assert not here.page(TAG).more
    assert (here.server.bill().total, here.memory.spent) == before


@pytest.mark.parametrize("cursor", ["nonsense", "[1]", '{"sweep": 3}', '{"sweep": {"since": "1"}}', '{"gaps": [1]}'])
def test_a_cursor_that_makes_no_sense_is_a_first_contact(here: Scene, cursor: str) -> None:
    native = here.server.post("asha", "Who? #QLabs")
    here.clock.forward(minutes=1)
    assert ids(list(here.x.fetch(TAG, cursor).items)) == [native]


def test_an_error_while_reading_leaves_the_cursor_and_the_money(here: Scene) -> None:
    here.server.post("asha", "Who? #QLabs")
    here.clock.forward(minutes=1)
    here.server.faults.next(Fault.HTML_503, SEARCH)
    with pytest.raises(Unavailable):
        here.page()
    assert here.memory.spent == 0
    assert len(here.read()) == 1


def test_an_unreadable_post_is_kept_aside_and_the_others_are_read(here: Scene) -> None:
    from bot.networks.x.forms import read_all

    good = {"id": "1923", "text": "Who?", "created_at": "2026-05-04T09:00:00Z"}
    posts, poison = read_all([good, {"id": "1924"}, {"text": "no id"}, None, "x", {"id": True, "text": "x"}])
    assert [post.item.native_id for post in posts] == ["1923"]
    assert [bad.native_id for bad in poison] == ["1924", "", "", "", ""]
    assert posts[0].item.written_at == START


def test_ids_are_compared_as_numbers() -> None:
    from bot.networks.x.forms import read_all

    row = {"id": "1000", "text": "new", "edit_history_tweet_ids": ["99", "1000"]}
    (post,), _ = read_all([{"id": "99", "text": "old", "edit_history_tweet_ids": ["99", "1000"]}, row])
    assert (post.item.native_id, post.version, post.item.text) == ("99", "1000", "new")


def test_a_source_may_be_read_from_before_the_first_post_ever(here: Scene) -> None:
    old = Source(9, "x", "hashtag", "QLabs", "UTC", None)
    native = here.server.post("asha", "Who? #QLabs", at=START - timedelta(days=6))
    assert ids(list(here.x.fetch(old, "").items)) == [native]
