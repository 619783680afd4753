"""Times and days as people type them into the headings of a live blog."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari tammikuu tammikuuta stycznia ledna ianuarie",
    "february feb februar fevrier fevr fev febrero febbraio febb fevereiro februari helmikuu helmikuuta lutego unora"
    " februarie",
    "march mar marz maerz mars marzo marco maart mrt maaliskuu maaliskuuta marca brezna martie",
    "april apr avril avr abril abr aprile huhtikuu huhtikuuta kwietnia dubna aprilie",
    "may mai mayo maggio mag maio mei maj toukokuu toukokuuta maja kvetna",
    "june jun juni juin junio giugno giu junho kesakuu kesakuuta czerwca cervna iunie",
    "july jul juli juillet juil julio luglio lug julho heinakuu heinakuuta lipca cervence iulie",
    "august aug aout agosto ago augustus augusti elokuu elokuuta sierpnia srpna",
    "september sep sept septembre septiembre settembre sett setembro set syyskuu syyskuuta wrzesnia zari septembrie",
    "october oct oktober okt octobre octubre ottobre ott outubro out lokakuu lokakuuta pazdziernika rijna octombrie",
    "november nov novembre noviembre novembro marraskuu marraskuuta listopada listopadu noiembrie",
    "december dec dezember dez decembre diciembre dic dicembre dezembro desember des joulukuu joulukuuta grudnia"
    " prosince decembrie",
)
_WEEKDAYS = (
    "monday mon montag mo lundi lun lunes lunedi segunda maandag mandag maanantai poniedzialek pondeli luni",
    "tuesday tue tues dienstag di mardi martes martedi terca dinsdag tisdag tirsdag tiistai wtorek utery marti",
    "wednesday wed mittwoch mi mercredi mer miercoles mercoledi quarta woensdag onsdag keskiviikko sroda streda"
    " miercuri",
    "thursday thu thur thurs donnerstag do jeudi jeu jueves giovedi quinta donderdag torsdag torstai czwartek"
    " ctvrtek joi",
    "friday fri freitag fr vendredi ven viernes venerdi sexta vrijdag fredag perjantai piatek patek vineri",
    "saturday sat samstag sonnabend sa samedi sam sabado sabato zaterdag lordag lauantai sobota sambata",
    "sunday sun sonntag so dimanche dim domingo domenica zondag sondag sunnuntai niedziela nedele duminica",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_WORD = r"[^\W\d_]{2,}(?:-feira)?"
_AFTER = r"(?=\s*(?:$|[:,;|(\[·•/–—-]|\.\s))"
_DAY_PREFIX = rf"^(?:(?:day|tag|jour|d[ií]a|dag|giorno)\s*\d{{1,2}}\s*[:,–—-]\s*)?(?:(?P<weekday>{_WORD})[.,]?\s+)?"
_DAYS = tuple(
    re.compile(_DAY_PREFIX + pattern + _AFTER, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[./-]\s?(?P<m>\d{1,2})[./-]\s?(?P<y>\d{4}|\d{2})(?!\d)",
        r"(?:(?:the|den|der|le|el|il|o)\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th|er|[ºª°.])?\s*(?:(?:of|de|di)\s+|d['’])?"
        rf"(?P<name>{_WORD})\.?(?:,?\s+(?:del?\s+)?(?P<y>\d{{4}})(?!\d))?",
        rf"(?P<name>{_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y>\d{{4}})(?!\d))?",
        r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    )
)
_ONLY_WEEKDAY = re.compile(rf"^(?P<weekday>{_WORD}){_AFTER}", re.IGNORECASE)
_HALF = r"(?:[ap]\.?\s?m\b\.?|uhr\b)"
_TIME = re.compile(
    r"^(?:(?:kl\.?|klo|ora|ore)\s+)?(?:(?P<hour>\d{1,2})"
    r"(?:\s?[:.h٫]\s?(?P<minute>\d{2})(?:[:.]\d{2})?(?!\d))?"
    r"(?:\s*(?P<half>[ap]\.?\s?m\b\.?|noon\b|midday\b|midnight\b)|\s*(?P<suffix>h\b|uhr\b|hrs?\b))?"
    r"|(?P<word>noon|midday|midnight)\b)"
    r"(?:\s+(?:bst|gmt|utc|cest|cet|est|edt|pst|pdt|et|pt)\b)?"
    r"(?P<gap>\s*[:–—|•·,.\-]+(?=\s|$|\D)|\s+|$)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"^\d{{1,2}}(?:\s?[:.h]\s?\d{{2}})?\s*{_HALF}?\s*(?:[-–—]|to\b|until\b|till\b|bis\b)"
    rf"\s*\d{{1,2}}(?:[:.h]\d{{2}}(?!\d)\s*{_HALF}?|\s*{_HALF})",
    re.IGNORECASE,
)
_MARKS = "".join(map(chr, (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that begins a heading. `time` is None if no clock shows it; `marked` says am or pm was given."""

    time: time | None
    rest: str
    marked: bool = False
    span: bool = False  # "9:00 - 9:30 Welcome": a programme, not an update


