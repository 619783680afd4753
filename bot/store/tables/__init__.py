"""What is kept. Stored words are for ever: keep them few."""

from bot.store.columns import EPOCH
from bot.store.tables.base import metadata
from bot.store.tables.events import event, network, reservation, screen, source, spend
from bot.store.tables.incoming import block, item, note, placement, question, sighting
from bot.store.tables.outgoing import delivery, doubt, entry, post, version
from bot.store.tables.passages import passage
from bot.store.tables.people import attempt, change, code, membership, person, presence, session, ticket
from bot.store.tables.pictures import enclosure, picture, upload
from bot.store.tables.upkeep import act, alert, erased, quarantine, switch, wish

__all__ = [
    "EPOCH",
    "act",
    "alert",
    "attempt",
    "block",
    "change",
    "code",
    "delivery",
    "doubt",
    "enclosure",
    "entry",
    "erased",
    "event",
    "item",
    "membership",
    "metadata",
    "network",
    "note",
    "passage",
    "person",
    "picture",
    "placement",
    "post",
    "presence",
    "quarantine",
    "question",
    "reservation",
    "screen",
    "session",
    "sighting",
    "source",
    "spend",
    "switch",
    "ticket",
    "upload",
    "version",
    "wish",
]
