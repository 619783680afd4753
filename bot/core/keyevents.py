"""Key events only: of a live blog whose form marks some entries as those that matter most, just these are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core import identity
from bot.core.identity import Known
from bot.core.items import EntryPage

NO_MARKS = (
    "Only key events are announced, and no entry of this live blog is marked as one: mark them (/key in the Liveblog "
    "plugin, a heading in bold on a page typed by hand), or set only_key_events = false."
)


def key_events(page: EntryPage, known: Sequence[Known]) -> EntryPage:
    """The page without the entries that are neither marked nor known already: what was announced is followed on."""
    keys = {each.key for each in known if each.key}
    headings = {identity.heading(each) for each in known if not each.key}
    kept = [
        entry
        for entry in page.entries
        if entry.key_event or (entry.key in keys if entry.key else identity.heading(entry) in headings)
    ]
    return replace(page, entries=tuple(kept))
