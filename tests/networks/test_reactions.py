"""What people did with our posts: told where the network shows it, paid for on X, left out where it is not shown."""

from __future__ import annotations

import pytest

from bot.core.items import Action, Reactions
from bot.networks.base import OutOfMoney, Unavailable
from tests.doubles.bluesky_server import no
from tests.networks import bluesky_scene, fediverse, x_scene


def test_mastodon_tells_replies_boosts_and_likes_of_each_post() -> None:
    with fediverse.fediverse() as net:
        uri = net.network.send(fediverse.delivery("Tea is served.")).remote_id
        net.home.ours()[0].counts = {"replies_count": 4, "reblogs_count": 11, "favourites_count": 2}
        absent = f"{net.home.url}/users/qcommunity/statuses/404"
        assert net.network.reactions([uri, absent]) == {uri: Reactions(4, 11, 2)}
        net.home.delete(net.home.ours()[0])
        assert net.network.reactions([uri]) == {}


def test_bluesky_counts_quotes_as_reposts_and_leaves_out_what_it_does_not_show() -> None:
    with bluesky_scene.playing() as made:
        uris = [made.network.send(made.delivery(f"Tea {number}", number)).remote_id for number in range(2)]
        made.server.views[uris[0]] = {"replyCount": 1, "repostCount": 2, "quoteCount": 3, "likeCount": 4}
        made.server.unindexed.add(uris[1])
        assert made.network.reactions(uris) == {uris[0]: Reactions(1, 5, 4)}


def test_asking_x_costs_what_reading_costs_once_a_day() -> None:
    with x_scene.scene() as here:
        native = here.x.send(here.delivery()).remote_id
        here.server.posts(x_scene.US)[0].metrics |= {"reply_count": 2, "retweet_count": 1, "like_count": 6}
        before = here.memory.spent
        assert here.x.reactions([native, "not a number"]) == {native: Reactions(2, 1, 6)}
        assert here.memory.spent - before == pytest.approx(0.005)
        here.x.reactions([native])
        assert here.memory.spent - before == pytest.approx(0.005)


def test_a_post_that_is_gone_from_x_is_left_out() -> None:
    with x_scene.scene() as here:
        native = here.x.send(here.delivery()).remote_id
        here.x.send(here.delivery("", action=Action.DELETE, target=native))
        assert here.x.reactions([native]) == {}


def test_what_is_kept_for_posts_is_not_spent_on_asking() -> None:
    with x_scene.scene(budget=10.02) as here:
        native = here.x.send(here.delivery()).remote_id
        here.memory.budget = 10.0
        with pytest.raises(OutOfMoney):
            here.x.reactions([native])


def test_a_network_that_does_not_answer_says_so() -> None:
    with bluesky_scene.playing() as made:
        uri = made.network.send(made.delivery("Tea")).remote_id
        made.server.before = bluesky_scene.always("getPosts", lambda: no(502, "UpstreamFailure"))
        with pytest.raises(Unavailable):
            made.network.reactions([uri])
