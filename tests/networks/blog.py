"""A little WordPress that answers what a test has put into it, for what a real one cannot be made to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from bot.core.items import Action, Delivery, Source
from bot.networks.base import Options
from bot.networks.wordpress import WordPress
from bot.networks.wordpress import comments as forms
from tests.networks.memory import DictMemory
from tests.networks.servers import Asked, Reply, Site, site

ROUTE = "/wp-json"
NOW = datetime(2017, 7, 14, 12, 0, tzinfo=UTC)
WARNING = "<br />\n<b>Warning</b>:  Undefined variable in <b>/srv/x.php</b> on line <b>12</b><br />\n[]"
FAR = "2017-07-14T08:00:00"


def comment(number: int, text: str = "<p>Hello</p>", **fields: Any) -> dict[str, Any]:
    """A comment as the REST API shows it to an editor, with all that must not be kept."""
    return {
        "id": number, "post": 5, "parent": 0, "author": 0, "author_name": "Visitor", "date_gmt": FAR,
        "content": {"rendered": text}, "link": f"https://blog.example/live/#comment-{number}", "status": "approved",
        "author_email": "canary@example.test", "author_ip": "203.0.113.77", "author_user_agent": "Canary/1.0",
        "author_avatar_urls": {"96": "https://avatar.example/canary"}, **fields,
    }  # fmt: skip


class FakeBlog:
    """`instead` may answer a request itself; `counted` is what X-WP-Total says beside what is there."""

    def __init__(self) -> None:
        self.comments: list[Any] = []
        self.posts: list[dict[str, Any]] = []
        self.counted = 0
        self.instead: Callable[[Asked], Reply | None] = lambda asked: None
        self.server: Site

    @property
    def address(self) -> str:
        """The address of the live blog's post."""
        return f"{self.server.url}/live/"

    @property
    def asked(self) -> list[Asked]:
        """All requests so far."""
        return self.server.asked

    def answer(self, asked: Asked) -> Reply:
        """The answer to one request."""
        reply = self.instead(asked)
        if reply is not None:
            return reply
        if not asked.path.startswith(ROUTE):
            links = f'<{self.server.url}{ROUTE}/>; rel="https://api.w.org/", '
            links += f'<{self.server.url}{ROUTE}/wp/v2/posts/5>; rel="alternate"; title="JSON"; type="application/json"'
            return Reply(200, "<html><body>Live", {"Link": links})
        return self._api(asked, asked.path.removeprefix(ROUTE).strip("/"))

    def _api(self, asked: Asked, route: str) -> Reply:
        if route == "":
            return Reply(200, {"name": "Blog", "namespaces": ["wp/v2"], "timezone_string": "Europe/London"})
        if route == "wp/v2/users/me":
            return Reply(200, {"id": 2, "name": "Ed", "capabilities": {"moderate_comments": True, "edit_posts": True}})
        if route == "wp/v2/comments" and asked.method == "GET":
            return self._page(asked)
        if route.startswith("wp/v2/comments/"):
            wanted = [one for one in self.comments if str(one["id"]) == route.rsplit("/", 1)[1]]
            return Reply(200, wanted[0]) if wanted else refusal(404, "rest_comment_invalid_id")
        if route == "wp/v2/posts":
            return Reply(200, self.posts, {"X-WP-Total": str(len(self.posts)), "X-WP-TotalPages": "1"})
        if asked.method == "POST":
            return Reply(201, comment(99, author=2))
        if route == "wp/v2/posts/5" and self.posts:
            return Reply(200, self.posts[0])
        return refusal(404, "rest_no_route")

    def _page(self, asked: Asked) -> Reply:
        chosen = self.comments
        if include := asked.query.get("include"):
            chosen = [one for one in chosen if str(one["id"]) in include.split(",")]
        size, number = int(asked.query["per_page"]), int(asked.query.get("page", "1"))
        total = len(chosen) + self.counted
        headers = {"X-WP-Total": str(total), "X-WP-TotalPages": str(-(-total // size))}
        return Reply(200, chosen[(number - 1) * size : number * size], headers)


def refusal(status: int, code: str) -> Reply:
    """WordPress's own way of saying no."""
    return Reply(status, {"code": code, "message": "Désolé.", "data": {"status": status}})


@contextmanager
def blog() -> Iterator[FakeBlog]:
    """A `FakeBlog` for the length of a test."""
    made = FakeBlog()
    with site(made.answer) as server:
        made.server = server
        yield made


def open_at(url: str, deadline: float = 5.0, **extra: Any) -> WordPress:
    """The network on that site, with an account and a clock that stands at `NOW`."""
    secrets = {"user": "ed", "app_password": "canary secret"}
    return WordPress(Options(url, secrets=secrets, extra=extra, deadline=deadline), DictMemory(), lambda: NOW)


def comments_of(there: FakeBlog) -> Source:
    """The comments of its live blog."""
    return Source(1, "wordpress", "comments", there.address)


def reply_to(network: WordPress, number: int, text: str = "An answer") -> Delivery:
    """An answer to that comment."""
    native = forms.native_id(network.key, number)
    return Delivery(1, "wordpress", Action.CREATE, "k", text, reply_to=native, reply_root="5")


def only_comments(reply: Reply) -> Any:
    """For `instead`: this reply to all that asks for comments."""
    return lambda asked: reply if "/wp/v2/comments" in asked.path else None


def post(**fields: Any) -> dict[str, Any]:
    """The live blog as the REST API shows it."""
    usual = {"id": 5, "link": "https://blog.example/live/", "date": "2017-07-14T09:00:00", "status": "publish",
             "modified_gmt": "2017-07-14T08:00:00", "title": {"rendered": "Live"},
             "content": {"rendered": "<h3>9:30am: Start</h3><p>Text</p>", "protected": False}}  # fmt: skip
    return {**usual, **fields}
