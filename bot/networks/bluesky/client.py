"""XRPC calls in our session: an old token is renewed once, and each answer means what `answers` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from bot.networks.base import Memory, NoAnswer, Now, Options, Unavailable
from bot.networks.bluesky import answers
from bot.networks.bluesky.session import Login, Session
from bot.networks.http import Answer, Http


class Client:
    """The account's own server. A read that got no answer is `Unavailable`, since it has no effect."""

    def __init__(self, options: Options, memory: Memory, now: Now) -> None:
        self._http = Http(options.api_url, deadline=options.deadline)
        self.login = Login(self._http, options, memory, now)
        self._now = now

    @property
    def me(self) -> Session:
        """The session in use; a new one at first contact."""
        return self.login.current()

    def read(self, nsid: str, params: Mapping[str, Any], deadline: float | None = None) -> dict[str, Any]:
        """The body of a query. Raises `Said` for a no with a name."""
        return self.query(nsid, params, deadline)[0]

    def query(
        self, nsid: str, params: Mapping[str, Any], deadline: float | None = None
    ) -> tuple[dict[str, Any], Mapping[str, str]]:
        """The body of a query, and the headers of its answer."""
        words = urlencode(params, doseq=True, errors="replace")

        def ask(session: Session) -> Answer:
            try:
                return self._http.request(
                    "GET", f"{session.pds}/xrpc/{nsid}?{words}", headers=_signed(session), deadline=deadline
                )
            except NoAnswer as failure:
                raise Unavailable(str(failure)) from None

        session = self.me
        answer = ask(session)
        if answers.token_refused(answer):
            session = self.login.renew(session)
            answer = ask(session)
        return self._meaning(answer, session, writing=False), answer.headers

    def write(self, nsid: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """The body of a procedure's answer. `NoAnswer` if it may have had its effect."""
        session = self.me
        answer = self._write(session, nsid, body)
        if answers.token_refused(answer):
            session = self.login.renew(session)
            answer = self._write(session, nsid, body)
        return self._meaning(answer, session, writing=True)

    def upload(self, content: bytes, mime: str) -> dict[str, Any]:
        """Bytes that no record names yet; what a record calls them."""
        address, kind = "/xrpc/com.atproto.repo.uploadBlob", {"Content-Type": mime}

        def put(session: Session) -> Answer:
            return self._http.request(
                "POST", session.pds + address, content=content, headers={**_signed(session), **kind}
            )

        session = self.me
        answer = put(session)
        if answers.token_refused(answer):
            session = self.login.renew(session)
            answer = put(session)
        blob = self._meaning(answer, session, writing=True).get("blob")
        if not isinstance(blob, dict):
            raise NoAnswer(f"{session.host} accepted a picture and did not say what it is called.")
        return blob

    def _write(self, session: Session, nsid: str, body: Mapping[str, Any]) -> Answer:
        return self._http.request("POST", f"{session.pds}/xrpc/{nsid}", json=body, headers=_signed(session))

    def _meaning(self, answer: Answer, session: Session, *, writing: bool) -> dict[str, Any]:
        if answers.token_refused(answer):
            raise Unavailable(f"{session.host} does not accept the session that it has just given.")
        return answers.meaning(answer, session.host, self._now(), writing=writing)

    def close(self) -> None:
        """Let go of connections."""
        self._http.close()


def _signed(session: Session) -> dict[str, str]:
    return {"Authorization": f"Bearer {session.access}"}
