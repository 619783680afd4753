"""The words of the house as frozen values. Every time is aware and in UTC; every text is NFC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Action(StrEnum):
    """What a delivery does to one part of one post on one network."""

    CREATE = "create"
    EDIT = "edit"
    DELETE = "delete"


class Kind(StrEnum):
    """What an item is to the people in the room."""

    QUESTION = "question"
    THOUGHT = "thought"
    NOISE = "noise"


class Standing(StrEnum):
    """Whether the world may see an item: its author, or a moderator of the blog, decides."""

    PUBLIC = "public"  # anyone can read it
    HELD = "held"  # awaiting approval on the blog; only moderators see it
    HIDDEN = "hidden"  # taken out of sight, might come back (spam folder, trash, protected account)
    GONE = "gone"  # deleted for good


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that is read on one network for one event.

    `kind` is ``hashtag``, ``mentions``, ``comments`` or ``liveblog``. `address` is the tag without
    its ``#``, the account, or the address a person copies from the browser.
    """

    id: int
    network: str
    kind: str
    address: str
    timezone: str = "UTC"
    since: datetime | None = None  # items written before this are stored as already seen


@dataclass(frozen=True, slots=True)
class Item:
    """Anything read, as it was. (network, native_id) is its identity and survives edits."""

    network: str
    native_id: str
    text: str
    author_id: str = ""
    author_name: str = ""
    author_handle: str = ""  # with its "@" where the network has handles
    written_at: datetime | None = None  # as the network says; it can lie
    url: str = ""
    lang: str = ""  # BCP 47 as the network says, "" if it says nothing
    parent_id: str = ""  # native id of what it replies to, else of what it quotes
    root_id: str = ""  # conversation, or the blog post that a comment hangs from
    standing: Standing = Standing.PUBLIC
    own: bool = False  # written by the account that we post with
    repost: bool = False
    marks: tuple[str, ...] = ()  # what its author asks of readers: values of `core.consent.Mark`
    copy_of: str = ""  # of a copy that a bridge made: native id or address of the original
    quoted_id: str = ""  # native id of the post that it quotes
    calls_us: bool = False  # it names our account or quotes one of our posts, as far as the network says


@dataclass(frozen=True, slots=True)
class Poison:
    """An item that could not be read. `raw` is at most 64 KiB of what arrived."""

    native_id: str
    raw: str
    error: str


@dataclass(frozen=True, slots=True)
class Covers:
    """Which stored items a page speaks of: one inside that is not on the page is suspected gone.

    `whole`: everything the source has. `since`: what was written at or after that time.
    `ids`: just these native ids.
    """

    whole: bool = False
    since: datetime | None = None
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to "what is new?". `cursor` is opaque to all but the network that made it.

    `more` asks to be read again at once: the edge that is already known was not reached yet.
    """

    items: tuple[Item, ...]
    cursor: str
    covers: Covers = Covers()
    poison: tuple[Poison, ...] = ()
    more: bool = False
    note: str = ""  # one sentence for the overview, such as "may miss small servers"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer about one stored item that was asked for again."""

    native_id: str
    standing: Standing
    item: Item | None = None  # its present form, where it can be read


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of an entry: its address and the description that its author gave, if any."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One update of a live blog as it stands on the page. It has no identity of its own there.

    `day` and `time` are the wall clock of the blog; `at` is the instant. `key` is set only by a
    source whose entries carry ids of their own (a plugin, a feed, "each new post").
    """

    day: str  # 2017-07-14
    time: str  # 13:00
    at: datetime
    title: str
    text: str
    pictures: tuple[Picture, ...] = ()
    key: str = ""
    link: str = ""
    key_event: bool = False  # its writer marked it as one of those that matter most


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The live blog as read once, in page order. `changed` is False if it is known to be as before.

    `whole` says that an absent entry is really gone. `newest_first` is the order of the page.
    """

    entries: tuple[Entry, ...]
    cursor: str
    changed: bool = True
    whole: bool = True
    newest_first: bool = True
    title: str = ""
    link: str = ""
    doubts: tuple[str, ...] = ()  # sentences: what a person must look at
    form: str = ""  # what it was read as, in words such as "a JSON Feed"
    marks: bool = False  # whether its form tells key events from other entries


@dataclass(frozen=True, slots=True)
class Limits:
    """What a network lets us do, for fitting and preview. `assumed` until the server was asked.

    `rule` names the way of counting in `core.text`: ``x``, ``mastodon``, ``bluesky`` or ``plain``.
    """

    rule: str
    length: int
    url_length: int = 23  # weight of any link, where links have a fixed weight
    max_bytes: int = 0  # UTF-8 bytes, 0 = no such limit
    cost_usd: float = 0.0  # of one post
    cost_with_link_usd: float = 0.0
    read_cost_usd: float = 0.0  # of asking about one post
    edits: bool = False
    deletes: bool = True
    replies: bool = True
    reply_needs_mention: bool = False  # only who mentioned our account, or quoted a post of ours, may be answered
    reply_note: str = ""  # when a reply will be refused, in words
    promise: str = ""  # what becomes of a post whose answer was lost, in words
    pictures: int = 0  # that one post may carry
    alt_length: int = 1000  # characters of a picture's description
    alt_cost_usd: float = 0.0  # of describing one picture
    assumed: bool = True


@dataclass(frozen=True, slots=True)
class Media:
    """A picture that goes out with a post: JPEG or PNG bytes small enough for every network, and its description."""

    hash: str  # SHA-256 of the bytes, in hex
    mime: str
    width: int  # pixels
    height: int
    alt: str
    content: bytes = field(repr=False)


AS_DRAFT = "draft"  # in place of what is answered: a page of ours on the blog, which only a person publishes there


@dataclass(frozen=True, slots=True)
class Delivery:
    """One action of one part of one post on one network: one call that must happen once.

    `key` is reserved before the first call and frozen: an idempotency key or a record key.
    `started_at` is the time of the first call, frozen too (a record's createdAt).
    """

    id: int
    network: str
    action: Action
    key: str
    text: str = ""
    link: str = ""
    lang: str = ""
    reply_to: str = ""  # native id of the item that is answered; AS_DRAFT
    reply_root: str = ""  # its root_id
    previous: str = ""  # remote id of the part before this one
    first: str = ""  # remote id of part one
    target: str = ""  # remote id that is edited or deleted
    started_at: datetime | None = None
    attempts: int = 0
    pictures: tuple[Media, ...] = ()  # in order; an edit without any leaves those that are there


@dataclass(frozen=True, slots=True)
class Receipt:
    """The proof of a delivery."""

    remote_id: str
    url: str
    at: datetime
    evidence: str = ""  # how we know, if not from the answer itself


@dataclass(frozen=True, slots=True)
class Reactions:
    """How often people answered, passed on (quotes included) and liked a post of ours."""

    replies: int = 0
    reposts: int = 0
    likes: int = 0

    @property
    def any(self) -> bool:
        """Whether there is anything that deleting the post would lose."""
        return bool(self.replies or self.reposts or self.likes)

    def __add__(self, other: Reactions) -> Reactions:
        return Reactions(self.replies + other.replies, self.reposts + other.reposts, self.likes + other.likes)


@dataclass(frozen=True, slots=True)
class HealthLine:
    """`level` is ok, warn or fail; `fix` says in one sentence what to do."""

    level: str
    what: str
    fix: str = ""
