"""Invented live blogs with an invented editor, who remembers which entry is which."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

TITLES = (
    "Discussion", "Group discussion", "Discussions: ideas and solutions", "Discussion continues", "Coffee break",
    "Coffee", "Tea and coffee", "Lunch", "Welcome", "Welcome back", "We’ve started!", "Feedback", "Feeding back",
    "Feeding back to the group", "Questions", "Questions from the floor", "Q&A", "Group photo", "Group work",
    "Break", "Back from the break", "Next steps", "Closing remarks", "Close and lunch", "Update", "☕ Break",
)  # fmt: skip
SHORT = ("More soon.", "Back in ten minutes.", "What a beautiful bunch of people 🙂", "Photos to follow.", "Join in!")
WORDS = [
    "peer",
    "support",
    "people",
    "groups",
    "tables",
    "health",
    "care",
    "challenge",
    "ideas",
    "evidence",
    "access",
    "culture",
    "workforce",
    "training",
    "share",
    "listen",
    "learn",
    "change",
    "power",
    "equity",
    "system",
    "service",
    "patients",
    "carers",
    "volunteers",
    "commissioners",
    "stories",
    "research",
    "data",
    "funding",
    "national",
    "local",
    "community",
    "network",
    "design",
    "test",
    "prototype",
    "question",
    "answer",
    "vote",
    "theme",
    "barrier",
    "opportunity",
]


@dataclass(frozen=True)
class Written:
    """An entry as its editor thinks of it. `who` is its true identity."""

    who: int
    minutes: int
    title: str
    body: tuple[str, ...] = ()
    picture: str = ""


@dataclass
class Editor:
    """One live blog and the person who edits it, by a random of their own."""

    random: random.Random
    days: list[tuple[date, list[Written]]] = field(default_factory=list)  # newest first
    last: int = 0
    hidden: bool = False  # the page shows no entry, by mishap

    def __post_init__(self) -> None:
        self.days = [(date(2024, 5, 14), [])]

    def page(self) -> list[tuple[date, Written]]:
        """What stands on the page, top first."""
        return [] if self.hidden else [(day, entry) for day, entries in self.days for entry in entries]

    def html(self) -> str:
        """The page as a blog shows it."""
        parts = ["<p>Follow us here from 9:00am.</p>"]
        for day, entries in [] if self.hidden else self.days:
            parts.append(f"<h2>{day:%-d %B} – day</h2>")
            parts += [_html(entry) for entry in entries]
        return "\n".join(parts)

    def save(self) -> list[str]:
        """One save, mostly of one thing; the names of what was done."""
        self.hidden = False
        if self.random.random() < 0.02 and self.page():
            self.hidden = True
            return ["vanish"]
        names = self.random.choices(list(_WEIGHTS), list(_WEIGHTS.values()), k=1 if self.random.random() < 0.75 else 2)
        for name in names:
            getattr(self, name)()
        return names

    def add(self) -> None:
        """A new entry on top."""
        self.days[0][1].insert(0, self._fresh(self._latest() + self.random.choice((0, 0, 3, 5, 12, 20, 35))))

    def insert_below(self) -> None:
        """A new entry written up late, below a newer one."""
        entries = self.days[0][1]
        place = self.random.randint(0, len(entries))
        minutes = entries[place - 1].minutes - 3 if place else self._latest()
        entries.insert(place, self._fresh(max(0, minutes)))

    def new_day(self) -> None:
        """A day heading with its first entry."""
        self.days.insert(0, (self.days[0][0] + timedelta(days=1), [self._fresh(8 * 60 + self.random.randint(0, 90))]))

    def swap(self) -> None:
        """Two neighbours change places."""
        entries = self._some_day(2)
        if entries:
            place = self.random.randrange(len(entries) - 1)
            entries[place], entries[place + 1] = entries[place + 1], entries[place]

    def retitle(self) -> None:
        """Another title: a corrected slip, a few words more, or quite another one."""
        self._change(lambda entry: replace(entry, title=self._other_title(entry.title)))

    def retime(self) -> None:
        """Another time, in place or sorted in where it belongs."""
        self._change(lambda entry: replace(entry, minutes=self._other_time(entry.minutes)))
        if self.random.random() < 0.4:
            self._some_day(0).sort(key=lambda entry: -entry.minutes)

    def retitle_and_retime(self) -> None:
        """Title and time in one save."""
        title = self.random.choice(TITLES)
        self._change(lambda entry: replace(entry, title=title, minutes=self._other_time(entry.minutes)))

    def edit_body(self) -> None:
        """Text is added, taken away or reworded, or a picture follows."""
        self._change(self._other_body)

    def duplicate(self) -> None:
        """An exact copy: the same entry twice, until one of them is changed."""
        entries = self._some_day(1)
        if entries:
            place = self.random.randrange(len(entries))
            entries.insert(place, entries[place])

    def remove(self) -> None:
        """An entry is taken away."""
        entries = self._some_day(1)
        if entries:
            entries.pop(self.random.randrange(len(entries)))

    def remove_day(self) -> None:
        """A whole day is taken away."""
        if len(self.days) > 1:
            self.days.pop(self.random.randrange(len(self.days)))

    def move(self) -> None:
        """An entry goes to the top of another day."""
        entries = self._some_day(1)
        if entries and len(self.days) > 1:
            entry = entries.pop(self.random.randrange(len(entries)))
            others = [day for _, day in self.days if day is not entries]
            self.random.choice(others).insert(0, self._own(entry, copies=0))

    def paste_day(self) -> None:
        """A day that was written elsewhere arrives whole."""
        entries = [self._fresh(9 * 60 + 25 * number) for number in range(self.random.randint(6, 10))]
        self.days.insert(0, (self.days[0][0] + timedelta(days=1), entries[::-1]))

    def _fresh(self, minutes: int) -> Written:
        self.last += 1
        kind = self.random.random()
        body: tuple[str, ...] = ()
        if kind > 0.3:
            body = (self.random.choice(SHORT),) if kind < 0.5 else (self._sentence(), self._sentence())
        picture = f"photo-{self.last}.jpg" if self.random.random() < 0.3 else ""
        return Written(self.last, min(minutes, 1439), self._title(), body, picture)

    def _title(self) -> str:
        title = self.random.choice(TITLES)
        return title if self.random.random() < 0.6 else f"{title}: {' '.join(self.random.sample(WORDS, 3))}"

    def _sentence(self) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(9, 25))).capitalize() + "."

    def _latest(self) -> int:
        return max((entry.minutes for entry in self.days[0][1]), default=9 * 60)

    def _some_day(self, at_least: int) -> list[Written]:
        return self.random.choice([day for _, day in self.days if len(day) >= at_least] or [[]])

    def _change(self, change: object) -> None:
        """Change one entry; one of several equal copies becomes an entry of its own by it."""
        entries = self._some_day(1)
        if not entries or not callable(change):
            return
        place = self.random.randrange(len(entries))
        old = entries[place]
        new = change(old)
        entries[place] = self._own(new, copies=1) if new != old else old

    def _own(self, entry: Written, copies: int) -> Written:
        """Under an identity of its own, if more copies of it than that stand on the page."""
        if sum(each.who == entry.who for _, day in self.days for each in day) <= copies:
            return entry
        self.last += 1
        return replace(entry, who=self.last)

    def _other_title(self, title: str) -> str:
        kind = self.random.random()
        if kind < 0.5:
            place = self.random.randrange(len(title))
            return title[:place] + self.random.choice("aeinrst") + title[place + 1 :]
        return f"{title} {self.random.choice(WORDS)}" if kind < 0.8 else self.random.choice(TITLES)

    def _other_time(self, minutes: int) -> int:
        step = self.random.choice((-60, -30, -10, -5, 5, 10, 60, 720))
        return (minutes + step) % 1440

    def _other_body(self, entry: Written) -> Written:
        kind = self.random.random()
        if kind < 0.2:
            self.last += 1
            return replace(entry, picture=f"photo-{self.last}.jpg")
        if kind < 0.6 or not entry.body:
            return replace(entry, body=(*entry.body, self._sentence()))
        if kind < 0.75:
            return replace(entry, body=entry.body[:-1])
        words = entry.body[0].split()
        words[self.random.randrange(len(words))] = self.random.choice(WORDS)
        return replace(entry, body=(" ".join(words), *entry.body[1:]))


_WEIGHTS = {
    "add": 34, "insert_below": 6, "new_day": 4, "swap": 6, "retitle": 8, "retime": 6, "retitle_and_retime": 6,
    "edit_body": 12, "duplicate": 5, "remove": 6, "remove_day": 1, "move": 2, "paste_day": 3,
}  # fmt: skip


def _html(entry: Written) -> str:
    hour, minute = divmod(entry.minutes, 60)
    clock = f"{hour % 12 or 12}:{minute:02}{'am' if hour < 12 else 'pm'}"
    picture = f'<figure><img src="/{entry.picture}" alt=""></figure>' if entry.picture else ""
    title = entry.title.replace("&", "&amp;")
    return f"<h3>{clock}:&nbsp;{title}</h3>" + picture + "".join(f"<p>{text}</p>" for text in entry.body)
