"""The page after the event on a real WordPress: a draft that keeps its shape, made once, and published by nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.items import AS_DRAFT, Action, Delivery
from bot.networks.base import NoAnswer
from bot.report import body
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.scene import Clock, Scene
from tests.networks.servers import LosingProxy, talking
from tests.real.reader import Open
from tests.real.wordpress import RealWordPress
from tests.report import scene as scenes

pytestmark = pytest.mark.real


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Delivery]:
    store = Store(f"sqlite:///{tmp_path}/report.db", Clock())
    metadata.create_all(store.engine)
    scene = Scene(store)
    scenes.over(scene)
    html = body(scenes.pack(scene))
    yield Delivery(1, "wordpress", Action.CREATE, "3mxq2aaaaaa22", f"You asked & we\n{html}", reply_to=AS_DRAFT)
    store.close()


def drafts_of(site: RealWordPress) -> list[dict[str, Any]]:
    """Posts of the account that are not revisions, as their rows have them."""
    found: list[dict[str, Any]] = site.php(
        'global $wpdb; return $wpdb->get_results("SELECT ID id, post_title title, post_status status, post_content'
        " content FROM wp_posts WHERE post_content LIKE '%backchannel%' AND post_type = 'post'\", ARRAY_A);"
    )
    return found


def test_the_page_is_a_draft_that_wordpress_keeps_as_it_is(
    wordpress: RealWordPress, opened: Open, page: Delivery
) -> None:
    receipt = opened().send(page)
    (row,) = drafts_of(wordpress)
    assert (row["status"], row["title"].replace("&amp;", "&")) == ("draft", "You asked & we")
    assert receipt.url == f"{wordpress.url}/wp-admin/post.php?post={row['id']}&action=edit"
    for part in ('<h2 dir="auto">Access</h2>', "The region pays.", "<table>", "Who pays for &lt;b&gt;it&lt;/b&gt;?"):
        assert part in row["content"], part


def test_sent_twice_it_is_there_once_also_when_it_was_published_meanwhile(
    wordpress: RealWordPress, opened: Open, page: Delivery
) -> None:
    network = opened()
    first = network.send(page)
    wordpress.edit_post(int(drafts_of(wordpress)[0]["id"]), post_status="publish")
    assert network.send(page).remote_id == first.remote_id
    assert [row["status"] for row in drafts_of(wordpress)] == ["publish"]


def test_a_page_whose_answer_was_lost_is_found(wordpress: RealWordPress, opened: Open, page: Delivery) -> None:
    proxy = LosingProxy(int(wordpress.url.rsplit(":", 1)[1]))
    with talking(proxy) as port:
        network = opened(url=f"http://127.0.0.1:{port}")
        assert network.find(page) is None
        proxy.losing = lambda request: request.startswith(b"POST ")
        with pytest.raises(NoAnswer):
            network.send(page)
        proxy.losing = lambda request: False
        assert network.find(page) is not None
        network.send(page)
    assert len(drafts_of(wordpress)) == 1
