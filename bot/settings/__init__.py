"""config/*.toml and secrets from the environment -> typed, frozen settings; every mistake is reported at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from bot.settings.mistakes import EXAMPLE, Mistake, SettingsError, across, of_fields
from bot.settings.tables import (
    Alerts,
    Announce,
    Console,
    Engine,
    EventSettings,
    Links,
    Networks,
    NetworkSettings,
    Settings,
)

__all__ = [
    "DEFAULT_FILE",
    "Alerts",
    "Announce",
    "Console",
    "Engine",
    "EventSettings",
    "Links",
    "Mistake",
    "NetworkSettings",
    "Networks",
    "Settings",
    "SettingsError",
    "load",
]

DEFAULT_FILE = Path("config/backchannel.toml")
_MOST_BYTES = 1_000_000
ALERT_SECRETS = ("BACKCHANNEL_ALERTS", "BACKCHANNEL_HEARTBEAT")


def load(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of `path`, else of BACKCHANNEL_CONFIG, else of config/backchannel.toml.

    Secrets come from `environ`, else from the file of the same name that ends in .env. BACKCHANNEL_DATABASE, from
    either, takes the place of `database`, which may hold a password. Raises SettingsError with all mistakes.
    """
    file = path or Path(environ.get("BACKCHANNEL_CONFIG") or DEFAULT_FILE)
    raw = _read(file)
    kept, mistakes = _env_file(file.with_suffix(".env"))
    given = {**kept, **{key: value for key, value in environ.items() if value.strip()}}
    if given.get("BACKCHANNEL_DATABASE"):
        raw["database"] = given["BACKCHANNEL_DATABASE"]
    try:
        settings = Settings.model_validate(_with_defaults(raw))
    except ValidationError as error:
        mistakes += of_fields(str(file), error.errors(include_url=False))
    told = {mistake.key for mistake in mistakes}
    mistakes += [mistake for mistake in across(str(file), raw, given) if mistake.key not in told]
    if mistakes:
        raise SettingsError(mistakes)
    return _filled(settings, file, given)


def _read(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_BYTES + 1)
        if len(content) > _MOST_BYTES:
            raise SettingsError([Mistake(str(file), "file", "is larger than 1 MB.", "Name the settings file itself.")])
        return tomllib.loads(content.decode("utf-8-sig"))
    except FileNotFoundError as error:
        fix = f"Copy {EXAMPLE} there and edit it, or name another file with --config."
        raise SettingsError([Mistake(str(file), "file", "is not there.", fix)]) from error
    except UnicodeDecodeError as error:
        fix = "Save it as UTF-8 in your editor."
        raise SettingsError([Mistake(str(file), "file", "is not UTF-8 text.", fix)]) from error
    except OSError as error:
        wrong, fix = f"cannot be read ({error.strerror}).", "Name a file that this user may read."
        raise SettingsError([Mistake(str(file), "file", wrong, fix)]) from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError([_syntax(file, error)]) from error


def _syntax(file: Path, error: Exception) -> Mistake:
    found = re.search(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error), re.DOTALL)
    what = found[1] if found else "too many brackets inside each other"
    where = f"line {found[2]}, column {found[3]}" if found and found[2] else "end of the file"
    fix = "Look there: a text needs its quotes, a list its brackets, and each key stands once in its table."
    return Mistake(str(file), where, f"is not TOML: {what}.", fix)


def _env_file(file: Path) -> tuple[dict[str, str], list[Mistake]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}, []
    except (OSError, UnicodeDecodeError):
        fix = "Save it as UTF-8 and let this user read it."
        return {}, [Mistake(str(file), "file", "cannot be read.", fix)]
    kept: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for n, line in enumerate(lines, 1):
        found = re.fullmatch(r"(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)", line.strip())
        if found:
            kept[found[1]] = _unquoted(found[2])
        elif line.strip() and not line.strip().startswith("#"):
            mistakes.append(
                Mistake(str(file), f"line {n}", "is no NAME=value.", "Write one such line for each secret.")
            )
    return kept, mistakes


def _unquoted(value: str) -> str:
    quoted = re.fullmatch(r"(['\"])(.*)\1", value)
    return quoted[2] if quoted else value


def _with_defaults(raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` with the public address that follows from where the console listens."""
    console = raw.get("console")
    if not isinstance(console, dict) or "public_url" in console or not isinstance(console.get("listen"), str):
        return dict(raw)
    host, _, port = console["listen"].rpartition(":")
    near = "127.0.0.1" if host in ("0.0.0.0", "[::]", "") else host  # noqa: S104 (compared, not bound)
    return {**raw, "console": {**console, "public_url": f"http://{near}:{port}"}}


def _filled(settings: Settings, file: Path, given: Mapping[str, str]) -> Settings:
    connected = settings.networks.named()
    for name, network in connected.items():
        secrets = {} if network.stand_in else {key: given[key] for key in network.SECRETS}
        network._secrets = {key.removeprefix(f"{name.upper()}_").lower(): SecretStr(v) for key, v in secrets.items()}
    posters = tuple(name for name in ("x", "mastodon", "bluesky") if name in connected)
    events = tuple(_announced(event, posters) for event in settings.events)
    filled = settings.model_copy(update={"events": events})
    filled.alerts._secrets = {name: SecretStr(given[name]) for name in ALERT_SECRETS if name in given}
    filled._file, filled._advice = file, _advice(file.with_suffix(".env"))
    return filled


def _announced(event: EventSettings, posters: tuple[str, ...]) -> EventSettings:
    if event.announce.networks is not None:
        return event
    return event.model_copy(update={"announce": event.announce.model_copy(update={"networks": posters})})


def _advice(env: Path) -> tuple[str, ...]:
    if env.exists() and env.stat().st_mode & 0o077:
        return (f"{env} can be read by other users of this machine: chmod 600 {env}",)
    return ()
