"""Keyed hashes: they say "this one" of a person or a post that is not kept itself."""

from __future__ import annotations

import hashlib
import hmac

from sqlalchemy import Connection, select

from bot.store.tables import switch


def secret(tx: Connection) -> bytes:
    """The key of the hashes; made with the database."""
    return bytes.fromhex(tx.execute(select(switch.c.secret)).scalar_one())


def mark_of(key: bytes, network: str, what: str) -> str:
    """A hash that says "this one was erased", or "this one is left alone", without saying which one it was."""
    return hmac.new(key, f"{network}\n{what}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
