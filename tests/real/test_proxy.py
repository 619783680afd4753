"""Behind nginx, as docs/nginx.conf sets it up: HTTPS, forms from our own pages only, open pages told at once."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from bot.store import schema, sessions
from bot.store.engine import Store
from bot.store.tables import attempt
from tests import proxy
from tests.console.scene import Clock, Scene, workshop
from tests.console.server import serving
from tests.console.test_live import change, read
from tests.flows.program import free_port

pytestmark = pytest.mark.real


class Behind:
    """A console with nginx before it, and a browser that trusts its certificate."""

    def __init__(self, store: Store, at: proxy.Proxy) -> None:
        self.store, self.at, self.scene = store, at, Scene(store)
        self.origin = f"https://{proxy.HOST}:{at.secure}"
        trust = ssl.create_default_context(cafile=str(at.certificate))
        headers = {"host": f"{proxy.HOST}:{at.secure}"}
        self.client = httpx.Client(
            verify=trust, timeout=20, base_url=f"https://127.0.0.1:{at.secure}", headers=headers, trust_env=False
        )

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path, extensions={"sni_hostname": proxy.HOST})

    def post(self, path: str, form: dict[str, str], **headers: str) -> httpx.Response:
        sent = {"origin": self.origin, "sec-fetch-site": "same-origin"} | headers
        named = {name.replace("_", "-"): value for name, value in sent.items()}
        return self.client.post(path, data=form, headers=named, extensions={"sni_hostname": proxy.HOST})

    def enter(self, role: str = "lead") -> None:
        """By a sign-in link, as it is printed at the start."""
        person = self.scene.person("Amira Khan", role)
        with self.store.write() as tx:
            secret = sessions.new_ticket(tx, self.store.now(tx), person, timedelta(hours=1))
        answer = self.post(f"/in/{secret}", {})
        assert answer.status_code == 303, answer.text
        assert {"Secure", "HttpOnly"} <= {part.strip() for part in answer.headers["set-cookie"].split(";")}


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    store = Store(f"sqlite:///{tmp_path}/console.db", Clock())
    schema.migrate(store)
    plain, secure = free_port(), free_port()
    with (
        serving(store, f"https://{proxy.HOST}:{secure}") as address,
        proxy.before(int(urlsplit(address).port or 0), plain, secure) as at,
    ):
        made = Behind(store, at)
        yield made
        made.client.close()
    store.close()


def test_plain_http_leads_to_https(behind: Behind) -> None:
    answer = httpx.get(f"http://127.0.0.1:{behind.at.plain}/signin?to=/me", headers={"host": proxy.HOST})
    assert (answer.status_code, answer.headers["location"]) == (301, f"https://{proxy.HOST}/signin?to=/me")


def test_a_link_signs_in_and_forms_work_from_our_own_pages_only(behind: Behind) -> None:
    ids = workshop(behind.scene)
    behind.enter()
    page = f"/e/peer-support/questions/{ids['funding']}"
    assert behind.get(page).headers["strict-transport-security"]
    refused = behind.post(f"{page}/park", {}, origin="https://evil.example", sec_fetch_site="cross-site")
    assert refused.status_code == 403
    assert 'tag-info">Waiting' in behind.get(page).text
    assert behind.post(f"{page}/park", {}).status_code == 303
    assert 'tag-info">Waiting' not in behind.get(page).text


def test_an_open_page_is_told_while_its_stream_goes_on(behind: Behind) -> None:
    workshop(behind.scene)
    behind.enter()
    wire = {"sni_hostname": proxy.HOST}
    with behind.client.stream("GET", "/e/peer-support/live", extensions=wire) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        news = read(answer)
        assert next(news)[0] == "hello"
        change(behind.store, behind.scene.event_id, "parked")
        assert next(one for one in news if one[0] != "ping")[0] == "change"


def test_wrong_tries_count_for_where_they_come_from_whatever_a_browser_claims(behind: Behind) -> None:
    answer = behind.post("/signin", {"name": "Eve", "password": "guess"}, x_forwarded_for="203.0.113.9")
    assert answer.status_code == 401
    with behind.store.read() as tx:
        counted = set(tx.execute(select(attempt.c.key)).scalars())
    assert sessions.digest("address 127.0.0.1") in counted
    assert sessions.digest("address 203.0.113.9") not in counted


def test_a_monitor_asks_through_the_proxy(behind: Behind) -> None:
    assert behind.get("/readyz").text == "ready\n"
