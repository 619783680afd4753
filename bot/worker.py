"""Opens networks, ticks by APScheduler's clock, stops gracefully, and knows when a tick is stuck."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy.exc import SQLAlchemyError

from bot import alert, announce, collect, deliver, housekeep, illustrate, plans
from bot.channels import Apprised, Channels
from bot.networks.base import Network
from bot.networks.http import Http
from bot.settings import Settings
from bot.store import events, status
from bot.store.engine import Store

log = structlog.get_logger()
BURST = 50  # rows one tick settles before the others get their turn
Step = Callable[[], object]


def _channels(settings: Settings) -> Channels | None:
    try:
        return Apprised(settings.alerts.channels) if settings.alerts.channels else None
    except ValueError as failure:
        raise plans.NotPossible(str(failure)) from failure


class Worker:
    """Everything that happens by itself. Any number may run on one database."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.timing = plans.timing(settings)
        self._tick = settings.engine.tick_seconds
        self._alerts, self._public_url = settings.alerts, settings.console.public_url
        with store.write() as tx:
            plans.lay_out(tx, store.now(tx), settings)
            events.wake(tx, store.now(tx))  # the settings may ask for other intervals than those that were waited for
        self.readers = plans.open_networks(settings, store)  # three of each: a network is not shared by threads
        self.senders = plans.open_networks(settings, store)
        self.askers = plans.open_networks(settings, store)
        self.channels = _channels(settings)
        self._pulse = Http(settings.alerts.heartbeat) if settings.alerts.heartbeat else None
        self._stopping = threading.Event()
        self._began: dict[str, float] = {}
        self._scrubbed = 0
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(2 * len(self.readers) + 5)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to tick."""
        for name in self.readers:
            self._add(f"read {name}", self._tick, partial(self.read, name))
            self._add(f"send {name}", self._tick, partial(self.send, name))
        self._add("pictures", self._tick, self.illustrate)
        self._add("grace", self._tick, lambda: deliver.end_grace(self.store))
        self._add("keep house", max(1.0, self._tick), self.keep_house)
        self._add("wishes", max(1.0, self._tick), lambda: housekeep.grant(self.store, self.askers))
        if self.channels is not None:
            self._add("alerts", max(1.0, self._tick), self.alert)
        if self._pulse is not None:
            self._add("sign of life", 60.0, self.beat)
        self._add("forget", 3600.0, lambda: housekeep.forget(self.store))
        self._scheduler.start()

    def _add(self, name: str, seconds: float, step: Step) -> None:
        self._scheduler.add_job(
            self._run, "interval", args=(name, step), id=name, seconds=seconds, jitter=seconds / 10 or None
        )

    def _run(self, name: str, step: Step) -> None:
        if self._stopping.is_set():
            return
        self._began[name] = time.monotonic()
        try:
            step()
        except SQLAlchemyError as failure:
            cause = getattr(failure, "orig", None) or failure
            log.error("the database refused", tick=name, why=str(cause).splitlines()[0][:300])
        except Exception:
            log.exception("tick failed", tick=name)
        finally:
            self._began.pop(name, None)

    def stop(self, within: float = 10.0) -> bool:
        """Take nothing new on, let running calls end; False if some did not (their leases cover them)."""
        self._stopping.set()
        until = time.monotonic() + within
        if self._scheduler.running:
            self._scheduler.pause()
        while self._began and time.monotonic() < until:
            time.sleep(0.02)
        ended = not self._began
        if self._scheduler.running:
            self._scheduler.shutdown(wait=ended)
        for network in (*self.readers.values(), *self.senders.values(), *self.askers.values()):
            network.close()
        if self._pulse is not None:
            self._pulse.close()
        return ended

    def stuck(self) -> list[str]:
        """Ticks that have been at one row for longer than any call may take."""
        most = 2 * self.timing.lease.total_seconds()
        return [name for name, began in list(self._began.items()) if time.monotonic() - began > most]

    def read(self, name: str) -> None:
        """Read what is due on one network, its live blogs first."""
        network = self.readers[name]
        self._each(
            f"read {name}",
            lambda: announce.read_blog(self.store, network, name, self.timing),
            lambda: collect.read_one(self.store, network, name, self.timing),
        )
        housekeep.examine_due(self.store, name, network)
        housekeep.recheck(self.store, name, network)

    def send(self, name: str) -> None:
        """Send what is due on one network, and look for what may be out."""
        network = self.senders[name]
        self._each(
            f"send {name}",
            lambda: deliver.send_one(self.store, network, name, self.timing),
            lambda: deliver.look_one(self.store, network, name, self.timing),
        )

    def alert(self) -> None:
        """Note what needs a person, and tell what is due to be told."""
        if self.channels is not None:
            alert.look(self.store, timedelta(seconds=self._alerts.after_seconds))
            again = timedelta(minutes=self._alerts.repeat_minutes)
            alert.tell(self.store, self.channels, again, self._public_url)

    def beat(self) -> None:
        """Say outside that this worker lives, unless one of its ticks is stuck."""
        if self._pulse is not None and not self.stuck():
            alert.beat(self._pulse, self._pulse.home)

    def illustrate(self) -> None:
        """Fetch the pictures that posts wait for."""
        self._each("pictures", lambda: illustrate.fetch_one(self.store, self.askers, self.timing))

    def _each(self, tick: str, *steps: Callable[[], bool]) -> None:
        for step in steps:
            for _ in range(BURST):
                if tick in self._began:
                    self._began[tick] = time.monotonic()  # many rows make a long tick; only one call may make it stuck
                if self._stopping.is_set() or not step():
                    break

    def keep_house(self) -> None:
        """Holds that lapsed, sources that a clock set back left behind, a sign of life."""
        housekeep.lapse(self.store)
        housekeep.index(self.store)
        self._scrubbed = housekeep.scrub(self.store, self._scrubbed)
        with self.store.write() as tx:
            now = self.store.now(tx)
            events.wake_stranded(tx, now)
            status.sign_of_life(tx, now)
        for name in self.stuck():
            log.error("stuck", tick=name)

    def until_idle(self) -> None:
        """Read each source once, send what is due, and stop; drafts that still wait are left alone."""
        housekeep.grant(self.store, self.askers)
        with self.store.write() as tx:
            events.wake(tx, self.store.now(tx))
            begun = self.store.now(tx)
        for name, network in self.readers.items():
            self._once(name, network, begun)
            housekeep.examine_due(self.store, name, network)
            housekeep.recheck(self.store, name, network)
        self.keep_house()
        self.illustrate()
        housekeep.forget(self.store)
        deliver.end_grace(self.store)
        for name in self.senders:
            self._settle(name)
        self.stop()

    def _once(self, name: str, network: Network, begun: object) -> None:
        read = 0
        while read < BURST * 10 and self._unread(name, begun):
            if not announce.read_blog(self.store, network, name, self.timing) and not collect.read_one(
                self.store, network, name, self.timing
            ):
                return
            read += 1

    def _unread(self, name: str, begun: object) -> bool:
        with self.store.read() as tx:
            return status.unread(tx, self.store.now(tx), name, begun)

    def _settle(self, name: str) -> None:
        network = self.senders[name]
        until = time.monotonic() + 10 * timedelta(seconds=60).total_seconds()
        while time.monotonic() < until:
            sent = deliver.send_one(self.store, network, name, self.timing)
            looked = deliver.look_one(self.store, network, name, self.timing)
            if not sent and not looked:
                return
