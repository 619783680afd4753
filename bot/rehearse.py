"""The player: writes the packaged event into the played networks, beside a worker that knows nothing of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from bot import desk
from bot.networks.rehearsal.address import ACCOUNTS
from bot.networks.rehearsal.remote import Remote
from bot.networks.rehearsal.script import DESK, ON_A_POST, Act, Cue, Save, cues, photos, questions
from bot.store import pictures, rehearsed
from bot.store.engine import Store

Settled = Callable[[], bool]  # True if nothing is on its way any more; what waits for a person does not count
Say = Callable[[str], None]  # takes one sentence about the progress

WHOLE = 600.0  # seconds that the script takes at speed 1
PATIENCE = 60.0  # seconds to wait for a worker before going on without it
_NAP = 0.05
_ROBIN = desk.Who(0, "Robin (rehearsal)")
_PRIYA = desk.Who(0, "Priya (rehearsal)", "comms")
_STANDS = {"approve": "public", "delete": "gone", "trash": "trash", "spam": "spam"}


@dataclass(slots=True)
class Report:
    """What the rehearsal came to. `missed` holds a sentence for everything that the worker did not do in time."""

    announced: Mapping[str, int] = field(default_factory=dict)
    answered: Mapping[str, int] = field(default_factory=dict)
    corrections: int = 0
    removals: int = 0
    asking: int = 0
    questions: int = 0
    groups: int = 0
    missed: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """The report in words, one sentence a line."""
        return [
            f"Entries announced: {_per_network(self.announced)}.",
            f"Answers sent back: {_per_network(self.answered)}.",
            f"Corrections that wait for a person: {self.corrections}. Removals put before a person: {self.removals}.",
            f"Deliveries that ask a person whether they went out: {self.asking}.",
            f"Questions stored: {self.questions}, of {self.groups} in the script.",
            *self.missed,
        ]


class Player:
    """Plays the script on a clock of its own; each save waits until the one before was read and sent.

    `speed` multiplies; at 1 the two days take about ten minutes. How far it came is kept in the remote file, so
    that a new player goes on where the last one stopped. `settled` is asked after each save; without it the
    database is.
    """

    def __init__(
        self,
        remote: Remote,
        store: Store,
        say: Say,
        *,
        speed: float = 1.0,
        settled: Settled | None = None,
        patience: float = PATIENCE,
        act_at_desk: bool = True,
    ) -> None:
        if not speed > 0:
            raise ValueError("The speed must be a number above 0, such as 1 or 20.")
        self._remote, self._store, self._say = remote, store, say
        self._settled = settled or self._nothing_on_its_way
        self._patience, self._act_at_desk = patience, act_at_desk
        self._script = cues()
        length = self._script[-1].offset.total_seconds()
        self._rate = length / WHOLE * speed  # seconds of the script in one second
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.report = Report(groups=len(questions()))
        self.failure: BaseException | None = None

    def begin(self) -> None:
        """Publish the blog post as it first stood, so that a worker finds it when it starts."""
        first = self._script[0].what
        if isinstance(first, Save):
            self._remote.save_blog(first.html, title=first.title, slug=_slug(first), at=first.at)

    def start(self) -> None:
        """Play in a thread of its own; what goes wrong there is kept in `failure` and said."""
        self.begin()
        self._thread = threading.Thread(target=self._play_and_tell, name="rehearsal", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """Ask it to stop after what it is doing, and wait for that."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout)

    @property
    def done(self) -> bool:
        """Whether the whole script was played."""
        return self._played() >= len(self._script)

    def join(self, timeout: float | None = None) -> None:
        """Wait for the end of the script."""
        if self._thread is not None:
            self._thread.join(timeout)

    def play(self) -> Report:
        """Play what is left of the script; the report says what came of it. Stops early if asked to."""
        begun = self._played()
        if 0 < begun < len(self._script):
            self._say(f"Going on with the rehearsal at {begun + 1} of {len(self._script)}.")
        before = self._script[begun - 1].offset if begun else timedelta(0)
        for number, cue in enumerate(self._script[begun:], begun + 1):
            if self._stop.wait((cue.offset - before).total_seconds() / self._rate):
                return self._tally()
            before = cue.offset
            self._do(cue)
            if self._stop.is_set():
                return self._tally()
            self._remote.note("played", str(number))
        self._wait(self._all_stored, "What followers wrote was not all read")
        self._wait(self._settled, "The last posts were not all sent")
        self._tally()
        for sentence in ["The rehearsal is over.", *self.report.sentences()]:
            self._say(sentence)
        return self.report

    def _play_and_tell(self) -> None:
        try:
            self.play()
        except Exception as failure:
            self.failure = failure
            self._say(f"The rehearsal stopped: {failure}")

    def _played(self) -> int:
        return int(self._remote.noted("played", "0"))

    def _do(self, cue: Cue) -> None:
        if isinstance(cue.what, Save):
            self._save(cue.what)
        elif cue.what.do in DESK:
            if self._act_at_desk:
                self._click(cue.what)
        elif cue.what.do in ON_A_POST:
            self._change(cue.what)
        else:
            self._write(cue.what)

    # -- the editors ---------------------------------------------------------------------------

    def _save(self, save: Save) -> None:
        revision = self._remote.save_blog(save.html, title=save.title, slug=_slug(save), at=save.at)
        self._say(f"{save.at:%d %b %H:%M}: {save.words}.")
        # The second reading of a revision begins only after the first was stored.
        read = self._wait(lambda: self._readings(revision) >= 2, f"The save of {save.at:%d %b %H:%M} was not read")
        if read and self._act_at_desk:
            self._describe_photos()
        if read:
            self._wait(self._settled, f"What the save of {save.at:%d %b %H:%M} caused was not all sent")

    def _readings(self, revision: int) -> int:
        calls = self._remote.calls("wordpress", "read liveblog", key=str(revision))
        return sum(1 for call in calls if call.outcome == "answered")

    def _describe_photos(self) -> None:
        """The comms person says what the blog does not, and lets the post go; without a photo that cannot be had."""
        with self._store.read() as tx:
            waiting = rehearsed.without_photos(tx)
        for row in waiting:
            self._wait(partial(self._fetched, row.id), "A photo was not fetched")
            with self._store.read() as tx:
                shown = pictures.of_post(tx, row.id)
            chosen = [pictures.Choice(one.id, one.state == "ready", one.alt or _words_for(one.url)) for one in shown]
            done = desk.approve(self._store, _PRIYA, row.id, row.revision, None, chosen)
            if not done.ok:
                self._missed(f"{_PRIYA.name} could not send an update with its photos. {done.sentence}")

    def _fetched(self, post_id: int) -> bool:
        with self._store.read() as tx:
            return all(one.state != "wanted" for one in pictures.of_post(tx, post_id))

    # -- the followers -------------------------------------------------------------------------

    def _write(self, act: Act) -> None:
        now = datetime.now(UTC)
        late = timedelta(minutes=act.minutes_late) / self._rate
        self._remote.say(
            act.network,
            act.by or ACCOUNTS[act.network],
            act.text,
            name=act.name,
            lang=act.lang,
            slug=act.id,
            standing=act.standing,
            own=act.do == "own",
            repost=act.do == "repost",
            written_at=now - late,
            visible_at=now,
        )

    def _change(self, act: Act) -> None:
        target = self._remote.by_slug(act.target)
        if target is None:
            raise LookupError(f"the script changes {act.target} before it was written")
        self._wait(lambda: self._stored(target.network, target.native_id), f"What {target.name} wrote was not read")
        if act.do == "edit":
            self._remote.edit(target.network, target.native_id, act.text)
        else:
            self._remote.stand(target.network, target.native_id, _STANDS[act.do])

    # -- the facilitators ----------------------------------------------------------------------

    def _click(self, act: Act) -> None:
        asked = self._find_question(act.question)
        into = self._find_question(act.into) if act.into else None
        if asked is None or (act.into and into is None):
            return
        done = self._at_desk(act, asked, into or 0)
        if not done.ok:
            self._missed(f"{_ROBIN.name} could not do this: {act.do}, {act.question}. {done.sentence}")

    def _at_desk(self, act: Act, asked: int, into: int) -> desk.Done:
        if act.do == "room":
            return desk.to_room(self._store, _ROBIN, asked)
        if act.do == "park":
            return desk.park(self._store, _ROBIN, asked)
        if act.do == "dismiss":
            return desk.dismiss(self._store, _ROBIN, asked)
        if act.do == "merge":
            return desk.merge(self._store, _ROBIN, asked, into)
        return desk.answer(self._store, _ROBIN, asked, act.text)

    def _find_question(self, group: str) -> int | None:
        """The question of that group, once everybody who asked it so far was read."""
        written = [post for act in questions()[group] if (post := self._remote.by_slug(act.id))]
        found: list[int | None] = []

        def look() -> bool:
            with self._store.read() as tx:
                found[:] = [rehearsed.question_of(tx, post.network, post.native_id) for post in written]
            return bool(found) and None not in found

        self._wait(look, f"The question about {group} did not reach the desk")
        return next((number for number in found if number), None)

    # -- waiting -------------------------------------------------------------------------------

    def _wait(self, ready: Callable[[], bool], otherwise: str) -> bool:
        """Whether it was ready in time; if not, that is said and kept, and the script goes on."""
        until = time.monotonic() + self._patience
        while not ready():
            if self._stop.wait(_NAP):
                return False
            if time.monotonic() > until:
                self._missed(
                    f"{otherwise} within {self._patience:g} seconds: is the worker running, is posting paused?"
                )
                return False
        return True

    def _missed(self, sentence: str) -> None:
        self.report.missed.append(sentence)
        self._say(sentence)

    def _stored(self, network: str, native_id: str) -> bool:
        with self._store.read() as tx:
            return rehearsed.stored(tx, network, native_id)

    def _all_stored(self) -> bool:
        """Our own posts and reposts are read and left out, so they are not waited for."""
        acts = [cue.what for cue in self._script if isinstance(cue.what, Act) and cue.what.do == "say"]
        written = [self._remote.by_slug(act.id) for act in acts]
        with self._store.read() as tx:
            return all(rehearsed.stored(tx, one.network, one.native_id) for one in written if one is not None)

    def _nothing_on_its_way(self) -> bool:
        with self._store.read() as tx:
            return rehearsed.on_its_way(tx) == 0

    def _tally(self) -> Report:
        with self._store.read() as tx:
            came = rehearsed.tally(tx)
        report = self.report
        report.announced, report.answered = came.announced, came.answered
        report.corrections, report.removals, report.asking = came.corrections, came.removals, came.asking
        report.questions = came.questions
        return report


def _words_for(url: str) -> str:
    return photos().get(url.rpartition("/")[2], "A photo from the workshop")


def _slug(save: Save) -> str:
    return f"step {save.step}"


def _per_network(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} on {network}" for network, count in sorted(counts.items())) or "none"
