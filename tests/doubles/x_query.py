"""X's search language: hashtags, words, names and operators, joined, alternative or negated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.doubles.x_posts import WORD, Post, folded

Match = Callable[[Post], bool]
TOKEN = re.compile(r'(?P<open>-?\()|(?P<close>\))|(?P<term>-?(?:\w+:)?"[^"]*"|[^\s()]+)')
MOST_DEPTH = 20
OPERATOR = re.compile(r"([A-Za-z_]+):(.+)")
IS: dict[str, Match] = {
    "retweet": lambda post: post.repost_of is not None,
    "reply": lambda post: post.reply_to is not None,
    "quote": lambda post: post.quotes is not None,
    "nullcast": lambda post: post.nullcast,
    "verified": lambda post: post.author.premium,
}
HAS: dict[str, Match] = {
    "links": lambda post: post.linked,
    "hashtags": lambda post: bool(post.tags),
    "mentions": lambda post: bool(post.names),
    "cashtags": lambda post: bool(post.symbols),
    "media": lambda post: bool(post.media),
    "images": lambda post: bool(post.media),
}


class QueryError(ValueError):
    """X would not search for this; the text says why."""


@dataclass(frozen=True)
class _Part:
    match: Match
    alone: bool  # whether X lets it stand by itself


def parse(query: str, most: int = 512) -> Match:
    """What tells whether a post is found. Raises QueryError for what X refuses; `most` is in characters."""
    if not query.strip():
        raise QueryError("query: is empty")
    if len(query) > most:
        raise QueryError(f"Rule length exceeds the maximum allowed length of {most} characters")
    reader = _Reader(query)
    part = reader.alternatives()
    if reader.tokens:
        raise QueryError("missing opening parenthesis")
    if not part.alone:
        raise QueryError(
            "Rules must contain at least one positive, non-stopword clause that can stand alone; "
            "a negation or an operator like is:, has: and lang: needs one beside it"
        )
    return part.match


class _Reader:
    def __init__(self, query: str) -> None:
        self.tokens = [found.group() for found in TOKEN.finditer(query)]
        self._depth = 0

    def alternatives(self) -> _Part:
        parts = [self._together()]
        while self.tokens[:1] == ["OR"]:
            self.tokens.pop(0)
            parts.append(self._together())
        if len(parts) == 1:
            return parts[0]
        return _Part(lambda post: any(part.match(post) for part in parts), all(part.alone for part in parts))

    def _together(self) -> _Part:
        parts: list[_Part] = []
        while self.tokens and self.tokens[0] not in ("OR", ")"):
            parts.append(self._one(self.tokens.pop(0)))
        if not parts:
            raise QueryError("no viable alternative: a clause is missing")
        return _Part(lambda post: all(part.match(post) for part in parts), any(part.alone for part in parts))

    def _one(self, token: str) -> _Part:
        if token == "-(":
            raise QueryError("negation of a group is not allowed; negate each operator in it")
        if token == "(":
            self._depth += 1
            if self._depth > MOST_DEPTH:
                raise QueryError("there are too many parentheses in one another")
            part = self.alternatives()
            self._depth -= 1
            if not self.tokens:
                raise QueryError("missing closing parenthesis")
            self.tokens.pop(0)
            return part
        if token.startswith("-"):
            part = _term(token[1:], negated=True)
            return _Part(lambda post: not part.match(post), alone=False)
        return _term(token)


def _term(term: str, negated: bool = False) -> _Part:
    if term.lower() in ("and", "or"):
        raise QueryError(f'Ambiguous use of {term} as a keyword; use a space to join clauses, or quote it: "{term}"')
    operator = OPERATOR.fullmatch(term)
    if operator and not term.startswith('"'):
        return _operator(operator[1].lower(), operator[2].strip('"'), negated)
    if term.startswith("#"):
        tag = folded(term[1:])
        return _Part(lambda post: tag in post.tags, alone=True)
    if term.startswith("@"):
        return _Part(lambda post: term[1:].lower() in post.names, alone=True)
    if term.startswith("$"):
        return _Part(lambda post: term[1:].lower() in post.symbols, alone=True)
    return _Part(_phrase(term), alone=True)


def _phrase(term: str) -> Match:
    words = tuple(WORD.findall(folded(term)))
    if not words:
        raise QueryError(f"no viable alternative at input '{term}'")
    many = len(words)
    return lambda post: any(post.words[at : at + many] == words for at in range(len(post.words) - many + 1))


def _operator(name: str, value: str, negated: bool) -> _Part:
    wanted = value.lower().lstrip("@")
    if name == "is" and wanted in IS:
        if wanted == "nullcast" and not negated:
            raise QueryError("is:nullcast can only be used negated: -is:nullcast")
        return _Part(IS[wanted], alone=False)
    if name == "has" and wanted in HAS:
        return _Part(HAS[wanted], alone=False)
    if name == "lang":
        return _Part(lambda post: post.lang == wanted, alone=False)
    if name == "from":
        return _Part(lambda post: wanted in (post.author.handle.lower(), post.author.id), alone=True)
    if name == "to":
        return _Part(lambda post: bool(post.reply_to and post.reply_to.author.handle.lower() == wanted), alone=True)
    if name == "conversation_id":
        return _Part(lambda post: str(post.conversation) == wanted, alone=True)
    raise QueryError(f"Reference to invalid operator '{name}:{value}'. It is not available in current product")
