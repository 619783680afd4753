"""Writing to Mastodon: once, whatever becomes of the answer; seen by no more people than the question was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.core.items import Action
from bot.networks.base import Misconfigured, NoAnswer, RateLimited, Refused, Unavailable
from tests.doubles.mastodon_world import Person, Post
from tests.networks.fediverse import START, Fediverse, delivery, fediverse


@pytest.fixture
def quick() -> Iterator[Fediverse]:
    with fediverse(deadline=0.6) as made:
        made.network.check()
        yield made


def test_a_post_goes_out_with_its_key_its_language_and_to_the_letter(net: Fediverse) -> None:
    text = "09:30: Coffee & <cake> — “hot”\n\n#QLabs https://q.example/blog/live-blog/"
    receipt = net.network.send(delivery(text, lang="de-AT"))
    (post,) = net.home.ours()
    assert (post.text, post.lang, post.visibility) == (text, "de", "public")
    assert receipt.remote_id == post.uri
    call = next(call for call in net.home.calls if call.method == "POST")
    assert call.headers["Idempotency-Key"] == "3mxq2aaaaaa22"
    assert net.network.find(delivery(text)) is not None


@pytest.mark.parametrize("fault", ["hang after", "500 after", "half", "drip", "garbage"])
def test_after_a_lost_answer_the_post_is_found_and_a_repeat_makes_no_second_one(quick: Fediverse, fault: str) -> None:
    quick.home.fail(fault)
    with pytest.raises(NoAnswer):
        quick.network.send(delivery())
    quick.home.hold.set()
    found = quick.network.find(delivery())
    assert found is not None
    assert found.evidence
    quick.clock.go(40)
    again = quick.network.send(delivery(attempts=2))
    assert (again.remote_id, bool(again.evidence)) == (found.remote_id, True)
    assert len(quick.home.ours()) == 1


def test_a_call_that_is_still_at_work_is_not_repeated_beside_it(quick: Fediverse) -> None:
    quick.home.fail("slow")
    with pytest.raises(NoAnswer):
        quick.network.send(delivery())
    assert quick.network.find(delivery()) is None
    with pytest.raises(Unavailable, match="still be at work"):
        quick.network.send(delivery())
    quick.home.hold.set()
    quick.home.finish_late()
    quick.clock.go(31)
    assert quick.network.send(delivery()).evidence
    assert len(quick.home.ours()) == 1


def test_a_restart_in_between_changes_nothing(quick: Fediverse) -> None:
    quick.home.fail("500 after")
    with pytest.raises(NoAnswer):
        quick.network.send(delivery())
    again = quick.open()
    assert again.safe_repeat == timedelta(minutes=50)
    quick.clock.go(60)
    assert again.send(delivery()).evidence
    assert len(quick.home.ours()) == 1


def test_the_key_alone_keeps_a_repeat_from_being_a_second_post(net: Fediverse) -> None:
    first = net.network.send(delivery())
    net.clock.go(49 * 60)
    assert net.network.send(delivery()).remote_id == first.remote_id
    net.clock.go(12 * 60)
    assert net.network.send(delivery()).remote_id != first.remote_id, "the double forgets a key after an hour"


def test_software_that_ignores_the_key_is_never_asked_twice_by_the_machine() -> None:
    with fediverse(kind="gotosocial") as net:
        first = net.network.send(delivery())
        assert net.network.safe_repeat == timedelta(0)
        assert net.network.limits().length == 5000
        assert "never sent again by itself" in net.network.limits().promise
        found = net.network.find(delivery())
        assert found is not None
        assert found.remote_id == first.remote_id


def test_software_that_is_unknown_is_trusted_with_nothing(net: Fediverse) -> None:
    assert net.network.safe_repeat == timedelta(0)
    net.home.kind = "surprise"
    net.network.check()
    assert net.network.safe_repeat == timedelta(0)


def test_what_is_not_surely_ours_is_not_taken_for_it(net: Fediverse) -> None:
    net.network.check()
    assert net.network.find(delivery()) is None
    net.home.say("We all do.", person=net.home.me, at=START - timedelta(minutes=5))
    assert net.network.find(delivery()) is None, "it was there before the first call"
    net.home.say("We all do!", person=net.home.me)
    assert net.network.find(delivery()) is None, "other words"
    question = net.home.say("Who?")
    net.home.say("We all do.", person=net.home.me, parent=question.uri)
    assert net.network.find(delivery()) is None, "it hangs from a post"
    assert net.network.find(delivery(reply_to=question.uri)) is not None
    for _ in range(2):
        net.home.say("We all do.", person=net.home.me)
    assert net.network.find(delivery()) is None, "two of them"


def test_a_post_of_another_delivery_with_the_same_words_is_not_taken_for_this_one(net: Fediverse) -> None:
    net.network.send(delivery(key="one"))
    assert net.network.find(delivery(key="two")) is None


def test_a_post_is_found_below_many_others(net: Fediverse) -> None:
    sent = net.network.send(delivery("@asha@far.example Look: https://q.example/a/very/long/path/that/is/cut #QLabs"))
    net.memory.put("ours", [])
    for number in range(100):
        net.home.say(f"Entry {number}", person=net.home.me, at=net.clock.go(1))
    text = "@asha@far.example Look: https://q.example/a/very/long/path/that/is/cut #QLabs"
    found = net.network.find(delivery(text))
    assert found is not None
    assert found.remote_id == sent.remote_id


def test_an_answer_to_a_post_seen_elsewhere_is_resolved_on_our_server(net: Fediverse) -> None:
    asked = Post("https://far.example/users/asha/statuses/7", Person("asha", "far.example"), "Who?", START)
    net.home.elsewhere[asked.uri] = asked
    net.network.send(delivery("@asha@far.example We do.", reply_to=asked.uri))
    (post,) = net.home.ours()
    assert post.parent == asked.uri
    assert net.asked("/search")[0]["resolve"] == ["true"]


@pytest.mark.parametrize(
    ("asked", "answered"), [("public", "public"), ("unlisted", "unlisted"), ("private", "direct"), ("direct", "direct")]
)
def test_an_answer_is_seen_by_no_more_people_than_its_question(net: Fediverse, asked: str, answered: str) -> None:
    question = net.home.say("@qcommunity who?", visibility=asked)
    net.network.send(delivery("@asha we do.", reply_to=question.uri))
    (post,) = net.home.ours()
    assert post.visibility == answered
    first = delivery("@asha more", reply_to=question.uri, previous=post.uri, first=post.uri, key="k2")
    net.network.send(first)
    assert net.home.ours()[-1].visibility == ("direct" if answered == "direct" else "unlisted")


def test_a_thread_hangs_together_and_only_its_first_part_is_listed(net: Fediverse) -> None:
    parts = [net.network.send(delivery("One 1/3", key="k1"))]
    for number in (2, 3):
        more = {"previous": parts[-1].remote_id, "first": parts[0].remote_id, "key": f"k{number}"}
        parts.append(net.network.send(delivery(f"More {number}/3", **more)))
    posts = net.home.ours()
    assert [post.parent for post in posts] == ["", posts[0].uri, posts[1].uri]
    assert [post.visibility for post in posts] == ["public", "unlisted", "unlisted"]
    net.home.delete(posts[2])
    with pytest.raises(Refused, match="part before"):
        net.network.send(delivery("And 4/4", previous=posts[2].uri, first=posts[0].uri, key="k4"))


def test_an_answer_to_a_deleted_post_is_refused(net: Fediverse) -> None:
    question = net.home.say("Who?")
    net.home.delete(question)
    with pytest.raises(Refused, match="deleted"):
        net.network.send(delivery(reply_to=question.uri))
    assert net.home.ours() == []


def test_an_edit_happens_in_place_and_keeps_pictures_and_warning(net: Fediverse) -> None:
    sent = net.network.send(delivery())
    (post,) = net.home.ours()
    post.media, post.spoiler = [{"id": "77", "description": "A hall"}], "Food"
    edit = delivery("We all do, gladly.", action=Action.EDIT, target=sent.remote_id, key="e1")
    assert net.network.find(edit) is None
    assert net.network.send(edit).remote_id == sent.remote_id
    assert (post.text, post.spoiler, [one["id"] for one in post.media]) == ("We all do, gladly.", "Food", ["77"])
    assert post.edited is not None


def test_an_edit_that_is_there_already_is_not_made_again(net: Fediverse) -> None:
    sent = net.network.send(delivery())
    edit = delivery("We all do, gladly.", action=Action.EDIT, target=sent.remote_id, key="e1")
    net.home.fail("500 after", "PUT")
    with pytest.raises(NoAnswer):
        net.network.send(edit)
    assert net.network.find(edit) is not None
    assert net.network.send(edit).evidence
    assert [call.method for call in net.home.calls].count("PUT") == 1
    net.home.delete(net.home.ours()[0])
    with pytest.raises(Refused, match="deleted"):
        net.network.send(edit)


def test_a_removal_is_safe_to_repeat(net: Fediverse) -> None:
    sent = net.network.send(delivery())
    removal = delivery("", action=Action.DELETE, target=sent.remote_id, key="d1")
    assert net.network.find(removal) is None
    assert net.network.send(removal).evidence == ""
    assert net.network.find(removal) is not None
    assert net.network.send(removal).evidence
    assert net.home.ours() == []
    with pytest.raises(Refused):
        net.network.send(delivery("", action=Action.DELETE, target="https://far.example/1", key="d2"))


def test_the_limit_on_removals_holds_up_nothing_else(net: Fediverse) -> None:
    sent = net.network.send(delivery())
    net.home.removals.most = 0
    with pytest.raises(RateLimited) as limited:
        net.network.send(delivery("", action=Action.DELETE, target=sent.remote_id, key="d1"))
    assert not limited.value.whole
    net.home.general.most = 0
    with pytest.raises(RateLimited) as limited:
        net.network.send(delivery("More.", key="k2"))
    assert limited.value.whole
    assert limited.value.until > START


def test_length_is_counted_as_the_server_counts_it(net: Fediverse) -> None:
    net.network.check()
    link = "https://q.example.org/" + "a" * 300
    text = "x" * (500 - 24) + " " + link
    assert net.network.send(delivery(text)).remote_id
    with pytest.raises(Refused, match="1 character too long"):
        net.network.send(delivery("x" + text, key="k2"))
    assert len(net.home.ours()) == 1


def test_the_server_s_words_are_told_when_it_refuses(net: Fediverse) -> None:
    net.network.check()
    net.home.characters = 5
    with pytest.raises(Refused, match="Text character limit of 5 exceeded"):
        net.network.send(delivery())


def test_a_token_without_the_right_to_post_stops_the_network(net: Fediverse) -> None:
    net.network.check()
    net.home.narrow = "write:statuses"
    with pytest.raises(Misconfigured, match="lacks a right"):
        net.network.send(delivery())
    with pytest.raises(Misconfigured, match="MASTODON_ACCESS_TOKEN"):
        net.open("").send(delivery())
    assert net.home.ours() == []


def test_an_error_page_instead_of_an_answer_leaves_it_open(quick: Fediverse) -> None:
    quick.home.fail("html 503")
    with pytest.raises(NoAnswer):
        quick.network.send(delivery())
    assert quick.network.find(delivery()) is None
    quick.clock.go(40)
    assert quick.network.send(delivery()).evidence == ""
    assert len(quick.home.ours()) == 1


def test_a_server_that_does_not_listen_proves_that_nothing_happened(net: Fediverse) -> None:
    net.network.check()
    net.home.close()
    net.network.close()
    with pytest.raises(Unavailable):
        net.open().send(delivery())


def levels(net: Fediverse) -> dict[str, list[str]]:
    """The sentences of the check by level."""
    lines = net.network.check()
    assert all(line.fix for line in lines if line.level != "ok")
    return {level: [line.what for line in lines if line.level == level] for level in ("ok", "warn", "fail")}


def test_the_check_of_a_server_in_order_says_what_it_allows(net: Fediverse) -> None:
    said = levels(net)
    assert said["warn"] == said["fail"] == []
    assert "Signed in as @qcommunity@home.example." in said["ok"]
    assert any("500 characters" in line and "23" in line and "1,500" in line for line in said["ok"])
    assert net.home.ours() == []
    assert not net.network.limits().assumed


def test_the_check_finds_what_is_missing(net: Fediverse) -> None:
    net.home.me.bot = False
    assert any("automated" in line for line in levels(net)["warn"])
    net.home.scopes = ["read"]
    assert any("may not post" in line for line in levels(net)["fail"])
    for scope in ("read:notifications", "read:search"):
        net.home.narrow = scope
        assert any(scope in line for line in levels(net)["fail"])
    net.home.kind = "gotosocial"
    assert any("does not keep our keys" in line for line in levels(net)["warn"])


def test_the_check_finds_a_wrong_token_a_wrong_account_and_a_server_that_is_away(net: Fediverse) -> None:
    wrong = net.open("wrong").check()
    assert any(line.level == "fail" and "token" in line.what for line in wrong)
    net.home.me.acct = "somebody"
    assert any("the settings say qcommunity" in line for line in levels(net)["warn"])
    net.home.close()
    net.network.close()
    (line,) = net.open().check()
    assert line.level == "fail"


def test_the_check_finds_clocks_that_disagree(net: Fediverse) -> None:
    net.home.now = lambda: net.clock() + timedelta(seconds=95)
    assert any("95 s apart" in line for line in levels(net)["warn"])


def test_a_clock_that_disagrees_does_not_hide_our_post(net: Fediverse) -> None:
    net.home.now = lambda: net.clock() - timedelta(minutes=20)
    sent = net.network.send(delivery())
    found = net.network.find(delivery())
    assert found is not None
    assert found.remote_id == sent.remote_id


def test_another_server_that_is_shut_is_a_warning_only() -> None:
    with fediverse(two=True) as net:
        net.other.open_feeds = False
        said = levels(net)
        assert any("members only" in line for line in said["warn"])
        assert said["fail"] == []


def test_limits_are_the_published_ones_before_any_contact(net: Fediverse) -> None:
    limits = net.network.limits()
    assert (limits.length, limits.url_length, limits.assumed, limits.edits) == (500, 23, True, True)
    net.home.characters, net.home.url_weight = 1000, 30
    net.network.check()
    limits = net.open().limits()
    assert (limits.length, limits.url_length, limits.assumed) == (1000, 30, False)
    assert "goes out once" in limits.promise


def test_no_secret_is_kept(net: Fediverse) -> None:
    net.network.check()
    net.network.send(delivery())
    assert "a-token" not in net.memory.text()