@dataclass(frozen=True, slots=True)
class Day:
    """A date that begins a heading. `day` is None if no calendar has it; `fits` is whether its weekday agrees."""

    day: date | None
    rest: str
    fits: bool = True


def read_time(text: str) -> Clock | None:
    """The time at the start of a heading and what follows it, or None if it does not begin with one."""
    text = text.lstrip(_MARKS + " ")
    if _SPAN.match(text):
        return Clock(None, text, span=True)
    match = _TIME.match(text)
    if not match or not (match["minute"] or match["half"] or match["suffix"] or match["word"]):
        return None
    vague = match["word"] or (match["suffix"] and not match["minute"])
    if vague and match["gap"] and not match["gap"].strip():
        return None  # "Noon prayers" and "24h of science" are titles, "Noon: prayers" is an entry
    rest = text[match.end() :].strip(_MARKS + " ")
    half = (match["half"] or match["word"] or "").lower()
    return Clock(_wall_clock(int(match["hour"] or 12), int(match["minute"] or 0), half), rest, marked=bool(half))


def read_day(text: str, posted: date) -> Day | None:
    """The day at the start of a heading; a year that is not given is the post's, or its neighbour's at new year."""
    text = text.lstrip(_MARKS + " ")
    for pattern in _DAYS:
        match = pattern.match(text)
        day = _day(match, text, posted) if match else None
        if day:
            return day
    match = _ONLY_WEEKDAY.match(text)
    weekday = _WEEKDAY.get(_plain(match["weekday"])) if match and len(match["weekday"]) > 4 else None
    if match is None or weekday is None:
        return None
    ahead = (weekday - posted.weekday()) % 7
    return Day(date.fromordinal(posted.toordinal() + (ahead if ahead <= 4 else ahead - 7)), _rest(text, match))


def _day(match: re.Match[str], text: str, posted: date) -> Day | None:
    """None if a word that should be a month or a weekday is neither, or if two dates make a span."""
    groups = match.groupdict()
    weekday = _WEEKDAY.get(_plain(groups["weekday"])) if groups["weekday"] else None
    month = _MONTH.get(_plain(groups["name"])) if groups.get("name") else int(groups.get("m") or 0)
    rest = _rest(text, match)
    if month is None or (groups["weekday"] and weekday is None) or any(p.match(rest) for p in _DAYS[:3]):
        return None
    number = int(groups["d"])
    if month > 12 >= number and not groups.get("name"):
        month, number = number, month
    year = int(groups["y"]) if groups.get("y") else _nearest_year(month, posted)
    try:
        day = date(year + 2000 if year < 100 else year, month, number)
    except ValueError:
        return Day(None, rest)
    return Day(day, rest, weekday is None or day.weekday() == weekday)


def _nearest_year(month: int, posted: date) -> int:
    if posted.month >= 11 and month <= 2:
        return posted.year + 1
    if posted.month <= 2 and month >= 11:
        return posted.year - 1
    return posted.year


def _wall_clock(hour: int, minute: int, half: str) -> time | None:
    if half == "midnight" or (half.startswith("a") and hour == 12):
        hour = 0
    elif half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour > 12:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _rest(text: str, match: re.Match[str]) -> str:
    return text[match.end() :].strip(" :,;|·•/–—-" + _MARKS)


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.removesuffix("-feira"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
