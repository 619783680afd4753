"""What tells a live blog from a programme, opening hours or a timetable: its words, its order, its minutes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

_LIVE = (
    r"live[ -]?blog", r"live[ -]?ticker", r"blog(?:ging)? live",
    r"live (?:updates?|coverage|feed|text|report|from|at the)", r"minute[ -]by[ -]minute", r"as it happen",
    r"we(?:[’']re| are) live", r"follow (?:us |it |along )?(?:here|live)", r"(?:latest|rolling) updates",
    r"updates? (?:throughout|during|all) (?:the )?day", r"newest (?:first|on top)", r"refresh (?:this|the) page",
    r"ticker\b", r"laufend aktualisiert", r"minute für minute", r"en direct\b", r"minute par minute",
    r"en (?:vivo|directo)\b", r"minuto a minuto", r"minuto per minuto", r"in diretta\b", r"diretta\b",
    r"ao vivo\b", r"em direto\b", r"van minuut tot minuut", r"na żywo\b", r"relacja\b", r"minuta po minucie",
    r"yn fyw\b", r"blog byw\b", r"živě\b", r"online(?: přenos|:)", r"minutu po minutě", r"suora\b",
    r"hetki hetkeltä", r"liveblogi\b", r"direkte(?: fra|:)", r"direktrapport", r"livebloggen?\b",
    r"minut för minut", r"minutt? for minutt?", r"uživo\b", r"v živo\b", r"ζωντανά", r"bein (?:út)?lýsing", r"beo\b",
    r"otse(?:ülekanne|blogi)", r"tiešraide", r"tiesiogiai", r"наживо", r"онлайн(?=:)", r"на живо", r"canlı\b",
    r"en direto\b",
)  # fmt: skip
_PROGRAMME = (
    r"program(?:me?s?|ma?|as?|mas)?\b", r"agenda\b", r"schedule\b", r"time ?table", r"running order", r"itinerar",
    r"order of (?:the day|service|events|business)", r"what[’']?s on\b", r"listings?\b", r"upcoming\b",
    r"forthcoming\b", r"open(?:ing)? (?:hours|times)", r"line-?up\b", r"recipe", r"ingredients", r"chapters\b",
    r"timestamps\b", r"track ?list", r"departures\b", r"arrivals\b", r"(?:bus|train) times\b", r"day in the life",
    r"calendar\b", r"how (?:the|our) day (?:will|works)", r"coming events", r"diary dates\b", r"fixtures\b",
    r"ablauf", r"programm", r"tagesordnung", r"zeitplan", r"fahrplan", r"öffnungszeiten", r"sprechzeiten",
    r"abfahrt", r"termine\b", r"veranstaltung", r"rezept", r"zutaten", r"kapitel\b", r"kalender\b", r"horaires?\b",
    r"ordre du jour", r"déroulé", r"emploi du temps", r"recette", r"horarios?\b", r"orden del día", r"orar[io]\b",
    r"ordine del giorno", r"horários?\b", r"ordem do dia", r"openingstijden", r"dienstregeling", r"rooster\b",
    r"dagindeling", r"porządek", r"harmonogram", r"rozkład", r"godziny otwarcia", r"rozvrh", r"jízdní řád",
    r"otevírací doba", r"schema\b", r"dagordning", r"öppettider", r"tidtabell", r"åbningstider", r"køreplan",
    r"dagsorden", r"åpningstider", r"rutetider", r"aukioloajat", r"aikataulu", r"ohjelma", r"rhaglen", r"amserlen",
    r"oriau agor", r"raspored", r"satnica", r"spored\b", r"urnik", r"πρόγραμμα", r"ωράριο", r"dagskrá", r"ajakava",
    r"päevakava", r"розклад", r"програма", r"график", r"tvarkaraštis", r"clár\b", r"sceideal", r"programı", r"horario",
)  # fmt: skip
_AHEAD = (
    r"will\b", r"shall\b", r"wird\b", r"werden\b", r"sera\b", r"seront\b", r"sarà\b", r"saranno\b", r"será\b",
    r"serán\b", r"serão\b", r"zal\b", r"zullen\b", r"będzie\b", r"będą\b", r"bude\b", r"budou\b", r"kommer att\b",
    r"skal\b", r"tulee\b", r"bydd\b", r"please (?:arrive|bring|register)\b", r"tickets?\b",
    r"book(?:ing)? (?:now|essential|required)",
    r"(?:speakers?|chaired by|chair|referent(?:in|en)?|intervenante?s?|relator[ei]|ponentes?|sprekers?)(?=\s*:)",
)  # fmt: skip


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    """One of these, from the beginning of a word on."""
    return re.compile(rf"\b(?:{'|'.join(words)})", re.IGNORECASE)


_SPEAKS_LIVE, _SPEAKS_OF_PLAN, _SPEAKS_AHEAD = _any_of(_LIVE), _any_of(_PROGRAMME), _any_of(_AHEAD)
_LIVE_IN_FRONT = re.compile(r"^\W*live\b\s*[:–—|-]|[:–—|-]\s*live\W*$", re.IGNORECASE | re.MULTILINE)
_SENTENCE = re.compile(r"\w[^.!?…]{8,}[.!?…。]")
_LOOKED_AT = 300  # letters of a text that are judged
_TOLD = 40  # letters from which a text tells something, with or without a full stop


@dataclass(frozen=True, slots=True)
class Update:
    """What is judged of an entry: its day (None if no line says one), its minutes since midnight, its words."""

    day: date | None
    minutes: int
    title: str
    text: str


def announces_programme(heading: str) -> bool:
    """Whether the heading is that of a programme, opening hours, a timetable or the like, and of no live blog."""
    return len(heading) <= 90 and bool(_SPEAKS_OF_PLAN.search(heading)) and not announces_live(heading)


def announces_live(words: str) -> bool:
    """Whether the title, or what stands above the first entry, speaks of a live blog."""
    return bool(_SPEAKS_LIVE.search(words) or _LIVE_IN_FRONT.search(words))


def is_live(updates: Sequence[Update], *, live: bool, programme: bool, marked: bool, spans: int = 0) -> bool:
    """Whether these lines read as things that happened, not as things that are planned.

    `live` and `programme` are what the words around them say; `marked` is whether headings or bold letters begin them;
    `spans` counts lines of the same kind that give a span of time.
    """
    if not updates or spans > len(updates) or _numbered(updates) or (_listing(updates) and not live):
        return False
    falls, rises = _steps(updates)
    if falls >= 2 and falls > rises:
        return marked or live or len(updates) >= 3
    told = _share(updates, _tells)
    odd = _share(updates, lambda one: one.minutes % 5 != 0)
    if programme:
        return odd >= 0.4 and told >= 0.5
    planned = rises > 0 == falls and odd < 0.2 and (told < 0.4 or _share(updates, _foretells) >= 0.5)
    if marked:
        return live or not (planned and len(updates) >= 4)
    if live:
        return len(updates) >= 2 and (told >= 0.4 or odd >= 0.3)
    by_the_clock = rises > 0 == falls and len(updates) >= 4 and all(one.minutes % 30 == 0 for one in updates)
    return len(updates) >= 3 and told >= 0.6 and not planned and not by_the_clock


def _share(updates: Sequence[Update], holds: Callable[[Update], bool]) -> float:
    return sum(map(holds, updates)) / len(updates)


def _tells(one: Update) -> bool:
    return len(one.text) >= _TOLD or any(_SENTENCE.search(words[:_LOOKED_AT]) for words in (one.text, one.title))


def _foretells(one: Update) -> bool:
    return any(_SPEAKS_AHEAD.search(words[:_LOOKED_AT]) for words in (one.title, one.text))


def _steps(updates: Sequence[Update]) -> tuple[int, int]:
    """How often a line is earlier than the one above it, and how often later; another day counts like another time."""
    falls = rises = 0
    for above, below in pairwise(updates):
        if above.day == below.day or above.day is None or below.day is None:
            falls += above.minutes > below.minutes
            rises += above.minutes < below.minutes
        else:
            falls += above.day > below.day
            rises += above.day < below.day
    return falls, rises


def _listing(updates: Sequence[Update]) -> bool:
    """Three or more, each on a day of its own, the days going up: what is on this month."""
    days = [one.day for one in updates]
    if len(days) < 3 or None in days or len(set(days)) < len(days):
        return False
    return all(above < below for above, below in pairwise([day for day in days if day is not None]))


def _numbered(updates: Sequence[Update]) -> bool:
    """Three or more that count like sections: 1.01, 1.02, 2.01."""
    steps = [(above.minutes, below.minutes) for above, below in pairwise(updates)]
    next_one = [below == above + 1 for above, below in steps]
    next_part = [below // 60 == above // 60 + 1 and below % 60 <= 1 for above, below in steps]
    counted = all(one or part for one, part in zip(next_one, next_part, strict=True))
    return counted and any(next_one) and any(next_part)
