"""tweepy under the deadline guard: one door to X, at one address, that keeps every answer as it came."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import tweepy

from bot.networks.base import Memory, Misconfigured, NetworkFailure, NoAnswer, Now, Options, Unavailable
from bot.networks.session import GuardedSession, Response
from bot.networks.x.answers import Answer, Lost, failure_of
from bot.networks.x.limiter import Limiter

USER_TOKENS = ("api_key", "api_secret", "access_token", "access_secret")


class _Session(GuardedSession):
    """Whatever host tweepy names, the call goes to ours. It is rewritten before it is signed, so signatures hold."""

    def __init__(self, api_url: str, deadline: float) -> None:
        super().__init__(deadline)
        self._there = api_url.rstrip("/")
        self.last: Response | None = None

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> Response:
        there, here = urlsplit(self._there), urlsplit(url)
        path = there.path + here.path
        self.last = None
        answer = super().request(
            method, urlunsplit((there.scheme, there.netloc, path, here.query, "")), *args, **kwargs
        )
        self.cookies.clear()  # X does not need to know us by more than our credentials
        self.last = answer
        return answer


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One door of the API: `name` is what its limits are kept under, `user` says whose credentials it takes."""

    name: str
    user: bool = False


SEARCH = Endpoint("search/recent")
ARCHIVE = Endpoint("search/all")
MENTIONS = Endpoint("mentions", user=True)
TIMELINE = Endpoint("timeline", user=True)
LOOKUP = Endpoint("lookup")
USERS = Endpoint("users")
ME = Endpoint("me", user=True)
USAGE = Endpoint("usage")
CREDITS = Endpoint("credits")
CREATE = Endpoint("create", user=True)
DELETE = Endpoint("delete", user=True)
UPLOAD = Endpoint("upload", user=True)
DESCRIBE = Endpoint("describe", user=True)


