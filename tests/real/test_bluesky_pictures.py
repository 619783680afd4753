"""Pictures on a real Bluesky: whole, described, in their shape, below one post and no other, whatever was lost."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from bot import images
from bot.core.items import Media
from bot.networks.base import NoAnswer, Refused, Unavailable
from bot.networks.bluesky import Bluesky
from tests.networks.memory import DictMemory
from tests.networks.servers import talking
from tests.real.bluesky import Between, Open, RealBluesky, delivery

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]  # the first run installs the packages


def photo(width: int, height: int) -> bytes:
    """A photo that hardly compresses, as a phone makes it."""
    noise = random.Random(width * height).randbytes(width * height * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), noise).save(out, "JPEG", quality=95)
    return out.getvalue()


def shrunk(width: int, height: int, alt: str) -> Media:
    """Such a photo as it goes out."""
    small = images.shrink(photo(width, height))
    return Media(small.hash, small.mime, small.width, small.height, alt, small.content)


WIDE, TALL = shrunk(320, 180, "A table of cakes – “all” 🍰👩‍👩‍👧‍👦"), shrunk(180, 320, "خمسة أشخاص عند الباب")


@pytest.fixture
def lossy(bluesky: RealBluesky, skeet: Open) -> Iterator[tuple[Between, Bluesky]]:
    """Our account with a proxy before the server that can drop answers."""
    proxy = Between(bluesky.port)
    with talking(proxy) as port:
        yield proxy, skeet(bluesky.options(url=f"http://localhost:{port}"), DictMemory())


def shown(bluesky: RealBluesky, uri: str) -> list[tuple[str, int, int]]:
    """The pictures below a post as a follower's app gets them: description, and shape."""
    bluesky.wait([uri])
    view = bluesky.get("asha", "app.bsky.feed.getPosts", uris=[uri])["posts"][0]
    rows: list[dict[str, Any]] = view.get("embed", {}).get("images", [])
    return [(one["alt"], one["aspectRatio"]["width"], one["aspectRatio"]["height"]) for one in rows]


def test_pictures_are_shown_whole_in_their_order_with_words_and_shape(bluesky: RealBluesky, skeet: Open) -> None:
    uri = skeet().send(delivery("Two photos", pictures=(WIDE, TALL))).remote_id
    assert shown(bluesky, uri) == [(WIDE.alt, 320, 180), (TALL.alt, 180, 320)]
    for wanted, there in zip((WIDE, TALL), bluesky.stored("qcommunity")[uri]["embed"]["images"], strict=True):
        assert (there["image"]["mimeType"], there["image"]["size"]) == ("image/jpeg", len(wanted.content))
        raw = bluesky.blob("qcommunity", there["image"]["ref"]["$link"])
        assert raw == wanted.content
        assert Image.open(io.BytesIO(raw)).size == (wanted.width, wanted.height)


def test_of_a_thread_the_first_part_shows_the_pictures(bluesky: RealBluesky, skeet: Open) -> None:
    network = skeet()
    first = network.send(delivery("One 1/2", pictures=(TALL,))).remote_id
    second = network.send(delivery("Two 2/2", previous=first, first=first)).remote_id
    assert (shown(bluesky, first), shown(bluesky, second)) == ([(TALL.alt, 180, 320)], [])


def test_a_post_with_a_picture_whose_answer_was_lost_is_there_once(
    bluesky: RealBluesky, lossy: tuple[Between, Bluesky]
) -> None:
    proxy, network = lossy
    before, sent = bluesky.stored("qcommunity"), delivery("Lost, with a photo", pictures=(WIDE,))
    assert network.find(sent) is None
    proxy.losing = lambda request: b"putRecord" in request
    with pytest.raises(NoAnswer):
        network.send(sent)
    proxy.losing = lambda request: False
    found, again = network.find(sent), network.send(replace(sent, attempts=2))
    assert found is not None
    assert (found.remote_id, proxy.lost) == (again.remote_id, 1)
    assert "there already" in again.evidence
    assert bluesky.stored("qcommunity").keys() - before.keys() == {found.remote_id}
    assert shown(bluesky, found.remote_id) == [(WIDE.alt, 320, 180)]


def test_an_upload_without_an_answer_is_done_again_and_the_post_is_there_once(
    bluesky: RealBluesky, lossy: tuple[Between, Bluesky]
) -> None:
    proxy, network = lossy
    before, sent = bluesky.stored("qcommunity"), delivery("Twice uploaded", pictures=(WIDE, TALL))
    proxy.losing = lambda request: b"uploadBlob" in request and proxy.lost == 0
    with pytest.raises(Unavailable, match="picture did not arrive"):
        network.send(sent)
    assert bluesky.stored("qcommunity").keys() == before.keys()
    uri = network.send(sent).remote_id
    assert bluesky.stored("qcommunity").keys() - before.keys() == {uri}
    assert [alt for alt, *_ in shown(bluesky, uri)] == [WIDE.alt, TALL.alt]


def test_a_large_photo_is_made_small_enough_and_one_that_is_not_is_refused_and_posted_nowhere(
    bluesky: RealBluesky, skeet: Open
) -> None:
    network = skeet()
    large = shrunk(2400, 1600, "A crowd")
    uri = network.send(delivery("Shrunk", pictures=(large,))).remote_id
    (there,) = bluesky.stored("qcommunity")[uri]["embed"]["images"]
    assert there["image"]["size"] == len(large.content) < images.GOES_OUT_BELOW
    before = bluesky.stored("qcommunity")
    raw = photo(2400, 1600)
    assert len(raw) > 1_000_000
    with pytest.raises(Refused, match="blob too big"):
        network.send(delivery("As it came", pictures=(Media("raw", "image/jpeg", 2400, 1600, "A crowd", raw),)))
    assert bluesky.stored("qcommunity") == before
