"""One person, several doors: asked on three networks it is one question, answered on each; our own words stay out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import desk
from bot.store.tables import item
from tests.doubles.bluesky_server import ASHA, BRYN, ME, tagged
from tests.doubles.mastodon_world import Person, Post
from tests.flows.doors import Doors, doors
from tests.flows.house import ADA
from tests.networks.x_scene import US

WORDS = "Who pays for supervision once the pilot ends? #QLabs"
ANSWER = "Our trust does, for two years."
GRACE = {"mode": "grace", "seconds": 0, "networks": ["x", "mastodon", "bluesky"]}
ENTRY = ("9.50am", "Welcome", "Tea and biscuits at the back.")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Doors]:
    with doors(tmp_path, announce=GRACE) as opened:
        yield opened


def _post(made: Doors, did: str, text: str = WORDS, **more: object) -> str:
    return made.bluesky.say(did, text, facets=[tagged(text, "QLabs")], **more)  # type: ignore[arg-type]


def _address(post: Post) -> str:
    """Where people see a post of Mastodon."""
    return f"{post.by.url}/{post.uri.rsplit('/')[-1]}"


def _bridged(made: Doors, original: Post, handle: str = "asha.home.example.ap.brid.gy") -> str:
    """A copy of a post of Mastodon, as the bridge puts it on Bluesky."""
    made.bluesky.authors["did:plc:bridge"] = {"handle": handle}
    return _post(made, "did:plc:bridge", original.text, bridgyOriginalUrl=_address(original))


def _copied(made: Doors, native: str, by: str, text: str = WORDS) -> Post:
    """A copy of a post of Bluesky, as the bridge puts it into the fediverse."""
    person = Person(by, "bsky.brid.gy", by)
    copy = Post(f"https://bsky.brid.gy/convert/ap/{native}", person, text, made.house.clock())
    made.mastodon.receive(copy)
    return copy


def test_the_same_question_on_three_networks_is_one_question_answered_on_each(made: Doors) -> None:
    made.tick()
    on_x = made.x.post("asha", f"@{US} {WORDS}")
    on_mastodon = made.other.say("Who pays for supervision once the pilot ends?? #qlabs #peersupport")
    on_bluesky = _post(made, ASHA, f"Hello all! {WORDS} Thanks")
    made.mastodon.elsewhere[on_mastodon.uri] = on_mastodon
    made.tick(times=3)
    (asked,) = made.house.questions()
    assert asked.times_asked == 3
    assert {row.native_id for row in made.house.items()} == {on_x, on_mastodon.uri, on_bluesky}
    assert desk.answer(made.house.store, ADA, asked.id, ANSWER).ok
    made.tick(times=3)
    assert made.ours() == {"x": [ANSWER], "mastodon": [f"@asha@other.example {ANSWER}"], "bluesky": [ANSWER]}
    assert {row.state for row in made.house.deliveries()} == {"sent"}
    assert {row.reply_to for row in made.house.deliveries()} == {on_x, on_mastodon.uri, on_bluesky}
    assert len(made.house.items()) == 3, "our answers did not come back"


def test_our_own_posts_never_return_as_items_by_any_door_or_bridge(made: Doors) -> None:
    made.house.save()
    made.tick()
    made.house.save(ENTRY)
    made.tick(times=2)
    posts = made.ours()
    assert [len(texts) for texts in posts.values()] == [1, 1, 1]
    (ours,) = made.mastodon.ours()
    record = next(uri for uri in made.bluesky.records if uri.startswith(f"at://{ME}/"))
    tweet = str(made.x.posts(US)[0].id)
    made.other.receive(ours)
    _bridged(made, ours, "somebody.else.ap.brid.gy")
    _copied(made, record, "somebody", posts["bluesky"][0])
    bird = Person("somebody", "bird.makeup")
    tweeted = f"https://bird.makeup/users/somebody/statuses/{tweet}"
    made.mastodon.receive(Post(tweeted, bird, posts["x"][0], made.house.clock()))
    made.tick(times=3)
    assert made.house.items() == []
    assert made.house.questions() == []


def test_what_we_wrote_by_hand_is_ours_under_every_name_that_a_bridge_gives_us(made: Doors) -> None:
    made.mastodon.say(WORDS, person=made.mastodon.me)
    _post(made, ME)
    made.x.post(US, WORDS)
    for name, host in (("qcommunity.test", "bsky.brid.gy"), ("theQCommunity", "bird.makeup")):
        made.other.receive(Post(f"https://{host}/1", Person(name, host), WORDS, made.house.clock()))
    made.bluesky.authors["did:plc:bridge"] = {"handle": "qcommunity.home.example.ap.brid.gy"}
    _post(made, "did:plc:bridge")
    theirs = _post(made, BRYN)
    made.tick(times=3)
    assert [row.native_id for row in made.house.items()] == [theirs]


@pytest.mark.parametrize("copy_first", [False, True])
def test_a_copy_that_a_bridge_made_is_no_second_asker_and_gets_no_second_answer(made: Doors, copy_first: bool) -> None:
    made.tick()
    person = Person("asha", "home.example")
    asked = Post("https://home.example/users/asha/statuses/7", person, WORDS, made.house.clock())
    if not copy_first:
        made.mastodon.receive(asked)
        made.tick()
    copy = _bridged(made, asked)
    made.tick()
    if copy_first:
        assert made.house.question_of(copy)
        made.mastodon.receive(asked)
        made.tick()
    (question,) = made.house.questions()
    assert (question.times_asked, made.house.question_of(asked.uri)) == (1, question.id)
    (view,) = desk.preview_answer(made.house.store, ADA, question.id, ANSWER)
    assert view.network == "mastodon"
    assert desk.answer(made.house.store, ADA, question.id, ANSWER).ok
    made.tick(times=2)
    assert made.ours() == {"x": [], "mastodon": [f"@asha@home.example {ANSWER}"], "bluesky": []}
    made.mastodon.delete(asked)
    made.tick(700)
    assert {row.text for row in made.house.items()} == {""}, "the copy goes with its original"
    assert [row.state for row in made.house.questions()] == ["gone"]


def test_a_copy_of_a_post_on_bluesky_is_known_in_the_fediverse(made: Doors) -> None:
    native = _post(made, ASHA)
    made.tick()
    copy = _copied(made, native, "asha.test")
    made.tick()
    (question,) = made.house.questions()
    assert (question.times_asked, made.house.question_of(native)) == (1, question.id)
    assert [row.copy_of for row in made.house.items(item.c.native_id == copy.uri)] == [native]


def test_the_same_words_of_another_person_are_another_asker_whoever_claims_a_copy(made: Doors) -> None:
    asked = made.mastodon.say(WORDS)
    forged = _post(made, BRYN, bridgyOriginalUrl=_address(asked))
    made.tick(times=2)
    (question,) = made.house.questions()
    assert question.times_asked == 2
    assert made.house.question_of(forged) == made.house.question_of(asked.uri) == question.id


def test_who_asks_for_care_is_worded_anew_for_the_room_and_answered_by_hand(made: Doors) -> None:
    asked = made.mastodon.say(WORDS, person=Person("asha", "home.example", note="Gardener. #nobot"))
    made.tick(times=2)
    question = made.house.question_of(asked.uri)
    store = made.house.store
    refused = desk.to_room(store, ADA, question)
    assert (refused.ok, refused.sentence.partition(":")[0]) == (False, "Reword it for the room first")
    (view,) = desk.preview_answer(store, ADA, question, ANSWER)
    assert "leave them alone" in view.problem
    assert view.by_hand.startswith("https://home.example/@asha/")
    assert not desk.answer(store, ADA, question, ANSWER).ok
    assert desk.reword(store, ADA, question, "Who pays once the pilot is over?").ok
    assert desk.to_room(store, ADA, question).ok
    made.mastodon.say(f"@qcommunity {WORDS}", person=Person("asha", "home.example", note="Gardener. #nobot"))
    made.tick(times=2)
    views = desk.preview_answer(store, ADA, question, ANSWER)
    assert sorted(bool(one.problem) for one in views) == [False, True], "who named us may be answered"


def test_a_wish_that_comes_later_holds_from_then_on_and_is_not_forgotten(made: Doors) -> None:
    asked = made.mastodon.say(WORDS)
    made.tick(times=2)
    question, store = made.house.question_of(asked.uri), made.house.store
    asked.by.noindex = True
    made.tick()
    assert not desk.to_room(store, ADA, question).ok
    asked.by.noindex = False
    made.tick()
    assert not desk.to_room(store, ADA, question).ok
