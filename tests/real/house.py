"""The whole program before real servers: settings as a person writes them, a worker that is ticked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from bot import deliver
from bot.settings import Settings, load
from bot.store import events, schema
from bot.store.engine import Store
from bot.worker import Worker
from tests.flows.program import free_port

Tables = Mapping[str, Mapping[str, str]]  # keys of each network's table
SETTINGS = """
database = "sqlite:///{folder}/backchannel.db"
[console]
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
[engine]
look_again_seconds = 0.1
{networks}
[[events]]
slug = "peer-support"
name = "Q Lab peer support workshop"
hashtags = ["{hashtag}"]
{live_blog}
timezone = "Europe/London"
first_read = "all"
announce = {{ mode = "grace", seconds = 0, spacing_seconds = 0{announce} }}
"""


def written(
    folder: Path, tables: Tables, *, live_blog: str = "", hashtag: str = "QLabs", announce: str = ""
) -> tuple[Path, int]:
    """The settings in a file of the folder, and the console's port. `announce` is more of that table."""
    lines = []
    for name, keys in tables.items():
        lines += [f"[networks.{name}]", *(f'{key} = "{value}"' for key, value in keys.items())]
    file, port = folder / "settings.toml", free_port()
    blog = f'live_blog = "{live_blog}"' if live_blog else ""
    more = f", {announce}" if announce else ""
    words = {"networks": "\n".join(lines), "live_blog": blog, "hashtag": hashtag, "announce": more}
    file.write_text(SETTINGS.format(folder=folder, port=port, **words), encoding="utf-8")
    return file, port


class House:
    """A worker on a database of its own. Its clock is the machine's, but for what a test lets pass."""

    def __init__(self, folder: Path, tables: Tables, secrets: Mapping[str, str], **words: str) -> None:
        file, self.port = written(folder, tables, **words)
        self.settings: Settings = load(file, dict(secrets))
        self.passed = timedelta()
        self.store = Store(self.settings.database, self.now)
        schema.migrate(self.store)
        self.worker = Worker(self.store, self.settings)

    def now(self) -> datetime:
        """The time here."""
        return datetime.now(UTC) + self.passed

    def read(self, *names: str) -> None:
        """Read every source of these networks now."""
        with self.store.write() as tx:
            events.wake(tx, self.store.now(tx))
        for name in names:
            self.worker.read(name)

    def send(self) -> None:
        """Send what is due, on all networks at once."""
        deliver.end_grace(self.store)
        with ThreadPoolExecutor(len(self.worker.senders)) as hands:
            list(hands.map(self.worker.send, self.worker.senders))

    def rows(self, wanted: Any) -> list[Row[Any]]:
        """What a query gives."""
        with self.store.read() as tx:
            return list(tx.execute(wanted).all())

    def count(self, *where: object) -> int:
        """How many rows of one table fulfil the conditions; the first one names the table."""
        return int(self.rows(select(func.count()).where(*where))[0][0])  # type: ignore[arg-type]

    def close(self) -> None:
        """Let go of everything."""
        self.worker.stop()
        self.store.close()


def of_blog(secrets: Mapping[str, str]) -> dict[str, str]:
    """The credentials of the blog under the names that settings use."""
    return {"WORDPRESS_USER": secrets["user"], "WORDPRESS_APP_PASSWORD": secrets["app_password"]}
