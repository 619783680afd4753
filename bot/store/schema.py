"""The shape of the database: made, brought up to date, refused if it is newer than the program."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.store import events
from bot.store.engine import Store

LOCK = 727_465_011  # any number of ours: PostgreSQL lets one holder of it migrate at a time


class NewerDatabase(Exception):
    """The database was written by a newer version of the program. Its text says what to do."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("bot.store") / "migrations"))
    return config


def current(tx: Connection) -> str | None:
    """The revision the database is at, None if it is empty."""
    return MigrationContext.configure(tx).get_current_revision()


def newest() -> str:
    """The revision this program wants."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise LookupError("no migrations are packaged: the installation is broken, install Backchannel again")
    return head


def migrate(store: Store, to: str = "head") -> bool:
    """Bring the database up to date, or to an older revision; True if something changed. Raises NewerDatabase."""
    script = ScriptDirectory.from_config(_config())
    with store.write() as tx:
        if not store.sqlite:
            tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        now_at = current(tx)
        if now_at is not None and now_at not in {one.revision for one in script.walk_revisions()}:
            raise NewerDatabase(
                f"The database is at version {now_at}, which is newer than this program knows ({newest()}). "
                "Install the newer program again, or restore the backup from before the upgrade. Nothing was changed."
            )
        if now_at == newest():
            return False
        config = _config()
        config.attributes["connection"] = tx
        command.upgrade(config, to)
        events.prepare(tx)
        return True
