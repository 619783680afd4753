"""What may be asked of X and in which words: parameters, fields, expansions, in the old dialect and the new one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.doubles.x_posts import Account
from tests.doubles.x_problems import invalid

# From the old words to the new ones.
RENAMED = {
    "tweet.fields": "post.fields",
    "edit_history_tweet_ids": "edit_history_post_ids",
    "note_tweet": "note_post",
    "referenced_tweets": "referenced_posts",
    "referenced_tweets.id": "referenced_posts",
    "referenced_tweets.id.author_id": "referenced_posts.author_id",
    "pinned_tweet_id": "pinned_post_id",
    "most_recent_tweet_id": "most_recent_post_id",
    "tweets": "posts",
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


POST_FIELDS = _words(
    """article attachments author_id card_uri community_id context_annotations conversation_id created_at
    display_text_range edit_controls edit_history_tweet_ids entities geo id in_reply_to_user_id lang media_metadata
    non_public_metrics note_tweet organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics
    referenced_tweets reply_settings scopes source text withheld"""
)
USER_FIELDS = _words(
    """affiliation confirmed_email connection_status created_at description entities id is_identity_verified location
    most_recent_tweet_id name parody pinned_tweet_id profile_banner_url profile_image_url protected public_metrics
    receives_your_dm subscription subscription_type url username verified verified_followers_count verified_type
    withheld"""
)
USAGE_FIELDS = _words("cap_reset_day daily_client_app_usage daily_project_usage project_cap project_id project_usage")
POST_EXPANSIONS = _words(
    """article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet
    attachments.poll_ids author_id edit_history_tweet_ids entities.mentions.username geo.place_id in_reply_to_user_id
    referenced_tweets.id referenced_tweets.id.author_id"""
)
USER_EXPANSIONS = frozenset(("affiliation", "most_recent_tweet_id", "pinned_tweet_id"))
PLAIN_FIELDS = frozenset(("media.fields", "poll.fields", "place.fields"))  # taken, and nothing here has any
NUMBER = re.compile(r"[0-9]{1,19}")
WHOLE = re.compile(r"[0-9]{1,9}")
HANDLE = re.compile(r"[A-Za-z0-9_]{1,15}")
TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z")


class Dialect(StrEnum):
    """Which words X takes and gives."""

    OLD = "old words only"
    NEW = "new words only"
    ASKED = "both are taken; the answer is in those of the question"
    RENAMED = "both are taken; the answer is in the new ones"


@dataclass(frozen=True)
class Form:
    """What one endpoint takes."""

    names: frozenset[str] = frozenset()
    posts: bool = False  # gives posts: takes their fields and expansions
    users: bool = False
    usage: bool = False
    results: tuple[int, int] = (0, 0)  # least and most of max_results
    needed: str = ""


@dataclass
class Params:
    """What was asked, in the old words."""

    plain: dict[str, str] = field(default_factory=dict)
    post_fields: frozenset[str] = frozenset()
    user_fields: frozenset[str] = frozenset()
    usage_fields: frozenset[str] = frozenset()
    expansions: frozenset[str] = frozenset()
    max_results: int = 10
    new_words: bool = False  # in the answer

    def number(self, name: str) -> int | None:
        """An id, None if it was not given. Raises Problem if it is none."""
        value = self.plain.get(name)
        if value is None:
            return None
        if not NUMBER.fullmatch(value):
            raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
        return int(value)

    def time(self, name: str) -> datetime | None:
        """A time in whole seconds, None if it was not given. Raises Problem if it is none."""
        value = self.plain.get(name)
        if value is None:
            return None
        found = TIME.fullmatch(value)
        try:
            return datetime.fromisoformat(found[1]).replace(tzinfo=UTC) if found else _no_time(value)
        except ValueError:
            message = f"The `{name}` query parameter value [{value}] is not a valid ISO 8601 time in UTC"
            raise invalid(message, **{name: value}) from None

    def listed(self, name: str, shape: re.Pattern[str]) -> list[str]:
        """1 to 100 values parted by commas, each of that shape. Raises Problem otherwise."""
        values = self.plain[name].split(",")
        if len(values) > 100:
            message = f"The number of values in the `{name}` query parameter list [{len(values)}] is not between 1 and"
            raise invalid(f"{message} 100", **{name: self.plain[name]})
        for value in values:
            if not shape.fullmatch(value):
                raise invalid(f"The `{name}` query parameter value [{value}] is not valid", **{name: value})
        return values


@dataclass
class Asked:
    """One call that is let in. `caller` is None for the app, `native_id` the id in the path."""

    params: Params
    now: datetime
    caller: Account | None = None
    native_id: str = ""
    path: str = ""
    body: Any = None
    empty_page: bool = False

    @property
    def who(self) -> str:
        """The handle that calls, "" for the app."""
        return self.caller.handle if self.caller else ""


def _no_time(value: str) -> datetime:
    raise ValueError(value)


def read(form: Form, pairs: Sequence[tuple[str, str]], dialect: Dialect) -> Params:
    """The parameters of a call. Raises Problem (400) for what the endpoint does not know or may not be given."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if name in values:
            raise invalid(f"The query parameter [{name}] is given more than once", **{name: value})
        values[name] = value
    new = _new_words(values, dialect)
    params = Params(new_words=dialect in (Dialect.NEW, Dialect.RENAMED) or (dialect is Dialect.ASKED and new))
    if form.posts or form.users:
        params.post_fields = _fields(values, "post.fields" if new else "tweet.fields", POST_FIELDS, new)
        params.user_fields = _fields(values, "user.fields", USER_FIELDS, new)
        known = POST_EXPANSIONS if form.posts else USER_EXPANSIONS
        params.expansions = _fields(values, "expansions", known, new)
    if form.usage:
        params.usage_fields = _fields(values, "usage.fields", USAGE_FIELDS, new)
    if form.posts:
        values = {name: value for name, value in values.items() if name not in PLAIN_FIELDS}
    _check_names(form, values)
    params.plain = values
    params.max_results = _results(form, values)
    return params