class Client:
    """Asks X and says what came of it. Raises the failures of the contract and nothing else."""

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self.host = urlsplit(options.api_url).netloc
        self._secrets = {name: value for name, value in options.secrets.items() if value}
        self._deadline = options.deadline
        self._session = _Session(options.api_url, options.deadline)
        self._limiter = Limiter(memory, now)
        self._lock = threading.Lock()
        secret = self._secrets.get
        self._tweepy = tweepy.Client(
            secret("bearer_token"), secret("api_key"), secret("api_secret"), secret("access_token"),
            secret("access_secret"), return_type=Response, wait_on_rate_limit=False,
        )  # fmt: skip
        self._tweepy.session = self._session
        self._memory = memory

    @property
    def can_search(self) -> bool:
        """Whether there is a bearer token."""
        return "bearer_token" in self._secrets

    @property
    def can_act(self) -> bool:
        """Whether the four user tokens are there."""
        return all(name in self._secrets for name in USER_TOKENS)

    @property
    def fingerprint(self) -> str:
        """Changes when the user tokens do; says nothing of them."""
        joined = "\n".join(self._secrets.get(name, "") for name in USER_TOKENS)
        return hashlib.sha256(joined.encode()).hexdigest()[:12]

    def get(self, endpoint: Endpoint, route: str, params: Mapping[str, Any]) -> Answer:
        """A whole answer to a read. Raises `Lost` if it may have been paid for and did not arrive."""
        said = {name: value for name, value in params.items() if value not in ("", None)}
        answer = self._read(endpoint, route, said)
        if self._other_dialect(answer, said):
            answer = self._read(endpoint, route, said)
        return self._judged(endpoint, answer, writing=False)

    def _read(self, endpoint: Endpoint, route: str, params: Mapping[str, Any]) -> Answer:
        said = self._in_dialect(params)
        try:
            return self._ask(endpoint, lambda: self._tweepy.request("GET", route, said, user_auth=endpoint.user))
        except NoAnswer as lost:
            raise Lost(str(lost)) from None

    def create(self, text: str, reply_to: str, media: Sequence[str] = ()) -> Answer:
        """A post of ours, with pictures that were uploaded before."""
        said = {"text": text, "in_reply_to_tweet_id": reply_to or None, "media_ids": list(media) or None}
        return self._judged(CREATE, self._ask(CREATE, lambda: self._tweepy.create_tweet(**said)), writing=True)

    def upload(self, content: bytes) -> Answer:
        """A picture, which no post shows yet. tweepy has no call for this one."""
        body = {"media": base64.b64encode(content).decode(), "media_category": "tweet_image"}
        return self._post(UPLOAD, "/2/media/upload", body)

    def describe(self, media: str, alt: str) -> Answer:
        """The description of an uploaded picture."""
        return self._post(DESCRIBE, "/2/media/metadata", {"id": media, "metadata": {"alt_text": {"text": alt}}})

    def _post(self, endpoint: Endpoint, route: str, body: Mapping[str, Any]) -> Answer:
        answer = self._ask(endpoint, lambda: self._tweepy.request("POST", route, json=body, user_auth=True))
        return self._judged(endpoint, answer, writing=True)

    def delete(self, native: str) -> Answer:
        """One of our posts taken back."""
        return self._judged(DELETE, self._ask(DELETE, lambda: self._tweepy.delete_tweet(native)), writing=True)

    def close(self) -> None:
        """Let go of connections."""
        self._session.close()

    def _in_dialect(self, params: Mapping[str, Any]) -> dict[str, Any]:
        """X renames its fields: what it says it does not know is sent in the other words from then on."""
        if self._memory.get("dialect") != "post":
            return dict(params)
        return {name.replace("tweet.fields", "post.fields"): _renamed(value) for name, value in params.items()}

    def _other_dialect(self, answer: Answer, params: Mapping[str, Any]) -> bool:
        new = self._memory.get("dialect") == "post"
        unknown = "post.fields" if new else "tweet.fields"
        if answer.status != 400 or "tweet.fields" not in params or unknown not in answer.detail:
            return False
        self._memory.put("dialect", None if new else "post")
        return True

    def _judged(self, endpoint: Endpoint, answer: Answer, writing: bool) -> Answer:
        until = self._limiter.heed(endpoint.name, answer)
        if failure := failure_of(answer, self.host, until, writing=writing):
            raise failure
        return answer

    def _ask(self, endpoint: Endpoint, call: Callable[[], object]) -> Answer:
        self._must_have(endpoint)
        self._limiter.obey(endpoint.name)
        with self._alone():
            self._session.last = None
            try:
                call()
            except NetworkFailure:
                raise
            except Exception as error:
                # tweepy's own errors say less than the answer, and over odd bodies it stumbles.
                if self._session.last is None:
                    raise self._unsent(error) from None
            if self._session.last is None:
                raise Unavailable(f"{self.host} was not asked.")
            return self._kept(self._session.last)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One call at a time: a session is not for several threads."""
        if not self._lock.acquire(timeout=self._deadline):
            raise Unavailable(f"{self.host} is still busy with another call of ours.")
        try:
            yield
        finally:
            self._lock.release()

    def _must_have(self, endpoint: Endpoint) -> None:
        if endpoint.user and not self.can_act:
            raise Misconfigured(
                "Mentions and posts on X need X_API_KEY, X_API_SECRET, X_ACCESS_TOKEN and X_ACCESS_SECRET: set all."
            )
        if not endpoint.user and not self.can_search:
            raise Misconfigured("Reading the hashtag on X needs X_BEARER_TOKEN: set it.")

    @staticmethod
    def _unsent(error: Exception) -> NetworkFailure:
        """The request could not even be made, say of a token with a line break in it. Its text may hold the token."""
        return Misconfigured(
            f"The call to X could not be made ({type(error).__name__}): check api_url and the X_ secrets for "
            "characters that do not belong there."
        )

    def _kept(self, response: Response) -> Answer:
        text = response.content.decode("utf-8", "replace")
        for secret in self._secrets.values():
            text = text.replace(secret, "…")  # a go-between that echoes what it was sent must not bring it into a log
        headers = {name.lower(): value for name, value in response.headers.items()}
        try:
            body = json.loads(text)
        except (ValueError, RecursionError):
            body = None
        return Answer(response.status_code, headers, body)


def _renamed(value: Any) -> Any:
    pairs = (("note_tweet", "note_post"), ("referenced_tweets", "referenced_posts"))
    for old, new in (*pairs, ("edit_history_tweet_ids", "edit_history_post_ids")):
        value = value.replace(old, new) if isinstance(value, str) else value
    return value
