"""What the double of X lets an account write, and what it refuses."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from tests.doubles.x_callers import Caller, Clock, detail
from tests.doubles.x_problems import NOT_YOURS
from tests.doubles.x_server import XServer

PICTURE = base64.b64encode(b"\x89PNG not really").decode()


def test_a_post_is_there_with_its_id_and_text(x: XServer, me: Caller) -> None:
    answer = me.create("Tea & talk at https://example.org/tea")
    data = answer.json()["data"]
    assert answer.status_code == 201
    assert data["text"].startswith("Tea &amp; talk at https://t.co/")
    assert data["edit_history_tweet_ids"] == [data["id"]]
    assert [(str(post.id), post.typed) for post in x.posts("theQCommunity")] == [
        (data["id"], "Tea & talk at https://example.org/tea")
    ]


@pytest.mark.parametrize(
    "text", ["a" * 280, "ü" * 280, "漢" * 140, "👩‍👩‍👧‍👦" * 140, "https://example.org/" + "x" * 400]
)
def test_a_text_of_280_by_xs_count_is_taken(me: Caller, text: str) -> None:
    assert me.create(text).status_code == 201


@pytest.mark.parametrize(
    "text",
    ["a" * 281, "漢" * 141, "👩‍👩‍👧‍👦" * 141, "", " \n", "a\x00b", "a\ufeffb", "a\ud800b", "buy $ONE and $TWO"],
)
def test_a_text_that_is_no_post_is_a_400(x: XServer, me: Caller, text: str) -> None:
    answer = me.create(text)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert x.posts("theQCommunity") == []
    assert x.bill().total == 0


def test_a_premium_account_may_write_more(x: XServer, me: Caller) -> None:
    x.account("theQCommunity").premium = True
    assert me.create("a" * 25_000).status_code == 201
    assert me.create("a" * 25_001).status_code == 400


def test_one_cashtag_is_taken(me: Caller) -> None:
    assert me.create("buy $ONE").status_code == 201


@pytest.mark.parametrize("again", ["Doors open", " Doors  open\n"])
def test_the_same_text_again_is_a_403(x: XServer, me: Caller, again: str) -> None:
    me.created("Doors open")
    answer = me.create(again)
    assert answer.status_code == 403
    assert detail(answer) == "You are not allowed to create a Tweet with duplicate content."
    assert len(x.posts("theQCommunity")) == 1


def test_another_account_or_another_text_is_no_duplicate(x: XServer, me: Caller) -> None:
    native_id = me.created("Doors open")
    assert me.create("Doors open!").status_code == 201
    assert Caller(x, "ann").create("Doors open").status_code == 201
    x.delete(native_id)
    assert me.create("Doors open").status_code == 201


def test_the_same_answer_to_two_askers_is_a_duplicate(x: XServer, me: Caller) -> None:
    first, second = (x.post(name, "@theQCommunity when?") for name in ("ann", "bob"))
    me.created("At noon", first)
    assert me.create("At noon", second).status_code == 403


def test_a_reply_to_who_mentioned_or_quoted_us_is_taken(x: XServer, me: Caller) -> None:
    named = x.post("ann", "hello @theqcommunity")
    quoting = x.post("bob", "look at this", quotes=me.created("Doors open"))
    answered = x.post("cleo", "thanks", reply_to=me.created("Lunch"))
    for place, native_id in enumerate((named, quoting, answered)):
        assert me.create(f"hello {place}", native_id).status_code == 201
    assert [post.text for post in x.posts("theQCommunity")][2:] == ["@ann hello 0", "@bob hello 1", "@cleo hello 2"]


def test_a_reply_to_who_did_not_call_us_is_a_403(x: XServer, me: Caller) -> None:
    question = x.post("ann", "Is #QLabs open? @theQ")
    answer = me.create("Yes", question)
    assert answer.status_code == 403
    assert detail(answer).startswith("Reply to this conversation is not allowed because you have not been mentioned")
    x.writes.reply_detail = NOT_YOURS
    assert detail(me.create("Yes", question)) == NOT_YOURS
    assert x.posts("theQCommunity") == []


def test_a_thread_under_the_own_post_is_taken_and_names_nobody(x: XServer, me: Caller) -> None:
    first = me.created("One 1/2")
    second = me.created("Two 2/2", first)
    post = x.posts("theQCommunity")[-1]
    assert (str(post.id), post.text, post.conversation) == (second, "Two 2/2", int(first))


def test_a_thread_under_an_answer_goes_on_naming_the_asker(x: XServer, me: Caller) -> None:
    first = me.created("One 1/2", x.post("ann", "@theQCommunity @bob why?"))
    me.created("Two 2/2", first)
    x.account("bob")
    assert [post.text for post in x.posts("theQCommunity")] == ["@ann One 1/2", "@ann Two 2/2"]


def test_names_can_be_left_out_of_a_reply(x: XServer, me: Caller) -> None:
    question = x.post("ann", "@theQCommunity why?")
    reply = {"in_reply_to_tweet_id": question, "exclude_reply_user_ids": [x.account("ann").id]}
    me.created("Because", reply=reply)
    assert x.posts("theQCommunity")[0].text == "Because"


def test_a_reply_to_what_is_gone_or_hidden_is_a_403(x: XServer, me: Caller) -> None:
    gone, hidden = (x.post(name, "@theQCommunity?") for name in ("ann", "bob"))
    x.delete(gone)
    x.protect("bob")
    for native_id in (gone, hidden, "17"):
        answer = me.create("Yes", native_id)
        assert (answer.status_code, "deleted or not visible" in detail(answer)) == (403, True)


def test_quoting_is_refused(x: XServer, me: Caller) -> None:
    assert me.create("look", quote_tweet_id=x.post("ann", "hello")).status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"text": 5},
        {"text": "a", "in_reply_to_tweet_id": "1"},
        {"text": "a", "reply": {}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": 1}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "x"}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "1", "exclude_reply_user_ids": [1]}},
        {"text": "a", "reply_settings": "nobody"},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": ["17"]}},
        {"text": "a", "media": {"media_ids": [["17"]]}},
        {"text": "a", "edit_options": {}},
        {},
        [],
        "a",
        None,
    ],
)
def test_a_body_of_another_shape_is_a_400(x: XServer, me: Caller, body: Any) -> None:
    answer = me.call("POST", "/2/tweets", body)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")
    assert x.posts("theQCommunity") == []


def test_what_the_double_does_not_play_is_said_aloud(me: Caller) -> None:
    answer = me.create("a", poll={"options": ["a", "b"], "duration_minutes": 5})
    assert (answer.status_code, answer.json()["title"]) == (501, "Not played")


def test_an_own_post_can_be_deleted_and_is_gone_with_its_versions(x: XServer, me: Caller) -> None:
    native_id = me.created("Doors open")
    x.edit(native_id, "Doors closed")
    assert me.call("DELETE", f"/2/tweets/{native_id}").json() == {"data": {"deleted": True}}
    assert x.posts("theQCommunity") == []
    assert me.call("DELETE", f"/2/tweets/{native_id}").status_code == 404


def test_the_post_of_another_cannot_be_deleted(x: XServer, me: Caller) -> None:
    native_id = x.post("ann", "mine")
    assert me.call("DELETE", f"/2/tweets/{native_id}").status_code == 403
    assert me.call("DELETE", "/2/tweets/abc").status_code == 400
    assert len(x.posts("ann")) == 1


def edited(me: Caller, native_id: str, text: str) -> Any:
    return me.create(text, edit_options={"previous_post_id": native_id})


def test_a_premium_account_can_edit_its_own_post_for_an_hour(x: XServer, me: Caller, clock: Clock) -> None:
    x.account("theQCommunity").premium = True
    first = me.created("Doors open")
    clock.wait(hours=1)
    answer = edited(me, first, "Doors close")
    assert answer.status_code == 201
    assert answer.json()["data"]["edit_history_tweet_ids"] == [first, answer.json()["data"]["id"]]
    assert [post.typed for post in x.posts("theQCommunity")] == ["Doors close"]
    assert edited(me, first, "an older version").status_code == 403
    clock.wait(seconds=1)
    assert edited(me, answer.json()["data"]["id"], "too late").status_code == 403


def test_others_cannot_edit(x: XServer, me: Caller) -> None:
    assert edited(me, me.created("Doors open"), "no premium").status_code == 403
    x.account("theQCommunity").premium = True
    assert edited(me, x.post("ann", "mine"), "not mine").status_code == 403


def test_a_picture_with_its_text_goes_out_with_a_post(x: XServer, me: Caller) -> None:
    upload = {"media": PICTURE, "media_category": "tweet_image"}
    media = me.call("POST", "/2/media/upload", upload).json()["data"]["id"]
    words = {"id": media, "metadata": {"alt_text": {"text": "A full room"}}}
    assert me.call("POST", "/2/media/metadata", words).json()["data"]["id"] == media
    me.created("", media={"media_ids": [media]})
    assert x.posts("theQCommunity")[0].media == (media,)
    assert x.writes.alt_texts == {media: "A full room"}


@pytest.mark.parametrize("wrong", [{"media": "%%%"}, {"media": ""}, {"media_category": "hat"}, {"media": 5}])
def test_a_picture_that_is_none_is_a_400(me: Caller, wrong: dict[str, Any]) -> None:
    body = {"media": PICTURE, "media_category": "tweet_image", **wrong}
    assert me.call("POST", "/2/media/upload", body).status_code == 400


def test_the_picture_of_another_cannot_be_used(x: XServer, me: Caller) -> None:
    upload = {"media": PICTURE, "media_category": "tweet_image"}
    media = Caller(x, "ann").call("POST", "/2/media/upload", upload).json()["data"]["id"]
    assert me.create("look", media={"media_ids": [media]}).status_code == 400
    assert me.call("POST", "/2/media/metadata", {"id": media, "metadata": {}}).status_code == 400


def test_a_post_may_be_seen_later_than_it_was_made(x: XServer, me: Caller, clock: Clock) -> None:
    x.index_lag = timedelta(seconds=120)
    native_id = me.created("#QLabs begins")
    clock.wait(seconds=119)
    assert me.found() == []
    clock.wait(seconds=1)
    assert me.found() == [native_id]
