"""The tables of the settings file, as frozen values with a type and a default for every key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    model_validator,
)

from bot.settings import forms

_Listed = BeforeValidator(lambda value: tuple(value) if isinstance(value, list) else value)
Line = Annotated[str, AfterValidator(forms.line)]
Lines = Annotated[tuple[Line, ...], _Listed, AfterValidator(forms.once)]
Address = Annotated[str, AfterValidator(forms.web_address)]
Addresses = Annotated[tuple[Address, ...], _Listed, AfterValidator(forms.once)]
Hashtags = Annotated[tuple[Annotated[str, AfterValidator(forms.hashtag)], ...], _Listed, AfterValidator(forms.once)]
Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Poster = Literal["x", "mastodon", "bluesky"]
LinkUse = Literal["never", "always"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Console(_Frozen):
    """Where the console listens and under which address people reach it."""

    listen: Annotated[str, AfterValidator(forms.listen)] = "127.0.0.1:8000"
    public_url: Address = "http://127.0.0.1:8000"
    session_hours: Annotated[int, Field(ge=1, le=720)] = 16

    @property
    def host(self) -> str:
        """The host to bind, an IPv6 address without its brackets."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port to bind."""
        return int(self.listen.rpartition(":")[2])


class Engine(_Frozen):
    """The time limits of the work, in seconds, and how much is done at once."""

    deadline_seconds: Seconds = 15.0
    lease_seconds: Seconds = 60.0
    tick_seconds: Annotated[float, Field(ge=0.05, le=60)] = 0.5
    look_again_seconds: Seconds = 20.0
    unsure_looks: Annotated[int, Field(ge=1, le=20)] = 3
    slots: Annotated[int, Field(ge=1, le=32)] = 4


class Alerts(_Frozen):
    """When people are told outside the console that one of them is needed; where is a secret."""

    after_seconds: Annotated[float, Field(ge=0, le=86400, allow_inf_nan=False)] = 60.0
    repeat_minutes: Annotated[float, Field(ge=1, le=1440, allow_inf_nan=False)] = 60.0
    _secrets: dict[str, SecretStr] = PrivateAttr(default_factory=dict)

    @property
    def channels(self) -> tuple[str, ...]:
        """Addresses in apprise's form, with their secrets in the clear."""
        return tuple(self._secret("BACKCHANNEL_ALERTS").split())

    @property
    def heartbeat(self) -> str:
        """The address that is asked for once a minute while all goes on; "" if none is."""
        return self._secret("BACKCHANNEL_HEARTBEAT").strip()

    def _secret(self, name: str) -> str:
        return self._secrets[name].get_secret_value() if name in self._secrets else ""


class NetworkSettings(_Frozen):
    """What every network is opened with. `rehearsal` is told to a stand-in only."""

    SECRETS: ClassVar[tuple[str, ...]] = ()
    NEEDS: ClassVar[tuple[str, ...]] = ()
    api_url: Annotated[str, AfterValidator(forms.api_address)] = ""
    account: Annotated[str, AfterValidator(lambda text: forms.line(text).lstrip("@"))] = ""
    rehearsal: dict[str, Any] = {}
    _secrets: dict[str, SecretStr] = PrivateAttr(default_factory=dict)

    @property
    def stand_in(self) -> bool:
        """Whether the rehearsal plays this network."""
        return self.api_url.startswith(forms.STAND_IN)

    def secrets(self) -> dict[str, str]:
        """The secrets in the clear, by the end of their name: ``app_password`` for WORDPRESS_APP_PASSWORD."""
        return {name: secret.get_secret_value() for name, secret in self._secrets.items()}

    def extra(self) -> dict[str, Any]:
        """The settings that only this network knows, as plain values."""
        return {**self.model_dump(mode="json", exclude={"api_url", "account", "rehearsal"}), **self.rehearsal}


class X(NetworkSettings):
    """X: reading and posting cost money, so it has a budget."""

    SECRETS = ("X_BEARER_TOKEN", "X_API_KEY", "X_API_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_SECRET")
    NEEDS = ("account",)
    api_url: Annotated[str, AfterValidator(forms.api_address)] = "https://api.x.com"
    monthly_budget_usd: Money = 50.0
    reserve_for_posts_usd: Money = 10.0
    names: Literal["off", "questions", "all"] = "questions"
    mentions_price: Literal["check", "standard", "owned"] = "check"
    read: Literal["all", "mentions"] = "all"
    length: Annotated[int, Field(ge=1, le=25000)] = 280
    prices: dict[Literal["post", "owned", "user", "create", "create_with_link", "delete", "alt_text"], Money] = {}


class Mastodon(NetworkSettings):
    """Mastodon: our server, and others whose public hashtags are read too."""

    SECRETS = ("MASTODON_ACCESS_TOKEN",)
    NEEDS = ("api_url",)
    also_read: Addresses = ()


