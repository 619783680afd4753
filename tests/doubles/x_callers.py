"""Those who call the double of X in its own tests: plain HTTP with either key, and tweepy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
import tweepy
from requests.adapters import HTTPAdapter
from requests_oauthlib import OAuth1  # type: ignore[import-untyped]

from tests.doubles.x_server import XServer

NOON = datetime(2026, 8, 12, 12, 0, tzinfo=UTC)


class Clock:
    """A time that stands still until a test moves it."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def wait(self, **time: float) -> None:
        """Let that much time pass, in the words of timedelta."""
        self.at += timedelta(**time)


class Caller:
    """Plain HTTP with one key; `timeout` is in seconds, of each read."""

    def __init__(self, x: XServer, handle: str = "", timeout: float = 5.0) -> None:
        self.x, self.timeout = x, timeout
        self.session = requests.Session()
        keys = x.secrets(handle) if handle else x.secrets()
        if handle:
            signed = ("X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_SECRET")
            self.auth = OAuth1(*(keys[name] for name in signed))
            self.session.auth = self.auth
        else:
            self.session.headers["Authorization"] = f"Bearer {keys['X_BEARER_TOKEN']}"

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        """One call; the two dots of a field's name are written as two underscores."""
        params = {name.replace("__", "."): str(value) for name, value in query.items()}
        return self.session.request(method, self.x.url + path, params=params, json=body, timeout=self.timeout)

    def get(self, path: str, **query: Any) -> requests.Response:
        """Read."""
        return self.call("GET", path, **query)

    def search(self, query: str = "#QLabs", **more: Any) -> requests.Response:
        """Search the last seven days."""
        return self.get("/2/tweets/search/recent", query=query, **more)

    def found(self, query: str = "#QLabs", **more: Any) -> list[str]:
        """The ids on the first page of a search."""
        answer = self.search(query, **{"max_results": 100, **more})
        assert answer.status_code == 200, answer.text
        return [post["id"] for post in answer.json().get("data", [])]

    def create(self, text: str, reply_to: str = "", **more: Any) -> requests.Response:
        """Post."""
        reply = {"reply": {"in_reply_to_tweet_id": reply_to}} if reply_to else {}
        return self.call("POST", "/2/tweets", {"text": text, **reply, **more})

    def created(self, text: str, reply_to: str = "", **more: Any) -> str:
        """Post, and have the id."""
        answer = self.create(text, reply_to, **more)
        assert answer.status_code == 201, answer.text
        native_id: str = answer.json()["data"]["id"]
        return native_id


class Redirected(HTTPAdapter):
    """Sends what was signed for X to the double."""

    def __init__(self, url: str, timeout: float = 5.0) -> None:
        self.url, self.timeout = urlsplit(url), timeout
        super().__init__(max_retries=0)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """With the address of the double, and a time-out."""
        there = urlsplit(str(request.url))._replace(scheme=self.url.scheme, netloc=self.url.netloc)
        request.url = urlunsplit(there)
        return super().send(request, *args, **{**kwargs, "timeout": self.timeout})


def tweepy_client(x: XServer, handle: str = "theQCommunity", timeout: float = 5.0) -> Any:
    """A tweepy client whose calls end at the double."""
    client = tweepy.Client(*x.secrets(handle).values(), return_type=dict)
    client.session.mount("https://api.twitter.com", Redirected(x.url, timeout))
    return client


def detail(answer: requests.Response) -> str:
    """What a refusal says: its first error, else its detail."""
    body = answer.json()
    errors = body.get("errors") or [{}]
    said: str = errors[0].get("message") or body.get("detail", "")
    return said
