"""Pages, versions, lookups and shapes of what the double of X gives."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.text import weighted_length
from tests.doubles.x_callers import NOON, Caller, Clock, detail
from tests.doubles.x_faults import Fault
from tests.doubles.x_params import Dialect
from tests.doubles.x_posts import snowflake
from tests.doubles.x_server import XServer

EARLIER = NOON - timedelta(hours=1)
FIELDS = (
    "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,note_tweet,entities,lang,edit_controls"
)


def mine(x: XServer, what: str = "tweets") -> str:
    return f"/2/users/{x.account('theQCommunity').id}/{what}"


def asked(x: XServer, count: int) -> list[str]:
    """That many questions, newest first."""
    ids = [x.post("ann", f"#QLabs {place}", at=EARLIER + timedelta(seconds=place)) for place in range(count)]
    return ids[::-1]


def pages(caller: Caller, path: str, name: str = "next_token", **query: Any) -> list[list[str]]:
    found: list[list[str]] = []
    token: dict[str, str] = {}
    while True:
        body = caller.get(path, **query, **token).json()
        found.append([post["id"] for post in body.get("data", [])])
        if "next_token" not in body["meta"]:
            return found
        token = {name: body["meta"]["next_token"]}


def test_pages_hold_everything_once(x: XServer, app: Caller) -> None:
    ids = asked(x, 25)
    found = pages(app, "/2/tweets/search/recent", query="#QLabs", max_results=10)
    assert found == [ids[:10], ids[10:20], ids[20:]]


def test_a_full_last_page_has_no_next_one(x: XServer, app: Caller) -> None:
    asked(x, 10)
    meta = app.search(max_results=10).json()["meta"]
    assert (meta["result_count"], "next_token" in meta) == (10, False)


def test_an_empty_page_has_neither_data_nor_newest_id(app: Caller) -> None:
    assert app.search().json() == {"meta": {"result_count": 0}}


def test_a_page_without_data_may_have_a_next_one(x: XServer, app: Caller) -> None:
    ids = asked(x, 3)
    x.faults.next(Fault.EMPTY_PAGE)
    assert pages(app, "/2/tweets/search/recent", query="#QLabs") == [[], ids]


@pytest.mark.parametrize("changed", [{"query": "#Other"}, {"since_id": snowflake(EARLIER)}])
def test_a_token_is_for_the_same_question_only(x: XServer, app: Caller, changed: dict[str, Any]) -> None:
    asked(x, 12)
    token = app.search().json()["meta"]["next_token"]
    assert app.search(next_token=token).status_code == 200
    assert app.search(pagination_token=token).status_code == 200
    answer = app.get("/2/tweets/search/recent", **{"query": "#QLabs", "next_token": token, **changed})
    assert answer.status_code == 400
    assert "Invalid 'next_token'" in detail(answer)


def test_a_token_may_be_refused_or_run_out(x: XServer, app: Caller, clock: Clock) -> None:
    asked(x, 12)
    token = app.search().json()["meta"]["next_token"]
    x.tokens.lifetime = timedelta(minutes=15)
    clock.wait(minutes=16)
    assert app.search(next_token=token).status_code == 400
    x.tokens.lifetime = None
    assert app.search(next_token=token).status_code == 200
    x.tokens.refuse_all()
    assert app.search(next_token=token).status_code == 400


def test_relevancy_gives_one_page_only(x: XServer, app: Caller) -> None:
    asked(x, 12)
    assert "next_token" not in app.search(sort_order="relevancy").json()["meta"]


def test_timelines_take_no_next_token_and_five_results_at_least(x: XServer, me: Caller) -> None:
    for place in range(7):
        me.created(f"update {place}")
    found = pages(me, mine(x), "pagination_token", max_results=5)
    assert list(map(len, found)) == [5, 2]
    assert me.get(mine(x), max_results=4).status_code == 400
    assert me.get(mine(x), next_token="x").status_code == 400


def test_a_late_indexed_post_appears_below_ids_that_were_seen(x: XServer, app: Caller, clock: Clock) -> None:
    late = x.post("ann", "#QLabs late", at=EARLIER, visible_at=NOON + timedelta(minutes=2))
    early = x.post("bob", "#QLabs early", at=EARLIER + timedelta(seconds=3))
    assert app.found() == [early]
    clock.wait(minutes=2)
    assert app.found() == [early, late]
    assert app.found(since_id=early) == []


def test_the_index_lags_behind_the_lookup(x: XServer, me: Caller, clock: Clock) -> None:
    x.index_lag = timedelta(seconds=120)
    native_id = me.created("Doors open")
    assert "data" not in me.get(mine(x)).json()
    assert me.get(f"/2/tweets/{native_id}").json()["data"]["id"] == native_id
    clock.wait(seconds=120)
    assert me.get(mine(x)).json()["data"][0]["id"] == native_id


def test_an_edit_has_a_new_id_and_its_whole_history(x: XServer, app: Caller) -> None:
    first = x.post("ann", "#QLabs one", at=EARLIER)
    second = x.edit(first, "#QLabs two", at=EARLIER + timedelta(minutes=3))
    body = app.search(tweet__fields="edit_controls").json()
    assert [post["id"] for post in body["data"]] == [second]
    assert body["data"][0]["edit_history_tweet_ids"] == [first, second]
    assert body["data"][0]["edit_controls"]["edits_remaining"] == 4
    old = app.get(f"/2/tweets/{first}").json()["data"]
    assert (old["text"], old["edit_history_tweet_ids"]) == ("#QLabs one", [first, second])


def test_the_old_version_is_found_until_the_new_one_is_indexed(x: XServer, app: Caller) -> None:
    first = x.post("ann", "#QLabs one", at=EARLIER)
    x.edit(first, "#QLabs two", at=EARLIER, visible_at=NOON + timedelta(seconds=1))
    assert app.found() == [first]


def test_an_edit_can_take_the_hashtag_away(x: XServer, app: Caller) -> None:
    x.edit(x.post("ann", "#QLabs one", at=EARLIER), "nothing", at=EARLIER)
    assert app.found() == []


def test_five_edits_within_an_hour_and_no_more(x: XServer) -> None:
    native_id = x.post("ann", "0", at=EARLIER)
    for place in range(5):
        x.edit(native_id, str(place + 1), at=EARLIER + timedelta(hours=1))
    with pytest.raises(ValueError, match="too often"):
        x.edit(native_id, "6", at=EARLIER)
    other = x.post("ann", "a", at=EARLIER)
    with pytest.raises(ValueError, match="too late"):
        x.edit(other, "b", at=EARLIER + timedelta(hours=1, seconds=1))


def test_what_cannot_be_looked_up_is_among_the_errors(x: XServer, app: Caller) -> None:
    shown, gone, private, banned = (x.post(name, "hi", at=EARLIER) for name in ("ann", "bob", "cleo", "dan"))
    x.delete(gone)
    x.protect("cleo")
    x.suspend("dan")
    answer = app.get("/2/tweets", ids=",".join((gone, shown, private, banned, "17")))
    assert answer.status_code == 200
    assert [post["id"] for post in answer.json()["data"]] == [shown]
    errors = {error["resource_id"]: error["type"].rpartition("/")[2] for error in answer.json()["errors"]}
    lost, hidden = "resource-not-found", "not-authorized-for-resource"
    assert errors == {gone: lost, "17": lost, private: hidden, banned: hidden}
    assert "data" not in app.get(f"/2/tweets/{gone}").json()


def test_a_lookup_takes_a_hundred_ids(app: Caller) -> None:
    ids = [str(number) for number in range(1, 102)]
    assert app.get("/2/tweets", ids=",".join(ids[:100])).status_code == 200
    assert app.get("/2/tweets", ids=",".join(ids)).status_code == 400
    assert app.get("/2/tweets", ids="1,,2").status_code == 400


def test_text_has_short_links_and_entities_for_signs(x: XServer, app: Caller) -> None:
    x.account("bob")
    x.post("ann", "a < b & c > d @bob @nobody https://example.org/x?a=1&b=2 #QLabs", at=EARLIER)
    post = app.search(tweet__fields="entities").json()["data"][0]
    link = post["entities"]["urls"][0]
    assert post["text"] == f"a &lt; b &amp; c &gt; d @bob @nobody {link['url']} #QLabs"
    assert link["expanded_url"] == "https://example.org/x?a=1&b=2"
    assert link["url"].startswith("https://t.co/")
    assert [one["username"] for one in post["entities"]["mentions"]] == ["bob"]
    assert [one["tag"] for one in post["entities"]["hashtags"]] == ["QLabs"]


def test_behind_a_quote_stands_the_address_of_what_is_quoted(x: XServer, app: Caller) -> None:
    quoted = x.post("carer", "Coffee?")
    native = x.post("reader", "When? #QLabs", quotes=quoted)
    (post,) = app.get("/2/tweets", ids=native, tweet__fields="entities,referenced_tweets").json()["data"]
    (link,) = post["entities"]["urls"]
    assert post["text"] == f"When? #QLabs {link['url']}"
    assert link["expanded_url"] == f"https://twitter.com/carer/status/{quoted}"
    assert post["referenced_tweets"] == [{"type": "quoted", "id": quoted}]


def test_a_long_text_is_cut_and_whole_in_its_note(x: XServer, app: Caller) -> None:
    text = "#QLabs " + "häuser & gärten " * 60 + "https://example.org/end"
    x.post("ann", text, at=EARLIER)
    post = app.search(tweet__fields="note_tweet,entities").json()["data"][0]
    assert weighted_length(post["text"].replace("&amp;", "&")) <= 280
    note = post["note_tweet"]
    link = note["entities"]["urls"][0]
    assert note["text"].replace(link["url"], link["expanded_url"]).replace("&amp;", "&") == text
    assert "note_tweet" not in app.search().json()["data"][0]


def test_only_the_fields_that_were_asked_for_are_given(x: XServer, app: Caller) -> None:
    x.post("ann", "#QLabs", at=EARLIER)
    assert set(app.search().json()["data"][0]) == {"id", "text", "edit_history_tweet_ids"}
    post = app.search(tweet__fields=FIELDS).json()["data"][0]
    assert (post["created_at"], post["lang"]) == ("2026-08-12T11:00:00.000Z", "en")
    assert {"in_reply_to_user_id", "referenced_tweets", "note_tweet"}.isdisjoint(post)


def test_a_reply_says_what_it_answers_and_begins_with_the_name(x: XServer, me: Caller) -> None:
    question = x.post("ann", "hello @theQCommunity", at=EARLIER)
    answer = x.post("theQCommunity", "Hello Ann", reply_to=question, at=EARLIER)
    post = me.get(mine(x), tweet__fields=FIELDS).json()["data"][0]
    assert (post["id"], post["text"]) == (answer, "@ann Hello Ann")
    assert post["referenced_tweets"] == [{"type": "replied_to", "id": question}]
    assert (post["in_reply_to_user_id"], post["conversation_id"]) == (x.account("ann").id, question)


def test_mentions_are_those_of_others_newest_first(x: XServer, me: Caller) -> None:
    ids = [x.post("ann", f"@theqcommunity {place}", at=EARLIER + timedelta(seconds=place)) for place in range(6)]
    x.post("bob", "@theQCommunityToo", at=EARLIER)
    body = me.get(mine(x, "mentions"), since_id=ids[0], max_results=5).json()
    assert [post["id"] for post in body["data"]] == ids[:0:-1]
    assert body["meta"]["newest_id"] == ids[-1]


def test_a_timeline_can_leave_out_reposts_and_replies(x: XServer, me: Caller) -> None:
    other = x.post("ann", "hello", at=EARLIER)
    plain, _, _ = me.created("one"), x.repost("theQCommunity", other), x.post("theQCommunity", "two", reply_to=other)
    body = me.get(mine(x), exclude="retweets,replies").json()
    assert [post["id"] for post in body["data"]] == [plain]
    assert len(me.get(mine(x), exclude="retweets").json()["data"]) == 2
    assert me.get(mine(x), exclude="all").status_code == 400


def test_the_timeline_of_nobody_or_of_a_hidden_account_is_an_error_in_a_200(x: XServer, app: Caller) -> None:
    x.protect("ann")
    for number, kind in ((x.account("ann").id, "not-authorized-for-resource"), ("17", "resource-not-found")):
        answer = app.get(f"/2/users/{number}/tweets")
        assert (answer.status_code, answer.json()["errors"][0]["type"].rpartition("/")[2]) == (200, kind)


def test_expansions_include_authors_and_what_is_answered(x: XServer, app: Caller) -> None:
    first = x.post("ann", "one", at=EARLIER)
    gone = x.post("bob", "two", at=EARLIER)
    x.post("cleo", "#QLabs a", reply_to=first, at=EARLIER)
    x.post("cleo", "#QLabs b", reply_to=gone, at=EARLIER)
    x.delete(gone)
    body = app.search(expansions="author_id,referenced_tweets.id", user__fields="verified").json()
    assert [(user["username"], user["verified"]) for user in body["includes"]["users"]] == [("cleo", False)]
    assert [post["id"] for post in body["includes"]["tweets"]] == [first]
    assert [error["resource_id"] for error in body["errors"]] == [gone]


def test_accounts_are_found_by_id_and_by_handle(x: XServer, app: Caller) -> None:
    ann = x.account("Ann")
    x.suspend("bob")
    body = app.get("/2/users/by", usernames="ann,bob,nobody").json()
    assert body["data"] == [{"id": ann.id, "name": "Ann", "username": "Ann"}]
    assert [error["value"] for error in body["errors"]] == ["bob", "nobody"]
    assert app.get("/2/users", ids=ann.id).json()["data"][0]["username"] == "Ann"


def test_the_new_words_are_given_to_who_uses_them(x: XServer, app: Caller) -> None:
    other = x.post("bob", "hello", at=EARLIER)
    x.post("ann", "#QLabs " + "word " * 100, reply_to=other, at=EARLIER)
    names = "note_post,referenced_posts,edit_history_post_ids"
    body = app.search(post__fields=names, expansions="referenced_posts").json()
    assert {"note_post", "referenced_posts", "edit_history_post_ids"} <= set(body["data"][0])
    assert [post["id"] for post in body["includes"]["posts"]] == [other]
    assert app.search(post__fields="note_tweet").status_code == 400
    assert app.search(tweet__fields="note_post").status_code == 400
    assert app.search(tweet__fields="lang", post__fields="lang").status_code == 400


@pytest.mark.parametrize(
    ("dialect", "old", "new", "history"),
    [
        (Dialect.OLD, 200, 400, "edit_history_tweet_ids"),
        (Dialect.NEW, 400, 200, "edit_history_post_ids"),
        (Dialect.ASKED, 200, 200, "edit_history_tweet_ids"),
        (Dialect.RENAMED, 200, 200, "edit_history_post_ids"),
    ],
)
def test_x_may_speak_the_old_words_or_the_new(
    x: XServer, app: Caller, dialect: Dialect, old: int, new: int, history: str
) -> None:
    x.dialect = dialect
    x.post("ann", "#QLabs", at=EARLIER)
    assert app.search(tweet__fields="lang").status_code == old
    assert app.search(post__fields="lang").status_code == new
    assert history in app.search().json()["data"][0]


def test_problems_of_the_new_words_have_the_new_address(x: XServer, app: Caller) -> None:
    x.dialect = Dialect.NEW
    assert app.search("-a").json()["type"] == "https://api.x.com/2/problems/invalid-request"
    assert app.get("/2/tweets", ids="17").json()["errors"][0]["type"].startswith("https://api.x.com/2/problems/")


def test_usage_says_how_many_posts_were_read(x: XServer, app: Caller) -> None:
    asked(x, 3)
    app.search()
    data = app.get("/2/usage/tweets", usage__fields="cap_reset_day").json()["data"]
    assert (data["project_usage"], data["project_cap"], data["cap_reset_day"]) == ("3", "3000000", 1)
    assert app.get("/2/usage/tweets", days=91).status_code == 400


@pytest.mark.parametrize("path", ["/", "/2/nothing", "/1.1/statuses/update.json", "/2/tweets/1/likes"])
def test_what_x_does_not_have_is_an_empty_404(app: Caller, path: str) -> None:
    answer = app.get(path)
    assert (answer.status_code, answer.content) == (404, b"")
