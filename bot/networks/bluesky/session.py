"""Our session at a Bluesky server: made with the app password, kept in memory, renewed, never made in a loop."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.networks.base import Memory, Misconfigured, NoAnswer, Now, Options, Unavailable
from bot.networks.bluesky import answers
from bot.networks.guard import checked, origin
from bot.networks.http import Answer, Http

CREATE = "com.atproto.server.createSession"
REFRESH = "com.atproto.server.refreshSession"
LOGIN_SAYS = {
    "AuthenticationRequired": "does not accept the app password of {account!r}: make a new one under Settings, Privacy "
    "and security, App passwords, and set BLUESKY_APP_PASSWORD",
    "AuthFactorTokenRequired": "wants a code by e-mail, as it does for the main password of {account!r}: set an app "
    "password as BLUESKY_APP_PASSWORD",
}


@dataclass(frozen=True, slots=True)
class Session:
    """Who we are, where our data lives, and the two tokens. `mark` tells whose password made it."""

    mark: str
    did: str
    handle: str
    pds: str
    access: str
    refresh: str

    @property
    def host(self) -> str:
        """The host of the account's own server."""
        return urlsplit(self.pds).netloc

    @property
    def by_app_password(self) -> bool:
        """Whether the token says so itself; True as well if it does not speak of its scope."""
        return "appPass" in (scope := _scope(self.access)) or not scope


class Login:
    """Gives the session that is valid now. The password goes to `api_url` alone, tokens to the account's own server."""

    def __init__(self, http: Http, options: Options, memory: Memory, now: Now) -> None:
        self._http, self._memory, self._now = http, memory, now
        self.account = options.account.removeprefix("@")
        self.entry = options.api_url.rstrip("/")
        self._password = options.secrets.get("app_password", "")
        said = "\n".join((self.entry, self.account, self._password))
        self._mark = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]
        self._lock = threading.Lock()

    def known(self) -> Session | None:
        """The session that is kept, whether or not it is still accepted; None before the first contact."""
        kept = self._memory.get("session")
        try:
            session = Session(**kept) if kept else None
        except TypeError:
            return None
        return session if session and session.mark == self._mark else None

    def current(self) -> Session:
        """The session that is kept, else a new one. Raises `Misconfigured` for a password that is refused."""
        if session := self.known():
            return session
        with self._lock:
            return self.known() or self._create()

    def renew(self, stale: Session) -> Session:
        """Another session than `stale`: somebody else's renewal, or ours by its refresh token, or by the password."""
        with self._lock:
            kept = self.known()
            if kept and kept.access != stale.access:
                return kept
            answer = self._post(stale.pds, REFRESH, None, {"Authorization": f"Bearer {stale.refresh}"})
            if answers.token_refused(answer):
                return self._create()
            return self._keep(answer, stale.pds)

    def _create(self) -> Session:
        if not self.account or not self._password:
            raise Misconfigured("There is no account for Bluesky: set account and BLUESKY_APP_PASSWORD.")
        answer = self._post(self.entry, CREATE, {"identifier": self.account, "password": self._password}, {})
        name = answers.name_of(answer)
        if answer.status in (400, 401) and name in LOGIN_SAYS:
            raise Misconfigured(f"{self._entry_host} {LOGIN_SAYS[name].format(account=self.account)}.")
        if answer.status in (400, 401) and name:
            raise Misconfigured(f"{self._entry_host} does not take {self.account!r} as an account ({name}).")
        if not name and answer.status in (*range(200, 400), 404, 405) and not _signed(answer):
            raise Misconfigured(
                f"{self._entry_host} is not a Bluesky server (HTTP {answer.status}): set api_url to the address of the "
                "personal data server, such as https://bsky.social."
            )
        return self._keep(answer, self.entry)

    def _keep(self, answer: Answer, pds: str) -> Session:
        try:
            said = answers.meaning(answer, urlsplit(pds).netloc, self._now(), writing=False)
        except answers.Said as no:  # no to a session is no word on what the session was wanted for
            raise Unavailable(f"There is no session at {urlsplit(pds).netloc} for now: {no}") from None
        words = [said.get(name) for name in ("did", "accessJwt", "refreshJwt")]
        if not all(isinstance(word, str) and word for word in words):
            raise Unavailable(f"{urlsplit(pds).netloc} gave a session that is not whole.")
        did, access, refresh = map(str, words)
        session = Session(self._mark, did, str(said.get("handle") or ""), home_of(said, pds), access, refresh)
        self._memory.put("session", asdict(session))
        return session

    def _post(self, home: str, nsid: str, body: Any, headers: Mapping[str, str]) -> Answer:
        try:
            return self._http.request("POST", f"{home}/xrpc/{nsid}", json=body, headers=headers)
        except NoAnswer as failure:  # a session too many does no harm
            raise Unavailable(str(failure)) from None

    @property
    def _entry_host(self) -> str:
        return urlsplit(self.entry).netloc


def home_of(said: Mapping[str, Any], asked: str) -> str:
    """The account's own server as its identity names it; `asked` if that names none which may be called from there."""
    document = said.get("didDoc")
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else []:
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            named = str(service.get("serviceEndpoint") or "").rstrip("/")
            try:
                secure = origin(checked(named))[0] == "https" or origin(asked)[0] == "http"
            except Misconfigured:
                return asked
            return named if secure else asked
    return asked


def _signed(answer: Answer) -> bool:
    try:
        said = answer.json()
    except ValueError:
        return False
    return isinstance(said, dict) and "accessJwt" in said


def _scope(token: str) -> str:
    try:
        body = token.split(".")[1]
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return str(said.get("scope") or "")
    except (IndexError, ValueError, AttributeError):
        return ""
