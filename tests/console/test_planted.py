"""Hostile words in every column that holds words: on every page they are text, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from sqlalchemy import Text, update

from bot.store import tables as t
from bot.store.engine import Store
from bot.store.tables import metadata
from tests.console.addresses import addresses
from tests.console.conftest import Browser
from tests.console.scene import HOSTILE, Scene

PAYLOADS = [
    HOSTILE,
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    '</textarea></title></script><iframe src="//evil.example"></iframe>',
]
# What is not words, though it is kept as text: a zone, a month, secrets, marks and cursors of our own.
STRUCTURE = {"timezone", "month", "password_hash", "secret", "cursor", "tokens", "approved", "outcome", "answer"}


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_page_takes_planted_words_for_anything_but_text(
    payload: str, store: Store, scene: Scene, ids: dict[str, int], browse: Any
) -> None:
    _plant(store, payload)
    owner: Browser = browse("owner", name=f"{payload[:60]} Amira")
    for address in addresses(scene.slug, ids):
        answer = owner.get(address)
        assert answer.status_code in (200, 404, 410), address
        assert _harmful(answer.text) == [], address


def _plant(store: Store, payload: str) -> None:
    with store.write() as tx:
        for table in metadata.sorted_tables:
            columns = [one.name for one in table.c if isinstance(one.type, Text) and one.name not in STRUCTURE]
            if columns:
                tx.execute(update(table).values(dict.fromkeys(columns, payload)))
        tx.execute(update(t.version).values(parts=[payload]))
        tx.execute(update(t.entry).values(pictures=[{"url": payload, "alt": payload}]))
        tx.execute(update(t.source).values(address=t.source.c.id.concat(payload[:300])))
        tx.execute(update(t.screen).values(name=payload[:60]))


def _harmful(page: str) -> list[str]:
    """What a browser would run, or fetch from elsewhere."""
    found = []
    for node in LexborHTMLParser(page).css("*"):
        attributes = {name: value or "" for name, value in node.attributes.items()}
        ours = (attributes.get("src") or attributes.get("data") or "").startswith(("/static/", "/e/"))
        if node.tag in ("script", "img", "iframe", "object", "embed") and not ours:
            found.append(node.tag)
        found += [f"{node.tag} {name}" for name in attributes if name.startswith("on")]
        leads = [attributes.get(name, "") for name in ("href", "action", "formaction", "src")]
        found += [one for one in leads if one.strip().lower().startswith(("javascript:", "data:", "vbscript:"))]
    return found


def test_the_watch_itself_sees_what_would_be_harmful() -> None:
    for payload in (HOSTILE, '<svg onload="x">', '<a href=" javascript:1">', "<script>1</script>", "<iframe>"):
        assert _harmful(f"<html><body>{payload}</body></html>") != [], payload
