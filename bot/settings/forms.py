"""The forms that values take: each function returns the value made tidy, or says what is wrong and how to fix it."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

STAND_IN = "rehearsal:"


def wrong(wrong: str, fix: str) -> PydanticCustomError:
    """What a form raises: two sentences."""
    return PydanticCustomError("wrong", "{wrong}", {"wrong": wrong, "fix": fix})


def line(text: str) -> str:
    """One line of plain text, NFC, 1 to 1000 characters."""
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise wrong("is empty.", "Write at least one character.")
    if len(text) > 1000:
        raise wrong(f"has {len(text)} characters.", "Shorten it to 1000 at most.")
    if any(unicodedata.category(char) in ("Cc", "Cs") for char in text):
        raise wrong("holds a control character.", "Write it as one line of plain text.")
    return text


def slug(text: str) -> str:
    """A word for addresses: a-z, 0-9 and single hyphens."""
    if len(text) > 80 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        words = re.findall("[a-z0-9]+", text.lower())
        like = "-".join(words)[:80].strip("-") or "peer-support"
        raise wrong(f"{shown(text)} cannot stand in an address.", f'Use a-z, 0-9 and single hyphens, such as "{like}".')
    return text


def hashtag(text: str) -> str:
    """A hashtag of any script, without its hash sign."""
    bare = unicodedata.normalize("NFC", text).strip().lstrip("#＃")
    fits = all(unicodedata.category(char)[0] in "LMN" or char in "_·\u200c\u200d" for char in bare)
    if not fits or not bare or bare.isdecimal() or len(bare) > 100:
        raise wrong(f"{shown(text)} is no hashtag.", "Use letters, digits and _, not digits alone, no spaces.")
    if bare != unicodedata.normalize("NFC", text).strip():
        raise wrong(f"{shown(text)} begins with the hash sign.", f'Leave it out: "{bare}".')
    return bare


def timezone(name: str) -> str:
    """A name of the IANA list."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        fix = "Write a name of the IANA time zone list, such as Europe/London."
        raise wrong(f"{shown(name)} is no time zone.", fix) from error
    return name


def web_address(url: str) -> str:
    """https, or plain http on loopback; no user name or password in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", url):
        fix = "Copy the whole address from the browser, from https:// on."
        raise wrong(f"{shown(url)} is no web address.", fix)
    if parts.username is not None or parts.password is not None:
        raise wrong("holds a user name or password.", "Leave them out; secrets belong in the environment.")
    if parts.scheme == "http" and not loopback(host):
        fix = f"Write https://{host}/... (plain http is accepted for 127.0.0.1 and localhost only)."
        raise wrong(f"{shown(url)} is not encrypted.", fix)
    return url


def api_address(url: str) -> str:
    """A web address, or ``rehearsal:FILE`` for a stand-in."""
    if url.startswith(STAND_IN):
        if not url.removeprefix(STAND_IN).strip():
            raise wrong(f'"{STAND_IN}" names no file.', f'Write "{STAND_IN}var/remote.db".')
        return url
    return web_address(url)


def loopback(host: str) -> bool:
    """Whether that host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def listen(text: str) -> str:
    """``host:port``."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 1 <= int(port) <= 65535 or re.search(r"[\s/]", host):
        raise wrong(f"{shown(text)} is no place to listen.", 'Write host and port, such as "127.0.0.1:8000".')
    return text


def database(url: str) -> str:
    """A SQLite file or a PostgreSQL address for psycopg. It may hold a password, so it is never shown."""
    if re.fullmatch(r"sqlite:///[^?\x00]+", url) and not url.endswith(":memory:"):
        return url
    if re.fullmatch(r"postgresql\+psycopg://[^\s\x00]+", url):
        return url
    if re.match(r"postgres(ql)?(\+\w+)?://", url):
        raise wrong("names another PostgreSQL driver.", "Begin it with postgresql+psycopg://.")
    fix = "Write sqlite:///var/backchannel.db, or postgresql+psycopg://user@host/name."
    raise wrong("is no database address that can be kept.", fix)


def once(values: tuple[str, ...]) -> tuple[str, ...]:
    """Values none of which is there twice, whatever their case."""
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:
            raise wrong(f"names {shown(value)} twice.", "Take one of them out.")
        seen.add(value.casefold())
    return values


def shown(value: object) -> str:
    """A value as a sentence can quote it: printable and short."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def zone(name: object) -> ZoneInfo | None:
    """The time zone of that name, None for a wrong one."""
    try:
        return ZoneInfo(timezone(name)) if isinstance(name, str) else None
    except PydanticCustomError:
        return None


def aware(value: Any, zone: ZoneInfo | None) -> Any:
    """A time in words, without a clock time or without an offset becomes an aware time; the rest stays as it is."""
    if isinstance(value, str) and value not in ("now", "all"):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=zone or UTC)  # a wrong zone is reported by itself
    return value
