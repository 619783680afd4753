"""The page "You asked, the room said": one file that needs nothing else, prints well, and tells machines what it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from bot.report.pack import Asked, Pack

NETWORKS = {
    "x": "X", "mastodon": "Mastodon", "bluesky": "Bluesky", "wordpress": "blog comments", "feed": "a feed",
    "floor": "the room",
}  # fmt: skip


def page(pack: Pack) -> str:
    """The whole document."""
    return _render("page.html", pack)


def body(pack: Pack) -> str:
    """What stands in the page, for a page of somebody else: headings from level 2 on, no style, no pictures."""
    return _render("plain.html", pack)


def _render(template: str, pack: Pack) -> str:
    zone = ZoneInfo(pack.event.timezone or "UTC")
    env = _templates()
    told = [one for one in pack.questions if one.words and one.became in ("aloud", "writing", "followup")]
    return env.get_template(template).render(
        pack=pack, event=pack.event, told=told, data=_structured(pack), networks=NETWORKS,
        clock=lambda at: _clock(at, zone), day=lambda at: _day(at, zone), stamp=_stamp, date=_date,
        others=len(pack.questions) - len(told),
    )  # fmt: skip


@cache
def _templates() -> Environment:
    env = Environment(
        loader=PackageLoader("bot.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["place"] = lambda name: NETWORKS.get(name, name)
    return env


def _clock(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there.hour % 12 or 12}:{there:%M}{'am' if there.hour < 12 else 'pm'}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there.day} {there:%B %Y}"


def _date(word: str) -> str:
    there = datetime.strptime(word, "%Y-%m-%d").replace(tzinfo=UTC)
    return f"{there.day} {there:%B %Y}"


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _structured(pack: Pack) -> Markup:
    """The page in the words of schema.org: questions with their answers, and the live blog they belong to."""
    asked = [_question(one) for one in pack.questions if one.words and one.answers]
    graph: list[dict[str, Any]] = [_live_blog(pack)]
    if asked:
        graph.insert(
            0, {"@type": "QAPage", "name": f"You asked, the room said: {pack.event.name}", "mainEntity": asked}
        )
    said = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    safe = said.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return Markup(safe)  # noqa: S704 (no tag can end or begin in it)


def _question(one: Asked) -> dict[str, Any]:
    answers = [{"@type": "Answer", "text": words} for words in one.answers]
    if one.answered_at:
        answers[-1]["dateCreated"] = _stamp(one.answered_at)
    said: dict[str, Any] = {"@type": "Question", "name": one.words, "text": one.words, "answerCount": len(answers)}
    return said | {"dateCreated": _stamp(one.asked_at), "acceptedAnswer": answers[-1]}


def _live_blog(pack: Pack) -> dict[str, Any]:
    event = pack.event
    said: dict[str, Any] = {"@type": "LiveBlogPosting", "headline": event.name}
    if event.options.get("live_blog"):
        said["url"] = event.options["live_blog"]
    for name, at in (("coverageStartTime", event.starts), ("coverageEndTime", event.ends)):
        if at is not None:
            said[name] = _stamp(at)
    said["liveBlogUpdate"] = [
        {
            "@type": "BlogPosting", "headline": one.title or one.text[:110], "datePublished": _stamp(one.at),
            "articleBody": one.text,
        }
        for one in pack.entries
    ]  # fmt: skip
    return said
