"""Times and days as people type them where an entry or a day of a live blog begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import MAXYEAR, date, time

from bot.core.daynames import month_of, weekday_of

_WORD = r"(?:[^\W\d_]['’ʼ])?[^\W\d_]{2,}(?:-feira)?"
_AFTER = r"(?=\s*(?:$|[:,;|(\[)·•/–—-]|r\.?(?:$|\s)|\.(?:\s|$)))"
_NUMBER = (
    r"\d{1,2}|one|two|three|four|five|six|eins|zwei|drei|un|deux|trois|uno|due|dos|tres|tre|um|dois|een|twee|drie|en|to"
)
_DAY_OF = r"(?:day|tag|jour|journée|d[ií]a|dag|giorno|dzień|diwrnod|päivä|den)"
_DAY_PREFIX = (
    rf"^(?:{_DAY_OF}\s*(?:{_NUMBER})\s*[:,.–—(|-]\s*)?(?:(?:le|el|il|am|on|på|w|v|ve)\s+)?"
    rf"(?:(?:(?:n?d?dydd|dé)\s+)?(?P<weekday>{_WORD})[.,]*\s+)?"
)
_DAYS = tuple(
    re.compile(_DAY_PREFIX + pattern + _AFTER, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})",
        r"(?P<d>\d{1,2})[./-]\s?(?P<m>\d{1,2})[./-]\s?(?P<y>\d{4}|\d{2})(?!\d)",
        r"(?:(?:the|den|der|le|el|il|o|a)\s+)?(?P<d>\d{1,2})(?:st|nd|rd|th|er|eg|ain|fed|af|il|ydd|[ºª°.])?\s*"
        rf"(?:(?:of|de|di|o)\s+|d['’])?(?P<name>{_WORD})\.?(?:,?\s+(?:del?\s+)?(?P<y>\d{{4}})(?!\d))?",
        rf"(?P<name>{_WORD})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th|\s+d\b)?(?!\d)\.?(?:,?\s+(?P<y>\d{{4}})(?!\d))?",
        rf"(?P<y>\d{{4}})\.\s?(?P<name>{_WORD})\s+(?P<d>\d{{1,2}})\.?",
        r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日",
    )
)
_SHORT_DATE = re.compile(
    rf"^(?P<weekday>{_WORD})[.,]*\s+(?:den\s+)?(?P<d>\d{{1,2}})(?:\.\s?|/)(?P<m>\d{{1,2}})\.?{_AFTER}", re.IGNORECASE
)
_ONLY_WEEKDAY = re.compile(rf"^(?:(?:n?d?dydd|dé|w|v|ve|am|le|el|på)\s+)?(?P<weekday>{_WORD}){_AFTER}", re.IGNORECASE)
_SECOND_HALF = re.compile(r"^.{3,80}?\s*[:–—|(,-]\s+?\(?(?=\w)")
_ZONE = (
    r"(?:bst|gmt|utc|cest|cet|mesz|mez|eest|eet|west|wet|ist|est|edt|cst|cdt|mst|mdt|pst|pdt|et|ct|mt|pt|aest|aedt|"
    r"jst|msk)(?:\s?[+-]\s?\d{1,2}(?::?\d{2})?)?"
)
_HALF = r"(?:[ap]\.?\s?m\b\.?|y\.?\s?[bph]\b\.?|y\sbore\b|y\sprynhawn\b|yr\shwyr\b|uhr\b|uur\b|h\b)"
_LEAD = (
    r"[\[(]?(?:(?:kl\.?|klo\.?|kello?|ώρα|ob|ora|ore|godz\.?|update[d]?|posted|time|breaking|new)\b[.:,]?\s+"
    r"(?:(?:at|on|kl\.?)\s+)?)?"
)
_TIME = re.compile(
    rf"^{_LEAD}[\[(]?(?:(?P<hour>\d{{1,2}})"
    r"(?:(?:\s?[:.٫]\s?|\s?h\s?)(?P<minute>\d{2})(?P<seconds>[:.]\d{2})?(?!\d|[.,/]\d))?"
    r"(?:\s*(?P<half>[ap]\.?\s?m\b\.?|y\.?\s?[bph]\b\.?|y\sbore\b|y\sprynhawn\b|yr\shwyr\b|noon\b|midday\b|midnight\b)"
    r"|\s*(?P<suffix>h\b|uhr\b|uur\b|hrs?\b|hod\.?(?=\W|$)|min\b))?"
    r"|(?P<word>noon|midday|midnight|mittag|midi|minuit|mediodía|mezzogiorno|meio-dia|hanner dydd)\b)"
    rf"(?:\s*[,(]?\s*(?P<zone>{_ZONE})\b\)?)?"
    r"(?P<gap>[\])]?\s*[:–—|•·,.>»→-]+(?=\s|$|\D)|[\])]\s*|\s+|$)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"^(?:kg|g|mg|l|ml|cl|dl|cups?|tbsp|tsp|el|tl|oz|lbs?|min|mins|minut\w*|minuten|sec|seconds|std|stunden?|hours?|"
    r"heures?|km|m|cm|mm|miles?|euros?|pounds?|points?|pct|percent|[€£$%°])(?:\b|$|\s)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"^{_LEAD}[\[(]?\d{{1,2}}(?:\s?[:.h]\s?\d{{2}})?\s*{_HALF}?\s*"
    r"(?:[-–—]|to\b|until\b|till?\b|bis\b|à\b|a\b|al\b|alle\b|às\b|tot\b|do\b|i\b|hyd\b|tan\b)"
    rf"\s*\d{{1,2}}(?:\s?[:.h]\s?\d{{2}}(?!\d)\s*{_HALF}?|\s*{_HALF})",
    re.IGNORECASE,
)
_AT_END = re.compile(r"^(?P<title>\S.*?)\s*(?:[-–—|•·,@]\s+|[\[(])(?P<time>\d{1,2}\s?[:.h]\s?\d{2}[^\d]{0,12})$")
_TIME_WITHIN = re.compile(r"\d\s?[:.h]\s?\d\d|\d\s?[ap]\.?m", re.IGNORECASE)
_LONGEST = 300  # letters of a heading that may end with a time
_MARKS = "".join(map(chr, (0x200E, 0x200F, 0x061C, *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_SIGNS = re.compile(rf"^[\s{_MARKS}•●◦▪■◆►▶→»>*+–—-]*(?:[\U0001F300-\U0001FAFF\u2600-\u27BF\ufe0f]+\s*)*")
_SECOND = {"y.p", "y.h", "yp", "yh", "y p", "y h", "y prynhawn", "yr hwyr"}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time that begins a line. `time` is None if no clock shows it; `marked` says am or pm was given.

    `firm`: something parts it from the words that follow, or it stands alone. `zone` is the time zone it names, "" if
    none.
    """

    time: time | None
    rest: str
    marked: bool = False
    span: bool = False  # "9:00 - 9:30 Welcome": a programme, not an update
    firm: bool = True
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A date that begins a heading. `day` is None if no calendar has it; `fits` is whether its weekday agrees."""

    day: date | None
    rest: str
    fits: bool = True


def read_time(text: str) -> Clock | None:
    """The time at the start of a line and what follows it, or None if it does not begin with one."""
    text = text.lstrip(_MARKS + " ")
    if _SPAN.match(_unsigned(text)):
        return Clock(None, text, span=True)
    match = _TIME.match(_unsigned(text))
    if not match or not (match["minute"] or match["half"] or match["suffix"] or match["word"]):
        return None
    rest = match.string[match.end() :].strip(_MARKS + " ")
    vague = match["word"] or (match["suffix"] and not match["minute"])
    if (vague and match["gap"] and not match["gap"].strip()) or (match["suffix"] or "").lower() == "min":
        return None  # "Noon prayers" and "24h of science" are titles, "Noon: prayers" is an entry
    if not match["half"] and (_AMOUNT.match(rest) or (match["seconds"] and int(match["hour"]) < 10)):
        return None  # "1.25 kg flour", "2:15:34 Kipchoge"
    half = (match["half"] or match["word"] or "").lower()
    clock = _wall_clock(int(match["hour"] or 12), int(match["minute"] or 0), half)
    firm = bool(match["gap"].strip()) or not rest or bool(half) or bool(match["suffix"])
    return Clock(clock, rest, marked=bool(half), firm=firm, zone=(match["zone"] or "").upper())


def read_time_at_end(text: str) -> Clock | None:
    """The time at the end of a heading, set off from its words ("The minister arrives – 10:15"), or None."""
    match = _AT_END.match(text.strip(_MARKS + " ")) if len(text) <= _LONGEST else None
    if match is None or _TIME_WITHIN.search(match["title"]):
        return None
    clock = read_time(match["time"].rstrip(")] "))
    if clock is None or clock.time is None or clock.rest:
        return None
    return Clock(clock.time, match["title"].rstrip(" :"), clock.marked, zone=clock.zone)


def read_day(text: str, posted: date) -> Day | None:
    """The day at the start of a heading; a year that is not given is the post's, or its neighbour's at new year."""
    text = _unsigned(text.lstrip(_MARKS + " ")).lstrip("[(")
    for pattern in (*_DAYS, _SHORT_DATE):
        match = pattern.match(text)
        day = _day(match, text, posted) if match else None
        if day:
            return day
    match = _ONLY_WEEKDAY.match(text)
    weekday = weekday_of(match["weekday"]) if match and len(match["weekday"]) > 2 else None
    if match is None or weekday is None or (len(match["weekday"]) < 5 and not match[0].casefold().startswith("dydd")):
        return None
    ahead = (weekday - posted.weekday()) % 7
    return Day(date.fromordinal(posted.toordinal() + (ahead if ahead <= 4 else ahead - 7)), _rest(text, match))


def read_day_within(text: str, posted: date) -> Day | None:
    """The day that ends a heading behind a sign that parts ("Workshop, day two – Friday 14 July"), or None."""
    match = _SECOND_HALF.match(text)
    while match:
        text = text[match.end() :]
        day = read_day(text, posted)
        if day and day.day and not day.rest.strip(")] ") and any(map(str.isdigit, text)):
            return day
        match = _SECOND_HALF.match(text)
    return None


def _unsigned(text: str) -> str:
    """Without the bullets, arrows and small pictures that stand before a line."""
    bare = _SIGNS.sub("", text, count=1)
    return bare if bare else text


def _day(match: re.Match[str], text: str, posted: date) -> Day | None:
    """None if a word that should be a month or a weekday is neither, or if two dates make a span."""
    groups = match.groupdict()
    weekday = weekday_of(groups["weekday"]) if groups["weekday"] else None
    month = month_of(groups["name"]) if groups.get("name") else int(groups.get("m") or 0)
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
    if day.year == MAXYEAR:  # not every zone has all of it
        return Day(None, rest)
    return Day(day, rest, weekday is None or day.weekday() == weekday)


def _nearest_year(month: int, posted: date) -> int:
    if posted.month >= 11 and month <= 2:
        return posted.year + 1
    if posted.month <= 2 and month >= 11:
        return posted.year - 1
    return posted.year


def _wall_clock(hour: int, minute: int, half: str) -> time | None:
    if half in ("midnight", "minuit") or (half.startswith(("a", "yb", "y b", "y.b")) and hour == 12):
        hour = 0
    elif (half.startswith("p") or half.rstrip(".").replace(". ", ".") in _SECOND) and hour < 12:
        hour += 12
    elif half.startswith("a") and hour > 12:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _rest(text: str, match: re.Match[str]) -> str:
    return text[match.end() :].strip(" :,;|·•/–—-" + _MARKS)
