"""Pictures on every network: described, whole, with the post once, whatever is lost on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.items import Action, Delivery, Media
from bot.networks.base import NoAnswer, Options, Refused, Unavailable
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.network import Rehearsal
from bot.networks.uploads import LASTS
from tests.doubles.bluesky_server import no
from tests.doubles.x_billing import Kind
from tests.doubles.x_faults import Fault
from tests.networks import bluesky_scene, fediverse, x_scene
from tests.networks.memory import DictMemory
from tests.networks.servers import Reply


def picture(words: str, mark: str = "") -> Media:
    """A described picture; its bytes are not looked at by any network of ours."""
    content = b"\xff\xd8\xff" + (mark or words).encode()
    return Media(hashlib.sha256(content).hexdigest(), "image/jpeg", 640, 360, words, content)


CAKE, DOOR = picture("A table of cakes – “all” 🍰"), picture("Five people at a door")


@pytest.fixture
def x() -> Iterator[x_scene.Scene]:
    with x_scene.scene() as made:
        yield made


@pytest.fixture
def masto() -> Iterator[fediverse.Fediverse]:
    with fediverse.fediverse() as made:
        yield made


@pytest.fixture
def sky() -> Iterator[bluesky_scene.Scene]:
    with bluesky_scene.playing() as made:
        yield made


def on_x(x: x_scene.Scene) -> list[list[str]]:
    """The descriptions below each of our posts."""
    return [[x.server.writes.alt_texts[one] for one in post.media] for post in x.server.posts(x_scene.US)]


def on_mastodon(masto: fediverse.Fediverse) -> list[list[str]]:
    return [[one["description"] for one in post.media] for post in masto.home.ours()]


def on_bluesky(sky: bluesky_scene.Scene) -> list[list[str]]:
    return [[one["alt"] for one in value.get("embed", {}).get("images", [])] for value in sky.server.ours()]


# X


def test_a_post_on_x_shows_its_pictures_with_their_descriptions(x: x_scene.Scene) -> None:
    x.x.send(x.delivery(pictures=(CAKE, DOOR)))
    assert on_x(x) == [[CAKE.alt, DOOR.alt]]
    assert x.server.bill().count(Kind.ALT_TEXT) == 2
    assert x.memory.spent == pytest.approx(x.server.bill().total)


@pytest.mark.parametrize("endpoint", ["POST /2/media/upload", "POST /2/media/metadata"])
def test_an_upload_to_x_without_an_answer_is_done_again_and_the_post_is_out_once(
    x: x_scene.Scene, endpoint: str
) -> None:
    wanted = x.delivery(pictures=(CAKE, DOOR))
    x.server.faults.next(Fault.RESET_AFTER, endpoint)
    with pytest.raises(Unavailable, match="picture did not arrive"):
        x.x.send(wanted)
    assert x.ours() == []
    x.x.send(wanted)
    assert on_x(x) == [[CAKE.alt, DOOR.alt]]


def test_what_x_has_of_the_pictures_is_not_uploaded_again_after_a_restart(x: x_scene.Scene) -> None:
    wanted = x.delivery(pictures=(CAKE, DOOR))
    x.server.faults.next(Fault.HTML_503, "POST /2/media/upload", skip=1)
    with pytest.raises(Unavailable):
        x.x.send(wanted)
    x.reopen()
    x.x.send(wanted)
    assert len(x.server.called("POST /2/media/upload")) == 3  # one of them failed
    assert on_x(x) == [[CAKE.alt, DOOR.alt]]


def test_a_post_with_a_picture_whose_answer_was_lost_is_found_on_x(x: x_scene.Scene) -> None:
    wanted = x.delivery(pictures=(CAKE,))
    x.server.faults.next(Fault.RESET_AFTER, "POST /2/tweets")
    with pytest.raises(NoAnswer):
        x.x.send(wanted)
    found = x.x.find(wanted)
    assert found is not None
    assert [found.remote_id] == [str(post.id) for post in x.server.posts(x_scene.US)]


# Mastodon


def test_a_post_on_mastodon_shows_its_pictures_with_their_descriptions(masto: fediverse.Fediverse) -> None:
    masto.network.send(fediverse.delivery(pictures=(CAKE, DOOR)))
    assert on_mastodon(masto) == [[CAKE.alt, DOOR.alt]]


def test_a_picture_that_mastodon_still_prepares_is_waited_for_and_not_uploaded_again(
    masto: fediverse.Fediverse,
) -> None:
    masto.home.shelf.preparing = 1
    wanted = fediverse.delivery(pictures=(CAKE,))
    with pytest.raises(Unavailable, match="still prepares"):
        masto.network.send(wanted)
    masto.network.send(wanted)
    assert on_mastodon(masto) == [[CAKE.alt]]
    assert len(masto.home.shelf.uploads) == 1


def test_an_upload_to_mastodon_without_an_answer_is_done_again_and_the_post_is_out_once(
    masto: fediverse.Fediverse,
) -> None:
    masto.home.fail("500 after", path="/api/v2/media")
    wanted = fediverse.delivery(pictures=(CAKE,))
    with pytest.raises(Unavailable, match="picture did not arrive"):
        masto.network.send(wanted)
    masto.network.send(wanted)
    assert on_mastodon(masto) == [[CAKE.alt]]


def test_a_post_with_a_picture_whose_answer_was_lost_is_there_once(masto: fediverse.Fediverse) -> None:
    masto.home.fail("500 after", path="/api/v1/statuses")
    wanted = fediverse.delivery(pictures=(CAKE,))
    with pytest.raises(NoAnswer):
        masto.network.send(wanted)
    masto.clock.go(60)
    masto.network.send(wanted)
    assert on_mastodon(masto) == [[CAKE.alt]]


def test_an_edit_on_mastodon_keeps_the_pictures_or_brings_new_ones(masto: fediverse.Fediverse) -> None:
    made = masto.network.send(fediverse.delivery(pictures=(CAKE,)))
    edit = fediverse.delivery("We all did.", action=Action.EDIT, key="3mxq2aaaaab22", target=made.remote_id)
    masto.network.send(edit)
    assert on_mastodon(masto) == [[CAKE.alt]]
    other = replace(edit, key="3mxq2aaaaac22", pictures=(DOOR,))
    assert masto.network.find(other) is None  # the words are there, the picture is not
    masto.network.send(other)
    assert on_mastodon(masto) == [[DOOR.alt]]
    assert masto.network.find(other) is not None


def test_a_token_that_may_not_upload_refuses_the_picture_and_stops_nothing_else(masto: fediverse.Fediverse) -> None:
    masto.home.narrow = "write:media"
    with pytest.raises(Refused, match="write:media"):
        masto.network.send(fediverse.delivery(pictures=(CAKE,)))
    masto.network.send(fediverse.delivery(key="3mxq2aaaaab22"))
    assert len(masto.home.ours()) == 1


# Bluesky


def test_a_post_on_bluesky_shows_its_pictures_in_their_shape(sky: bluesky_scene.Scene) -> None:
    sky.network.send(sky.delivery("Cake.", link="https://q.example/", pictures=(CAKE, DOOR)))
    assert on_bluesky(sky) == [[CAKE.alt, DOOR.alt]]
    assert sky.server.ours()[0]["embed"]["images"][0]["aspectRatio"] == {"width": 640, "height": 360}


def test_an_upload_to_bluesky_without_an_answer_is_done_again_and_the_post_is_out_once(
    sky: bluesky_scene.Scene,
) -> None:
    wanted = sky.delivery("Cake.", pictures=(CAKE,))
    sky.server.after = bluesky_scene.once("uploadBlob", lambda: Reply(502, b"Bad gateway"))
    with pytest.raises(Unavailable, match="picture did not arrive"):
        sky.network.send(wanted)
    sky.network.send(wanted)
    sky.network.send(wanted)
    assert on_bluesky(sky) == [[CAKE.alt]]


def test_the_same_post_with_its_picture_is_the_same_record_on_bluesky(sky: bluesky_scene.Scene) -> None:
    wanted = sky.delivery("Cake.", pictures=(CAKE,))
    sky.server.after = bluesky_scene.once("putRecord", lambda: no(500, "InternalServerError"))
    with pytest.raises(NoAnswer):
        sky.network.send(wanted)
    assert sky.network.send(wanted).evidence
    assert on_bluesky(sky) == [[CAKE.alt]]


def test_a_picture_that_bluesky_let_go_of_is_uploaded_again(sky: bluesky_scene.Scene) -> None:
    wanted = sky.delivery("Cake.", pictures=(CAKE,))
    sky.server.before = bluesky_scene.once("putRecord", lambda: no(503, "UpstreamFailure"))
    with pytest.raises(NoAnswer):
        sky.network.send(wanted)
    sky.server.blobs.clear()
    with pytest.raises(Unavailable, match="uploaded again"):
        sky.network.send(wanted)
    sky.network.send(wanted)
    assert on_bluesky(sky) == [[CAKE.alt]]


# The rehearsal, and what all share


@pytest.mark.parametrize("name", ["x", "mastodon", "bluesky"])
def test_a_played_network_shows_pictures_once_whatever_is_lost(tmp_path: Path, name: str) -> None:
    remote = Remote(tmp_path / "remote.db", lambda: x_scene.START)
    options = Options(f"rehearsal:{remote.path}", extra={"name": name})
    network = Rehearsal(options, DictMemory(1.0), lambda: x_scene.START)
    wanted = Delivery(1, name, Action.CREATE, "3mxq2aaaaaa22", "Cake.", started_at=x_scene.START, pictures=(CAKE, DOOR))
    remote.plan_fault(name, "upload", "lost")
    with pytest.raises(Unavailable):
        network.send(wanted)
    network.send(wanted)
    (post,) = remote.posts(name)
    assert [one.alt for one in remote.shown(name, post.native_id)] == [CAKE.alt, DOOR.alt]
    network.close()
    remote.close()


def test_what_was_uploaded_too_long_ago_is_uploaded_again(masto: fediverse.Fediverse) -> None:
    masto.home.shelf.preparing = 1
    wanted = fediverse.delivery(pictures=(CAKE,))
    with pytest.raises(Unavailable):
        masto.network.send(wanted)
    masto.clock.go(LASTS.total_seconds() + 1)
    masto.network.send(wanted)
    assert len(masto.home.shelf.uploads) == 2
    assert on_mastodon(masto) == [[CAKE.alt]]
