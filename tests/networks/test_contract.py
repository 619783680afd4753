"""The contract, asked of every network: just what it declares, and nothing that it does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from unicodedata import is_normalized

import pytest

from bot.core.bridges import folded
from bot.core.items import Action, Item, Standing
from bot.networks import NETWORKS
from bot.networks.base import Network, NoAnswer, RateLimited, Refused, Unavailable
from bot.networks.rehearsal.network import PLAYED as STAND_INS
from tests.networks.stages import NOW, PAYLOADS, SCENES, PlayedStage, RecordedStage, Stage

PLAYED = ("x", "mastodon", "bluesky", "wordpress")
REAL = tuple(name for name in NETWORKS if name != "rehearsal")
KINDS = frozenset({"hashtag", "mentions", "comments", "liveblog"})
ACTS = frozenset({"create", "reply", "edit", "delete"})


def _class(name: str) -> type[Network]:
    if name.startswith("rehearsal of "):
        played: type[Network] = STAND_INS[name.removeprefix("rehearsal of ")]
        return played
    module, _, cls = NETWORKS[name].partition(":")
    real: type[Network] = getattr(import_module(module), cls)
    return real


ALL = [*(f"rehearsal of {name}" for name in PLAYED), *REAL]


def having(*words: str) -> pytest.MarkDecorator:
    """The networks that declare one of these among what they read and do."""
    names = [name for name in ALL if (_class(name).reads | _class(name).acts) & set(words)]
    return pytest.mark.parametrize("stage", names, indirect=True)


@pytest.fixture(params=ALL)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    name = str(request.param)
    made: Stage
    if name.startswith("rehearsal of "):
        made = PlayedStage(name.removeprefix("rehearsal of "), tmp_path)
    else:
        assert (PAYLOADS / f"{name}.json").is_file(), (
            f"{name} is in NETWORKS without tests/networks/payloads/{name}.json: record what its server answers in the "
            f"scenes {', '.join(SCENES)} (see tests/networks/stages.py)"
        )
        made = RecordedStage(name)
    yield made
    made.close()
    assert getattr(made, "unexpected", []) == [], "the network asked for what its payloads do not hold"


def _kinds(network: Network) -> list[str]:
    return sorted(network.reads - {"liveblog"})


def _read(stage: Stage, kind: str, cursor: str = "") -> tuple[list[Item], str]:
    items: list[Item] = []
    for _ in range(50):
        page = stage.network.fetch(stage.source(kind), cursor)
        items, cursor = [*items, *page.items], page.cursor
        assert page.poison == ()
        if not page.more:
            return items, cursor
    raise AssertionError("the pages never end")


def test_it_says_what_it_is(stage: Stage) -> None:
    network = stage.network
    assert isinstance(network, Network)
    assert network.name in {*PLAYED, *REAL}
    assert network.reads <= KINDS
    assert network.acts <= ACTS
    assert network.reads | network.acts
    assert network.safe_repeat >= timedelta(0)
    assert all(name == folded(name) for name in network.names())


def test_its_limits_agree_with_what_it_does(stage: Stage) -> None:
    limits = stage.network.limits()
    assert limits.rule in {"x", "mastodon", "bluesky", "plain"}
    assert limits.length > 0
    assert limits.edits == ("edit" in stage.network.acts)
    assert limits.deletes == ("delete" in stage.network.acts)
    assert limits.replies == ("reply" in stage.network.acts)


def test_its_check_speaks_in_sentences_and_writes_nothing(stage: Stage) -> None:
    stage.scene("items")
    lines = stage.network.check()
    assert lines
    assert all(line.level in {"ok", "warn", "fail"} and line.what.strip() for line in lines)
    assert all(line.fix for line in lines if line.level != "ok")
    assert stage.made() == 0


@having("hashtag", "mentions", "comments")
def test_what_it_reads_is_whole_clean_and_its_own(stage: Stage) -> None:
    stage.scene("items")
    for kind in _kinds(stage.network):
        items, cursor = _read(stage, kind)
        ids = [item.native_id for item in items]
        assert stage.first(kind) in ids
        assert len(ids) == len(set(ids))
        for item in items:
            assert item.network == stage.network.name
            assert is_normalized("NFC", item.text)
            assert "\0" not in item.text
            assert "<p>" not in item.text
            assert item.written_at is not None
            assert item.written_at.utcoffset() == timedelta(0)
            assert item.url.startswith(("http://", "https://"))
            assert item.standing in {Standing.PUBLIC, Standing.HELD}
            assert not item.own
        json.dumps(cursor)
        again, _ = _read(stage, kind, cursor)
        assert set(again) <= set(items), "reading on from the cursor invents nothing"


@having("hashtag", "mentions", "comments")
def test_what_was_deleted_is_missed_by_the_page_that_covers_it_and_gone_when_asked(stage: Stage) -> None:
    stage.scene("items")
    before = {kind: _read(stage, kind) for kind in _kinds(stage.network)}
    for kind, (items, _) in before.items():
        (checked,) = stage.network.recheck(stage.source(kind), [stage.first(kind)])
        assert checked.standing is Standing.PUBLIC
        assert checked.item in items
    stage.scene("first is gone")
    for kind, (_, cursor) in before.items():
        gone = stage.first(kind)
        page = stage.network.fetch(stage.source(kind), cursor)
        assert gone not in [item.native_id for item in page.items]
        old = page.covers.since is not None and page.covers.since <= NOW
        assert page.covers.whole or old or gone in page.covers.ids
        (checked,) = stage.network.recheck(stage.source(kind), [gone])
        assert (checked.native_id, checked.standing, checked.item) == (gone, Standing.GONE, None)


@having("liveblog")
def test_a_live_blog_comes_in_page_order_and_is_known_when_unchanged(stage: Stage) -> None:
    stage.scene("blog")
    page = stage.network.entries(stage.source("liveblog"), "")
    assert page.changed
    assert len(page.entries) >= 2
    times = [entry.at for entry in page.entries]
    assert times == sorted(times, reverse=page.newest_first)
    assert all(entry.at.utcoffset() == timedelta(0) and entry.title for entry in page.entries)
    assert page.link.startswith("http")
    assert not stage.network.entries(stage.source("liveblog"), page.cursor).changed


@having("create", "reply")
def test_a_post_goes_out_once_and_is_found(stage: Stage) -> None:
    stage.scene("send")
    receipt = stage.network.send(stage.delivery())
    assert receipt.remote_id
    assert receipt.url.startswith("http")
    assert receipt.at.utcoffset() is not None
    assert stage.made() == 1
    found = stage.network.find(stage.delivery())
    assert found is not None
    assert (found.remote_id, bool(found.evidence)) == (receipt.remote_id, True)
    other = replace(stage.delivery(), text="Quite another thing.", key="3mxq2aaaaab22")
    assert stage.network.find(other) is None


@having("create", "reply")
def test_a_safe_repeat_makes_no_second_copy(stage: Stage) -> None:
    stage.scene("send")
    first = stage.network.send(stage.delivery())
    stage.scene("send again")
    if stage.network.safe_repeat:
        again = stage.network.send(stage.delivery())
        assert (again.remote_id, bool(again.evidence)) == (first.remote_id, True)
    else:
        with pytest.raises(Refused):
            stage.network.send(stage.delivery())
    assert stage.made() == 1


@having("delete")
def test_deleting_is_safe_to_repeat(stage: Stage) -> None:
    stage.scene("send")
    there = stage.network.send(stage.delivery()).remote_id
    stage.scene("delete")
    delete = stage.delivery(action=Action.DELETE, text="", reply_to="", target=there)
    assert stage.network.send(delete).remote_id == there
    assert stage.made() == 0
    assert stage.network.find(delete)
    stage.scene("delete again")
    assert stage.network.send(delete).evidence
    assert stage.made() == 0


@having("create", "reply")
def test_editing_happens_where_it_is_declared_and_is_refused_elsewhere(stage: Stage) -> None:
    stage.scene("send")
    there = stage.network.send(stage.delivery()).remote_id
    edit = stage.delivery(action=Action.EDIT, text="We all do, gladly.", reply_to="", target=there)
    if "edit" in stage.network.acts:
        assert stage.network.send(edit).remote_id == there
    else:
        with pytest.raises(Refused):
            stage.network.send(edit)
    assert stage.made() == 1


def test_without_a_connection_it_is_unavailable_which_proves_no_effect(stage: Stage) -> None:
    stage.scene("items")
    for kind in _kinds(stage.network):
        _read(stage, kind)
    stage.unreachable()
    for kind in _kinds(stage.network):
        with pytest.raises(Unavailable):
            stage.network.fetch(stage.source(kind), "")
        with pytest.raises(Unavailable):
            stage.network.recheck(stage.source(kind), [stage.first(kind)])
    if stage.network.acts & {"create", "reply"}:
        with pytest.raises(Unavailable):
            stage.network.send(stage.delivery())
    assert stage.made() == 0


def test_a_limit_says_until_when(stage: Stage) -> None:
    stage.scene("limited")
    for kind in _kinds(stage.network)[:1]:
        with pytest.raises(RateLimited) as limited:
            stage.network.fetch(stage.source(kind), "")
        assert limited.value.until > NOW
    if stage.network.acts & {"create", "reply"}:
        with pytest.raises(RateLimited):
            stage.network.send(stage.delivery())
    assert stage.made() == 0


def test_an_error_while_reading_has_no_effect_and_reading_goes_on_after_it(stage: Stage) -> None:
    stage.scene("broken")
    for kind in _kinds(stage.network)[:1]:
        with pytest.raises(Unavailable):
            stage.network.fetch(stage.source(kind), "")
        stage.scene("items")
        assert stage.first(kind) in [item.native_id for item in _read(stage, kind)[0]]


@having("create", "reply")
def test_a_lost_answer_is_no_answer_and_the_post_is_found(stage: Stage) -> None:
    stage.scene("lost")
    with pytest.raises(NoAnswer):
        stage.network.send(stage.delivery())
    assert stage.made() == 1
    assert stage.network.find(stage.delivery())


@having("create")
def test_what_does_not_fit_is_refused_before_anything_happens(stage: Stage) -> None:
    with pytest.raises(Refused):
        stage.network.send(stage.delivery(text="word " * 2000))
    assert stage.made() == 0
