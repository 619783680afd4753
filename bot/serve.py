"""Long-running commands: worker and console in one process or apart, and the rehearsal."""

from __future__ import annotations

import fcntl
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType

import structlog
import uvicorn
from sqlalchemy import Connection

from bot import plans
from bot.console.app import ConsoleOptions, create_app
from bot.desk.passwords import hashed
from bot.networks.rehearsal import Remote
from bot.networks.rehearsal.script import settings_text
from bot.plans import NotPossible
from bot.rehearse import Player
from bot.settings import Settings
from bot.store import board, people, schema, sessions
from bot.store.engine import Store
from bot.worker import Worker

NOTICE = "This is the rehearsal: everybody in it is invented, and nothing leaves this machine."
LINK_LASTS = timedelta(hours=12)
STOPS_WITHIN = 8.0  # seconds; a supervisor kills after ten
QUIET = ("httpx", "httpcore", "tweepy", "oauthlib", "requests_oauthlib", "urllib3", "alembic", "apprise")
Beside = Callable[[Store, threading.Event], Callable[[], None]]  # starts something, and gives what stops it
log = structlog.get_logger()


class NotWhole(Exception):
    """The rehearsal did not come to what its script says; the text is one sentence."""


def start_logging() -> None:
    """One line an event on standard error; libraries that print headers are kept quiet."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it warns of every tick that is still at work
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%H:%M:%S"),
            structlog.dev.ConsoleRenderer(  # its own choice of traceback shows local variables, secrets among them
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database of the settings, brought up to date."""
    store = Store(settings.database)
    try:
        if schema.migrate(store):
            log.info("database brought up to date", version=schema.newest())
        yield store
    finally:
        store.close()


def run(
    settings: Settings, *, worker: bool = True, console: bool = True, beside: Beside | None = None, notice: str = ""
) -> None:
    """Worker and console until SIGTERM or Ctrl-C. `beside` starts with them, and may end them by the event."""
    if console:
        port_is_free(settings)
    ended = _end_on_signal()
    with opened(settings) as store:
        working = Worker(store, settings) if worker else None
        stop_beside = beside(store, ended) if beside is not None else lambda: None
        try:
            if working is not None:
                working.start()
            if console:
                _serve(settings, store, ended, notice)
            else:
                _wait(ended)
        finally:
            stop_beside()
            if working is not None and not working.stop(STOPS_WITHIN):
                log.warning("stopped while a call was under way; it is settled at the next start")


def port_is_free(settings: Settings) -> None:
    """Raise NotPossible, with what to do, if the console cannot listen where it should."""
    place = (settings.console.host, settings.console.port)
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as failure:
            raise NotPossible(
                f"The console cannot listen on {settings.console.listen} ({failure.strerror}): stop the program that "
                "uses it, or set another [console] listen (`backchannel rehearse --listen HOST:PORT`)."
            ) from failure


