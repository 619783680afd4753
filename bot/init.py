"""Asks for what a first event needs, and writes the settings and the secrets; nothing that is there is written over."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import PydanticCustomError

from bot.settings import SettingsError, forms, load
from bot.settings.tables import Networks, NetworkSettings

Ask = Callable[[str, str, bool], str]  # question, default ("" if there is none), whether it is a secret -> answer
Say = Callable[[str], None]
Form = Callable[[str], str]

USES = {
    "x": "Do you use X? It costs money to read and to post",
    "mastodon": "Do you use Mastodon?",
    "bluesky": "Do you use Bluesky?",
    "wordpress": "Is the live blog on WordPress?",
    "feed": "Is the live blog a feed or a page somewhere else?",
}
KEYS = {
    ("x", "account"): "The account on X that posts",
    ("mastodon", "api_url"): "The address of your Mastodon server, from https:// on",
    ("bluesky", "api_url"): "The address of your Bluesky server, from https:// on",
    ("bluesky", "account"): "Your handle on Bluesky",
    ("wordpress", "api_url"): "The address of the WordPress site, from https:// on",
}
USUAL = {("bluesky", "api_url"): "https://bsky.social"}
HEAD = """# Backchannel's settings, as `backchannel init` asked for them. Every other key is explained in
# backchannel.example.toml, with the value that it has while it is not here. Secrets stand in the file beside this one
# that ends in .env.
"""


class NotBegun(Exception):
    """Nothing was written; the text is a sentence or two that say why and what to do."""


def begin(file: Path, ask: Ask, say: Say) -> tuple[Path, Path]:
    """Ask, write the settings file and its .env (readable by its owner alone); both paths.

    A wrong answer is said and asked for again. Raises NotBegun if one of the files is there, and OSError.
    """
    secrets_file = file.with_suffix(".env")
    for one in (file, secrets_file):
        if one.exists():
            raise NotBegun(f"{one} is there already, and nothing is written over. Edit it, or move it away first.")
    asking = _Asking(ask, say)
    event = _event(asking)
    networks, secrets = _networks(asking)
    if any(name in networks for name in ("wordpress", "feed")):
        event["live_blog"] = asking("The address of the live blog, as a person copies it", "", forms.web_address)
    _write({file: _toml(event, networks), secrets_file: _lines(secrets)}, file)
    return file, secrets_file


class _Asking:
    """Asks until an answer has the form it must have."""

    def __init__(self, ask: Ask, say: Say) -> None:
        self._ask, self._say = ask, say

    def __call__(self, question: str, default: str = "", form: Form = forms.line, *, secret: bool = False) -> str:
        while True:
            answer = self._ask(question, default, secret).strip()
            try:
                return form(answer)
            except PydanticCustomError as wrong:
                told = wrong.context or {}
                self._say(f"That {told.get('wrong', 'is not right.')} {told.get('fix', '')}".rstrip())

    def whether(self, question: str) -> bool:
        return self(f"{question} (yes or no)", "no", _yes_or_no) == "yes"


def _yes_or_no(text: str) -> str:
    found = {"y": "yes", "yes": "yes", "n": "no", "no": "no"}.get(text.lower())
    if found is None:
        raise forms.wrong("is neither yes nor no.", "Write yes or no.")
    return found


def _event(asking: _Asking) -> dict[str, Any]:
    name = asking("What is the event called?")
    word = "-".join(re.findall("[a-z0-9]+", name.lower()))[:80].strip("-")
    asked = {
        "slug": asking("Its word in addresses, which never changes", word or "event", forms.slug),
        "name": name,
        "timezone": asking("Its time zone", _zone_here(), forms.timezone),
        "hashtags": [asking("Its hashtag, without the hash sign", "", lambda text: forms.hashtag(text.lstrip("#＃")))],
        "starts": asking("When does it start? (such as 2026-07-12 09:00)", "", _instant),
    }
    return asked | {"ends": asking("When does it end?", "", lambda text: _after(_instant(text), str(asked["starts"])))}


def _after(ends: str, starts: str) -> str:
    if ends <= starts:
        raise forms.wrong("is not after the start.", "Write the later time here.")
    return ends


def _zone_here() -> str:
    place = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    return place if forms.zone(place) else "Europe/London"


def _instant(text: str) -> str:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes") + ":00"
    except ValueError:
        raise forms.wrong("is no day and time.", "Write the day and the time, such as 2026-07-12 09:00.") from None


def _networks(asking: _Asking) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    networks: dict[str, dict[str, str]] = {}
    secrets: dict[str, str] = {}
    for name, model in _models().items():
        if (name == "feed" and "wordpress" in networks) or not asking.whether(USES[name]):
            continue
        networks[name] = {key: asking(KEYS[name, key], USUAL.get((name, key), ""), FORMS[key]) for key in model.NEEDS}
        secrets |= {secret: asking(secret, secret=True) for secret in model.SECRETS}
    if not networks:
        raise NotBegun("No network was chosen, so there would be nothing to do. Run it again and say yes to one.")
    return networks, secrets


def _models() -> Mapping[str, type[NetworkSettings]]:
    models = {model.__name__.lower(): model for model in NetworkSettings.__subclasses__()}
    return {name: models[name] for name in Networks.model_fields}


def _account(text: str) -> str:
    return forms.line(text).lstrip("@")


FORMS: Mapping[str, Form] = {"api_url": forms.web_address, "account": _account}


def _toml(event: Mapping[str, Any], networks: Mapping[str, Mapping[str, str]]) -> str:
    lines = [HEAD]
    for name, keys in networks.items():
        lines += [f"[networks.{name}]", *(f"{key} = {_value(value)}" for key, value in keys.items()), ""]
    times = ("starts", "ends")
    lines += ["[[events]]", *(f"{key} = {value if key in times else _value(value)}" for key, value in event.items())]
    return "\n".join([*lines, ""])


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)  # a string or a list of strings of JSON is one of TOML


def _lines(secrets: Mapping[str, str]) -> str:
    return "".join(f'{name}="{value}"\n' for name, value in secrets.items())


def _write(texts: Mapping[Path, str], file: Path) -> None:
    """Both files or none, read back as the program will read them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    try:
        for place, text in texts.items():
            made.append(place)
            with os.fdopen(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
                out.write(text)
        load(file, {})
    except FileExistsError as taken:
        made.pop()
        _remove(made)
        raise NotBegun(f"{taken.filename} was made by somebody else meanwhile, and nothing is written over.") from taken
    except SettingsError as failure:
        _remove(made)
        raise NotBegun(f"These answers do not fit together, so nothing was written. {failure}") from failure
    except OSError:
        _remove(made)
        raise


def _remove(made: list[Path]) -> None:
    for place in made:
        place.unlink(missing_ok=True)