def _new_words(values: dict[str, str], dialect: Dialect) -> bool:
    old, new = "tweet.fields" in values, "post.fields" in values
    unknown = "post.fields" if new and (dialect is Dialect.OLD or old) else "tweet.fields"
    if (new and dialect is Dialect.OLD) or (old and dialect is Dialect.NEW) or (old and new):
        raise invalid(f"The query parameter [{unknown}] is not known", **{unknown: values[unknown]})
    return dialect is Dialect.NEW or (new and dialect is not Dialect.OLD)


def _fields(values: dict[str, str], name: str, known: frozenset[str], new: bool) -> frozenset[str]:
    """Pick a list of fields out of `values`; the answer is in the old words."""
    if name not in values:
        return frozenset()
    words = {RENAMED.get(word, word) if new else word: word for word in known}
    asked = values.pop(name).split(",")
    for word in asked:
        if word not in words:
            among = ",".join(sorted(words))
            raise invalid(f"The `{name}` query parameter value [{word}] is not one of [{among}]", **{name: word})
    return frozenset(words[word] for word in asked)


def _check_names(form: Form, values: dict[str, str]) -> None:
    for name, value in values.items():
        if name not in form.names:
            among = ",".join(sorted(form.names))
            raise invalid(f"The query parameter [{name}] is not one of [{among}]", **{name: value})
        if not value:
            raise invalid(f"The `{name}` query parameter can not be empty", **{name: value})
    if form.needed and form.needed not in values:
        raise invalid(f"The `{form.needed}` query parameter can not be empty", **{form.needed: ""})


def _results(form: Form, values: dict[str, str]) -> int:
    least, most = form.results
    value = values.get("max_results", "10")
    number = int(value) if WHOLE.fullmatch(value) else -1
    if form.results != (0, 0) and not least <= number <= most:
        message = f"The `max_results` query parameter value [{value}] is not between {least} and {most}"
        raise invalid(message, max_results=value)
    return number
