"""What a page shows is kept once, judged once, followed when it changes, and tied to every source that saw it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.items import Kind, Page, Poison, Standing
from bot.store import events, inbox, placements
from bot.store.engine import Fenced, Store
from bot.store.events import SourcePlan
from bot.store.tables import change, delivery, item, placement, quarantine, question, sighting, source
from tests.flows.house import EVERY, START, Clock, plan
from tests.store.rows import count, drafted, keep, question_of, question_row, rows, said, set_up, source_of

CARERS = "How can carers get peer support at work?"
COST = "What does a peer support group cost in the first year?"


def test_an_item_is_kept_once_however_often_it_is_read(store: Store) -> None:
    first = keep(store, said("1", CARERS))
    again = keep(store, said("1", CARERS))
    assert (first.new, first.questions, again.new, again.edited, again.questions) == (1, 1, 0, 0, 0)
    assert (count(store, item), count(store, question), count(store, placement)) == (1, 1, 1)


def test_the_same_id_on_another_network_is_another_item(store: Store) -> None:
    keep(store, said("1", CARERS))
    keep(store, said("1", COST, "mastodon"))
    assert count(store, item) == 2


def test_each_source_that_saw_an_item_is_written_down(store: Store) -> None:
    keep(store, said("1", f"@theQCommunity {CARERS} #QLabs"))
    keep(store, said("1", f"@theQCommunity {CARERS} #QLabs"), kind="mentions")
    assert {row.source_id for row in rows(store, sighting)} == {
        source_of(store, "x").id, source_of(store, "x", "mentions").id,
    }  # fmt: skip
    assert (count(store, item), count(store, question)) == (1, 1)


def test_an_item_twice_on_one_page_is_kept_once(store: Store) -> None:
    assert keep(store, said("1", CARERS), said("1", CARERS)).new == 1


def test_a_page_of_nothing_writes_no_change(store: Store) -> None:
    before = count(store, change)
    keep(store)
    assert count(store, change) == before


def test_repeats_are_grouped_and_counted(store: Store) -> None:
    keep(store, said("1", CARERS), said("2", "How can carers get peer support at work??"))
    keep(store, said("3", "how can CARERS get peer support at work?", "mastodon"))
    (only,) = rows(store, question)
    assert (only.times_asked, only.text) == (3, CARERS)
    assert {question_of(store, one) for one in ("1", "2", "3")} == {only.id}


def test_a_repeat_of_a_merged_question_joins_the_one_that_stands_for_it(store: Store) -> None:
    keep(store, said("1", CARERS), said("2", COST), said("3", "Who pays for the training of volunteers?"))
    first, second, third = (row.id for row in rows(store, question))
    with store.write() as tx:
        tx.execute(update(question).where(question.c.id == first).values(state="merged", merged_into=second))
        tx.execute(update(question).where(question.c.id == second).values(state="merged", merged_into=third))
    keep(store, said("4", CARERS))
    assert question_of(store, "4") == third


def test_own_posts_and_reposts_are_not_kept(store: Store) -> None:
    kept = keep(store, said("1", CARERS, own=True), said("2", COST, repost=True))
    assert kept.new == count(store, item) == 0


def test_what_we_sent_is_not_kept_even_if_the_network_does_not_say_it_is_ours(store: Store) -> None:
    drafted(store, "Welcome")
    with store.write() as tx:
        values = {"event_id": 1, "post_id": 1, "network": "x", "action": "create", "key": "k", "remote_id": "77"}
        tx.execute(delivery.insert().values(**values, state="sent", created_at=START))
    assert keep(store, said("77", CARERS)).new == 0


def test_an_edit_by_its_author_is_followed_and_marked(store: Store, clock: Clock) -> None:
    keep(store, said("1", CARERS))
    clock.go(60)
    assert keep(store, said("1", COST)).edited == 1
    (one,), (asked,) = rows(store, item), rows(store, question)
    assert (one.text, one.edited_at, asked.text, asked.edited_at) == (COST, clock(), COST, clock())
    assert keep(store, said("2", COST)).questions == 0, "the question is found by its new words"


def test_chatter_that_is_edited_into_a_question_reaches_the_queue(store: Store) -> None:
    keep(store, said("1", "Good morning everyone! #QLabs"))
    assert count(store, question) == 0
    keep(store, said("1", CARERS))
    assert question_row(store, question_of(store, "1")).text == CARERS


def test_what_an_earlier_release_took_for_chatter_is_judged_again_when_it_is_edited_and_what_a_person_said_stays(
    store: Store,
) -> None:
    for number, judge in (("1", "rules-1"), ("2", "Ada")):
        keep(store, said(number, "Good morning everyone! #QLabs"))
        with store.write() as tx:
            this = select(item.c.id).where(item.c.native_id == number).scalar_subquery()
            tx.execute(update(placement).where(placement.c.item_id == this).values(judged_by=judge))
        keep(store, said(number, CARERS))
    assert question_row(store, question_of(store, "1")).times_asked == 1
    assert count(store, question) == 1


def test_poison_is_kept_aside_with_its_raw_form_while_the_rest_goes_on(store: Store) -> None:
    bad = Poison("9", "{" * 70_000, "no text")
    kept = keep(store, said("1", CARERS), poison=[bad])
    keep(store, poison=[bad])
    assert (kept.new, kept.poison) == (1, 1)
    (aside,) = rows(store, quarantine)
    assert (aside.native_id, aside._mapping["count"], len(aside.raw), aside.error) == ("9", 2, 65536, "no text")


def test_poison_without_an_id_is_known_again_by_its_content(store: Store) -> None:
    keep(store, poison=[Poison("", "a", "no id"), Poison("", "b", "no id")])
    keep(store, poison=[Poison("", "a", "no id")])
    assert sorted(row._mapping["count"] for row in rows(store, quarantine)) == [1, 2]


def test_items_and_cursor_are_one_transaction(store: Store) -> None:
    src = source_of(store, "x")

    def keep_and_crash() -> None:
        with store.write() as tx:
            now = store.now(tx)
            inbox.keep(tx, now, src, Page((said("1", CARERS),), "next"))
            assert events.read_well(tx, now, src, due=now, cursor="next")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keep_and_crash()
    assert (count(store, item), count(store, question), source_of(store, "x").cursor) == (0, 0, "")


def test_a_page_read_by_a_worker_that_lost_its_hold_is_thrown_away(store: Store, clock: Clock) -> None:
    lease = timedelta(seconds=5)
    with store.write() as tx:
        stale = events.take_source(tx, clock(), lease, ("hashtag",), "x")
    clock.go(6)
    with store.write() as tx:
        assert events.take_source(tx, clock(), lease, ("hashtag",), "x") is not None
    assert stale is not None

    def keep_late() -> None:
        with store.write() as tx:
            inbox.keep(tx, clock(), stale, Page((said("1", CARERS),), "next"))
            if not events.read_well(tx, clock(), stale, due=clock(), cursor="next"):
                raise Fenced

    with pytest.raises(Fenced):
        keep_late()
    assert count(store, item) == 0


def test_what_was_written_before_reading_began_is_kept_and_not_asked(store: Store) -> None:
    early = START - timedelta(minutes=1)
    kept = keep(store, said("1", CARERS, written_at=early), said("2", COST))
    assert (kept.new, kept.questions) == (2, 1)
    assert rows(store, placement)[0].why == "Written before reading began"
    assert keep(store, said("1", CARERS + " Please?", written_at=early)).questions == 0


def test_a_comment_that_waits_for_approval_is_asked_and_its_approval_is_followed(store: Store) -> None:
    keep(store, said("1", CARERS, "wordpress", standing=Standing.HELD), kind="comments")
    assert (rows(store, item)[0].standing, count(store, question)) == ("held", 1)
    assert keep(store, said("1", CARERS, "wordpress"), kind="comments").edited == 1
    assert (rows(store, item)[0].standing, count(store, question)) == ("public", 1)


def test_a_comment_in_the_spam_folder_is_no_question_until_it_is_let_out(store: Store) -> None:
    keep(store, said("1", CARERS, "wordpress", standing=Standing.HIDDEN), kind="comments")
    assert count(store, question) == 0
    keep(store, said("1", CARERS, "wordpress"), kind="comments")
    assert count(store, question) == 1


def test_five_hundred_items_in_one_page_are_kept(store: Store) -> None:
    page = [said(str(n), f"What about topic number {n} of the {n * 7} on the list?") for n in range(500)]
    assert keep(store, *page).new == 500


@pytest.mark.parametrize(
    "text", ["?", "", " \n", "🤷🏽‍♀️" * 300, "?" * 65_536, "كيف يمكن لمقدمي الرعاية الحصول على الدعم؟", "a\u202eb?"]
)
def test_no_text_is_too_odd_to_keep(store: Store, text: str) -> None:
    keep(store, said("1", text))
    assert rows(store, item)[0].text == text


def _two_events(store: Store, clock: Clock) -> tuple[int, int]:
    """The workshop runs; a conference of another tag follows in a week. Their numbers."""
    later = START + timedelta(days=7)
    other = plan(slug="conference", hashtags=["QConf"], starts=later, ends=later + timedelta(days=1),
                 sources=(SourcePlan("x", "hashtag", "QConf", EVERY, START),))  # fmt: skip
    set_up(store, clock, plan(), other)
    with store.read() as tx:
        ids = {row.slug: row.id for row in events.all_events(tx)}
    return ids["workshop"], ids["conference"]


def _events_of(store: Store, native_id: str) -> set[int]:
    with store.read() as tx:
        mine = select(placement.c.event_id).join(item).where(item.c.native_id == native_id)
        return set(tx.execute(mine).scalars())


def test_a_mention_goes_where_its_tag_says_and_else_to_the_running_event(store: Store, clock: Clock) -> None:
    workshop, conference = _two_events(store, clock)
    keep(
        store,
        said("1", f"@theQCommunity {CARERS}"),
        said("2", f"@theQCommunity {COST} (#qconf)"),
        said("3", "@theQCommunity Who comes to both of the events? #QLabs #QConf"),
        said("4", "@theQCommunity Where is lunch served today? #hungry"),
        kind="mentions",
    )
    assert _events_of(store, "1") == {workshop}
    assert _events_of(store, "2") == {conference}
    assert _events_of(store, "3") == {workshop, conference}
    assert _events_of(store, "4") == {workshop}


def test_when_nothing_runs_an_untagged_mention_goes_to_the_nearest_event(store: Store, clock: Clock) -> None:
    workshop, conference = _two_events(store, clock)
    for day, expected in ((3, workshop), (6, conference)):
        clock.at = START + timedelta(days=day)
        keep(store, said(str(day), f"@theQCommunity {CARERS}", written_at=clock()), kind="mentions")
        assert _events_of(store, str(day)) == {expected}


def test_an_event_that_left_the_settings_takes_nothing_new(store: Store, clock: Clock) -> None:
    src = source_of(store, "x")
    with store.write() as tx:
        events.sync(tx, clock(), [])
        assert inbox.keep(tx, clock(), src, Page((said("1", CARERS),), "")).questions == 0
    assert count(store, source, source.c.active) == 0


def test_a_person_turns_chatter_into_a_question_and_back(store: Store, clock: Clock) -> None:
    keep(store, said("1", "Good morning everyone! #QLabs"))
    number = rows(store, item)[0].id
    with store.write() as tx:
        asked = placements.make_question(tx, clock(), "Ada", 1, number)
        assert placements.make_question(tx, clock(), "Bob", 1, number) == asked
    assert question_row(store, asked).state == "waiting"
    with store.write() as tx:
        assert placements.rejudge(tx, clock(), "Ada", 1, number, Kind.THOUGHT)
    assert question_row(store, asked).state == "gone"
    assert rows(store, placement)[0].kind == "thought"
    keep(store, said("1", CARERS))
    assert rows(store, placement)[0].kind == "thought", "what a person said stays"
