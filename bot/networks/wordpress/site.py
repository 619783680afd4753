"""One WordPress site: where its REST API is, who we are there, and what each of its answers means."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser

from bot.networks.base import (
    Memory,
    Misconfigured,
    NetworkFailure,
    NoAnswer,
    Now,
    Options,
    RateLimited,
    Unavailable,
)
from bot.networks.http import Answer, Http, wait_until
from bot.networks.wordpress.answers import Answered, Closed, Moved, NoRoute, beginning, code_of, found_links
from bot.networks.wordpress.patience import Patience, named

MOST_BYTES = 32 * 2**20  # a hundred comments of 64 KB, escaped
LONGEST_PAUSE = timedelta(minutes=5)
PROVED_FOR = timedelta(minutes=10)
ZONE_FOR = timedelta(hours=1)
_ROUTE = re.compile(r"/wp/v2/([\w-]+)/(\d+)/?$")
TOO_LONG = frozenset({413, 414})
_TAXONOMIES = frozenset({"categories", "tags"})


@dataclass(frozen=True, slots=True)
class Place:
    """What an address means: one post (`number` set), or a list of posts narrowed by `only`."""

    kind: str  # REST route of its posts: posts, pages, or a type of the site's own
    number: int = 0
    only: tuple[str, int] = ("", 0)


@dataclass(frozen=True, slots=True)
class Me:
    """The account we write with; number 0 is nobody."""

    number: int = 0
    name: str = ""
    moderates: bool = False
    edits: bool = False


class Site:
    """The REST API of one site. Reading raises `Unavailable` also for time-outs, since it has no effect."""

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        user, password = options.secrets.get("user", ""), options.secrets.get("app_password", "")
        self.user = user
        self.signed = bool(user and password)
        credentials = {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}
        self.http = Http(options.api_url, deadline=options.deadline, credentials=credentials if self.signed else None)
        self.address = options.api_url
        self.host = urlsplit(options.api_url).netloc
        self._memory, self._now = memory, now
        self._patience = Patience(memory, now)

    # Where things are

    def place(self, address: str) -> Place:
        """What that address is, from memory or by asking. Raises `NoPost` if it is neither post nor blog."""
        known = self._memory.get("places", {})
        if address not in known:
            self._no_post_lately(address)
            known = {**known, address: self._discover(address)}
            self._memory.put("places", known)
        kind, number, name, value = known[address]
        return Place(kind, number, (name, value))

    def _no_post_lately(self, address: str) -> None:
        kept, now = self._memory.get("no_posts", {}).get(address), self._now()
        if kept and now - PROVED_FOR < datetime.fromisoformat(kept["at"]) <= now:
            raise NoPost(kept["why"])

    def _no_post(self, address: str, why: str) -> NoPost:
        kept = {"why": why, "at": self._now().isoformat()}
        self._memory.put("no_posts", {**self._memory.get("no_posts", {}), address: kept})
        return NoPost(why)

    def places(self) -> dict[str, Place]:
        """The addresses that were read so far."""
        return {address: self.place(address) for address in self._memory.get("places", {})}

    def root(self) -> str:
        """The address of the REST API, without its route."""
        if not (root := self._memory.get("root")):
            self._discover(self.address)
            root = self._memory.get("root")
        return str(root)

    def index(self) -> dict[str, Any]:
        """What the site says of itself: name, home, timezone_string, namespaces, authentication."""
        fields = "name,home,timezone_string,gmt_offset,namespaces,authentication"
        index: dict[str, Any] = self.read("", {"_fields": fields}, dict)[0]
        if "wp/v2" not in str(index.get("namespaces")):
            raise Misconfigured(f"{self.host} does not offer WordPress's REST API (wp/v2): switch it on there.")
        return index

    def timezone(self) -> str:
        """The site's zone by name, "" if it has only an offset, with which summer time cannot be known."""
        return str(self._told()["name"])

    def offers(self, namespace: str) -> bool:
        """Whether the site's REST API has routes of that namespace, such as those of a plugin."""
        return namespace in (self._told().get("offers") or ())

    def _told(self) -> dict[str, Any]:
        """What the site said of itself in the last hour."""
        kept, now = self._memory.get("zone"), self._now()
        if not kept or not now - ZONE_FOR < datetime.fromisoformat(kept["at"]) <= now:
            index = self.index()
            name, offers = str(index.get("timezone_string") or ""), index.get("namespaces")
            kept = {"name": name, "offers": offers, "at": now.isoformat()}
            self._memory.put("zone", kept)
        return dict(kept)

    def forget(self) -> None:
        """Look for everything anew at the next call."""
        for key in ("root", "places", "zone", "me"):
            self._memory.put(key, {} if key == "places" else None)

    def _discover(self, address: str) -> list[Any]:
        url = urljoin(self.address, address)
        answer = self._ask("GET", url, follow=True, sentence=f"{url}: ")
        try:
            self._judge(answer, url)
        except NoPost as no:
            raise self._no_post(address, str(no)) from None
        links = found_links(answer)
        self._memory.put("root", self._at_home(links["https://api.w.org/"]))
        place = self._meaning(answer, links.get("alternate", ""))
        if not place:
            raise self._no_post(address, f"{url} is neither one post nor a list of posts.")
        self._patience.good(f"page {url}")
        return place

    def _judge(self, answer: Answer, url: str) -> None:
        """Raise what speaks against a page of this site; one that has worked may be hidden behind another."""
        if urlsplit(answer.url).hostname != urlsplit(self.address).hostname:
            there = urlsplit(answer.url)
            raise self._odd_page(
                url,
                f"{url} leads to another site, {there.netloc}: set api_url to {there.scheme}://{there.netloc}"
                " or correct the address of the live blog.",
            )
        if answer.status != 200:
            self._meet(answer, f"page {url}", where=url)
            raise self._odd_page(url, f"There is no page at {url} (HTTP {answer.status}): check the address.")
        if "https://api.w.org/" not in found_links(answer):
            raise self._odd_page(url, f"{url} is not a WordPress page that shows its REST API.", NoPost)

    def _odd_page(self, url: str, sentence: str, mistake: type[Misconfigured] = Misconfigured) -> NetworkFailure:
        """`mistake` is what it is where it never was anything else."""
        return self._patience.odd(f"page {url}", sentence, of_site=url == self.address, mistake=mistake)

    def _meaning(self, answer: Answer, alternate: str) -> list[Any]:
        """Kind, number, and what narrows a list; nothing if it is neither one post nor a list of posts."""
        parts = urlsplit(alternate)
        route = dict(parse_qsl(parts.query)).get("rest_route") or parts.path
        if found := _ROUTE.search(route):
            kind, number = found[1], int(found[2])
            if kind in _TAXONOMIES:
                return ["posts", 0, kind, number]
            if kind != "users":
                return [kind, number, "", 0]
        body = LexborHTMLParser(answer.body.decode("utf-8", "replace")).body
        classes = ((body.attributes.get("class") if body else "") or "").split()
        home = urlsplit(answer.url).path.rstrip("/") == urlsplit(self.address).path.rstrip("/")
        if not alternate and ("blog" in classes or (home and not urlsplit(answer.url).query)):
            return ["posts", 0, "", 0]
        return []

    def _at_home(self, url: str) -> str:
        # Behind a proxy a site may name itself by another scheme or port; credentials stay with api_url.
        parts, home = urlsplit(urljoin(self.address, url)), urlsplit(self.address)
        if parts.hostname != home.hostname:
            raise Misconfigured(
                f"The REST API of {home.netloc} is at {parts.netloc}: set api_url to {parts.scheme}://{parts.netloc}."
            )
        return urlunsplit((home.scheme, home.netloc, parts.path, parts.query, ""))

    # Who we are

    def me(self) -> Me:
        """Our account, proved in the last ten minutes; nobody without credentials. Raises `Misconfigured`."""
        if not self.signed:
            return Me()
        kept, now = self._memory.get("me"), self._now()
        if not kept or not now - PROVED_FOR < datetime.fromisoformat(kept["at"]) <= now:
            return self.prove()
        return Me(kept["number"], kept["name"], kept["moderates"], kept["edits"])

    def prove(self) -> Me:
        """Our account, asked now: elsewhere a wrong password is answered with 200, as to anybody."""
        try:
            who, _ = self.read("wp/v2/users/me", {"context": "edit", "_fields": "id,name,capabilities"}, dict)
        except Answered as no:  # in WordPress's own words
            raise self._closed(no.code or str(no.status)) from None
        except NoRoute:
            self.index()  # raises if all of the REST API is gone
            raise self._closed("rest_no_route") from None
        rights = who.get("capabilities")
        rights = rights if isinstance(rights, dict) else {}
        if not isinstance(who.get("id"), int):
            raise Unavailable(f"{self.host} did not say who we are.")
        may = (bool(rights.get("moderate_comments")), bool(rights.get("edit_posts")))
        me = Me(who["id"], str(who.get("name", "")), *may)
        self._memory.put("me", {**asdict(me), "at": self._now().isoformat()})
        return me

    def _closed(self, code: str) -> Closed:
        return Closed(
            f"{self.host} does not say who {self.user!r} is ({code}): a security plugin may have closed "
            "wp/v2/users/me. Have it opened for accounts that signed in."
        )

    # Calls

    def read(self, route: str, params: Mapping[str, Any], shape: type) -> tuple[Any, Mapping[str, str]]:
        """GET: the JSON, which is a `shape`, and the headers. Raises `Refused` with `code` set for a plain no."""
        try:
            return self._read(route, params, shape)
        except Moved:
            self.forget()
        try:
            return self._read(route, params, shape)
        except Moved as moved:
            raise self._lost(named("GET", route), moved) from None

    def _lost(self, call: str, moved: Moved) -> NetworkFailure:
        sentence = f"{self.host} has no REST API where it says it has one: {moved}"
        return NoRoute(sentence) if moved.own else self._patience.odd(call, sentence)

    def _read(self, route: str, params: Mapping[str, Any], shape: type) -> tuple[Any, Mapping[str, str]]:
        call = named("GET", route)
        answer = self._ask("GET", self._url(route, params))
        self._meet(answer, call)
        if answer.status == 200:
            try:
                said = answer.json()
            except ValueError:
                said = None
            if isinstance(said, shape):
                self._patience.good(call)
                return said, answer.headers
        raise Unavailable(f"{self.host} answered with something that is not the expected JSON{beginning(answer)}.")

    def write(self, method: str, route: str, params: Mapping[str, Any], json: Any = None) -> dict[str, Any]:
        """POST or DELETE, once. Raises `Answered` for a no with a code, `NoAnswer` when it may have had its effect."""
        call = named(method, route)
        for last in (False, True):
            answer = self.http.request(method, self._url(route, params), json=json, most_bytes=MOST_BYTES)
            if answer.status >= 500 and code_of(answer) != "rest_trash_not_supported":
                raise NoAnswer(f"{self.host} answered {answer.status}{beginning(answer)}: it may have acted or not.")
            try:
                self._meet(answer, call)
            except Moved as moved:
                if last:
                    raise self._lost(call, moved) from None
                self.forget()
                continue
            try:
                said = answer.json()
            except ValueError:
                said = None
            if isinstance(said, dict):
                self._patience.good(call)
                return said
            break
        raise NoAnswer(f"{self.host} accepted it, and its answer cannot be read{beginning(answer)}.")

    def _url(self, route: str, params: Mapping[str, Any]) -> str:
        # A query of httpx's making would replace the rest_route that sites without permalinks need.
        root = urlsplit(self.root())
        query = dict(parse_qsl(root.query))
        path = root.path
        if "rest_route" in query:
            query["rest_route"] = "/" + route
        else:
            path = path.rstrip("/") + "/" + route
        return urlunsplit((root.scheme, root.netloc, path, urlencode({**query, **params}), ""))

    def _ask(self, method: str, url: str, follow: bool = False, sentence: str = "") -> Answer:
        try:
            return self.http.request(method, url, follow=follow, most_bytes=MOST_BYTES)
        except NoAnswer as failure:
            raise Unavailable(f"{sentence}{failure}") from None

    def _meet(self, answer: Answer, call: str, where: str = "") -> None:
        """Raise what a status means; return for 2xx, and for an HTML 404 of a page that was looked for."""
        status, host = answer.status, where or self.host
        if status < 300:
            return
        code = code_of(answer)
        until = wait_until(answer.headers, self._now())
        if status == 429 or code == "comment_flood":
            wait = until or self._now() + timedelta(seconds=20)
            raise RateLimited(f"{host} asks us to slow down (HTTP {status}).", wait)
        if status >= 500 and code != "rest_trash_not_supported":
            sentence = f"{host} is out of order for now (HTTP {status}{beginning(answer)})."
            if until:
                raise RateLimited(sentence, min(until, self._now() + LONGEST_PAUSE))
            raise Unavailable(sentence)
        if where and (status < 400 or status in (404, 410)):
            return
        if status < 400 or (status == 404 and code in ("", "rest_no_route")):
            raise Moved(f"HTTP {status}{beginning(answer)}.", own=bool(code))
        raise self._refusal(answer, code, host) if code else self._odd(answer, call, host, page=bool(where))

    def _odd(self, answer: Answer, call: str, host: str, *, page: bool) -> NetworkFailure:
        """A no that is not WordPress's: of what stands before it."""
        status = answer.status
        if status in TOO_LONG:
            return Answered(f"{host} refused it: HTTP {status}.", status, "")
        why = ": is there a firewall?" if status in (401, 403) else "."
        sentence = f"{host} lets us in nowhere (HTTP {status}{beginning(answer)}){why}"
        return self._patience.odd(call, sentence, of_site=not page or host == self.address)

    def _refusal(self, answer: Answer, code: str, host: str) -> NetworkFailure:
        if code in ("rest_not_logged_in", "incorrect_password", "invalid_username", "rest_comment_login_required"):
            if not self.signed:
                return Misconfigured(f"{host} lets members only use its REST API: set WORDPRESS_USER and its password.")
            return Misconfigured(
                f"{host} does not accept the application password of {self.user!r}: make a new one, or see that the "
                "web server passes the Authorization header on."
            )
        return Answered(f"{host} refused it: {code}.", answer.status, code)


class NoPost(Misconfigured):
    """There is a page, but no post of WordPress: a feed, or something else that stands on the same site."""
