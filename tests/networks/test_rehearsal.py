"""The stand-in keeps to each network's manners, loses nothing it reads, and writes before it answers."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.items import Action, Delivery, Item, Page, Source, Standing
from bot.networks import open_network
from bot.networks.base import (
    Misconfigured,
    Network,
    NoAnswer,
    Options,
    OutOfMoney,
    RateLimited,
    Refused,
    Unavailable,
)
from bot.networks.rehearsal import Rehearsal, Remote
from tests.networks.memory import DictMemory

START = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
NAMES = ("x", "mastodon", "bluesky", "wordpress")


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def go(self, **span: float) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def remote(tmp_path: Path, clock: Clock) -> Any:
    made = Remote(tmp_path / "remote.db", clock)
    yield made
    made.close()


@pytest.fixture
def opened(tmp_path: Path, clock: Clock, remote: Remote) -> Any:
    networks: list[Network] = []

    def open_one(name: str, memory: DictMemory | None = None, **extra: Any) -> Network:
        options = Options(f"rehearsal:{remote.path}", extra={"name": name, **extra})
        networks.append(open_network(name, options, memory or DictMemory(100), clock))
        return networks[-1]

    yield open_one
    for network in networks:
        network.close()


def tag(network: str) -> Source:
    return Source(1, network, "hashtag", "QLabs", "Europe/London")


def mentions(network: str, account: str = "theQCommunity") -> Source:
    return Source(2, network, "mentions", account)


COMMENTS = Source(3, "wordpress", "comments", "https://q.example/blog/live-blog/")
BLOG = Source(4, "wordpress", "liveblog", "https://q.example/blog/live-blog/", "Europe/London")


def post(network: str, text: str = "Hello #QLabs", key: str = "k1", **more: Any) -> Delivery:
    return Delivery(1, network, Action.CREATE, key, text, started_at=START, **more)


def read_all(network: Network, source: Source, cursor: str = "") -> tuple[list[Item], str, int]:
    """Everything until there is no more: items, cursor, pages."""
    items: list[Item] = []
    for pages in range(1, 100):
        page: Page = network.fetch(source, cursor)
        items, cursor = [*items, *page.items], page.cursor
        if not page.more:
            return items, cursor, pages
    raise AssertionError("the pages never end")


# -- reading -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_tagged_post_is_read_whatever_the_case_of_its_tag(name: str, opened: Any, remote: Remote) -> None:
    remote.say(name, "asha_example", "Who pays? #qlabs", name="Asha", lang="en")
    remote.say(name, "asha_example", "Nothing to do with it #QLabsters")
    items, _, _ = read_all(opened(name), tag(name))
    assert [(item.text, item.author_name, item.network, item.own) for item in items] == [
        ("Who pays? #qlabs", "Asha", name, False)
    ]
    assert items[0].url.startswith("https://")
    assert ".example/" in items[0].url


def test_mentions_hold_who_names_us_and_who_replies_to_us(opened: Any, remote: Remote) -> None:
    x = opened("x")
    ours = x.send(post("x", "We are live"))
    remote.say("x", "asha", "@theQCommunity who pays?")
    remote.say("x", "bryn", "and who does not?", reply_to=ours.remote_id)
    remote.say("x", "carys", "@theQCommunityChoir sings tonight")
    items, _, _ = read_all(x, mentions("x"))
    assert [item.author_handle for item in items] == ["@asha", "@bryn"]
    assert read_all(x, mentions("x", "me"))[0] == items  # "me" is whoever the account is


def test_our_own_posts_come_back_in_the_hashtag_marked_as_our_own(opened: Any) -> None:
    mastodon = opened("mastodon")
    receipt = mastodon.send(post("mastodon"))
    items, _, _ = read_all(mastodon, tag("mastodon"))
    assert [(item.native_id, item.own) for item in items] == [(receipt.remote_id, True)]


def test_more_posts_than_a_page_holds_are_all_read_in_order(opened: Any, remote: Remote, clock: Clock) -> None:
    for n in range(95):
        remote.say("x", "asha", f"number {n} #QLabs")
        clock.go(milliseconds=10)
    items, cursor, pages = read_all(opened("x"), tag("x"))
    assert [item.text for item in items] == [f"number {n} #QLabs" for n in range(95)]
    assert pages == 3
    clock.go(hours=1)
    remote.say("x", "asha", "one more #QLabs")
    later, _, _ = read_all(opened("x", overlap=0, sweep=10**6), tag("x"), cursor)
    assert later[-1].text == "one more #QLabs"
    assert len(later) <= 2


def test_a_post_indexed_late_below_the_cursor_is_still_read(opened: Any, remote: Remote, clock: Clock) -> None:
    bluesky = opened("bluesky")
    remote.say("bluesky", "asha.example", "on time #QLabs")
    _, cursor, _ = read_all(bluesky, tag("bluesky"))
    clock.go(minutes=5)
    remote.say("bluesky", "bryn.example", "late #QLabs", written_at=START - timedelta(minutes=2), visible_at=clock())
    items, cursor, _ = read_all(bluesky, tag("bluesky"), cursor)
    assert "late #QLabs" in [item.text for item in items]


def test_a_post_far_below_the_window_is_found_by_the_sweep(opened: Any, remote: Remote, clock: Clock) -> None:
    mastodon = opened("mastodon", overlap=60, sweep=30)
    remote.say("mastodon", "asha@fedi.example", "on time #QLabs")
    _, cursor, _ = read_all(mastodon, tag("mastodon"))
    remote.say("mastodon", "bryn@fedi.example", "hours late #QLabs", written_at=START - timedelta(hours=5))
    soon, cursor, _ = read_all(mastodon, tag("mastodon"), cursor)
    assert "hours late #QLabs" not in [item.text for item in soon]
    clock.go(seconds=31)
    swept, _, _ = read_all(mastodon, tag("mastodon"), cursor)
    assert "hours late #QLabs" in [item.text for item in swept]


def test_a_post_dated_in_the_future_does_not_hide_the_ones_after_it(opened: Any, remote: Remote, clock: Clock) -> None:
    x = opened("x", overlap=1, sweep=10**6)
    remote.say("x", "asha", "from 2030 #QLabs", written_at=START + timedelta(days=1400), visible_at=START)
    _, cursor, _ = read_all(x, tag("x"))
    clock.go(minutes=1)
    remote.say("x", "bryn", "from today #QLabs")
    items, _, _ = read_all(x, tag("x"), cursor)
    assert "from today #QLabs" in [item.text for item in items]


def test_a_cursor_that_nobody_can_read_begins_again(opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", "here #QLabs")
    for broken in ("{", "[1]", '{"top": 7}', "\0"):
        items, _, _ = read_all(opened("x"), tag("x"), broken)
        assert len(items) == 1


def test_a_page_says_what_it_covers_so_that_a_deletion_shows(opened: Any, remote: Remote, clock: Clock) -> None:
    x = opened("x")
    gone = remote.say("x", "asha", "soon gone #QLabs")
    _, cursor, _ = read_all(x, tag("x"))
    remote.delete("x", gone)
    clock.go(seconds=5)
    page = x.fetch(tag("x"), cursor)
    assert page.items == ()
    assert page.covers.since is not None
    assert page.covers.since <= START
    assert [check.standing for check in x.recheck(tag("x"), [gone, "never there"])] == [Standing.GONE, Standing.GONE]


def test_an_edit_keeps_the_identity(opened: Any, remote: Remote) -> None:
    native = remote.say("mastodon", "asha@fedi.example", "raeding #QLabs")
    remote.edit("mastodon", native, "reading #QLabs")
    (checked,) = opened("mastodon").recheck(tag("mastodon"), [native])
    assert checked.standing is Standing.PUBLIC
    assert checked.item is not None
    assert checked.item.text == "reading #QLabs"


def test_comments_are_read_as_a_whole_set_and_change_their_standing(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    held = remote.comment("Rosa", "Who pays?", standing="held")
    other = remote.comment("Tom", "What a day")
    page = blog.fetch(COMMENTS, "")
    assert page.covers.whole
    assert [(item.native_id, item.standing) for item in page.items] == [
        (held, Standing.HELD),
        (other, Standing.PUBLIC),
    ]
    remote.approve(held)
    remote.stand("wordpress", other, "spam")
    assert [(item.native_id, item.standing) for item in blog.fetch(COMMENTS, page.cursor).items] == [
        (held, Standing.PUBLIC)
    ]
    remote.stand("wordpress", held, "trash")
    standings = [check.standing for check in blog.recheck(COMMENTS, [held, other])]
    assert standings == [Standing.HIDDEN, Standing.HIDDEN]


def test_a_broken_payload_is_poison_and_the_rest_is_read(opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", "fine #QLabs")
    remote.say("x", "asha", "#QLabs", broken='{"data": [}')
    page = opened("x").fetch(tag("x"), "")
    assert [item.text for item in page.items] == ["fine #QLabs"]
    assert [poison.raw for poison in page.poison] == ['{"data": [}']


@pytest.mark.parametrize(
    "text", ["nul \0 in it #QLabs", "half \ud83d pair #QLabs", "أين؟ #QLabs", "👩‍👩‍👧 #QLabs", "e\u0301 #QLabs"]
)
def test_text_of_any_kind_is_read_as_clean_nfc(text: str, opened: Any, remote: Remote) -> None:
    remote.say("x", "asha", text)
    (item,) = opened("x").fetch(tag("x"), "").items
    item.text.encode()
    assert "\0" not in item.text
    assert "e\u0301" not in item.text


def test_the_live_blog_is_read_again_only_as_changed_when_it_was_saved(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    with pytest.raises(Unavailable, match="not published"):
        blog.entries(BLOG, "")
    saved = datetime(2017, 7, 13, 9, 1, tzinfo=UTC)
    remote.save_blog("<h2>13 July</h2><h3>8:59am:&nbsp;We have arrived!</h3><p>Hello</p>", title="Live blog", at=saved)
    page = blog.entries(BLOG, "")
    assert [(entry.day, entry.time, entry.title, entry.text) for entry in page.entries] == [
        ("2017-07-13", "08:59", "We have arrived!", "Hello")
    ]
    assert page.changed
    assert not blog.entries(BLOG, page.cursor).changed


# -- writing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_post_that_is_too_long_or_empty_is_refused_and_nothing_is_there(
    name: str, opened: Any, remote: Remote
) -> None:
    parent = remote.comment("Rosa", "Who pays?") if name == "wordpress" else ""
    for text in ("a" * 70_000, "", "  \n"):
        with pytest.raises(Refused):
            opened(name).send(post(name, text, reply_to=parent))
    assert remote.posts(name) == []
    assert [call.effect for call in remote.calls(name, "send")] == [False] * 3


def test_the_same_key_again_is_answered_with_the_same_post(opened: Any, remote: Remote, clock: Clock) -> None:
    for name in ("mastodon", "bluesky"):
        network = opened(name)
        first, again = network.send(post(name)), network.send(post(name))
        assert first.remote_id == again.remote_id
        assert again.evidence
        assert len(remote.posts(name)) == 1
    clock.go(minutes=61)  # Mastodon forgets a key after an hour, Bluesky never does
    opened("mastodon").send(post("mastodon"))
    opened("bluesky").send(post("bluesky"))
    assert (len(remote.posts("mastodon")), len(remote.posts("bluesky"))) == (2, 1)


def test_bluesky_does_not_bring_back_what_a_person_deleted(opened: Any, remote: Remote) -> None:
    bluesky = opened("bluesky")
    receipt = bluesky.send(post("bluesky"))
    remote.delete("bluesky", receipt.remote_id)
    with pytest.raises(Refused, match="deleted"):
        bluesky.send(post("bluesky"))
    assert remote.posts("bluesky") == []


def test_x_refuses_the_same_words_twice_whatever_the_key(opened: Any, remote: Remote) -> None:
    x = opened("x")
    x.send(post("x"))
    with pytest.raises(Refused, match="duplicate content"):
        x.send(post("x", key="k2"))
    assert len(remote.posts("x")) == 1


def test_x_lets_us_answer_only_who_mentioned_us_and_ourselves(opened: Any, remote: Remote) -> None:
    x = opened("x")
    tagged = remote.say("x", "asha", "Who pays? #QLabs")
    named = remote.say("x", "bryn", "@THEQCOMMUNITY who pays?")
    with pytest.raises(Refused, match="have not been mentioned"):
        x.send(post("x", "We do", reply_to=tagged))
    first = x.send(post("x", "We do", key="k2", reply_to=named))
    x.send(post("x", "and gladly", key="k3", previous=first.remote_id, first=first.remote_id))
    assert [one.parent_id for one in remote.posts("x")] == [named, first.remote_id]


def test_x_spends_nothing_on_a_refusal_and_stops_when_the_money_is_gone(opened: Any, remote: Remote) -> None:
    purse = DictMemory(0.02)
    x = opened("x", purse)
    with pytest.raises(Refused):
        x.send(post("x", "a" * 281))
    assert purse.budget == pytest.approx(0.02)
    x.send(post("x"))
    assert purse.budget == pytest.approx(0.005)
    with pytest.raises(OutOfMoney):
        x.send(post("x", "another", key="k2"))
    assert len(remote.posts("x")) == 1


def test_the_blog_says_already_there_to_the_same_answer_again(opened: Any, remote: Remote) -> None:
    blog = opened("wordpress")
    parent, other = remote.comment("Rosa", "Who pays?"), remote.comment("Tom", "And who else?")
    first = blog.send(post("wordpress", "We do", reply_to=parent))
    again = blog.send(post("wordpress", "We do", key="k2", reply_to=parent))
    blog.send(post("wordpress", "We do", key="k3", reply_to=other))
    assert (again.remote_id, again.evidence) == (first.remote_id, "already there")
    assert len(remote.posts("wordpress")) == 2
    with pytest.raises(Refused):
        blog.send(post("wordpress", "A post of its own", key="k4"))


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_to_what_was_deleted_is_refused(name: str, opened: Any, remote: Remote) -> None:
    parent = remote.say(name, "asha", "@theQCommunity who pays?")
    remote.delete(name, parent)
    with pytest.raises(Refused, match="no longer"):
        opened(name).send(post(name, "We do", reply_to=parent))


@pytest.mark.parametrize("name", NAMES)
def test_editing_and_deleting_happen_only_where_the_network_has_them(name: str, opened: Any, remote: Remote) -> None:
    network = opened(name)
    parent = remote.say(name, "asha", "@theQCommunity who pays?")
    there = network.send(post(name, "We do", reply_to=parent)).remote_id
    edit = replace(post(name, "We all do"), action=Action.EDIT, target=there)
    if "edit" in network.acts:
        assert network.send(edit).remote_id == there
        assert [one.text for one in remote.posts(name)] == ["We all do"]
        assert network.find(edit)
    else:
        with pytest.raises(Refused, match="cannot change"):
            network.send(edit)
    delete = Delivery(2, name, Action.DELETE, "k9", target=there)
    assert network.find(delete) is None
    assert network.send(delete).evidence == ""
    assert network.send(delete).evidence == "already gone"
    assert network.find(delete)
    assert remote.posts(name) == []
    with pytest.raises(Refused):
        network.send(replace(delete, target=parent))  # not ours


# -- faults ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "failure", "there"),
    [
        ("drop", Unavailable, False),
        ("limit", RateLimited, False),
        ("error-before", NoAnswer, False),
        ("refused", Refused, False),
        ("lost", NoAnswer, True),
        ("error-after", NoAnswer, True),
    ],
)
@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_planned_fault_strikes_once_and_the_log_knows_the_effect(
    name: str, kind: str, failure: type[Exception], there: bool, opened: Any, remote: Remote
) -> None:
    network = opened(name)
    remote.plan_fault(name, "send", kind)
    with pytest.raises(failure):
        network.send(post(name))
    assert (network.find(post(name)) is not None) is there
    assert [(call.key, call.effect) for call in remote.calls(name, "send")] == [("k1", there)]
    if not there or name != "x":
        network.send(post(name))
    assert len(remote.posts(name)) == 1


def test_a_fault_of_reading_is_never_more_than_unavailable(opened: Any, remote: Remote) -> None:
    x = opened("x")
    for kind in ("drop", "limit", "lost", "error-before", "error-after", "refused"):
        remote.plan_fault("x", "read hashtag", kind)
        with pytest.raises(Unavailable):
            x.fetch(tag("x"), "")
    assert x.fetch(tag("x"), "").items == ()


def test_a_slow_answer_stays_within_the_deadline(opened: Any, remote: Remote) -> None:
    remote.plan_fault("x", "send", "slow")
    assert opened("x", slow=0.01).send(post("x")).remote_id


def test_the_same_seed_meets_the_same_faults(opened: Any, remote: Remote, tmp_path: Path, clock: Clock) -> None:
    def outcomes(file: str, seed: int) -> list[str]:
        with_faults = {"name": "mastodon", "faults": {"seed": seed, "send": 0.5}, "slow": 0}
        network = Rehearsal(Options(f"rehearsal:{tmp_path / file}", extra=with_faults), DictMemory(100), clock)
        seen = []
        for n in range(40):
            try:
                network.send(post("mastodon", f"number {n}", key=f"k{n}"))
                seen.append("done")
            except (Unavailable, NoAnswer) as failure:
                seen.append(type(failure).__name__)
        network.close()
        return seen

    first = outcomes("a.db", 7)
    assert first == outcomes("b.db", 7)
    assert first != outcomes("c.db", 8)
    assert 10 <= 40 - first.count("done") <= 30


@pytest.mark.parametrize("faults", [{"send": 2}, {"send": "often"}, {"kinds": ["earthquake"]}, {"kinds": []}])
def test_faults_that_make_no_sense_are_said_in_a_sentence(faults: dict[str, Any], opened: Any) -> None:
    with pytest.raises(Misconfigured, match="faults cannot be used"):
        opened("x", faults=faults)


@pytest.mark.parametrize("options", [Options("rehearsal:f"), Options("rehearsal:f", extra={"name": "letters"})])
def test_a_name_that_nobody_plays_is_said_in_a_sentence(options: Options, clock: Clock) -> None:
    with pytest.raises(Misconfigured, match="plays x, mastodon, bluesky, wordpress"):
        Rehearsal(options, DictMemory(100), clock)


def test_a_stand_in_without_its_file_is_said_in_a_sentence(clock: Clock) -> None:
    for address in ("rehearsal:", "https://x.example"):
        with pytest.raises(Misconfigured, match="rehearsal:FILE"):
            Rehearsal(Options(address, extra={"name": "x"}), DictMemory(100), clock)


def test_a_source_that_a_network_does_not_have_is_said_in_a_sentence(opened: Any) -> None:
    with pytest.raises(Misconfigured, match="has no comments"):
        opened("x").fetch(replace(COMMENTS, network="x"), "")


def test_a_look_at_our_own_posts_may_show_a_new_one_late_and_never_a_wrong_one(
    opened: Any, remote: Remote, clock: Clock
) -> None:
    x = opened("x", lag=60)
    named = remote.say("x", "asha", "@theQCommunity who pays?")
    clock.go(seconds=5)
    x.send(post("x", "We do"))
    clock.go(seconds=30)
    assert x.find(post("x", "We do")) is None
    clock.go(seconds=31)
    assert x.find(post("x", "We do"))
    assert x.find(post("x", "We do", reply_to=named)) is None
    assert x.find(replace(post("x", "We do"), started_at=clock())) is None
    assert x.find(replace(post("x", "We do"), started_at=None)) is None


# -- the file ----------------------------------------------------------------------------------


def _post_until_killed(path: str, ready: Any) -> None:
    options = Options(f"rehearsal:{path}", extra={"name": "mastodon"})
    network = Rehearsal(options, DictMemory(100), lambda: datetime.now(UTC))
    ready.set()
    for n in range(100_000):
        network.send(post("mastodon", f"number {n}", key=f"k{n}"))


def test_what_was_answered_is_there_after_a_kill_and_effect_and_log_agree(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    ready = processes.Event()
    victim = processes.Process(target=_post_until_killed, args=(str(tmp_path / "remote.db"), ready), daemon=True)
    victim.start()
    try:
        assert ready.wait(30)
        remote = Remote(tmp_path / "remote.db")  # beside a writer that never pauses
        while len(remote.posts("mastodon")) < 5:
            assert victim.is_alive()
    finally:
        os.kill(victim.pid or 0, signal.SIGKILL)
        victim.join(10)
    assert [call.key for call in remote.calls("mastodon", "send") if call.effect] == [
        one.key for one in remote.posts("mastodon")
    ]
    remote.close()


def test_many_threads_write_through_one_file_and_nothing_is_lost(remote: Remote, opened: Any) -> None:
    def write(network: Network, first: int) -> None:
        for n in range(first, first + 10):
            network.send(post("mastodon", f"number {n}", key=f"k{n}"))

    threads = [threading.Thread(target=write, args=(opened("mastodon"), n * 10), daemon=True) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.key for one in remote.posts("mastodon")) == sorted(f"k{n}" for n in range(40))


def test_an_act_with_a_slug_happens_once(remote: Remote) -> None:
    assert remote.say("x", "asha", "hello", slug="a") == remote.say("x", "asha", "hello", slug="a")
    assert remote.save_blog("<p>1</p>", slug="s") == remote.save_blog("<p>1</p>", slug="s")
    assert len(remote.said("x")) == 1
    assert remote.save_blog("<p>1</p>") == 2


def test_what_is_not_there_cannot_be_changed(remote: Remote) -> None:
    with pytest.raises(KeyError, match="no post 7 on x"):
        remote.edit("x", "7", "other words")
    with pytest.raises(KeyError):
        remote.delete("x", "7")
    with pytest.raises(ValueError, match="cannot be 'lost'"):
        remote.comment("Tom", "Hello", standing="lost")


def test_a_full_disk_has_no_effect_and_work_goes_on_when_there_is_room(remote: Remote, opened: Any) -> None:
    mastodon = opened("mastodon")
    file = mastodon.remote._db
    (pages,) = file.execute("PRAGMA page_count").fetchone()
    file.execute(f"PRAGMA max_page_count = {pages}")
    sent: list[str] = []
    full: list[str] = []
    for n in range(40):
        try:
            mastodon.send(post("mastodon", "x" * 499, key=f"k{n}"))
            sent.append(f"k{n}")
        except Unavailable as failure:
            full.append(str(failure))
    assert full
    assert all("cannot be used" in sentence for sentence in full)
    assert [one.key for one in remote.posts("mastodon")] == sent
    file.execute(f"PRAGMA max_page_count = {pages * 1000}")
    mastodon.send(post("mastodon", key="after"))
    assert remote.posts("mastodon")[-1].key == "after"


def test_a_file_that_cannot_be_used_is_said_in_a_sentence(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "letter.txt").write_text("Dear all, this is no database. " * 200)
    for file in (tmp_path, tmp_path / "letter.txt", tmp_path / "letter.txt" / "remote.db"):
        with pytest.raises(Misconfigured, match="cannot keep its remote side in"):
            Rehearsal(Options(f"rehearsal:{file}", extra={"name": "x"}), DictMemory(), clock)