class Bluesky(NetworkSettings):
    """Bluesky: our personal data server and handle."""

    SECRETS = ("BLUESKY_APP_PASSWORD",)
    NEEDS = ("api_url", "account")


class WordPress(NetworkSettings):
    """WordPress: the site; its REST root is discovered."""

    SECRETS = ("WORDPRESS_USER", "WORDPRESS_APP_PASSWORD")
    NEEDS = ("api_url",)


class Feed(NetworkSettings):
    """A live blog at any public address: a feed or a page; nothing to configure."""


class Networks(_Frozen):
    """The networks that are connected."""

    x: X | None = None
    mastodon: Mastodon | None = None
    bluesky: Bluesky | None = None
    wordpress: WordPress | None = None
    feed: Feed | None = None

    def named(self) -> dict[str, NetworkSettings]:
        """The connected ones by name."""
        return {name: getattr(self, name) for name in type(self).model_fields if getattr(self, name) is not None}


def blog_reader(address: str, named: Mapping[str, NetworkSettings]) -> str:
    """The network that reads the live blog at that address: wordpress its own site, feed any other; "" if none does."""
    if "wordpress" in named and "feed" in named:
        site = urlsplit(named["wordpress"].api_url)
        own = named["wordpress"].stand_in or urlsplit(address).netloc == site.netloc
        return "wordpress" if own else "feed"
    return next((name for name in ("wordpress", "feed") if name in named), "")


class Announce(_Frozen):
    """How entries go out: by themselves after `seconds`, or once approved. No `networks` means all that can post.

    Those of a burst go out `spacing_seconds` apart. An entry too long for one of `threads` goes there in parts.
    With `only_key_events` just those that the live blog marks as such are announced.
    """

    mode: Literal["grace", "approve"] = "approve"
    seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 60.0
    networks: Annotated[tuple[Poster, ...], _Listed, AfterValidator(forms.once)] | None = None
    threads: Annotated[tuple[Poster, ...], _Listed, AfterValidator(forms.once)] = ()
    spacing_seconds: Annotated[float, Field(ge=0, le=3600, allow_inf_nan=False)] = 20.0
    pictures: bool = True
    only_key_events: bool = False


class Links(_Frozen):
    """Whether a post carries the link to its entry; ``never`` on X makes words of the addresses in its text too."""

    x: LinkUse = "never"
    mastodon: LinkUse = "always"
    bluesky: LinkUse = "always"


class EventSettings(_Frozen):
    """One occasion. Times without an offset are taken in the event's own time zone."""

    slug: Annotated[str, AfterValidator(forms.slug)]
    name: Line
    timezone: Annotated[str, AfterValidator(forms.timezone)]
    hashtags: Hashtags = ()
    live_blog: Address | None = None
    comments: bool = True
    themes: Lines = ()
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    first_read: Literal["now", "all"] | AwareDatetime | Annotated[int, Field(ge=0, le=527040)] = "now"
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    private_days: Annotated[int, Field(ge=1, le=3650)] = 7
    raw_days: Annotated[int, Field(ge=1, le=3650)] = 14
    announce: Announce = Announce()
    links: Links = Links()
    contact_routes: Line | None = None
    poll_seconds: Annotated[float, Field(ge=1, le=3600, allow_inf_nan=False)] = 30.0

    @model_validator(mode="before")
    @classmethod
    def _in_its_zone(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        zone = forms.zone(data.get("timezone"))
        return {
            **data,
            **{key: forms.aware(data[key], zone) for key in ("starts", "ends", "first_read") if key in data},
        }

    def since(self, now: datetime) -> datetime | None:
        """From when on a first read takes what it finds for new; None means from the beginning."""
        if isinstance(self.first_read, datetime):
            return self.first_read
        if isinstance(self.first_read, int):
            return now - timedelta(minutes=self.first_read)
        return now if self.first_read == "now" else None


class Settings(_Frozen):
    """All of it. `file` is where it was read from, `advice` what could be better (sentences)."""

    database: Annotated[str, AfterValidator(forms.database), Field(repr=False)] = "sqlite:///var/backchannel.db"
    console: Console = Console()
    engine: Engine = Engine()
    alerts: Alerts = Alerts()
    networks: Networks = Networks()
    events: Annotated[tuple[EventSettings, ...], _Listed, Field(min_length=1)]
    _file: Path = PrivateAttr(default=Path())
    _advice: tuple[str, ...] = PrivateAttr(default=())

    @property
    def file(self) -> Path:
        """Where the settings were read from."""
        return self._file

    @property
    def advice(self) -> tuple[str, ...]:
        """What could be better, in sentences."""
        return self._advice