def _serve(settings: Settings, store: Store, ended: threading.Event, notice: str) -> None:
    secure = settings.console.public_url.startswith("https:")
    options = ConsoleOptions(settings.console.public_url, secure, settings.console.session_hours, notice)
    app = create_app(store, options)
    config = uvicorn.Config(
        app, host=settings.console.host, port=settings.console.port, log_level="warning", access_log=False,
        timeout_graceful_shutdown=3, server_header=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    link = sign_in_link(settings, store)  # before the thread: if the database refuses, nothing is left running
    # In a thread of its own: in the main one it would end the process on SIGTERM before the worker has stopped.
    serving = threading.Thread(target=server.run, name="console")
    serving.start()
    _wait(ended, lambda: serving.is_alive() and not server.started, every=0.02)
    if server.started:
        _say(f"\n  Console:  {settings.console.public_url}")
        _say(f"  Sign in:  {link}   (works once)\n")
    _wait(ended, serving.is_alive)
    app.state.console.ticker.end()  # open pages hold their streams for ever otherwise
    server.should_exit = True
    serving.join()
    if not ended.is_set():
        raise NotPossible(f"The console could not go on listening on {settings.console.listen}: see the lines above.")


def sign_in_link(settings: Settings, store: Store) -> str:
    """A one-time sign-in link for the owner of this console, who is added if need be."""
    with store.write() as tx:
        now = store.now(tx)
        return _link(settings, tx, now, people.first_owner(tx, now))


def appoint(
    settings: Settings, store: Store, name: str, role: str | None, password: str | None, slug: str | None = None
) -> str:
    """Add a person, or change the one of that name, in one event or in all; a one-time sign-in link.

    Raises ValueError, in words for a person.
    """
    kept = hashed(password, name) if password is not None else None
    with store.write() as tx:
        now = store.now(tx)
        plans.lay_out(tx, now, settings)  # the events may be new
        event_ids = None if slug is None else [_event(tx, slug)]
        there = people.by_name(tx, people.tidy_name(name))
        person_id = there.id if there else people.add(tx, now, name, role or "facilitator", event_ids=event_ids)
        if there and role is not None:
            people.appoint(tx, person_id, role, event_ids)
        if kept is not None:
            people.keep_password(tx, person_id, kept)
        return _link(settings, tx, now, person_id)


def _event(tx: Connection, slug: str) -> int:
    events = {row.slug: int(row.id) for row in board.events(tx)}
    if slug not in events:
        raise ValueError(f"There is no event “{slug}”. The settings name {', '.join(sorted(events)) or 'none'}.")
    return events[slug]


def _link(settings: Settings, tx: Connection, now: datetime, person_id: int) -> str:
    token = sessions.new_ticket(tx, now, person_id, LINK_LASTS)
    return f"{settings.console.public_url.rstrip('/')}/in/{token}"


def _end_on_signal() -> threading.Event:
    ended = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    return ended


def _wait(ended: threading.Event, while_true: Callable[[], bool] = lambda: True, every: float = 0.5) -> None:
    while while_true() and not ended.wait(every):
        pass


def _say(words: str) -> None:
    print(words, flush=True)


def rehearsal_settings(folder: Path, speed: float, faults: float, listen: str | None) -> Path:
    """Write the packaged settings into a folder, with waits that fit the speed; the file."""
    text = settings_text().replace("var/rehearsal", folder.as_posix())
    if speed > 1:
        text = text.replace("seconds = 2,", f"seconds = {max(0.3, 2 / speed):.2f},")
    if listen:
        text = text.replace("127.0.0.1:8000", listen)
    if faults:
        text += "".join(
            f"\n[networks.{name}.rehearsal.faults]\nseed = 7\nsend = {faults}\nread = {faults / 4}\n"
            for name in ("x", "mastodon", "bluesky")
        )
    file = folder / "settings.toml"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def rehearse(settings: Settings, folder: Path, *, speed: float, keep: bool, leave: bool) -> None:
    """Play the packaged event through worker and console; `leave` ends the program with the script.

    Raises NotWhole if the script could not be played to its end, or not all of it came out.
    """
    players: list[Player] = []

    def play(store: Store, ended: threading.Event) -> Callable[[], None]:
        remote = Remote(folder / "remote.db")
        player = Player(remote, store, _say, speed=speed)
        players.append(player)
        player.start()
        if leave:
            threading.Thread(target=_end_with, args=(player, ended), daemon=True).start()
        return player.stop

    port_is_free(settings)  # before anything is erased: a rehearsal that runs keeps its data
    with alone(folder):
        if not keep:
            erase_rehearsal(folder)
        run(settings, beside=play, notice=NOTICE)
        if not keep:
            erase_rehearsal(folder)
    for player in players:
        _judge(player)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Raise NotPossible if another rehearsal uses this folder; its data would be erased under it."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failure:
            raise NotPossible(
                f"A rehearsal is running in {folder}: stop it first, or name another folder with --folder."
            ) from failure
        yield


def _judge(player: Player) -> None:
    if player.failure is not None:
        raise NotWhole(f"The rehearsal stopped: {player.failure}") from player.failure
    if player.report.missed:
        raise NotWhole(f"The rehearsal did not come out whole: {player.report.missed[0]}")


def _end_with(player: Player, ended: threading.Event) -> None:
    player.join()
    ended.set()


def erase_rehearsal(folder: Path) -> None:
    """Remove what a rehearsal left, and only that."""
    for name in ("backchannel.db", "remote.db"):
        for ending in ("", "-wal", "-shm"):
            (folder / (name + ending)).unlink(missing_ok=True)
