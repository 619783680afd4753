"""A picture is fetched from its blog or from the public internet, and from nowhere inside our own network."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from bot.networks import guard
from bot.networks.base import Misconfigured, Refused, Unavailable
from bot.networks.pictures import fetch
from tests.networks.servers import Asked, Reply, Site, site

PHOTO = b"\xff\xd8\xff photo"


@pytest.fixture
def blog() -> Iterator[Site]:
    """The blog of our settings, which is on this machine."""
    answers = {
        "/cake.jpg": Reply(200, PHOTO), "/gone.jpg": Reply(404, b"no"), "/busy.jpg": Reply(503, b"later"),
        "/moved.jpg": Reply(301, b"", {"Location": "/cake.jpg"}),
    }  # fmt: skip
    with site(lambda asked: answers.get(asked.path, Reply(404, b"no"))) as made:
        yield made


@pytest.fixture
def inside() -> Iterator[Site]:
    """Another server inside our network, which nobody outside must reach through us."""
    with site(lambda _: Reply(200, b"the secrets of the house")) as made:
        yield made


def test_a_picture_of_the_blog_is_fetched_also_where_it_has_moved_to(blog: Site) -> None:
    assert fetch(f"{blog.url}/cake.jpg", f"{blog.url}/live-blog/", 2.0) == PHOTO
    assert fetch(f"{blog.url}/moved.jpg", f"{blog.url}/live-blog/", 2.0) == PHOTO


def test_what_is_not_there_is_refused_and_what_may_come_back_is_not(blog: Site) -> None:
    with pytest.raises(Refused, match="404"):
        fetch(f"{blog.url}/gone.jpg", blog.url, 2.0)
    with pytest.raises(Unavailable, match="503"):
        fetch(f"{blog.url}/busy.jpg", blog.url, 2.0)


def test_an_entry_cannot_make_us_ask_another_server_inside_our_network(blog: Site, inside: Site) -> None:
    for address in (f"{inside.url}/admin", inside.url.replace("127.0.0.1", "localhost") + "/admin"):
        with pytest.raises(Unavailable, match="inside our own network"):
            fetch(address, blog.url, 2.0)
    assert inside.asked == []


def test_the_blog_cannot_send_us_on_into_our_network(inside: Site) -> None:
    with (
        site(lambda _: Reply(302, b"", {"Location": f"{inside.url}/admin"})) as blog,
        pytest.raises(Unavailable, match="inside our own network"),
    ):
        fetch(f"{blog.url}/cake.jpg", blog.url, 2.0)
    assert inside.asked == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://q.example/a.jpg", "data:image/png,x", "//q", ""])
def test_only_the_web_is_asked(address: str, blog: Site) -> None:
    with pytest.raises(Misconfigured):
        fetch(address, blog.url, 2.0)


INNER = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "fe80::1%2", "fd00::1", "::ffff:10.0.0.1", "2002:0a00:0001::1", "64:ff9b::a00:1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INNER)
def test_no_form_of_an_inner_address_is_connected_to(address: str, blog: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads inside, as whoever owns the name may have it do."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET

    def resolved(host: str, port: int) -> list[tuple[Any, ...]]:
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(guard, "resolve", resolved)
    with pytest.raises(Unavailable, match="inside our own network"):
        fetch("https://photos.example/a.jpg", blog.url, 2.0)


def test_of_several_addresses_only_the_public_ones_are_tried_as_they_were_checked(
    blog: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [(socket.AF_INET, 1, 6, "", ("10.0.0.1", 443)), (socket.AF_INET, 1, 6, "", ("203.0.114.1", 443))]
    tried: list[Any] = []

    def refused(_sock: Any, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(guard, "resolve", lambda host, port: there)
    monkeypatch.setattr(guard.GuardedSocket, "connect", refused, raising=False)
    with pytest.raises(Unavailable):
        fetch("https://photos.example/a.jpg", blog.url, 2.0)
    assert tried == [("203.0.114.1", 443)]


def test_a_picture_that_never_ends_is_given_up() -> None:
    def answer(_: Asked) -> Reply:
        return Reply(200, b"x" * (16 * 2**20))

    with site(answer) as blog, pytest.raises(Exception, match="too large"):
        fetch(f"{blog.url}/cake.jpg", blog.url, 5.0)
